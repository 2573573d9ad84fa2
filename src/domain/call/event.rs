//! All that can happen to a call.

use super::super::menu::{Key, Known, Presence};
use super::super::prompt::Clip;
use super::super::rating::EmployeeId;
use super::action::{LegId, PlaybackId, PromptId};

/// Something that happened, or that was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The caller's channel entered the application.
    Arrived,
    /// Whoever was asked about the caller has answered, or will not.
    CallerKnown(Box<Known>),
    /// A prompt that was asked for can be played.
    PromptReady {
        /// Which one.
        prompt: PromptId,
        /// What to play.
        clip: Clip,
    },
    /// A prompt that was asked for can't be made.
    PromptFailed(PromptId),
    /// A playback is over.
    PlaybackEnded {
        /// Which one.
        playback: PlaybackId,
        /// How it ended.
        ending: PlaybackEnding,
    },
    /// The caller pressed a key.
    KeyPressed(Key),
    /// The caller's channel is no longer in the application.
    CallerLeft(Departure),
    /// The leg's telephone rings.
    LegRinging(LegId),
    /// Somebody picked up.
    LegAnswered(LegId),
    /// Somebody who picked up pressed a key.
    LegKeyPressed {
        /// Which leg.
        leg: LegId,
        /// Which key.
        key: Key,
    },
    /// No lease of the leg runs any more.
    LegFreed(LegId),
    /// The leg's telephone has transferred the caller: another channel is the leg from now on.
    LegReplaced(LegId),
    /// The leg's channel is gone, or never came to be.
    LegEnded {
        /// Which leg.
        leg: LegId,
        /// Why.
        why: LegEnding,
    },
    /// The caller and the leg are in the bridge.
    Bridged(LegId),
    /// No lease runs any more.
    LeaseCleared,
    /// Somebody's telephones were looked at.
    Seen {
        /// Whose.
        person: EmployeeId,
        /// What they do.
        presence: Presence,
    },
    /// The wish to be called back is on disk.
    CallbackKept,
    /// It is not, and will not be.
    CallbackNotKept,
    /// A request failed that the call relies on.
    StepFailed {
        /// What was asked for.
        step: Step,
        /// How it failed.
        failure: Failure,
    },
    /// The moment given by [`super::Call::deadline`] has come.
    DeadlineReached,
    /// We are about to stop: a caller who is not talking yet goes to the fallback.
    Stop,
}

/// How a playback ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaybackEnding {
    /// It was played, or stopped by us.
    Played,
    /// Asterisk could not play it: the file is missing or can't be read.
    Failed,
}

/// How the caller's channel left the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The call was hung up.
    HungUp,
    /// The channel went on in the dialplan: sent there by us, or by the lease.
    ToDialplan,
}

/// Why a leg ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegEnding {
    /// It rang, and nobody picked up.
    NoAnswer,
    /// The telephone is in use.
    Busy,
    /// Whoever was rung did not want the call.
    Refused,
    /// The telephone could not be reached: not registered, no route.
    Unreachable,
    /// It had been answered, and was hung up.
    HungUp,
}

/// A request to Asterisk, as far as its failure matters to the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Answering the caller.
    Answer,
    /// Granting a lease.
    GrantLease,
    /// Ending the lease.
    ClearLease,
    /// Starting a playback.
    Play,
    /// Bringing the caller and the leg into the bridge.
    Bridge,
    /// Sending the caller to the fallback.
    Continue,
    /// Hanging up the caller.
    HangUpCaller,
}

impl Step {
    /// Whether a "no such channel" can only mean the caller's.
    #[must_use]
    pub fn concerns_caller(self) -> bool {
        match self {
            Self::Answer
            | Self::GrantLease
            | Self::ClearLease
            | Self::Play
            | Self::Continue
            | Self::HangUpCaller => true,
            Self::Bridge => false,
        }
    }
}

/// How a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// What it was about no longer exists: the party left.
    Gone,
    /// Asterisk said no.
    Refused,
    /// It never reached Asterisk.
    NotSent,
    /// It may have been carried out, or not.
    Unknown,
}
