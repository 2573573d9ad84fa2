//! What answers mean, in the words that a real Asterisk 22.10 used, and what broken networks do.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};

use hyper::StatusCode;

use super::*;
use crate::ari::{ChannelId, HangupReason, Secret};

fn settings(base_url: &str) -> Settings {
    Settings::new(base_url, "vizavi", Secret::new("quiet-river"))
}

fn answered(status: u16, body: &str, thing: Thing) -> RequestError {
    refused(
        StatusCode::from_u16(status).unwrap(),
        body.as_bytes(),
        thing,
    )
}

#[test]
fn a_party_that_left_is_gone() {
    let error = answered(404, r#"{"message":"Channel not found"}"#, Thing::Channel);
    assert_eq!(error, RequestError::Gone(Thing::Channel));
}

#[test]
fn a_variable_that_is_not_set_does_not_mean_that_the_party_left() {
    let error = answered(
        404,
        r#"{"message":"Provided variable was not found"}"#,
        Thing::Channel,
    );
    assert_eq!(error, RequestError::Gone(Thing::Variable));
}

#[test]
fn a_wrong_address_does_not_mean_that_the_party_left() {
    for body in [
        r#"{"message":"Resource not found"}"#,
        "<html>404 Not Found</html>",
        "",
    ] {
        let error = answered(404, body, Thing::Channel);
        assert!(
            matches!(error, RequestError::Refused { status: 404, .. }),
            "{error:?}"
        );
    }
}

#[test]
fn a_refusal_keeps_asterisks_words() {
    let words = [
        (500, r#"{"error":"Allocation failed"}"#, "Allocation failed"),
        (
            403,
            r#"{"message":"Write access denied"}"#,
            "Write access denied",
        ),
    ];
    for (status, body, message) in words {
        let expected = RequestError::Refused {
            status,
            message: message.to_owned(),
        };
        assert_eq!(answered(status, body, Thing::Asterisk), expected);
    }
}

#[test]
fn an_address_may_end_with_a_slash_or_not() {
    for base in ["http://pbx:8088/ari", "http://pbx:8088/ari/"] {
        let requests = Requests::new(&settings(base)).unwrap();
        let url = requests.url(&["channels", "a/b c?d%41", "answer"]);
        assert_eq!(
            url.as_str(),
            "http://pbx:8088/ari/channels/a%2Fb%20c%3Fd%2541/answer"
        );
    }
}

#[test]
fn an_address_that_cannot_work_is_refused() {
    for base in [
        "",
        "pbx:8088",
        "ftp://pbx/ari",
        "http://a:b@pbx/ari",
        "http://pbx/ari?x=1",
    ] {
        let result = Requests::new(&settings(base));
        assert!(
            matches!(result, Err(SettingsError::BaseUrl { .. })),
            "{base}"
        );
    }
}

#[test]
fn a_password_in_an_address_is_not_repeated() {
    let error = Requests::new(&settings("http://a:hunter2@pbx/ari")).unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[test]
fn the_settings_and_the_client_do_not_print_the_password() {
    let settings = settings("http://pbx/ari");
    let requests = Requests::new(&settings).unwrap();
    let printed = format!("{settings:?} {requests:?} {:?}", requests.authorization());
    assert!(
        !printed.contains("quiet") && !printed.contains("dml6YXZp"),
        "{printed}"
    );
}

#[tokio::test]
async fn a_request_to_nobody_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let requests = Requests::new(&settings(&format!("http://{address}/ari"))).unwrap();
    assert!(matches!(
        requests.ping().await,
        Err(RequestError::NotSent(_))
    ));
}

#[tokio::test]
async fn a_request_that_is_never_answered_is_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/ari", listener.local_addr().unwrap());
    let request_timeout = Duration::from_millis(50);
    let requests = Requests::new(&Settings {
        request_timeout,
        ..settings(&base)
    })
    .unwrap();
    let answer = requests.answer(&ChannelId::new("a")).await;
    assert!(
        matches!(answer, Err(RequestError::Unknown(_))),
        "{answer:?}"
    );
}

/// Answers `most` requests on each connection, then closes it. Counts the connections.
fn closes_after(most: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/ari", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 4096];
            for _ in 0..most {
                if stream.read(&mut request).unwrap_or(0) == 0 {
                    break;
                }
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
            }
        }
    });
    (base, connections)
}

#[tokio::test]
async fn requests_one_after_the_other_share_a_connection() {
    let (base, connections) = closes_after(100);
    let requests = Requests::new(&settings(&base)).unwrap();
    for _ in 0..20 {
        requests.answer(&ChannelId::new("a")).await.unwrap();
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_not_asked_over() {
    let (base, connections) = closes_after(1);
    let requests = Requests::new(&settings(&base)).unwrap();
    for _ in 0..3 {
        requests.answer(&ChannelId::new("a")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(connections.load(Ordering::SeqCst), 3);
}

/// Answers the first request on each connection, and cuts the connection at the second. Counts
/// the requests that arrived.
fn cuts_at_the_second_request() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/ari", listener.local_addr().unwrap());
    let arrived = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&arrived);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            for answer in [&b"HTTP/1.1 204 No Content\r\n\r\n"[..], b""] {
                if stream.read(&mut request).unwrap_or(0) > 0 {
                    counter.fetch_add(1, Ordering::SeqCst);
                }
                let _ = stream.write_all(answer);
            }
            let _ = stream.shutdown(Shutdown::Both);
        }
    });
    (base, arrived)
}

#[tokio::test]
async fn a_request_that_was_cut_off_is_unknown_and_not_repeated() {
    let (base, arrived) = cuts_at_the_second_request();
    let requests = Requests::new(&settings(&base)).unwrap();
    let channel = ChannelId::new("a");
    requests.answer(&channel).await.unwrap();
    let cut = requests.hang_up(&channel, HangupReason::Normal).await;
    assert!(matches!(cut, Err(RequestError::Unknown(_))), "{cut:?}");
    assert_eq!(arrived.load(Ordering::SeqCst), 2);
}
