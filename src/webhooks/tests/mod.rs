//! Webhooks, with a receiver on this machine.

mod delivery;
mod told;

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::*;
use crate::domain::call::{FallbackReason, Outcome};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::EmployeeId;
use crate::store::{self, Change};

const SECRET: &str = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const CALLER: &str = "+74959262644";
/// A thousandth of the real pauses: the first is of five milliseconds.
const QUICK: Pace = Pace {
    deadline: Duration::from_millis(300),
    pauses: 0.001,
};

/// How a receiver answers.
#[derive(Clone, Debug)]
enum Reply {
    Status(u16),
    /// To the same request somewhere else.
    Redirect(String),
    /// Not within the deadline.
    Late,
}

/// A message as it came.
#[derive(Clone, Debug)]
struct Heard {
    headers: HeaderMap,
    body: String,
}

impl Heard {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Such as "7 call.started".
    fn what(&self) -> String {
        let json = self.json();
        let (call, kind) = (json["subject"].as_str(), json["type"].as_str());
        format!("{} {}", call.unwrap(), kind.unwrap())
    }

    fn is_signed(&self) -> bool {
        let second = self.header("webhook-timestamp").parse().unwrap();
        let key = Key::parse(SECRET).unwrap();
        let signature = key.sign(self.header("webhook-id"), second, &self.body);
        self.header("webhook-signature") == signature
    }
}

#[derive(Default)]
struct Script {
    /// What is answered to the next messages of a call; 204 to all others.
    replies: BTreeMap<String, VecDeque<Reply>>,
    /// What is answered to all.
    always: Option<Reply>,
    heard: Vec<Heard>,
    at_once: usize,
    most_at_once: usize,
    pause: Duration,
}

/// Somebody who takes messages.
#[derive(Clone)]
struct Receiver {
    script: Arc<Mutex<Script>>,
    url: String,
}

async fn answer(
    State(script): State<Arc<Mutex<Script>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    let heard = Heard { headers, body };
    let call = heard.json()["subject"].as_str().unwrap().to_owned();
    let (reply, pause) = {
        let mut script = script.lock().unwrap();
        script.heard.push(heard);
        script.at_once += 1;
        script.most_at_once = script.most_at_once.max(script.at_once);
        let next = script.replies.get_mut(&call).and_then(VecDeque::pop_front);
        let next = next.or(script.always.clone());
        (next.unwrap_or(Reply::Status(204)), script.pause)
    };
    tokio::time::sleep(pause).await;
    if matches!(reply, Reply::Late) {
        tokio::time::sleep(QUICK.deadline * 3).await;
    }
    script.lock().unwrap().at_once -= 1;
    match reply {
        Reply::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Reply::Redirect(to) => (StatusCode::TEMPORARY_REDIRECT, [("location", to)]).into_response(),
        Reply::Late => StatusCode::OK.into_response(),
    }
}

impl Receiver {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let script = Arc::<Mutex<Script>>::default();
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        tokio::spawn(async move {
            let service = router.into_service::<hyper::body::Incoming>();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let service = hyper_util::service::TowerToHyperService::new(service.clone());
                let stream = hyper_util::rt::TokioIo::new(stream);
                tokio::spawn(async move {
                    let builder = hyper::server::conn::http1::Builder::new();
                    let _ = builder.serve_connection(stream, service).await;
                });
            }
        });
        Self { script, url }
    }

    fn replies(&self, call: &str, replies: impl IntoIterator<Item = Reply>) {
        let mut script = self.script.lock().unwrap();
        let replies = replies.into_iter().collect();
        script.replies.insert(call.to_owned(), replies);
    }

    fn always(&self, reply: impl Into<Option<Reply>>) {
        self.script.lock().unwrap().always = reply.into();
    }

    fn heard(&self) -> Vec<Heard> {
        self.script.lock().unwrap().heard.clone()
    }

    /// All that was heard of a call, in its order.
    fn heard_of(&self, call: &str) -> Vec<String> {
        let heard = self.heard();
        let of_call = heard.iter().map(Heard::what);
        let of_call =
            of_call.filter_map(|what| what.strip_prefix(&format!("{call} ")).map(str::to_owned));
        of_call.collect()
    }

    fn settings(&self) -> Settings {
        Settings {
            name: "crm".to_owned(),
            url: Url::parse(&self.url).unwrap(),
            secret: SigningSecret::Given(Key::parse(SECRET).unwrap()),
            events: OF_CALLS.to_vec(),
            ca_file: None,
            allow_private: false,
        }
    }
}

fn open(directory: &Path) -> Store {
    open_for(directory, 1000)
}

fn open_for(directory: &Path, most_messages: usize) -> Store {
    let settings = store::Settings {
        cache_bytes: 8 << 20,
        most_messages,
        ..store::Settings::new(directory, TimeZone::UTC)
    };
    Store::open(&settings).unwrap().store
}

fn new_store() -> (TempDir, Store) {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    (directory, store)
}

fn employee(id: &str) -> EmployeeId {
    EmployeeId::parse(id).unwrap()
}

/// What is known when a call has come so far.
/// What is told of a call, in the order in which it happens.
const OF_CALLS: [Kind; 4] = [
    Kind::Started,
    Kind::Offered,
    Kind::Connected,
    Kind::Finished,
];

fn fact(call: &str, kind: Kind) -> Fact {
    Fact::Call(Box::new(call_fact(call, kind)))
}

fn call_fact(call: &str, kind: Kind) -> CallFact {
    let began = Timestamp::from_second(1_795_165_200).unwrap();
    let is_over = kind == Kind::Finished;
    let talked = matches!(kind, Kind::Connected | Kind::Finished);
    CallFact {
        kind,
        call: call.to_owned(),
        caller: PhoneNumber::parse(CALLER).ok(),
        began,
        at: began + SignedDuration::from_secs(kind as i64),
        offered: vec![employee("chulkova"), employee("maslennikov")],
        chosen: if talked {
            vec![employee("chulkova")]
        } else {
            Vec::new()
        },
        talked: talked.then(|| (employee("chulkova"), Duration::from_millis(65_900))),
        outcome: is_over.then_some(Outcome::Talked),
    }
}

/// Waits for what takes milliseconds.
async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let asked = Instant::now();
    while !is_so() {
        assert!(asked.elapsed() < Duration::from_secs(10), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn nothing_waits(store: &Store) -> bool {
    store.counts().messages == 0
}
