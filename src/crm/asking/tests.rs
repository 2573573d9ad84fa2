use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use super::*;

const DEADLINE: Duration = Duration::from_millis(300);

/// A CRM that gives everybody the same bytes after a while, and counts who asks.
struct Crm {
    asked: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
    url: String,
}

impl Crm {
    async fn that_sends(bytes: impl Into<Vec<u8>>, after: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, requests) = (Arc::new(AtomicUsize::new(0)), Arc::default());
        let crm = Self {
            asked: Arc::clone(&asked),
            requests: Arc::clone(&requests),
            url: format!("http://{address}/menu?phone={PLACE_OF_PHONE}"),
        };
        let bytes = bytes.into();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                asked.fetch_add(1, Ordering::SeqCst);
                let (bytes, requests) = (bytes.clone(), Arc::clone(&requests));
                tokio::spawn(async move {
                    let mut request = vec![0; 4096];
                    let length = stream.read(&mut request).await.unwrap_or(0);
                    let request = String::from_utf8_lossy(&request[..length]).into_owned();
                    lock(&requests).push(request);
                    sleep(after).await;
                    let _ = stream.write_all(&bytes).await;
                });
            }
        });
        crm
    }

    async fn that_answers(json: &str) -> Self {
        Self::that_sends(ok(json), Duration::ZERO).await
    }

    fn asking(&self) -> Asking {
        asking(&self.url)
    }
}

fn ok(json: &str) -> String {
    let length = json.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{json}")
}

fn asking(url: &str) -> Asking {
    Asking::new(Settings {
        url: url.to_owned(),
        token: Some(Secret::new("quiet-river")),
        deadline: DEADLINE,
        ca_file: None,
        allow_private: false,
    })
    .unwrap()
}

fn caller() -> PhoneNumber {
    PhoneNumber::parse("+74959262644").unwrap()
}

fn name(answer: Option<Reply>) -> Option<String> {
    Some(answer?.name?.as_str().to_owned())
}

#[tokio::test]
async fn the_crm_says_who_calls() {
    let crm = Crm::that_answers(r#"{"caller_name": "Петров Иван"}"#).await;
    let answer = crm.asking().ask(&caller()).await;
    assert_eq!(name(answer).as_deref(), Some("Петров Иван"));
    let request = lock(&crm.requests)[0].clone();
    assert!(
        request.starts_with("GET /menu?phone=%2B74959262644 "),
        "{request}"
    );
    assert!(
        request
            .to_lowercase()
            .contains("authorization: bearer quiet-river")
    );
}

#[tokio::test]
async fn a_crm_that_is_slow_is_not_waited_for_longer_than_the_deadline() {
    let crm = Crm::that_sends(ok("{}"), Duration::from_secs(10)).await;
    let asked = Instant::now();
    assert_eq!(crm.asking().ask(&caller()).await, None);
    assert!(asked.elapsed() < DEADLINE * 4, "{:?}", asked.elapsed());
}

#[tokio::test]
async fn a_crm_that_begins_to_answer_and_stops_is_as_slow_as_any() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"caller_name\":";
    let crm = Crm::that_sends(half, Duration::ZERO).await;
    let asked = Instant::now();
    assert_eq!(crm.asking().ask(&caller()).await, None);
    assert!(asked.elapsed() < DEADLINE * 4, "{:?}", asked.elapsed());
}

#[tokio::test]
async fn after_three_failures_a_dead_crm_is_not_asked_any_more() {
    let crm = Crm::that_sends(
        "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        Duration::ZERO,
    )
    .await;
    let asking = crm.asking();
    for _ in 0..10 {
        assert_eq!(asking.ask(&caller()).await, None);
    }
    assert_eq!(crm.asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn the_last_good_answer_takes_the_place_of_a_new_one() {
    let crm = Crm::that_answers(r#"{"caller_name": "Петров"}"#).await;
    let mut asking = crm.asking();
    assert!(asking.ask(&caller()).await.is_some());
    asking.settings.url = format!("http://127.0.0.1:9/{PLACE_OF_PHONE}");
    assert_eq!(name(asking.ask(&caller()).await).as_deref(), Some("Петров"));
    let other = PhoneNumber::parse("+79161112233").unwrap();
    assert_eq!(asking.ask(&other).await, None);

    asking.forget();
    assert_eq!(asking.ask(&caller()).await, None);
}

#[tokio::test]
async fn a_crm_that_sends_us_elsewhere_is_not_followed() {
    let elsewhere = Crm::that_answers(r#"{"caller_name": "Петров"}"#).await;
    let there = elsewhere.url.replace(PLACE_OF_PHONE, "1");
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let answer = format!("HTTP/1.1 {status}\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n");
        let crm = Crm::that_sends(answer, Duration::ZERO).await;
        assert_eq!(crm.asking().ask(&caller()).await, None, "{status}");
    }
    assert_eq!(elsewhere.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_lying_crm_is_not_believed() {
    let endless = format!("{{\"caller_name\": \"{}\"}}", "x".repeat(LONGEST_ANSWER));
    for answer in [
        ok("<html>sign in</html>"),
        ok("{\"choices\": 7}"),
        ok(""),
        ok(&endless),
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
            .to_owned(),
        "nothing like HTTP\r\n\r\n".to_owned(),
        String::new(),
    ] {
        let crm = Crm::that_sends(answer.clone(), Duration::ZERO).await;
        assert_eq!(crm.asking().ask(&caller()).await, None, "{answer}");
    }
}
