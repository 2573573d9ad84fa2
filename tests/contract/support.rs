//! A company with an empty store, and requests to its contract.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt;
use vizavi::app::Knowledge;
use vizavi::callers::{self, Callers};
use vizavi::crm::{Answers, Contract, Limits, Listening, NewToken, Settings, Tls, Trust, router};
use vizavi::domain::access::Scope;
use vizavi::domain::callback::{self, DiallingPolicy, Hours, Pauses};
use vizavi::domain::language::Language;
use vizavi::domain::rating::{CaseStep, Kind, KindName, Rules, Title, Weight};
use vizavi::store::{self, Change, Store};

pub(crate) const JSON: &str = "application/json";
pub(crate) const LINES: &str = "application/x-ndjson";

/// An event that nothing is wrong with.
pub(crate) const EVENT: &str =
    r#"{"id":"1","type":"call","time":"2026-11-20T10:15:00","client":"c-7","employee":"chulkova"}"#;

/// A company whose contract is asked without a listener.
pub(crate) struct Company {
    pub(crate) directory: TempDir,
    pub(crate) store: Store,
    pub(crate) router: Router,
    pub(crate) tokens: Tokens,
}

/// A token for each scope.
pub(crate) struct Tokens {
    pub(crate) write: String,
    pub(crate) read: String,
    pub(crate) administer: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| {
            panic!("no JSON: {:?}", String::from_utf8_lossy(&self.body));
        })
    }

    pub(crate) fn detail(&self) -> String {
        self.json()["detail"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

impl Company {
    pub(crate) async fn new() -> Self {
        Self::with(generous()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path());
        let tokens = tokens(&store).await;
        let settings = settings(directory.path(), limits);
        let contract = Contract::new(&settings, store.clone(), answers(&store));
        Self {
            directory,
            store,
            router: router(contract, Trust::Token),
            tokens,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }

    pub(crate) async fn post(&self, path: &str, format: &str, body: impl Into<Body>) -> Reply {
        let request = request(Method::POST, path, &self.tokens.write, format, body);
        self.send(request).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Reply {
        let body = body.to_string();
        let request = request(Method::PUT, path, &self.tokens.write, JSON, body);
        self.send(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        let request = request(Method::GET, path, &self.tokens.read, JSON, Body::empty());
        self.send(request).await
    }

    /// What only an administrator may ask.
    pub(crate) async fn administered(&self, path: &str) -> Reply {
        let token = &self.tokens.administer;
        self.send(request(Method::GET, path, token, JSON, Body::empty()))
            .await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        let token = &self.tokens.administer;
        let request = request(Method::DELETE, path, token, JSON, Body::empty());
        self.send(request).await
    }
}

pub(crate) fn request(
    method: Method,
    path: &str,
    token: &str,
    format: &str,
    body: impl Into<Body>,
) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, format)
        .body(body.into())
        .unwrap()
}

/// No test that isn't about rates is held up by them.
pub(crate) fn generous() -> Limits {
    Limits {
        rate: NonZeroU32::new(100_000).unwrap(),
        burst: NonZeroU32::new(100_000).unwrap(),
        ..Limits::default()
    }
}

pub(crate) fn zone() -> TimeZone {
    TimeZone::fixed(offset(3))
}

pub(crate) fn open(directory: &Path) -> Store {
    let settings = store::Settings::new(directory, zone());
    Store::open(&settings).unwrap().store
}

pub(crate) fn settings(directory: &Path, limits: Limits) -> Settings {
    Settings {
        listen: None,
        tls: None,
        directory: directory.to_owned(),
        zone: zone(),
        language: Language::Russian,
        callbacks: Some(Arc::new(callback_rules())),
        limits,
    }
}

pub(crate) async fn tokens(store: &Store) -> Tokens {
    Tokens {
        write: token(store, Scope::Write).await,
        read: token(store, Scope::Read).await,
        administer: token(store, Scope::Administer).await,
    }
}

async fn token(store: &Store, scope: Scope) -> String {
    let made = NewToken::make("test", vec![scope], Timestamp::now()).unwrap();
    store
        .write(vec![Change::PutToken(made.token)])
        .await
        .unwrap();
    made.secret.expose().to_owned()
}

/// People are called at any time, so that no test depends on when it is run.
pub(crate) fn callback_rules() -> callback::Rules {
    let always = vizavi::crm::wire::working_hours("daily 00:00-24:00").unwrap();
    callback::Rules {
        hours: Hours::new(always, BTreeSet::new()).unwrap(),
        zone: zone(),
        pauses: Pauses::default(),
        attempts: 3,
        limits: callback::Limits::default(),
        dialling: DiallingPolicy::default(),
    }
}

/// What is answered about callers, as in the program itself.
pub(crate) fn answers(store: &Store) -> Arc<dyn Answers> {
    let settings = callers::Settings {
        rules: Rules {
            kinds: HashMap::from([(KindName::parse("invoice.issued").unwrap(), invoice())]),
            others: Some(Kind::default()),
            ..Rules::default()
        },
        departments: Vec::new(),
        longest_menu: 9,
    };
    Arc::new(Knowledge {
        callers: Arc::new(Callers::new(store.clone(), settings)),
        asking: None,
    })
}

/// The one type of event that has rules of its own here, as in the configuration that is delivered.
fn invoice() -> Kind {
    Kind {
        weight: Weight::new(100.0).unwrap(),
        case: CaseStep::Opens,
        title: Some(Title {
            russian: "счёт выставлен".to_owned(),
            english: "invoice issued".to_owned(),
        }),
        ..Kind::default()
    }
}

/// The contract on real listeners.
pub(crate) struct Served {
    pub(crate) tokens: Tokens,
    pub(crate) address: SocketAddr,
    pub(crate) socket: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
    _directory: TempDir,
}

impl Served {
    pub(crate) async fn new() -> Self {
        Self::with(generous(), None).await
    }

    pub(crate) async fn with(limits: Limits, tls: Option<Tls>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path());
        let tokens = tokens(&store).await;
        let settings = Settings {
            listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
            tls,
            ..settings(directory.path(), limits)
        };
        let listening = Listening::open(settings).await.unwrap();
        let (address, socket) = (listening.address().unwrap(), listening.socket().to_owned());
        let (stop, stopped) = oneshot::channel::<()>();
        let answers = answers(&store);
        let serving = tokio::spawn(async move {
            let stop = async { stopped.await.unwrap_or_default() };
            listening.serve(store, answers, stop).await;
        });
        Self {
            tokens,
            address,
            socket,
            stop: Some(stop),
            serving,
            _directory: directory,
        }
    }

    /// Tells it to stop, without waiting for it.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits until nothing is served any more.
    pub(crate) async fn ended(mut self) {
        self.stop();
        self.serving.await.unwrap();
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// The head of a request that closes its connection.
    pub(crate) fn head(&self, method: &str, path: &str, more: &str) -> String {
        let token = &self.tokens.administer;
        format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n{more}\r\n"
        )
    }
}

/// All that comes until the other side closes; a reset is a close.
pub(crate) async fn read_all(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    let reading = stream.read_to_end(&mut bytes);
    let read = tokio::time::timeout(Duration::from_secs(20), reading).await;
    let _ = read.expect("the other side closes in time");
    String::from_utf8(bytes).unwrap()
}

/// Sends a request and reads the answer.
pub(crate) async fn ask(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    request: &str,
) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    read_all(stream).await
}
