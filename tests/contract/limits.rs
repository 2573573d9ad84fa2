//! What is too long, too slow or too much, on a real listener.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use vizavi::crm::Limits;

use super::support::{EVENT, Served, ask, generous, read_all};

const SHORT: Duration = Duration::from_millis(300);

fn impatient() -> Limits {
    Limits {
        head_time: SHORT,
        piece_time: SHORT,
        body_time: 3 * SHORT,
        ..generous()
    }
}

fn length(bytes: usize) -> String {
    format!("Content-Type: application/json\r\nContent-Length: {bytes}\r\n")
}

#[tokio::test]
async fn a_hundred_megabytes_are_refused_before_they_are_sent() {
    let served = Served::new().await;
    let mut stream = served.connect().await;
    let head = served.head("POST", "/v1/events", &length(100_000_000));
    let begun = Instant::now();
    let answer = ask(&mut stream, &head).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("application/x-ndjson"), "{answer}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_hundred_megabytes_in_pieces_are_not_read_to_the_end() {
    let limits = Limits {
        body: 1 << 20,
        ..generous()
    };
    let served = Served::with(limits, None).await;
    let stream = served.connect().await;
    let (mut reading, mut writing) = stream.into_split();
    let head = served.head(
        "POST",
        "/v1/events",
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
    );
    writing.write_all(head.as_bytes()).await.unwrap();
    let sending = tokio::spawn(async move {
        let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
        let mut sent = 0;
        while sent < 100_000_000 && writing.write_all(chunk.as_bytes()).await.is_ok() {
            sent += 0x10000;
        }
        sent
    });
    let answer = read_all(&mut reading).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(sending.await.unwrap() < 50_000_000);
}

#[tokio::test]
async fn a_head_that_comes_too_slowly_ends_the_connection() {
    let served = Served::with(impatient(), None).await;
    for beginning in ["", "GET /v1/menu HTTP/1.1\r\nHost:"] {
        let mut stream = served.connect().await;
        let begun = Instant::now();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let answer = read_all(&mut stream).await;
        assert!(!answer.contains("200"), "{answer}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{beginning}");
    }
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_is_cut_off_all_the_same() {
    let served = Served::with(impatient(), None).await;
    let (mut reading, mut writing) = served.connect().await.into_split();
    let dripping = tokio::spawn(async move {
        for byte in std::iter::repeat_n(b"GET /v1/menu HTTP/1.1\r\nX: ", 1)
            .flatten()
            .chain([b'x'; 1000].iter())
        {
            if writing.write_all(&[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let begun = Instant::now();
    read_all(&mut reading).await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    dripping.abort();
}

#[tokio::test]
async fn a_body_that_stops_coming_is_answered_and_ends_the_connection() {
    let served = Served::with(impatient(), None).await;
    for format in ["application/json", "application/x-ndjson"] {
        let mut stream = served.connect().await;
        let headers = format!("Content-Type: {format}\r\nContent-Length: 1000\r\n");
        let request = served.head("POST", "/v1/events", &headers) + "{\"id\":";
        let answer = ask(&mut stream, &request).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_drips_is_cut_off_in_time() {
    let served = Served::with(impatient(), None).await;
    let (mut reading, mut writing) = served.connect().await.into_split();
    let head = served.head("POST", "/v1/events", &length(1000));
    writing.write_all(head.as_bytes()).await.unwrap();
    let dripping = tokio::spawn(async move {
        while writing.write_all(b" ").await.is_ok() {
            tokio::time::sleep(SHORT / 3).await;
        }
    });
    let begun = Instant::now();
    let answer = read_all(&mut reading).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    dripping.abort();
}

#[tokio::test]
async fn a_client_that_goes_away_in_the_middle_harms_nobody() {
    let served = Served::new().await;
    for _ in 0..10 {
        let mut stream = served.connect().await;
        let request = served.head("POST", "/v1/events", &length(1000)) + "[";
        stream.write_all(request.as_bytes()).await.unwrap();
    }
    let request = served.head("POST", "/v1/events", &length(EVENT.len())) + EVENT;
    let answer = ask(&mut served.connect().await, &request).await;
    assert!(answer.contains("\"accepted\":1"), "{answer}");
}

#[tokio::test]
async fn no_more_connections_than_set_are_served_at_once() {
    let limits = Limits {
        connections: 2,
        head_time: SHORT,
        ..generous()
    };
    let served = Served::with(limits, None).await;
    let silent = [served.connect().await, served.connect().await];
    let begun = Instant::now();
    // Waits until the silent ones have had their time.
    let answer = ask(
        &mut served.connect().await,
        &served.head("GET", "/v1/employees", ""),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(begun.elapsed() >= SHORT / 2);
    drop(silent);
}

#[tokio::test]
async fn an_endless_head_is_refused() {
    let served = Served::new().await;
    let (mut reading, mut writing) = served.connect().await.into_split();
    let sending = tokio::spawn(async move {
        let _ = writing.write_all(b"GET /v1/menu HTTP/1.1\r\n").await;
        let header = format!("X: {}\r\n", "x".repeat(1000));
        while writing.write_all(header.as_bytes()).await.is_ok() {}
    });
    let answer = read_all(&mut reading).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
    sending.abort();
}

#[tokio::test]
async fn several_requests_go_over_one_connection() {
    let served = Served::new().await;
    let mut stream: TcpStream = served.connect().await;
    let head = served
        .head("GET", "/v1/employees", "")
        .replace("Connection: close\r\n", "");
    for _ in 0..3 {
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut buffer = vec![0; 4096];
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(buffer[..length].starts_with(b"HTTP/1.1 200"));
    }
}
