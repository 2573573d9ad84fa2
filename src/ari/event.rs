//! What Asterisk tells us: the events that we read, as small as we need them.

mod tagged;

use std::fmt;

use serde::Deserialize;

use super::{BridgeId, Channel, ChannelId, PlaybackId, Timestamp};
use crate::ari::requests::bridges::Bridge;

/// Something that happened in Asterisk, with Asterisk's own time of it (`at`).
///
/// Types and fields that are new to us are ignored. `Debug` shows no name and no number. Read one with
/// [`Event::read`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum Event {
    /// A channel entered our application.
    StasisStart {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// Which.
        channel: Channel,
        /// The arguments of `Stasis()`, or those that we originated it with.
        #[serde(default)]
        args: Arguments,
        /// The channel whose place it takes in its bridge: a telephone has transferred the call.
        #[serde(default)]
        replace_channel: Option<Box<Channel>>,
    },
    /// A channel left our application: hung up, or went on in the dialplan.
    StasisEnd {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// Which.
        channel: Channel,
    },
    /// A channel is gone.
    ChannelDestroyed {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// Which.
        channel: Channel,
        /// The Q.850 cause: 16 is a normal end, 17 busy, 19 no answer.
        #[serde(default)]
        cause: i64,
        /// The cause in words.
        #[serde(default, rename = "cause_txt")]
        cause_text: String,
        /// The channel technology's own cause; for SIP its status code. Not in old Asterisks.
        #[serde(default)]
        tech_cause: Option<i64>,
    },
    /// The party at this channel hung up.
    ChannelHangupRequest {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// Which.
        channel: Channel,
        /// The Q.850 cause, where there is one.
        #[serde(default)]
        cause: Option<i64>,
    },
    /// A channel rings, is answered, is busy.
    ChannelStateChange {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// Which, with its new state.
        channel: Channel,
    },
    /// A key was released. One press gives one event.
    ChannelDtmfReceived {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// At which channel.
        channel: Channel,
        /// `0` to `9`, `*`, `#` or `A` to `D`.
        digit: char,
        /// How long it was held, in milliseconds.
        #[serde(default)]
        duration_ms: u64,
    },
    /// How dialling a channel goes.
    Dial {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// The channel that is dialled.
        peer: Channel,
        /// The channel that dials, if one does.
        #[serde(default)]
        caller: Option<Box<Channel>>,
        /// Empty at the start; then `RINGING`, `PROGRESS`, `ANSWER`, `BUSY`, `NOANSWER`, …
        #[serde(default, rename = "dialstatus")]
        status: String,
    },
    /// A playback is heard.
    PlaybackStarted {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// Which.
        playback: Playback,
    },
    /// A playback ended: by itself, because it was stopped, or because it failed.
    PlaybackFinished {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// Which, and how it ended.
        playback: Playback,
    },
    /// A channel is in a bridge.
    ChannelEnteredBridge {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// Which bridge, with the channels that are in it now.
        bridge: Bridge,
        /// Which channel. Asterisk's description calls it optional.
        #[serde(default)]
        channel: Option<Channel>,
    },
    /// A channel left a bridge.
    ChannelLeftBridge {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// Which bridge, with the channels that are in it now.
        bridge: Bridge,
        /// Which channel.
        channel: Channel,
    },
    /// A bridge is gone.
    BridgeDestroyed {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// Which.
        bridge: Bridge,
    },
    /// Another connection took this application's name.
    ApplicationReplaced {
        /// When.
        #[serde(rename = "timestamp")]
        at: Timestamp,
        /// The application.
        application: String,
    },
    /// Anything else. The socket drops it.
    #[serde(other)]
    Other,
}

/// The arguments of `Stasis()`. `Debug` shows how many: a dialplan may pass a caller's number.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Arguments(Vec<String>);

impl Arguments {
    /// The arguments in order.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl From<Vec<String>> for Arguments {
    fn from(arguments: Vec<String>) -> Self {
        Self(arguments)
    }
}

impl fmt::Debug for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Arguments({})", self.0.len())
    }
}

/// A playback.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Playback {
    /// The id that we chose.
    pub id: PlaybackId,
    /// Where it plays.
    #[serde(rename = "target_uri")]
    pub target: Target,
    /// How far it is, or how it ended.
    pub state: PlaybackState,
}

/// Where a playback plays.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Target {
    /// To one channel.
    Channel(ChannelId),
    /// To all of a bridge.
    Bridge(BridgeId),
    /// Something that is new to us.
    Other,
}

impl From<String> for Target {
    fn from(uri: String) -> Self {
        match uri.split_once(':') {
            Some(("channel", id)) => Self::Channel(ChannelId::new(id)),
            Some(("bridge", id)) => Self::Bridge(BridgeId::new(id)),
            _ => Self::Other,
        }
    }
}

/// How far a playback is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaybackState {
    /// Behind another one.
    Queued,
    /// Heard.
    Playing,
    /// Between two of its media.
    Continuing,
    /// Paused.
    Paused,
    /// Played to its end, or stopped.
    Done,
    /// Could not be played, such as a missing file.
    Failed,
    /// A state that is new to us.
    #[serde(other)]
    Unknown,
}

impl Event {
    /// Reads an event. One that we know but can't read is logged, without what it holds, and is
    /// [`Event::Other`]: one odd message must not end the socket.
    #[must_use]
    pub fn read(text: &str) -> Self {
        match tagged::read(text) {
            Ok(event) => event,
            Err(error) => {
                let kind = kind(text);
                let reason = without_content(&error.to_string());
                tracing::warn!(%kind, %reason, "an event from Asterisk can't be read and is ignored");
                Self::Other
            }
        }
    }
}

fn kind(text: &str) -> String {
    serde_json::from_str::<tagged::Kind>(text)
        .map_or_else(|_| "unknown".to_owned(), |kind| kind.r#type.into_owned())
}

/// serde's reason without the value that it quotes, which can be a name or a number:
/// `invalid type: string "+7495…", expected u64` becomes `invalid type, expected u64`.
fn without_content(reason: &str) -> String {
    if reason.starts_with("missing field") || reason.starts_with("a timestamp") {
        return reason.to_owned();
    }
    let what = reason.split(':').next().unwrap_or_default();
    let Some((_, expected)) = reason.rsplit_once(", expected ") else {
        return "it is not an event".to_owned();
    };
    let expected = expected.split(" at line ").next().unwrap_or_default();
    format!("{what}, expected {expected}")
}

#[cfg(test)]
mod tests;
