//! Requests about Asterisk itself.

use hyper::Method;
use serde::Deserialize;
use serde_json::json;

use super::Requests;
use crate::ari::{RequestError, Thing, Timestamp};

/// Which Asterisk it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Such as `22.10.1`, with what the distribution adds.
    pub version: String,
    /// `entityid` in asterisk.conf, else a MAC address.
    pub entity_id: String,
    /// When it was started. A later one than before means that all its channels are new.
    pub started_at: Timestamp,
}

#[derive(Deserialize)]
struct Ping {
    timestamp: Timestamp,
}

#[derive(Deserialize)]
struct InfoAnswer {
    system: System,
    status: Status,
}

#[derive(Deserialize)]
struct System {
    version: String,
    #[serde(default)]
    entity_id: String,
}

#[derive(Deserialize)]
struct Status {
    startup_time: Timestamp,
}

impl Requests {
    /// Asterisk's own time, as proof that it answers.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn ping(&self) -> Result<Timestamp, RequestError> {
        let request = self.request(Method::GET, &["asterisk", "ping"]);
        let ping: Ping = self.read(request, Thing::Asterisk).await?;
        Ok(ping.timestamp)
    }

    /// Which Asterisk it is.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn info(&self) -> Result<Info, RequestError> {
        let request = self.request(Method::GET, &["asterisk", "info"]);
        let answer: InfoAnswer = self.read(request, Thing::Asterisk).await?;
        Ok(Info {
            version: answer.system.version,
            entity_id: answer.system.entity_id,
            started_at: answer.status.startup_time,
        })
    }

    /// Sets a global variable of the dialplan.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn set_global(&self, name: &str, value: &str) -> Result<(), RequestError> {
        let request = self
            .request(Method::POST, &["asterisk", "variable"])
            .json(&json!({"variable": name, "value": value}));
        self.done(request, Thing::Asterisk).await
    }
}
