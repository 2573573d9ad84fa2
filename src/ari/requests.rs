//! Asking Asterisk over HTTP: how a request is sent.
//!
//! What can be asked is in the files below, one for each part of ARI, and what an answer means is in
//! `answers`. What goes to Asterisk is put into JSON bodies, because names and numbers in an address
//! end up in logs.

mod answers;
pub(super) mod applications;
pub(super) mod asterisk;
pub(super) mod bridges;
pub(super) mod channels;
mod connections;
pub(super) mod devices;
pub(super) mod originate;
mod outgoing;
pub(super) mod playbacks;
pub(super) mod recordings;
pub(super) mod variables;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::HeaderValue;
use hyper::{Method, Request, StatusCode};
use reqwest::Url;
use rustls::ClientConfig;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{RequestError, Settings, SettingsError, Thing};
use crate::metrics;
use crate::tls::client_config;

use answers::{refused, unreadable};
use connections::{Broken, Connection, Connections};
use outgoing::{Headers, Outgoing};

pub(super) use answers::told;

/// A third of the sessions that `sessionlimit` in http.conf allows by default (100): there are several
/// clients, and with 64 requests of one Asterisk was seen to turn connections away.
const REQUESTS_AT_ONCE: usize = 32;

/// A client of ARI over HTTP. Cheap to clone; all clones share their connections.
///
/// A request is sent once. It takes another connection only when a kept one had closed before the
/// first byte was written, so that nothing can be carried out twice. A connection that closes later
/// is [`RequestError::Unknown`].
///
/// At most 32 requests are under way at once; one more waits as long as a request may take, then
/// is [`RequestError::NotSent`].
#[derive(Clone)]
pub struct Requests {
    shared: Arc<Shared>,
}

struct Shared {
    connections: Connections,
    base: Url,
    headers: Headers,
    tls: Arc<ClientConfig>,
    at_once: Semaphore,
    /// How many requests were not answered, or not even sent.
    unanswered: AtomicU64,
    settings: Settings,
}

