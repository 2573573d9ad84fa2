//! What can go wrong with Asterisk, and what to do about each.

use std::fmt;
use std::time::Duration;

use crate::tls::TlsError;

/// What a request was about, and what it no longer is about when it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A channel: the party left.
    Channel,
    /// A bridge.
    Bridge,
    /// A playback: it has ended.
    Playback,
    /// The application: nobody is connected under its name.
    Application,
    /// A variable that is not set.
    Variable,
    /// An endpoint: no telephone has this name.
    Endpoint,
    /// Asterisk itself, which is never gone while it answers.
    Asterisk,
}

impl Thing {
    /// One word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Bridge => "bridge",
            Self::Playback => "playback",
            Self::Application => "application",
            Self::Variable => "variable",
            Self::Endpoint => "endpoint",
            Self::Asterisk => "asterisk",
        }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Channel => "the channel",
            Self::Bridge => "the bridge",
            Self::Playback => "the playback",
            Self::Application => "the application",
            Self::Variable => "the variable",
            Self::Endpoint => "the endpoint",
            Self::Asterisk => "Asterisk",
        })
    }
}

/// Why a request has no good answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// What the request was about has left. Not a fault: the event that says so is on its way, or
    /// was missed in a gap. Go on as if the event had come.
    #[error("{0} is gone")]
    Gone(Thing),
    /// Asterisk answered and did not do it. The same request would be refused again: don't repeat
    /// it, take another way (for a caller, the fallback).
    #[error("Asterisk refused the request with {status}: {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Asterisk's own words.
        message: String,
    },
    /// The request never left: no connection could be made. It was certainly not carried out and
    /// can be sent again as it is.
    #[error("the request was not sent to Asterisk: {0}")]
    NotSent(String),
    /// The request may have been carried out: the answer did not come in time, was cut off, or
    /// can't be read. Look before it is sent again: ask for the channel or bridge by the id that
    /// was chosen for it. What only reads, or sets the same value again, can simply be repeated.
    #[error("Asterisk may or may not have carried out the request: {0}")]
    Unknown(String),
}

impl RequestError {
    /// One word for it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Gone(_) => "gone",
            Self::Refused { .. } => "refused",
            Self::NotSent(_) => "not_sent",
            Self::Unknown(_) => "unanswered",
        }
    }

    /// Whether it only says that somebody has left: the thing is gone, or the channel is no longer
    /// in our application (409). Both happen in every race with a hang-up.
    #[must_use]
    pub fn says_that_somebody_left(&self) -> bool {
        match self {
            Self::Gone(_) => true,
            Self::Refused { status, .. } => *status == 409,
            Self::NotSent(_) | Self::Unknown(_) => false,
        }
    }
}

/// Why the WebSocket with Asterisk's events is down. Each is followed by a new attempt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LostReason {
    /// No connection can be made: Asterisk is not running, the address is wrong, or its
    /// certificate is not trusted.
    #[error(
        "Asterisk can't be reached: {0}; check that it runs, the ARI address, and for https the CA file"
    )]
    Unreachable(String),
    /// A connection was made, but no usable answer came: Asterisk hangs, or something else listens
    /// there.
    #[error("Asterisk does not answer: {0}; check that it is not stuck, and the ARI address")]
    NoAnswer(String),
    /// User or password is wrong.
    #[error("Asterisk refused the user `{user}`: check ari.conf and VIZAVI_ARI_PASSWORD")]
    CredentialsRefused {
        /// The user that we tried.
        user: String,
    },
    /// Asterisk answers, but not to ARI.
    #[error(
        "Asterisk refused with {status} ({message}): check the ARI address (it usually ends in /ari), `enabled` in ari.conf and http.conf, and that res_ari is loaded"
    )]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Asterisk's own words, where it has some.
        message: String,
    },
    /// Nothing came for this long, not even an answer to our pings.
    #[error("Asterisk has been silent for {} ms", .0.as_millis())]
    Silent(Duration),
    /// Asterisk closed the connection: it is stopping, or `websocket_write_timeout` in ari.conf is
    /// too short.
    #[error("Asterisk closed the connection ({0})")]
    Closed(String),
    /// Our own side did not take the events: so many were waiting. Some are lost.
    #[error("{0} events from Asterisk were waiting to be taken: too many")]
    ReaderTooSlow(usize),
}

/// The settings can't work.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The address is not one.
    #[error(
        "the ARI address `{address}` is not usable ({reason}); write it like http://127.0.0.1:8088/ari"
    )]
    BaseUrl {
        /// The address as it was given.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The user's name or the password can't be sent.
    #[error("the ARI user must not be empty and must not contain a colon")]
    User,
    /// There is nobody to trust.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The ping deadline must leave room for a ping.
    #[error("the ARI ping deadline must be longer than the ping interval, and no wait may be zero")]
    Waits,
}
