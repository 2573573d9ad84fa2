//! Asks the application how it is, as Prometheus and probes do.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::application::Application;
use super::company::Result;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

/// What the application answers at a path such as `/metrics`.
pub(crate) async fn ask(application: &Application, path: &str) -> Result<Answer> {
    let entry = application.wait_for("metrics are served").await?;
    let address: SocketAddr = entry["address"].as_str().unwrap_or_default().parse()?;
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    exchange(address, &head).await
}

/// Sends a request as it is written here, and reads the whole answer.
pub(crate) async fn exchange(address: SocketAddr, request: &str) -> Result<Answer> {
    let mut connection = TcpStream::connect(address).await?;
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let status = head.split(' ').nth(1).ok_or("no status")?.parse()?;
    let mut lines = head.lines();
    let content_type = lines.find_map(|line| line.strip_prefix("content-type: "));
    Ok(Answer {
        status,
        content_type: content_type.unwrap_or_default().to_owned(),
        body: body.to_owned(),
    })
}

/// The value of a line of `/metrics`, such as `vizavi_gate_open`.
pub(crate) async fn number(application: &Application, line: &str) -> Result<f64> {
    let answer = ask(application, "/metrics").await?;
    let values = answer.body.lines().filter_map(|text| text.split_once(' '));
    let mut values = values.filter(|(name, _)| *name == line);
    let (_, value) = values
        .next()
        .ok_or_else(|| format!("no {line} in:\n{}", answer.body))?;
    Ok(value.parse()?)
}

/// What `/readyz` says of one thing: its state and its detail; and whether all in all it is ready.
pub(crate) async fn check(application: &Application, name: &str) -> Result<(String, bool)> {
    let answer = ask(application, "/readyz").await?;
    let document: Value = serde_json::from_str(&answer.body)?;
    let ready = document["ready"].as_bool().unwrap_or_default();
    assert_eq!(ready, answer.status == 200, "{answer:?}");
    let checks = document["checks"].as_array().cloned().unwrap_or_default();
    let check = checks.iter().find(|check| check["name"] == name);
    let check = check.ok_or_else(|| format!("no {name}: {document}"))?;
    let detail = check["detail"].as_str().unwrap_or_default();
    let state = check["state"].as_str().unwrap_or_default();
    Ok((format!("{state} {detail}").trim().to_owned(), ready))
}
