//! Asking the CRM about a caller while the greeting plays: the name, and the menu if it makes one.
//!
//! A CRM that is slow, dead or lying costs the caller nothing: the question has a deadline, after
//! some failures it is not asked for a while, and the last good answer takes the place of a new one.

mod reply;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use reqwest::{Client, Url};
use tokio::time::timeout;

use crate::breaker::{AfterFailure, Breaker, PAUSE};
use crate::domain::phone::PhoneNumber;
use crate::metrics;
use crate::outgoing;
use crate::secret::Secret;
use crate::tls::{self, TlsError};

pub use reply::Reply;

/// What the address has in the caller's place.
pub const PLACE_OF_PHONE: &str = "{phone}";

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// The most callers whose last answer is kept.
const MOST_KEPT: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// How long a last answer may take the place of a new one.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Where the CRM is asked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address, with [`PLACE_OF_PHONE`] where the caller's number goes.
    pub url: String,
    /// Sent as a bearer token.
    pub token: Option<Secret>,
    /// How long an answer is awaited.
    pub deadline: Duration,
    /// The authority that signed the CRM's certificate, if it is one's own.
    pub ca_file: Option<PathBuf>,
    /// Whether a name in the address may lead to a private network.
    pub allow_private: bool,
}

/// The settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum UnusableSettings {
    /// The certificates can't be used.
    #[error("[crm]: {0}")]
    Tls(#[from] TlsError),
    /// The client could not be made.
    #[error("[crm]: the HTTP client can't be made: {0}")]
    Client(reqwest::Error),
}

/// Asks the CRM.
pub struct Asking {
    client: Client,
    settings: Settings,
    breaker: Mutex<Breaker>,
    kept: Mutex<LruCache<PhoneNumber, (Instant, Reply)>>,
}

/// Why there is no answer. Says nothing of what was answered.
#[derive(Debug, thiserror::Error)]
enum NoAnswer {
    #[error("the address of [crm] is no URL")]
    Address,
    #[error("it did not answer within {0:?}")]
    Late(Duration),
    #[error("it can't be reached: {0}")]
    Unreachable(String),
    #[error("it answered with HTTP {0}")]
    Status(u16),
    #[error("its answer is longer than {LONGEST_ANSWER} bytes")]
    TooLong,
    #[error("its answer is {0}")]
    Unreadable(String),
}

impl Asking {
    /// Makes what asks; opens no connection yet.
    ///
    /// # Errors
    /// [`UnusableSettings`].
    pub fn new(settings: Settings) -> Result<Self, UnusableSettings> {
        let tls = tls::client_config(
            settings.ca_file.as_deref(),
            settings.url.starts_with("https:"),
        )?;
        let client = outgoing::guarded(Client::builder(), settings.allow_private)
            .use_preconfigured_tls((*tls).clone())
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(settings.deadline)
            .build()
            .map_err(UnusableSettings::Client)?;
        Ok(Self {
            client,
            settings,
            breaker: Mutex::default(),
            kept: Mutex::new(LruCache::new(MOST_KEPT)),
        })
    }

    /// What the CRM says about a caller, or said the last time; `None` if neither is to be had.
    /// Takes no longer than the deadline.
    pub async fn ask(&self, caller: &PhoneNumber) -> Option<Reply> {
        if !lock(&self.breaker).may_ask(Instant::now()) {
            return self.last_answer(caller);
        }
        let deadline = self.settings.deadline;
        let asked = timeout(deadline, self.answer(caller)).await;
        let asked = asked.unwrap_or(Err(NoAnswer::Late(deadline)));
        metrics::crm_asked(asked.is_ok());
        match asked {
            Ok(answer) => {
                if lock(&self.breaker).answered() {
                    tracing::info!("the CRM answers again");
                }
                let kept = (Instant::now(), answer.clone());
                lock(&self.kept).put(caller.clone(), kept);
                Some(answer)
            }
            Err(reason) => {
                self.tell(&reason);
                self.last_answer(caller)
            }
        }
    }

    /// Forgets what the CRM has said about everybody: a client is to be erased.
    pub fn forget(&self) {
        lock(&self.kept).clear();
    }

    fn last_answer(&self, caller: &PhoneNumber) -> Option<Reply> {
        let mut kept = lock(&self.kept);
        let (at, answer) = kept.get(caller)?;
        (at.elapsed() < KEPT_FOR).then(|| answer.clone())
    }

    fn tell(&self, reason: &NoAnswer) {
        match lock(&self.breaker).failed(Instant::now()) {
            AfterFailure::GoOn => tracing::warn!("the CRM was asked who calls: {reason}"),
            AfterFailure::Pause => tracing::error!(
                "the CRM was asked who calls: {reason}; it is not asked for {PAUSE:?}, and callers \
                 are offered what we know ourselves"
            ),
        }
    }

    async fn answer(&self, caller: &PhoneNumber) -> Result<Reply, NoAnswer> {
        let mut request = self.client.get(self.address(caller)?);
        if let Some(token) = &self.settings.token {
            request = request.bearer_auth(token.expose());
        }
        let unreachable = |error: reqwest::Error| NoAnswer::Unreachable(reason(error));
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        if !status.is_success() {
            return Err(NoAnswer::Status(status.as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST_ANSWER {
                return Err(NoAnswer::TooLong);
            }
        }
        Reply::parse(&body).map_err(NoAnswer::Unreadable)
    }

    fn address(&self, caller: &PhoneNumber) -> Result<Url, NoAnswer> {
        // In E.164 only the plus sign has a meaning of its own in an address.
        let number = caller.as_str().replace('+', "%2B");
        let address = self.settings.url.replace(PLACE_OF_PHONE, &number);
        Url::parse(&address).map_err(|_| NoAnswer::Address)
    }
}

/// Without the address: it has the caller's number in it.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(deeper) = cause {
        words = deeper.to_string();
        cause = deeper.source();
    }
    words
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
