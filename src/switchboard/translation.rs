//! From Asterisk's events to a call's: whose it is, and what it means to that call. Pure.

use super::names::{self, CallId, Part};
use crate::ari::{self, Channel, ChannelId, PlaybackState};
use crate::domain::call::{Departure, Event, LegEnding, LegId, PlaybackEnding};
use crate::domain::menu::Key;

/// Q.850 causes, <https://www.itu.int/rec/T-REC-Q.850>.
const NORMAL_CLEARING: i64 = 16;
const USER_BUSY: i64 = 17;
const NO_USER_RESPONDING: i64 = 18;
const NO_ANSWER: i64 = 19;
const CALL_REJECTED: i64 = 21;

/// An event from Asterisk, as far as a call may want to know.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A caller came in from the dialplan.
    NewCaller,
    /// One channel took the place of another, as after a transfer.
    Replaced {
        /// Which is no longer there.
        old: ChannelId,
        /// Which is there now.
        new: Channel,
    },
    /// A channel that is no leg by its name was answered.
    Answered(ChannelId),
    /// For the call with this caller.
    OfCaller(ChannelId, CallerNews),
    /// For the call with this id.
    OfCall(CallId, Event),
    /// Nothing to any call.
    Nothing,
}

/// What can happen to a caller's channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallerNews {
    /// A key was pressed.
    Key(Key),
    /// The channel left us.
    Left(Departure),
}

/// Reads an event.
pub(super) fn meaning(event: &ari::Event) -> Meaning {
    match event {
        ari::Event::StasisStart {
            channel,
            replace_channel: Some(old),
            ..
        } => Meaning::Replaced {
            old: old.id.clone(),
            new: channel.clone(),
        },
        ari::Event::StasisStart { channel, .. } => match leg(channel) {
            Some((call, leg)) => Meaning::OfCall(call, Event::LegAnswered(leg)),
            None if is_recorder(&channel.id) => Meaning::Nothing,
            None => Meaning::NewCaller,
        },
        ari::Event::StasisEnd { channel, .. } => {
            // A hang-up is announced by an event of its own, which comes before this one.
            of_caller(channel, CallerNews::Left(Departure::ToDialplan))
        }
        ari::Event::ChannelHangupRequest { channel, .. } => {
            of_caller(channel, CallerNews::Left(Departure::HungUp))
        }
        ari::Event::ChannelDestroyed { channel, cause, .. } => match leg(channel) {
            Some((call, leg)) => {
                let why = leg_ending(*cause);
                Meaning::OfCall(call, Event::LegEnded { leg, why })
            }
            None => of_caller(channel, CallerNews::Left(Departure::HungUp)),
        },
        ari::Event::ChannelStateChange { channel, .. } => match leg(channel) {
            Some((call, leg)) if channel.state == ari::ChannelState::Ringing => {
                Meaning::OfCall(call, Event::LegRinging(leg))
            }
            None if channel.state == ari::ChannelState::Up => Meaning::Answered(channel.id.clone()),
            Some(_) | None => Meaning::Nothing,
        },
        ari::Event::ChannelDtmfReceived { channel, digit, .. } => match Key::parse(*digit) {
            Some(key) => key_pressed(channel, key),
            None => Meaning::Nothing,
        },
        ari::Event::PlaybackFinished { playback, .. } => playback_ended(playback),
        ari::Event::Dial { .. }
        | ari::Event::PlaybackStarted { .. }
        | ari::Event::ChannelEnteredBridge { .. }
        | ari::Event::ChannelLeftBridge { .. }
        | ari::Event::BridgeDestroyed { .. }
        | ari::Event::ApplicationReplaced { .. }
        | ari::Event::Other => Meaning::Nothing,
    }
}

/// The call and the leg that a channel is, if it is one of ours.
pub(super) fn leg(channel: &Channel) -> Option<(CallId, LegId)> {
    match names::parse(channel.id.as_str()) {
        Some((call, Part::Leg(leg))) => Some((call, leg)),
        Some((_, Part::Playback(_) | Part::Bridge(_) | Part::Recorder)) | None => None,
    }
}

fn key_pressed(channel: &Channel, key: Key) -> Meaning {
    match leg(channel) {
        Some((call, leg)) => Meaning::OfCall(call, Event::LegKeyPressed { leg, key }),
        None => Meaning::OfCaller(channel.id.clone(), CallerNews::Key(key)),
    }
}

/// Whether the channel records a talk. It comes and goes with the caller, and is nobody.
pub(super) fn is_recorder(channel: &ChannelId) -> bool {
    matches!(names::parse(channel.as_str()), Some((_, Part::Recorder)))
}

/// News of a leg's hang-ups are not the caller's.
fn of_caller(channel: &Channel, news: CallerNews) -> Meaning {
    if leg(channel).is_some() {
        return Meaning::Nothing;
    }
    Meaning::OfCaller(channel.id.clone(), news)
}

fn playback_ended(playback: &ari::Playback) -> Meaning {
    let Some((call, Part::Playback(id))) = names::parse(playback.id.as_str()) else {
        return Meaning::Nothing;
    };
    let ending = match playback.state {
        PlaybackState::Failed => PlaybackEnding::Failed,
        PlaybackState::Queued
        | PlaybackState::Playing
        | PlaybackState::Continuing
        | PlaybackState::Paused
        | PlaybackState::Done
        | PlaybackState::Unknown => PlaybackEnding::Played,
    };
    Meaning::OfCall(
        call,
        Event::PlaybackEnded {
            playback: id,
            ending,
        },
    )
}

fn leg_ending(cause: i64) -> LegEnding {
    match cause {
        USER_BUSY => LegEnding::Busy,
        NO_ANSWER | NO_USER_RESPONDING => LegEnding::NoAnswer,
        CALL_REJECTED => LegEnding::Refused,
        NORMAL_CLEARING => LegEnding::HungUp,
        _ => LegEnding::Unreachable,
    }
}

#[cfg(test)]
mod tests;
