//! A channel as Asterisk describes it, in events and in answers.

use std::fmt;

use serde::Deserialize;

use super::{ChannelId, Timestamp};

/// A channel at the moment of an event or an answer.
///
/// `Debug` shows the id and the state only: the rest can hold names and numbers.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Channel {
    /// The unique id.
    pub id: ChannelId,
    /// Such as `PJSIP/34-00000001`. A Local channel's name holds the number that was dialled.
    pub name: String,
    /// How far the channel is.
    pub state: ChannelState,
    /// Who is at this channel's end.
    #[serde(default)]
    pub caller: Party,
    /// Whom this channel's end sees as the other side.
    #[serde(default)]
    pub connected: Party,
    /// Where the channel is in the dialplan.
    #[serde(default)]
    pub dialplan: Dialplan,
    /// When the channel was made.
    #[serde(rename = "creationtime")]
    pub created_at: Timestamp,
    /// The language of its sounds, such as `ru`.
    #[serde(default)]
    pub language: String,
}

/// The name and number of one side. Empty when Asterisk does not know them. Personal data.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Party {
    /// The caller ID number, as the trunk or the telephone sent it.
    #[serde(default)]
    pub number: String,
    /// The caller ID name.
    #[serde(default)]
    pub name: String,
}

/// A place in the dialplan.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Dialplan {
    /// The context.
    #[serde(default)]
    pub context: String,
    /// The extension, which for an inbound call is often the number that was called.
    #[serde(default, rename = "exten")]
    pub extension: String,
    /// The priority.
    #[serde(default)]
    pub priority: i64,
}

/// A channel's state, in Asterisk's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum ChannelState {
    /// Down and available.
    Down,
    /// Down, but reserved.
    Rsrved,
    /// Off hook.
    OffHook,
    /// Digits have been dialled.
    Dialing,
    /// An inbound call that is not answered yet.
    Ring,
    /// The remote end is ringing.
    Ringing,
    /// Answered.
    Up,
    /// The line is busy.
    Busy,
    /// Digits have been dialled while off hook.
    #[serde(rename = "Dialing Offhook")]
    DialingOffHook,
    /// Ringing is about to begin.
    #[serde(rename = "Pre-ring")]
    PreRing,
    /// A state that Asterisk calls unknown, or that is new to us.
    #[serde(other)]
    Unknown,
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Channel({}, {:?})", self.id, self.state)
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Party(hidden)")
    }
}

impl fmt::Debug for Dialplan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dialplan({}, hidden)", self.context)
    }
}
