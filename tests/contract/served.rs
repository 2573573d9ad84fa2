//! Where the contract is served: TCP, TLS, the socket; what happens when it can't be, and at the end.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::ServerName;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, UnixStream};
use tokio_rustls::TlsConnector;
use vizavi::crm::{Listening, SOCKET, ServeError, Settings, Tls};
use vizavi::tls::client_config;

use super::support::{EVENT, Served, ask, generous, read_all, settings};

/// A certificate for `localhost` that vouches for itself.
fn certificate(directory: &Path) -> Tls {
    let key = KeyPair::generate().unwrap();
    let names = vec!["localhost".to_owned()];
    let certificate = CertificateParams::new(names)
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let tls = Tls {
        certificate: directory.join("certificate.pem"),
        key: directory.join("key.pem"),
    };
    fs::write(&tls.certificate, certificate.pem()).unwrap();
    fs::write(&tls.key, key.serialize_pem()).unwrap();
    tls
}

async fn open_at(listen: SocketAddr, tls: Option<Tls>) -> Result<Listening, ServeError> {
    let directory = tempfile::tempdir().unwrap();
    Listening::open(Settings {
        listen: Some(listen),
        tls,
        ..settings(directory.path(), generous())
    })
    .await
}

#[tokio::test]
async fn a_crm_is_answered_over_tcp() {
    let served = Served::new().await;
    let length = format!(
        "Content-Type: application/json\r\nContent-Length: {}\r\n",
        EVENT.len()
    );
    let request = served.head("POST", "/v1/events", &length) + EVENT;
    let answer = ask(&mut served.connect().await, &request).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("\"accepted\":1"), "{answer}");
    served.ended().await;
}

#[tokio::test]
async fn a_crm_is_answered_over_tls() {
    let directory = tempfile::tempdir().unwrap();
    let tls = certificate(directory.path());
    let served = Served::with(generous(), Some(tls.clone())).await;
    let trusting = client_config(Some(&tls.certificate), true).unwrap();
    let connector = TlsConnector::from(trusting);
    let name = ServerName::try_from("localhost").unwrap();
    let stream = served.connect().await;
    let mut stream = connector.connect(name, stream).await.unwrap();
    let answer = ask(&mut stream, &served.head("GET", "/v1/employees", "")).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");

    let mut plain = served.connect().await;
    plain
        .write_all(served.head("GET", "/v1/employees", "").as_bytes())
        .await
        .unwrap();
    assert!(!read_all_bytes(&mut plain).await.starts_with(b"HTTP"));
    served.ended().await;
}

async fn read_all_bytes(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(stream, &mut bytes).await;
    bytes
}

#[tokio::test]
async fn on_the_socket_of_the_store_no_token_is_needed() {
    let served = Served::new().await;
    let mode = fs::metadata(&served.socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut stream = UnixStream::connect(&served.socket).await.unwrap();
    let request = "GET /v1/tokens HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = ask(&mut stream, request).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let answer = ask(&mut served.connect().await, request).await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    let socket = served.socket.clone();
    served.ended().await;
    assert!(!socket.exists());
}

#[tokio::test]
async fn a_socket_that_was_left_behind_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(SOCKET);
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(UnixStream::connect(&path).await.is_err());
    let listening = Listening::open(settings(directory.path(), generous()))
        .await
        .unwrap();
    assert_eq!(listening.address(), None);
    assert!(UnixStream::connect(&path).await.is_ok());
}

#[tokio::test]
async fn without_tls_only_this_machine_is_listened_to() {
    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    let refused = open_at(everywhere, None).await.err().unwrap().to_string();
    assert!(refused.contains("without TLS on 0.0.0.0:0"), "{refused}");
    assert!(refused.contains("127.0.0.1 behind a proxy"), "{refused}");
    let directory = tempfile::tempdir().unwrap();
    let tls = certificate(directory.path());
    assert!(open_at(everywhere, Some(tls)).await.is_ok());
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let refused = open_at(address, None).await.err().unwrap().to_string();
    assert!(refused.contains(&address.to_string()), "{refused}");
    let nowhere = Path::new("/nowhere/at/all");
    let refused = Listening::open(settings(nowhere, generous())).await;
    let refused = refused.err().unwrap().to_string();
    assert!(refused.contains("/nowhere/at/all/vizavi.sock"), "{refused}");
}

#[tokio::test]
async fn a_certificate_that_can_not_be_used_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let good = certificate(directory.path());
    let here = SocketAddr::from(([127, 0, 0, 1], 0));
    let nothing = directory.path().join("nothing.pem");
    fs::write(&nothing, "nothing").unwrap();
    let missing = directory.path().join("missing.pem");
    for (tls, named) in [
        (
            Tls {
                certificate: nothing.clone(),
                ..good.clone()
            },
            "nothing.pem",
        ),
        (
            Tls {
                certificate: missing.clone(),
                ..good.clone()
            },
            "missing.pem",
        ),
        (
            Tls {
                key: nothing.clone(),
                ..good.clone()
            },
            "nothing.pem",
        ),
        (
            Tls {
                key: missing.clone(),
                ..good.clone()
            },
            "missing.pem",
        ),
        (
            Tls {
                key: good.certificate.clone(),
                ..good.clone()
            },
            "certificate.pem",
        ),
    ] {
        let refused = open_at(here, Some(tls)).await.err().unwrap().to_string();
        assert!(refused.contains(named), "{refused}");
    }
}

#[tokio::test]
async fn a_request_that_has_begun_is_answered_before_the_end() {
    let mut served = Served::new().await;
    let mut stream = served.connect().await;
    let length = format!(
        "Content-Type: application/json\r\nContent-Length: {}\r\n",
        EVENT.len()
    );
    let head = served.head("POST", "/v1/events", &length);
    let (first, second) = EVENT.split_at(10);
    // The other connection's answer shows that this one, which is older, is being served.
    stream.write_all((head + first).as_bytes()).await.unwrap();
    let answer = ask(
        &mut served.connect().await,
        &served.head("GET", "/v1/employees", ""),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200"));
    served.stop();
    stream.write_all(second.as_bytes()).await.unwrap();
    let answer = read_all(&mut stream).await;
    assert!(answer.contains("\"accepted\":1"), "{answer}");
    let address = served.address;
    served.ended().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_that_does_not_end_is_cut_off() {
    let mut limits = generous();
    limits.grace = std::time::Duration::from_millis(100);
    let served = Served::with(limits, None).await;
    let mut stream = served.connect().await;
    let head = served.head(
        "POST",
        "/v1/events",
        "Content-Type: application/json\r\nContent-Length: 5\r\n",
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    ask(
        &mut served.connect().await,
        &served.head("GET", "/v1/employees", ""),
    )
    .await;
    served.ended().await;
    assert_eq!(read_all(&mut stream).await, "");
}
