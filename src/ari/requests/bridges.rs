//! Requests about bridges. All of ours are mixing bridges.

use hyper::Method;
use serde::Deserialize;
use serde_json::json;

use super::Requests;
use super::answers::channel_gone;
use crate::ari::{BridgeId, ChannelId, RequestError, Thing, Timestamp};

/// A bridge and who is in it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Bridge {
    /// The id.
    pub id: BridgeId,
    /// What its maker called it; ours have the name of our application.
    #[serde(default)]
    pub name: String,
    /// The channels in it.
    #[serde(default)]
    pub channels: Vec<ChannelId>,
    /// When it was made.
    #[serde(rename = "creationtime")]
    pub created_at: Timestamp,
}

impl Requests {
    /// Makes a mixing bridge. A bridge's id is never used twice.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each. 409 when the id is in use.
    pub async fn create_bridge(&self, bridge: &BridgeId) -> Result<(), RequestError> {
        let request = self
            .request(Method::POST, &["bridges", bridge.as_str()])
            .json(&json!({"type": "mixing", "name": self.settings().application}));
        self.done(request, Thing::Bridge).await
    }

    /// One bridge.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn bridge(&self, bridge: &BridgeId) -> Result<Bridge, RequestError> {
        let request = self.request(Method::GET, &["bridges", bridge.as_str()]);
        self.read(request, Thing::Bridge).await
    }

    /// All bridges of this Asterisk, ours and others'.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn bridges(&self) -> Result<Vec<Bridge>, RequestError> {
        self.read(self.request(Method::GET, &["bridges"]), Thing::Asterisk)
            .await
    }

    /// Puts channels into a bridge. They must be in our application.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each. Both the bridge and a channel
    /// can be [`RequestError::Gone`]; of several channels, some can be in by then.
    pub async fn add_to_bridge(
        &self,
        bridge: &BridgeId,
        channels: &[&ChannelId],
    ) -> Result<(), RequestError> {
        let request = self
            .request(Method::POST, &["bridges", bridge.as_str(), "addChannel"])
            .json(&json!({"channel": channels}));
        self.done(request, Thing::Bridge)
            .await
            .map_err(channel_gone)
    }

    /// Takes a channel out of a bridge. It is out when this is answered: what is played to it then is
    /// heard.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each. A channel that is not in the bridge
    /// is [`RequestError::Refused`].
    pub async fn remove_from_bridge(
        &self,
        bridge: &BridgeId,
        channel: &ChannelId,
    ) -> Result<(), RequestError> {
        let request = self
            .request(Method::POST, &["bridges", bridge.as_str(), "removeChannel"])
            .json(&json!({"channel": channel}));
        self.done(request, Thing::Bridge)
            .await
            .map_err(channel_gone)
    }

    /// Ends a bridge. Channels that are in it stay in our application, and are out of it some moments
    /// after this is answered; what is played to them before that is lost.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn destroy_bridge(&self, bridge: &BridgeId) -> Result<(), RequestError> {
        let request = self.request(Method::DELETE, &["bridges", bridge.as_str()]);
        self.done(request, Thing::Bridge).await
    }
}