impl Requests {
    /// Builds the client. Connects to nothing.
    ///
    /// # Errors
    /// [`SettingsError`] when the address, the user or the CA file can't be used.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        check_waits(settings)?;
        let base = base_url(&settings.base_url)?;
        let authorization = authorization(settings)?;
        let tls = client_config(settings.ca_file.as_deref(), base.scheme() == "https")?;
        let connections = Connections::new(&base, &tls, settings.connect_timeout)?;
        let headers = Headers {
            host: host(&base)?,
            authorization,
        };
        let shared = Shared {
            connections,
            base,
            headers,
            tls,
            at_once: Semaphore::new(REQUESTS_AT_ONCE),
            unanswered: AtomicU64::new(0),
            settings: settings.clone(),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// The name of our application.
    #[must_use]
    pub fn application_name(&self) -> &str {
        &self.shared.settings.application
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    pub(super) fn authorization(&self) -> &HeaderValue {
        &self.shared.headers.authorization
    }

    pub(super) fn tls(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.shared.tls)
    }

    /// The address of `segments` below the base; each is percent-encoded.
    pub(super) fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.shared.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    fn request(&self, method: Method, segments: &[&str]) -> Outgoing {
        let base = self.shared.base.path().trim_end_matches('/');
        Outgoing::new(method, base, segments)
    }

    /// Sends a request of which only the success matters.
    async fn done(&self, request: Outgoing, thing: Thing) -> Result<(), RequestError> {
        self.send(request, thing).await.map(drop)
    }

    /// Sends a request and reads its answer.
    async fn read<T: DeserializeOwned>(
        &self,
        request: Outgoing,
        thing: Thing,
    ) -> Result<T, RequestError> {
        let body = self.send(request, thing).await?;
        serde_json::from_slice(&body).map_err(|error| unreadable(&error))
    }

    /// How many requests have got no answer so far, or found no place.
    pub(crate) fn unanswered(&self) -> u64 {
        self.shared.unanswered.load(Ordering::Relaxed)
    }

    async fn send(&self, request: Outgoing, thing: Thing) -> Result<Vec<u8>, RequestError> {
        let timed = metrics::AriRequest::begin(thing.name());
        let answer = self.exchange(request, thing).await;
        if let Err(error) = &answer {
            timed.failed(error.name());
        }
        if let Err(RequestError::NotSent(_) | RequestError::Unknown(_)) = &answer {
            self.shared.unanswered.fetch_add(1, Ordering::Relaxed);
        }
        answer
    }

    async fn exchange(&self, request: Outgoing, thing: Thing) -> Result<Vec<u8>, RequestError> {
        let longest = self.settings().request_timeout;
        let Ok(Ok(_permit)) = timeout(longest, self.shared.at_once.acquire()).await else {
            let reason = format!("{REQUESTS_AT_ONCE} requests are already waiting for answers");
            return Err(RequestError::NotSent(reason));
        };
        let answer = timeout(longest, self.answer_to(request)).await;
        let Ok(answer) = answer else {
            return Err(RequestError::Unknown("no answer in time".to_owned()));
        };
        let (status, body) = answer?;
        if status.is_success() {
            return Ok(body);
        }
        Err(refused(status, &body, thing))
    }

    async fn answer_to(&self, request: Outgoing) -> Result<(StatusCode, Vec<u8>), RequestError> {
        let connections = &self.shared.connections;
        let not_sent = |reason: &dyn std::error::Error| RequestError::NotSent(told(reason));
        let request = request.with(&self.shared.headers);
        let mut request = request.map_err(|error| not_sent(&error))?;
        loop {
            let kept = connections.kept().await;
            let is_new = kept.is_none();
            let connection = match kept {
                Some(kept) => kept,
                // Boxed, since it is large and seldom: it would make room for itself in each request.
                None => Box::pin(connections.connect()).await?,
            };
            match self.ask_over(connection, request).await {
                Err(Broken::BeforeIt(_)) if is_new => {
                    let reason = "the connection was closed at once".to_owned();
                    return Err(RequestError::NotSent(reason));
                }
                Err(Broken::BeforeIt(unsent)) => request = *unsent,
                Err(Broken::DuringIt(error)) => return Err(error),
                Ok(answer) => return Ok(answer),
            }
        }
    }

    async fn ask_over(
        &self,
        mut connection: Connection,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Vec<u8>), Broken> {
        let answer = connection.exchange(request).await?;
        self.shared.connections.keep(connection);
        Ok(answer)
    }
}

impl std::fmt::Debug for Requests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Requests({})", self.shared.base)
    }
}

fn check_waits(settings: &Settings) -> Result<(), SettingsError> {
    let waits = [
        settings.connect_timeout,
        settings.request_timeout,
        settings.ping_interval,
    ];
    let zero = waits.iter().any(Duration::is_zero);
    if zero || settings.ping_deadline <= settings.ping_interval {
        return Err(SettingsError::Waits);
    }
    Ok(())
}

fn base_url(address: &str) -> Result<Url, SettingsError> {
    let unusable = |reason: &str| SettingsError::BaseUrl {
        // An address with a password in it must not be repeated.
        address: if address.contains('@') {
            "…".to_owned()
        } else {
            address.to_owned()
        },
        reason: reason.to_owned(),
    };
    let url = Url::parse(address).map_err(|error| unusable(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(unusable("it must begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unusable("user and password have settings of their own"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(unusable("it must end with the path"));
    }
    Ok(url)
}

fn host(base: &Url) -> Result<HeaderValue, SettingsError> {
    let host = base.host_str().unwrap_or_default();
    let host = match base.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    HeaderValue::from_str(&host).map_err(|error| SettingsError::BaseUrl {
        address: base.to_string(),
        reason: error.to_string(),
    })
}

fn authorization(settings: &Settings) -> Result<HeaderValue, SettingsError> {
    if settings.user.is_empty() || settings.user.contains(':') {
        return Err(SettingsError::User);
    }
    let both = format!("{}:{}", settings.user, settings.password.expose());
    let text = format!("Basic {}", BASE64_STANDARD.encode(both));
    let mut header = HeaderValue::from_str(&text).map_err(|_| SettingsError::User)?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests;
