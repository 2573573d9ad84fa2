//! Requests about our own application.

use hyper::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Requests;
use super::answers::source_gone;
use crate::ari::{BridgeId, ChannelId, RequestError, Thing};

/// What an application hears of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Application {
    /// Its name.
    pub name: String,
    /// The channels in it.
    #[serde(default)]
    pub channel_ids: Vec<ChannelId>,
    /// The bridges that it follows.
    #[serde(default)]
    pub bridge_ids: Vec<BridgeId>,
}

impl Requests {
    /// Our application as Asterisk sees it.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each. [`RequestError::Gone`] when
    /// nobody is connected under its name.
    pub async fn application(&self) -> Result<Application, RequestError> {
        let path = ["applications", &self.settings().application];
        self.read(self.request(Method::GET, &path), Thing::Application)
            .await
    }

    /// Chooses the types of events that Asterisk sends; an empty `allowed` allows all, and
    /// `disallowed` wins. Asterisk may forget it when the socket is lost: say it after each
    /// [`Connected`](crate::ari::Incoming::Connected).
    ///
    /// It is also the first request that writes, so a `read_only` user is found here (403).
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each. [`RequestError::Gone`] when
    /// nobody is connected under our name.
    pub async fn filter_events(
        &self,
        allowed: &[&str],
        disallowed: &[&str],
    ) -> Result<(), RequestError> {
        let path = ["applications", &self.settings().application, "eventFilter"];
        let filter = json!({"allowed": types(allowed), "disallowed": types(disallowed)});
        let request = self.request(Method::PUT, &path).json(&filter);
        self.done(request, Thing::Application).await
    }

    /// Hears from now on what happens to a channel that is not, or not yet, in our application.
    /// Asterisk knows a channel only once it is made: what happened before is not told.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each. [`RequestError::Gone`] when the
    /// channel has ended already.
    pub async fn follow_channel(&self, channel: &ChannelId) -> Result<(), RequestError> {
        let path = ["applications", &self.settings().application, "subscription"];
        let source = format!("channel:{channel}");
        let request = self
            .request(Method::POST, &path)
            .query("eventSource", &source);
        self.done(request, Thing::Application)
            .await
            .map_err(source_gone)
    }
}

fn types(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!({"type": name})).collect()
}
