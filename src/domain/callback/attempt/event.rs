//! All that can happen to an attempt.

use std::fmt;

use super::super::super::call::{Failure, PlaybackEnding, PlaybackId, PromptId};
use super::super::super::menu::Key;
use super::super::super::prompt::Clip;
use super::cause::Cause;

/// Something that happened, or that was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The attempt is to begin.
    Begin,
    /// A prompt that was asked for can be played.
    PromptReady {
        /// Which one.
        prompt: PromptId,
        /// What to play.
        clip: Clip,
    },
    /// A prompt that was asked for can't be made.
    PromptFailed(PromptId),
    /// Somebody took the operator's leg.
    OperatorPickedUp,
    /// The operator's leg is in the application.
    OperatorArrived {
        /// Who seems to be there.
        verdict: Verdict,
        /// Whose telephone it is.
        operator: OperatorNumber,
    },
    /// The operator's leg is no longer in the application, or never came.
    OperatorLeft(Departure),
    /// The operator pressed a key.
    KeyPressed(Key),
    /// A playback to the operator is over.
    PlaybackEnded {
        /// Which one.
        playback: PlaybackId,
        /// How it ended.
        ending: PlaybackEnding,
    },
    /// The patient's leg exists and is being dialled.
    PatientDialled {
        /// Asterisk's name for its channel, which the dialplan needs to release it without us.
        channel_name: String,
        /// Whether it rang before we could hear of that.
        rings: bool,
    },
    /// The patient's telephone rings.
    PatientRinging,
    /// The network lets us hear something before anybody picks up.
    PatientProgress,
    /// The patient picked up, and is in the application.
    PatientAnswered,
    /// The patient's leg is gone, or never came to be.
    PatientEnded(Cause),
    /// The patient's leg went on in the dialplan, where there is an apology and the queue.
    PatientWentOn,
    /// The two are in the bridge.
    Bridged,
    /// No lease of this leg runs any more.
    LeaseCleared(Side),
    /// A request failed that the attempt relies on.
    StepFailed {
        /// What was asked for.
        step: Step,
        /// How it failed.
        failure: Failure,
    },
    /// The moment given by [`super::Attempt::deadline`] has come.
    DeadlineReached,
    /// The job is no longer wanted. Two who talk go on talking.
    Cancel,
    /// We are about to stop. Two who talk go on talking without us.
    Stop,
}

/// Who seems to have taken the operator's leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody has looked.
    Unknown,
    /// A person.
    Human,
    /// An answering machine.
    Machine,
    /// It could not be told.
    NotSure,
}

/// The number of whoever took the operator's leg; empty if Asterisk does not know it. `Debug` hides it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OperatorNumber(pub String);

impl fmt::Debug for OperatorNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorNumber(…)")
    }
}

/// How the operator's leg left the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// It was hung up, or never answered.
    HungUp,
    /// It went on in the dialplan: sent there by us, or by the lease.
    ToDialplan,
}

/// One of the two legs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The operator's.
    Operator,
    /// The patient's.
    Patient,
}

/// A request to Asterisk, as far as its failure matters to the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Putting the operator's leg into the queue.
    OriginateOperator,
    /// Granting the operator's lease.
    GrantLease,
    /// Starting a playback.
    Play,
    /// Dialling the patient.
    OriginatePatient,
    /// Bringing the two into the bridge.
    Bridge,
    /// Ending a lease.
    ClearLease(Side),
}

impl Step {
    /// Whether a "no such channel" can only mean the operator's.
    pub(super) fn concerns_operator(self) -> bool {
        match self {
            Self::GrantLease | Self::Play | Self::ClearLease(Side::Operator) => true,
            Self::OriginateOperator
            | Self::OriginatePatient
            | Self::Bridge
            | Self::ClearLease(Side::Patient) => false,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OriginateOperator => "put the call into the queue",
            Self::GrantLease => "grant the lease",
            Self::Play => "start the prompt",
            Self::OriginatePatient => "dial the patient",
            Self::Bridge => "bridge the two",
            Self::ClearLease(Side::Operator) => "clear the operator's lease",
            Self::ClearLease(Side::Patient) => "clear the patient's lease",
        })
    }
}
