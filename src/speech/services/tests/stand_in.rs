//! A server in place of all the services: it signs in, speaks, and remembers what it was asked.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use axum::{Router, body};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::{RATE, bytes, tone, wav};

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
    pace: Pace,
}

#[derive(Clone, Copy, Debug)]
enum Pace {
    AtOnce,
    ByteByByte,
    Endless,
}

impl Reply {
    pub(super) fn of(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            pace: Pace::AtOnce,
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The body comes in single bytes, a while apart.
    pub(super) fn dripping() -> Self {
        Self {
            pace: Pace::ByteByByte,
            ..Self::of(200, "")
        }
    }

    pub(super) fn endless() -> Self {
        Self {
            pace: Pace::Endless,
            ..Self::of(200, vec![1; 1024 * 1024])
        }
    }

    fn into_response(self) -> Response {
        let body = self.body;
        let body = match self.pace {
            Pace::AtOnce => Body::from(body),
            Pace::ByteByByte => Body::from_stream(stream::unfold((), |()| async {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Ok::<_, Infallible>(Bytes::from_static(b"a")), ()))
            })),
            Pace::Endless => Body::from_stream(stream::repeat_with(move || {
                Ok::<_, Infallible>(Bytes::from(body.clone()))
            })),
        };
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(body).unwrap()
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The fields of a form, decoded.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        let url = reqwest::Url::parse(&format!("http://x/?{}", self.body)).unwrap();
        url.query_pairs().into_owned().collect()
    }
}

#[derive(Default)]
struct Inner {
    seen: Vec<Seen>,
    next: VecDeque<Reply>,
    always: Option<Reply>,
    tokens: usize,
}

/// The server. It ends with the test's runtime.
pub(super) struct StandIn {
    base: String,
    inner: Arc<Mutex<Inner>>,
}

impl StandIn {
    pub(super) async fn start() -> Self {
        let (listener, stand_in, app) = Self::bind("http").await;
        tokio::spawn(async move { axum::serve(listener, app).await });
        stand_in
    }

    pub(super) async fn start_over_tls(acceptor: TlsAcceptor) -> Self {
        let (listener, stand_in, app) = Self::bind("https").await;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, app) = (acceptor.clone(), app.clone());
                tokio::spawn(async move {
                    // Who does not trust us goes away.
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let service = TowerToHyperService::new(app);
                    let connection = http1::Builder::new();
                    let _ = connection
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        stand_in
    }

    async fn bind(scheme: &str) -> (TcpListener, Self, Router) {
        let inner: Arc<Mutex<Inner>> = Arc::default();
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&inner));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("{scheme}://{}", listener.local_addr().unwrap());
        (listener, Self { base, inner }, app)
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The next request for speech is answered so; signing in is not one.
    pub(super) fn next(&self, reply: Reply) {
        self.inner.lock().unwrap().next.push_back(reply);
    }

    pub(super) fn always(&self, reply: Reply) {
        self.inner.lock().unwrap().always = Some(reply);
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.inner.lock().unwrap().seen.clone()
    }
}

async fn answer(
    State(inner): State<Arc<Mutex<Inner>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    request: Body,
) -> Response {
    let request = body::to_bytes(request, 1 << 20).await.unwrap();
    let mut inner = inner.lock().unwrap();
    inner.seen.push(Seen {
        method,
        uri: uri.clone(),
        headers,
        body: String::from_utf8(request.to_vec()).unwrap(),
    });
    if let Some(signed_in) = sign_in(uri.path(), &mut inner.tokens) {
        return Reply::of(200, signed_in.to_string()).into_response();
    }
    let reply = inner.next.pop_front().or_else(|| inner.always.clone());
    reply.unwrap_or_else(|| good(uri.path())).into_response()
}

fn sign_in(path: &str, tokens: &mut usize) -> Option<serde_json::Value> {
    let token = format!("token-{}", *tokens + 1);
    let answer = match path {
        "/iam/v1/tokens" => {
            json!({ "iamToken": token, "expiresAt": "2999-01-01T00:00:00.123456789Z" })
        }
        "/api/v2/oauth" => json!({ "access_token": token, "expires_at": 1 }),
        "/vksession/rest/session" => json!({ "session_id": token }),
        _ => return None,
    };
    *tokens += 1;
    Some(answer)
}

/// Half a second of a tone, as the service at this path gives it.
fn good(path: &str) -> Reply {
    let narrow = wav(24_000, &tone(24_000));
    match path {
        "/speech/v1/tts:synthesize" => Reply::of(200, bytes(&tone(RATE))),
        "/tts/v3/utteranceSynthesis" => Reply::of(200, lines(&bytes(&tone(RATE)), 4000)),
        "/v1/audio/speech" | "/rest/v1/text:synthesize" => {
            Reply::of(200, narrow).with("content-type", "audio/wav")
        }
        "/WSServer/ws/tts" => Reply::of(200, bytes(&tone(22_050)))
            .with("content-type", "audio/raw; bits=16; channels=1; rate=22050"),
        "/vktts/rest/v1/synthesize" => {
            Reply::of(200, json!({ "data": STANDARD.encode(narrow) }).to_string())
        }
        _ => Reply::of(StatusCode::NOT_FOUND.as_u16(), "no such path"),
    }
}

/// The lines of v3, so many bytes of sound in each.
pub(super) fn lines(sound: &[u8], each: usize) -> String {
    sound
        .chunks(each)
        .map(|chunk| {
            let milliseconds = chunk.len() / 32;
            let line = json!({ "result": {
                "audioChunk": { "data": STANDARD.encode(chunk) },
                "lengthMs": milliseconds.to_string(),
                "wordTimings": [],
            }});
            format!("{line}\n")
        })
        .collect()
}
