//! All that a call can ask for.

use std::time::Duration;

use super::super::directory::{Endpoint, Entry};
use super::super::menu::CallerName;
use super::super::prompt::{Clip, Haste, Prompt};
use super::super::rating::{About, EmployeeId};
use super::ongoing::Ongoing;
use super::outcome::{FallbackReason, Outcome};

/// A prompt of this call, by the order in which it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PromptId(pub u32);

/// A playback of this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlaybackId(pub u32);

/// A channel that this call dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LegId(pub u32);

/// A bridge of this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BridgeId(pub u32);

/// Something to be done. Where the order matters is said at [`Action::lane`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Answer the caller.
    Answer,
    /// Make a prompt playable; [`super::Event::PromptReady`] or `PromptFailed` follows.
    Prepare {
        /// The prompt's id in that event.
        prompt: PromptId,
        /// What is to be said.
        words: Prompt,
        /// Whether the caller hears something else first.
        haste: Haste,
    },
    /// Write something onto the caller's channel.
    Note(Note),
    /// Play a clip to the caller.
    Play {
        /// The playback's id in later events.
        playback: PlaybackId,
        /// What to play.
        clip: Clip,
    },
    /// Stop a playback.
    StopPlayback(PlaybackId),
    /// Let the caller hear that a telephone rings.
    StartRingback,
    /// End that.
    StopRingback,
    /// Let the caller hear music on hold.
    StartMusic,
    /// End that.
    StopMusic,
    /// See whether somebody's telephones would ring; [`super::Event::Seen`] follows.
    LookAt(Box<Entry>),
    /// Keep the wish to be called back; [`super::Event::CallbackKept`] or `CallbackNotKept` follows.
    LeaveCallback(Box<CallbackWish>),
    /// Ring a telephone; [`super::Event::LegEnded`] follows if that is not possible.
    Originate {
        /// The leg's id in later events.
        leg: LegId,
        /// Which telephone.
        endpoint: Endpoint,
        /// What it shows; if nobody knows it, what the caller's own channel says.
        caller_name: Option<CallerName>,
        /// For how long.
        ring_time: Duration,
        /// Let Asterisk hang the leg up after this time, with or without us: it has to be accepted.
        lease: Option<Duration>,
    },
    /// Play a clip to a leg that was answered.
    AskLeg {
        /// Which leg.
        leg: LegId,
        /// The playback's id in later events.
        playback: PlaybackId,
        /// What to play.
        clip: Clip,
        /// After which time from now Asterisk hangs the leg up, with or without us.
        lease: Duration,
    },
    /// Stop what is played to a leg.
    StopAsking {
        /// Which leg.
        leg: LegId,
        /// What it hears.
        playback: PlaybackId,
    },
    /// From now on the leg stays; [`super::Event::LegFreed`] follows.
    FreeLeg(LegId),
    /// Tell the channel that took a leg's place who its peer is.
    AdoptLeg(LegId),
    /// Hang up a leg, in whatever state it is.
    HangUpLeg(LegId),
    /// Make a bridge.
    CreateBridge(BridgeId),
    /// Bring the caller and the leg into the bridge; [`super::Event::Bridged`] follows.
    Bridge {
        /// The bridge.
        bridge: BridgeId,
        /// The leg.
        leg: LegId,
        /// Whether the caller is to be answered first.
        answer: bool,
    },
    /// Record what the caller hears and says.
    Record,
    /// End that.
    StopRecording,
    /// Take the bridge down.
    DestroyBridge(BridgeId),
    /// Send the caller to the dialplan's fallback.
    Continue(FallbackReason),
    /// Hang up the caller.
    HangUpCaller,
    /// Tell others how far the call has come. Nothing waits for it.
    Tell(News),
    /// The call is over: nothing more will come.
    Finish(Outcome),
}

/// What stands on the caller's channel, for the dialplan and for whoever comes later. Notes that are due
/// together are one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// After this time from now the dialplan takes the caller back, with or without us.
    Lease(Duration),
    /// From now on the caller stays; [`super::Event::LeaseCleared`] follows.
    NoLease,
    /// Which leg is the caller's peer, or will be: if we fall silent, the dialplan brings the two
    /// together, and releases one if the other goes.
    Peer(LegId),
    /// What the caller is called, for the records of calls and for whoever has them next.
    CallerName(CallerName),
    /// Which call it is and who is offered, for the records of calls.
    Offered(Vec<EmployeeId>),
    /// Who was chosen up to now, for the records of calls.
    Chosen(Vec<EmployeeId>),
    /// Who calls the caller back, for the records of calls.
    Callback(EmployeeId),
    /// What a process after this one needs to know of the talk.
    Talk(Box<Ongoing>),
}

/// Somebody wants to be called back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackWish {
    /// By whom.
    pub person: EmployeeId,
    /// Why they called, if anybody knows.
    pub about: Option<About>,
}

/// How far a call has come. That it is over is told by [`Action::Finish`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The caller is there.
    Started,
    /// The caller hears whom they are offered, or has chosen before.
    Offered,
    /// The caller and somebody they chose hear each other.
    Connected,
}

/// What an action is done to. Actions in one lane are done one after the other, in the order they
/// were given; different lanes don't wait for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// The caller's channel.
    Caller,
    /// A leg's channel.
    Leg(LegId),
    /// A bridge.
    Bridge(BridgeId),
    /// The recording.
    Recording,
    /// Nothing shared: at once.
    None,
}

impl Action {
    /// Which lane the action belongs to.
    #[must_use]
    pub fn lane(&self) -> Lane {
        match self {
            Self::Answer
            | Self::Note(_)
            | Self::Play { .. }
            | Self::StopPlayback(_)
            | Self::StartRingback
            | Self::StopRingback
            | Self::StartMusic
            | Self::StopMusic
            | Self::Continue(_)
            | Self::HangUpCaller => Lane::Caller,
            Self::Originate { leg, .. }
            | Self::AskLeg { leg, .. }
            | Self::StopAsking { leg, .. }
            | Self::FreeLeg(leg)
            | Self::AdoptLeg(leg)
            | Self::HangUpLeg(leg) => Lane::Leg(*leg),
            Self::CreateBridge(bridge)
            | Self::Bridge { bridge, .. }
            | Self::DestroyBridge(bridge) => Lane::Bridge(*bridge),
            Self::Record | Self::StopRecording => Lane::Recording,
            Self::Prepare { .. }
            | Self::LookAt(_)
            | Self::LeaveCallback(_)
            | Self::Tell(_)
            | Self::Finish(_) => Lane::None,
        }
    }
}
