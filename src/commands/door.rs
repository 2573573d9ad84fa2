//! The contract as commands use it: from the vizavi that is running, over its socket; otherwise from
//! the store itself, with the same code and without a socket.

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tower::ServiceExt;
use vizavi::app::{self, Knowledge};
use vizavi::callers::Callers;
use vizavi::config::Settings;
use vizavi::crm::{self, Contract, Trust};
use vizavi::store::{OpenError, Store};
use vizavi::tls;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Where the contract is.
pub(crate) enum Door {
    /// In the process that is running.
    Running(reqwest::Client),
    /// In this one: nobody else has the store.
    Own(Router, Store),
}

/// What was answered.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
}

impl Door {
    /// Finds it.
    pub(crate) fn open(settings: &Settings) -> Result<Self> {
        match app::open_store(settings) {
            Ok(store) => {
                let callers = Callers::new(store.clone(), app::questions(settings));
                let contract = app::contract_settings(settings);
                let knowledge = Knowledge {
                    callers: Arc::new(callers),
                    asking: None,
                };
                let contract = Contract::new(&contract, store.clone(), Arc::new(knowledge));
                Ok(Self::Own(crm::router(contract, Trust::Everything), store))
            }
            Err(held @ OpenError::Held { .. }) => Self::running(&settings.store.directory, held),
            Err(error) => Err(error.into()),
        }
    }

    fn running(directory: &Path, held: OpenError) -> Result<Self> {
        let socket = directory.join(crm::SOCKET);
        if !socket.exists() {
            return Err(held.into());
        }
        // Nothing is encrypted on the socket, but the client wants to know how it would be.
        let tls = tls::client_config(None, false)?;
        let client = reqwest::Client::builder()
            .use_preconfigured_tls((*tls).clone())
            .unix_socket(socket)
            .build()?;
        Ok(Self::Running(client))
    }

    /// Asks.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Answered> {
        let kind = if body.starts_with(b"{") && path == "/v1/tokens" {
            "application/json"
        } else {
            "application/x-ndjson"
        };
        match self {
            Self::Running(client) => {
                let url = format!("http://vizavi{path}");
                let request = client.request(method, url).header("content-type", kind);
                let answer = request.body(body).send().await?;
                Ok(Answered {
                    status: answer.status(),
                    body: answer.bytes().await?.to_vec(),
                })
            }
            Self::Own(router, _) => {
                let request = Request::builder().method(method).uri(path);
                let request = request
                    .header("content-type", kind)
                    .body(Body::from(body))?;
                let answer = router.clone().oneshot(request).await?;
                let status = answer.status();
                let body = answer.into_body().collect().await?.to_bytes();
                Ok(Answered {
                    status,
                    body: body.to_vec(),
                })
            }
        }
    }

    /// What has been written is on disk already; this lets go of the store.
    pub(crate) fn close(self) {
        if let Self::Own(_, store) = self {
            store.close();
        }
    }
}

impl Answered {
    /// The answer, if it is a good one.
    pub(crate) fn good<T: DeserializeOwned>(&self) -> Result<T> {
        if !self.status.is_success() {
            return Err(self.problem().into());
        }
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// What is wrong, in the words of whoever answered.
    pub(crate) fn problem(&self) -> String {
        let problem: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        match problem["detail"].as_str() {
            Some(detail) => detail.to_owned(),
            None => format!("the answer was HTTP {}", self.status),
        }
    }

    /// Prints it as it came.
    pub(crate) fn print(&self) -> Result<()> {
        let mut output = std::io::stdout();
        output.write_all(&self.body)?;
        Ok(writeln!(output)?)
    }
}

/// A text as it may stand in an address.
pub(crate) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Runs what a command does.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work)
}
