//! How a call ended, as small closed types.

use std::fmt;

use super::event::{Departure, Step};

/// How a call ended, seen from the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The caller talked to the person they chose.
    Talked,
    /// The caller and the person they chose go on talking without us: we were told to stop.
    TalksOn,
    /// The caller will be called back by the person they chose, and has heard that.
    CallbackLeft,
    /// The caller hung up before talking to anybody.
    HungUp,
    /// The caller went to the fallback.
    Fallback(FallbackReason),
    /// The caller could neither be sent to the fallback nor hung up; the lease has to do it.
    Stuck,
}

/// Why a caller went to the fallback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FallbackReason {
    /// The caller asked for it with its key.
    Asked,
    /// The menu was read out as often as set, and no choice was made.
    NoChoice,
    /// There is nobody to offer: the directory names no default choice.
    NobodyToOffer,
    /// Nobody of those who were offered answered.
    NobodyAnswered,
    /// What had to be said could not be made or played.
    NothingToPlay,
    /// The lease ran out before we acted.
    LeaseRanOut,
    /// Asterisk did not do what the call relied on.
    Trouble(Step),
    /// The company is closed.
    Closed,
    /// The company wants this caller to have no menu.
    Direct,
    /// The caller wanted to be called back, and that could not be kept.
    CallbackNotKept,
    /// We are stopping.
    Stopping,
}

impl Outcome {
    /// The words by which outcomes are told to other programs.
    pub const NAMES: [&str; 6] = [
        "talked",
        "talks_on",
        "callback_left",
        "hung_up",
        "fallback",
        "stuck",
    ];

    /// One of [`Outcome::NAMES`].
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Talked => "talked",
            Self::TalksOn => "talks_on",
            Self::CallbackLeft => "callback_left",
            Self::HungUp => "hung_up",
            Self::Fallback(_) => "fallback",
            Self::Stuck => "stuck",
        }
    }

    /// Why the caller went to the fallback, if they did.
    #[must_use]
    pub fn reason(self) -> Option<FallbackReason> {
        match self {
            Self::Fallback(reason) => Some(reason),
            Self::Talked | Self::TalksOn | Self::CallbackLeft | Self::HungUp | Self::Stuck => None,
        }
    }
}

impl FallbackReason {
    /// The word by which it is told to other programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::NoChoice => "no_choice",
            Self::NobodyToOffer => "nobody_to_offer",
            Self::NobodyAnswered => "nobody_answered",
            Self::NothingToPlay => "nothing_to_play",
            Self::LeaseRanOut => "lease_ran_out",
            Self::Trouble(_) => "trouble",
            Self::Closed => "closed",
            Self::Direct => "direct",
            Self::CallbackNotKept => "callback_not_kept",
            Self::Stopping => "stopping",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Talked => f.write_str("talked"),
            Self::TalksOn => f.write_str("talks on without us"),
            Self::CallbackLeft => f.write_str("will be called back"),
            Self::HungUp => f.write_str("hung up"),
            Self::Fallback(reason) => write!(f, "fallback: {reason}"),
            Self::Stuck => f.write_str("stuck: left to the lease"),
        }
    }
}

impl fmt::Display for FallbackReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("the caller asked for it"),
            Self::NoChoice => f.write_str("no choice was made"),
            Self::NobodyToOffer => f.write_str("there is nobody to offer"),
            Self::NobodyAnswered => f.write_str("nobody answered"),
            Self::NothingToPlay => f.write_str("the prompt could not be played"),
            Self::LeaseRanOut => f.write_str("the lease ran out"),
            Self::Trouble(step) => write!(f, "Asterisk failed to {step}"),
            Self::Closed => f.write_str("the company is closed"),
            Self::Direct => f.write_str("this caller gets no menu"),
            Self::CallbackNotKept => f.write_str("the wish to be called back could not be kept"),
            Self::Stopping => f.write_str("we are stopping"),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answer => "answer the caller",
            Self::GrantLease => "grant the lease",
            Self::ClearLease => "clear the lease",
            Self::Play => "start the prompt",
            Self::Bridge => "bridge the two",
            Self::Continue => "continue in the dialplan",
            Self::HangUpCaller => "hang up the caller",
        })
    }
}

/// The outcome when the caller's channel is gone and we did not send it away.
pub(super) fn left_early(departure: Departure) -> Outcome {
    match departure {
        Departure::HungUp => Outcome::HungUp,
        Departure::ToDialplan => Outcome::Fallback(FallbackReason::LeaseRanOut),
    }
}
