//! Whether telephones would ring.
//!
//! ARI tells of one endpoint a request, and all that is known of it. Through a channel the dialplan's
//! functions can be asked: one tells a state in a word, and another evaluates as many as one likes.

use hyper::Method;
use serde::Deserialize;

use super::Requests;
use crate::ari::{ChannelId, RequestError, Thing};

/// A telephone, at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// It would ring.
    NotInUse,
    /// It talks or rings, or has somebody on hold.
    InUse,
    /// It is not registered or does not answer, or there is no such telephone.
    Unavailable,
    /// Asterisk does not know, or says something that we don't.
    Unknown,
}

impl Requests {
    /// The state of a telephone by its technology and resource, such as `PJSIP` and `34`.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn device_state(
        &self,
        technology: &str,
        resource: &str,
    ) -> Result<DeviceState, RequestError> {
        let path = ["endpoints", technology, resource];
        let request = self.request(Method::GET, &path);
        match self.read::<Endpoint>(request, Thing::Endpoint).await {
            Ok(endpoint) => Ok(endpoint.device_state()),
            Err(RequestError::Gone(_)) => Ok(DeviceState::Unavailable),
            Err(error) => Err(error),
        }
    }

    /// The states of telephones, such as `PJSIP/34`, in their order. Asterisk answers through a channel,
    /// whichever that is, also while a prompt plays there. None takes no request, and several take one.
    ///
    /// A name with anything in it but letters, digits, `/`, `-`, `_` and `.` is not asked about, for the
    /// dialplan could read it as something else. Without `func_devstate` and `func_strings` nothing is
    /// known of any.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn device_states(
        &self,
        channel: &ChannelId,
        devices: &[&str],
    ) -> Result<Vec<DeviceState>, RequestError> {
        let functions: Vec<_> = devices
            .iter()
            .filter(|device| is_plain(device))
            .map(|device| format!("${{DEVICE_STATE({device})}}"))
            .collect();
        if functions.is_empty() {
            return Ok(vec![DeviceState::Unknown; devices.len()]);
        }
        let name = format!("EVAL({})", functions.join(","));
        let answer = self.variable(channel, &name).await?.unwrap_or_default();
        let mut words = answer.split(',');
        let state = |device: &&str| match is_plain(device) {
            true => words.next().map_or(DeviceState::Unknown, state),
            false => DeviceState::Unknown,
        };
        Ok(devices.iter().map(state).collect())
    }
}

fn is_plain(device: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    device.bytes().all(is_plain)
}

/// What `DEVICE_STATE` may say is in its description (`core show function DEVICE_STATE`).
fn state(word: &str) -> DeviceState {
    match word {
        "NOT_INUSE" => DeviceState::NotInUse,
        "INUSE" | "BUSY" | "RINGING" | "RINGINUSE" | "ONHOLD" => DeviceState::InUse,
        "UNAVAILABLE" | "INVALID" => DeviceState::Unavailable,
        _ => DeviceState::Unknown,
    }
}

#[derive(Deserialize)]
struct Endpoint {
    #[serde(default)]
    state: EndpointState,
    /// Calls, ringing ones included.
    #[serde(default)]
    channel_ids: Vec<ChannelId>,
}

/// Whether an endpoint can be reached, as far as Asterisk knows.
#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EndpointState {
    /// It is registered, or has an address of its own.
    Online,
    /// It is not registered, or does not answer.
    Offline,
    #[default]
    #[serde(other)]
    Unknown,
}

impl Endpoint {
    fn device_state(&self) -> DeviceState {
        match self.state {
            EndpointState::Offline => DeviceState::Unavailable,
            EndpointState::Online | EndpointState::Unknown if !self.channel_ids.is_empty() => {
                DeviceState::InUse
            }
            EndpointState::Online => DeviceState::NotInUse,
            EndpointState::Unknown => DeviceState::Unknown,
        }
    }
}
