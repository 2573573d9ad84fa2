//! What the contract logs names nobody, and no token, at any level.

use std::cell::RefCell;
use std::io::{self, Write};

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use futures_util::stream;
use serde_json::json;
use tracing::Level;

use super::support::{Company, JSON, LINES, generous};

thread_local! {
    /// What this test's thread has logged. Other tests have threads of their own.
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct OfThisThread;

impl Write for OfThisThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_log_names_anybody() {
    // For the whole process: which logs are wanted is decided once for each place, for all threads.
    tracing_subscriber::fmt()
        .with_max_level(Level::DEBUG)
        .with_writer(|| OfThisThread)
        .init();
    let mut limits = generous();
    limits.write_time = std::time::Duration::ZERO;
    let company = Company::new().await;
    let failing = Company::with(limits).await;
    let client =
        json!({"id": "Petrov-7", "last": "Петров", "phones": ["84959262644", "916-NOBODY"]});
    let broken = || {
        let pieces = [
            Ok(Bytes::from("{\"id\":\"Petrov-7")),
            Err(io::Error::other("cut")),
        ];
        Body::from_stream(stream::iter(pieces))
    };
    let breaking = stream::poll_fn(|_| -> std::task::Poll<Option<io::Result<Bytes>>> {
        panic!("Петров");
    });
    company.put("/v1/clients/Petrov-7", &client).await;
    company.put("/v1/clients/Petrov-8", &client).await;
    company.get("/v1/clients/Petrov-7").await;
    company.get("/v1/ranking?phone=84959262644").await;
    company.get("/v1/ranking?phone=Petrov").await;
    company
        .post("/v1/clients", JSON, format!("[{client}]"))
        .await;
    company.post("/v1/events", LINES, broken()).await;
    company.post("/v1/events", JSON, broken()).await;
    company
        .post("/v1/events", JSON, Body::from_stream(breaking))
        .await;
    company.delete("/v1/clients/Petrov-7").await;
    let many = vec![client.to_string(); 5000].join("\n");
    let reply = failing.post("/v1/clients", LINES, many).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);

    let logged = String::from_utf8(LOGGED.take()).unwrap();
    assert!(logged.contains("/v1/clients/{id}"), "{logged}");
    assert!(logged.contains("ended in a panic"), "{logged}");
    let tokens = &company.tokens;
    for named in [
        "Петров",
        "Petrov",
        "9262644",
        "NOBODY",
        &tokens.read,
        &tokens.write,
        "vzv_",
    ] {
        assert!(!logged.contains(named), "{named} is in the log: {logged}");
    }
}
