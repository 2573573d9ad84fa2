//! Requests about recordings. Asterisk keeps them in its own directory of recordings.

use hyper::Method;
use serde_json::json;

use super::Requests;
use crate::ari::{ChannelId, RequestError, Thing};

impl Requests {
    /// Makes a channel that hears what a channel hears and says, mixed. It enters our application, and
    /// goes when that channel goes, with or without us.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn listen_to(
        &self,
        channel: &ChannelId,
        listener: &ChannelId,
    ) -> Result<(), RequestError> {
        let path = ["channels", channel.as_str(), "snoop", listener.as_str()];
        let body =
            json!({"spy": "both", "app": self.settings().application, "appArgs": "recorder"});
        let request = self.request(Method::POST, &path).json(&body);
        self.done(request, Thing::Channel).await
    }

    /// Records what a channel says until it goes. `name` is a path below Asterisk's directory of
    /// recordings, without an ending; directories are made.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each. 409 while the channel is not in our
    /// application yet, or if there is a recording of that name.
    pub async fn record(
        &self,
        channel: &ChannelId,
        name: &str,
        format: &str,
    ) -> Result<(), RequestError> {
        let path = ["channels", channel.as_str(), "record"];
        let body = json!({"name": name, "format": format, "ifExists": "fail", "beep": false});
        let request = self.request(Method::POST, &path).json(&body);
        self.done(request, Thing::Channel).await
    }
}
