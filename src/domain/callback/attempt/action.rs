//! All that an attempt can ask for.

use std::time::Duration;

use super::super::super::call::{PlaybackId, PromptId};
use super::super::super::prompt::{Clip, Haste, Prompt};
use super::super::Outcome;
use super::event::Side;
use super::order::Detection;

/// Something to be done. Where the order matters is said at [`Action::lane`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make a prompt playable; [`super::Event::PromptReady`] or `PromptFailed` follows.
    Prepare {
        /// The prompt's id in that event.
        prompt: PromptId,
        /// What is to be said.
        words: Prompt,
        /// Who waits for it.
        haste: Haste,
    },
    /// Put a call into the operators' queue; [`super::Event::OperatorArrived`] or `OperatorLeft` follows.
    OriginateOperator {
        /// For how long.
        queue_time: Duration,
        /// Whether Asterisk is to listen who is there.
        detection: Detection,
        /// What the dialplan plays to the operator if we are gone.
        sorry: Option<Clip>,
    },
    /// Let the dialplan take the operator's leg back after this time from now, with or without us.
    GrantLease(Duration),
    /// From now on this leg stays; [`super::Event::LeaseCleared`] follows.
    ClearLease(Side),
    /// Play a clip to the operator.
    Play {
        /// The playback's id in later events.
        playback: PlaybackId,
        /// What to play.
        clip: Clip,
    },
    /// Stop a playback.
    StopPlayback(PlaybackId),
    /// Let the operator hear that the patient's telephone rings.
    StartRingback,
    /// End that.
    StopRingback,
    /// Let the operator hear what the patient's network says; ringing, if that can't be done.
    StartEarlyMedia,
    /// End that.
    EndEarlyMedia,
    /// Dial the patient; [`super::Event::PatientDialled`] or `PatientEnded` follows.
    OriginatePatient {
        /// For how long it may ring.
        ring_time: Duration,
        /// What the dialplan plays to the patient if no operator is left.
        apology: Option<Clip>,
    },
    /// Tell the operator's leg which the patient's is: if it goes, the dialplan stops the ringing.
    TieOperatorTo {
        /// Asterisk's name of the patient's channel.
        channel_name: String,
    },
    /// Stop the ringing. A patient who has just picked up is not hung up:
    /// [`super::Event::PatientAnswered`] follows then.
    WithdrawPatient,
    /// Send a patient who has nobody to talk to into the dialplan: an apology, and the queue.
    SendPatientToQueue,
    /// Hang up the patient's leg, in whatever state it is.
    HangUpPatient,
    /// Send the operator into the dialplan: a short prompt, and the end.
    ReleaseOperator,
    /// Hang up the operator's leg, in whatever state it is.
    HangUpOperator,
    /// Make the bridge.
    CreateBridge,
    /// Bring the two into it; [`super::Event::Bridged`] follows.
    Bridge,
    /// Take the bridge down.
    DestroyBridge,
    /// Tell others how far the attempt has come. Nothing waits for it.
    Tell(News),
    /// The attempt is over: nothing more will come.
    Finish(Outcome),
}

/// How far an attempt has come. That it is over is told by [`Action::Finish`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// An operator took the call.
    OperatorAnswered,
    /// The operator accepted, and the patient is being dialled.
    PatientDialled,
    /// The two hear each other.
    Connected,
}

/// What an action is done to. Actions in one lane are done one after the other, in the order they
/// were given; different lanes don't wait for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// The operator's leg.
    Operator,
    /// The patient's leg.
    Patient,
    /// The bridge.
    Bridge,
    /// Nothing shared: at once.
    None,
}

impl Action {
    /// Which lane the action belongs to.
    #[must_use]
    pub fn lane(&self) -> Lane {
        match self {
            Self::OriginateOperator { .. }
            | Self::GrantLease(_)
            | Self::ClearLease(Side::Operator)
            | Self::Play { .. }
            | Self::StopPlayback(_)
            | Self::StartRingback
            | Self::StopRingback
            | Self::StartEarlyMedia
            | Self::EndEarlyMedia
            | Self::TieOperatorTo { .. }
            | Self::ReleaseOperator
            | Self::HangUpOperator => Lane::Operator,
            Self::OriginatePatient { .. }
            | Self::ClearLease(Side::Patient)
            | Self::WithdrawPatient
            | Self::SendPatientToQueue
            | Self::HangUpPatient => Lane::Patient,
            Self::CreateBridge | Self::Bridge | Self::DestroyBridge => Lane::Bridge,
            Self::Prepare { .. } | Self::Tell(_) | Self::Finish(_) => Lane::None,
        }
    }
}
