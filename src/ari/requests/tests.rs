//! What answers mean, in the words that a real Asterisk 22.10 used, and what broken networks do.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};

use hyper::StatusCode;

use super::*;
use crate::TestResult;
use crate::ari::{ChannelId, HangupReason, Secret};

fn settings(base_url: &str) -> Settings {
    Settings::new(base_url, "vizavi", Secret::new("quiet-river"))
}

fn answered(status: StatusCode, body: &str, thing: Thing) -> RequestError {
    refused(status, body.as_bytes(), thing)
}

#[test]
fn a_party_that_left_is_gone() {
    let error = answered(
        StatusCode::NOT_FOUND,
        r#"{"message":"Channel not found"}"#,
        Thing::Channel,
    );
    assert_eq!(error, RequestError::Gone(Thing::Channel));
}

#[test]
fn a_variable_that_is_not_set_does_not_mean_that_the_party_left() {
    let error = answered(
        StatusCode::NOT_FOUND,
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
        let error = answered(StatusCode::NOT_FOUND, body, Thing::Channel);
        assert!(
            matches!(error, RequestError::Refused { status: 404, .. }),
            "{error:?}"
        );
    }
}

#[test]
fn a_refusal_keeps_asterisks_words() {
    let words = [
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            r#"{"error":"Allocation failed"}"#,
            "Allocation failed",
        ),
        (
            StatusCode::FORBIDDEN,
            r#"{"message":"Write access denied"}"#,
            "Write access denied",
        ),
    ];
    for (status, body, message) in words {
        let expected = RequestError::Refused {
            status: status.as_u16(),
            message: message.to_owned(),
        };
        assert_eq!(answered(status, body, Thing::Asterisk), expected);
    }
}

#[test]
fn an_address_may_end_with_a_slash_or_not() -> TestResult {
    for base in ["http://pbx:8088/ari", "http://pbx:8088/ari/"] {
        let requests = Requests::new(&settings(base))?;
        let url = requests.url(&["channels", "a/b c?d%41", "answer"]);
        assert_eq!(
            url.as_str(),
            "http://pbx:8088/ari/channels/a%2Fb%20c%3Fd%2541/answer"
        );
    }
    Ok(())
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
    let Err(error) = Requests::new(&settings("http://a:hunter2@pbx/ari")) else {
        panic!("it was taken");
    };
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[test]
fn the_settings_and_the_client_do_not_print_the_password() -> TestResult {
    let settings = settings("http://pbx/ari");
    let requests = Requests::new(&settings)?;
    let printed = format!("{settings:?} {requests:?} {:?}", requests.authorization());
    assert!(
        !printed.contains("quiet") && !printed.contains("dml6YXZp"),
        "{printed}"
    );
    Ok(())
}

#[tokio::test]
async fn a_request_to_nobody_is_not_sent() -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    drop(listener);
    let requests = Requests::new(&settings(&format!("http://{address}/ari")))?;
    assert!(matches!(
        requests.ping().await,
        Err(RequestError::NotSent(_))
    ));
    Ok(())
}

#[tokio::test]
async fn a_request_that_is_never_answered_is_unknown() -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let base = format!("http://{}/ari", listener.local_addr()?);
    let request_timeout = Duration::from_millis(50);
    let requests = Requests::new(&Settings {
        request_timeout,
        ..settings(&base)
    })?;
    let answer = requests.answer(&ChannelId::new("a")).await;
    assert!(
        matches!(answer, Err(RequestError::Unknown(_))),
        "{answer:?}"
    );
    Ok(())
}

/// Answers `most` requests on each connection, then closes it. Counts the connections.
fn closes_after(most: usize) -> TestResult<(String, Arc<AtomicUsize>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let base = format!("http://{}/ari", listener.local_addr()?);
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(std::io::Result::ok) {
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
    Ok((base, connections))
}

#[tokio::test]
async fn requests_one_after_the_other_share_a_connection() -> TestResult {
    let (base, connections) = closes_after(100)?;
    let requests = Requests::new(&settings(&base))?;
    for _ in 0..20 {
        requests.answer(&ChannelId::new("a")).await?;
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
    Ok(())
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_not_asked_over() -> TestResult {
    let (base, connections) = closes_after(1)?;
    let requests = Requests::new(&settings(&base))?;
    for _ in 0..3 {
        requests.answer(&ChannelId::new("a")).await?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(connections.load(Ordering::SeqCst), 3);
    Ok(())
}

/// Answers the first request on each connection, and cuts the connection at the second. Counts
/// the requests that arrived.
fn cuts_at_the_second_request() -> TestResult<(String, Arc<AtomicUsize>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let base = format!("http://{}/ari", listener.local_addr()?);
    let arrived = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&arrived);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(std::io::Result::ok) {
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
    Ok((base, arrived))
}

#[tokio::test]
async fn a_request_that_was_cut_off_is_unknown_and_not_repeated() -> TestResult {
    let (base, arrived) = cuts_at_the_second_request()?;
    let requests = Requests::new(&settings(&base))?;
    let channel = ChannelId::new("a");
    requests.answer(&channel).await?;
    let cut = requests.hang_up(&channel, HangupReason::Normal).await;
    assert!(matches!(cut, Err(RequestError::Unknown(_))), "{cut:?}");
    assert_eq!(arrived.load(Ordering::SeqCst), 2);
    Ok(())
}
