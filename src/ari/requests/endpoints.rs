//! Requests about endpoints: telephones as Asterisk knows them.

use hyper::Method;
use serde::Deserialize;

use super::Requests;
use crate::ari::{ChannelId, RequestError, Thing};

/// A telephone, at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Endpoint {
    /// Whether it can be reached.
    #[serde(default)]
    pub state: EndpointState,
    /// The channels that it has: calls, ringing ones included.
    #[serde(default)]
    pub channel_ids: Vec<ChannelId>,
}

/// Whether an endpoint can be reached, as far as Asterisk knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndpointState {
    /// It is registered, or has an address of its own.
    Online,
    /// It is not registered, or does not answer.
    Offline,
    /// Asterisk does not know, or says something that we don't.
    #[default]
    #[serde(other)]
    Unknown,
}

impl Requests {
    /// An endpoint by its technology and resource, such as `PJSIP` and `34`.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn endpoint(
        &self,
        technology: &str,
        resource: &str,
    ) -> Result<Endpoint, RequestError> {
        let path = ["endpoints", technology, resource];
        self.read(self.request(Method::GET, &path), Thing::Endpoint)
            .await
    }
}
