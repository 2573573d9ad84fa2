//! The socket on broken networks. How it gets on with a real Asterisk is tested with one.

use futures_util::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::*;
use crate::TestResult;
use crate::ari::{Secret, Settings};

const PONG: &str = r#"{"ping":"pong","timestamp":"2026-11-21T02:33:53.695+0000"}"#;

fn settings(address: &str) -> Settings {
    Settings {
        request_timeout: Duration::from_millis(100),
        ping_interval: Duration::from_millis(20),
        ping_deadline: Duration::from_millis(100),
        ..Settings::new(
            format!("http://{address}/ari"),
            "vizavi",
            Secret::new("quiet-river"),
        )
    }
}

/// Two ends of an open WebSocket, with the handshake left out.
async fn websocket() -> TestResult<(
    WebSocketStream<TcpStream>,
    WebSocketStream<MaybeTlsStream<TcpStream>>,
)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = TcpStream::connect(listener.local_addr()?).await?;
    let (server, _) = listener.accept().await?;
    let server = WebSocketStream::from_raw_socket(server, Role::Server, None).await;
    let client = MaybeTlsStream::Plain(client);
    let client = WebSocketStream::from_raw_socket(client, Role::Client, None).await;
    Ok((server, client))
}

/// Until the connection is gone.
async fn send_for_ever(mut server: WebSocketStream<TcpStream>) -> Result<(), Error> {
    let recorded = include_str!("../event/recorded.jsonl");
    loop {
        for line in recorded
            .lines()
            .filter(|line| !line.contains("ApplicationReplaced"))
        {
            server.send(Message::Text(line.into())).await?;
        }
    }
}

async fn lost(socket: &mut Socket) -> LostReason {
    match socket.next().await {
        Some(Incoming::Lost { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nobody_there_is_told_and_tried_again() -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    drop(listener);
    let mut socket = Socket::open(&Requests::new(&settings(&address))?);
    for _ in 0..3 {
        assert!(matches!(
            lost(&mut socket).await,
            LostReason::Unreachable(_)
        ));
    }
    Ok(())
}

#[tokio::test]
async fn a_server_that_accepts_and_never_answers_gets_no_handshake() -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let mut socket = Socket::open(&Requests::new(&settings(&address))?);
    assert!(matches!(lost(&mut socket).await, LostReason::NoAnswer(_)));
    let (mut stream, _) = listener.accept().await?;
    let mut asked = String::new();
    stream.read_to_string(&mut asked).await?;
    assert!(asked.starts_with("GET /ari/asterisk/ping "), "{asked}");
    Ok(())
}

#[tokio::test]
async fn a_handshake_that_is_never_answered_is_given_up() -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let mut socket = Socket::open(&Requests::new(&settings(&address))?);
    let (mut http, _) = listener.accept().await?;
    assert!(http.read(&mut [0; 1024]).await? > 0);
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{PONG}",
        PONG.len()
    );
    http.write_all(answer.as_bytes()).await?;
    let (mut shaking, _) = listener.accept().await?;
    assert!(matches!(lost(&mut socket).await, LostReason::NoAnswer(_)));
    let mut asked = String::new();
    shaking.read_to_string(&mut asked).await?;
    assert!(
        asked.starts_with("GET /ari/events?app=vizavi HTTP/1.1"),
        "{asked}"
    );
    assert!(
        asked.to_lowercase().contains("\r\nauthorization: basic "),
        "{asked}"
    );
    Ok(())
}

#[tokio::test]
async fn a_dropped_socket_stops_trying() -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let socket = Socket::open(&Requests::new(&settings(&address))?);
    let (mut stream, _) = listener.accept().await?;
    drop(socket);
    let mut asked = Vec::new();
    stream.read_to_end(&mut asked).await?;
    let again = tokio::time::timeout(Duration::from_millis(400), listener.accept()).await;
    assert!(again.is_err(), "it connected again");
    Ok(())
}

#[tokio::test]
async fn a_reader_that_takes_nothing_loses_the_connection() -> TestResult {
    let (server, client) = websocket().await?;
    let (sender, mut receiver) = mpsc::channel(2);
    let mut connection = Connection::over(client, &settings("unused"));
    let flood = tokio::spawn(send_for_ever(server));
    let end = connection.read(&sender).await;
    assert!(matches!(end, End::Lost(LostReason::ReaderTooSlow(_))));
    assert!(receiver.try_recv().is_ok() && receiver.try_recv().is_ok());
    flood.abort();
    Ok(())
}

#[tokio::test]
async fn a_connection_on_which_nothing_comes_is_silent() -> TestResult {
    let (_server, client) = websocket().await?;
    let (sender, _receiver) = mpsc::channel(2);
    let mut connection = Connection::over(client, &settings("unused"));
    let end = connection.read(&sender).await;
    assert!(matches!(end, End::Lost(LostReason::Silent(_))));
    Ok(())
}
