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
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::call::PlaybackId;

    fn event(mut event: Value) -> ari::Event {
        event["timestamp"] = "2026-11-21T02:03:31.123+0000".into();
        let read = ari::Event::read(&event.to_string());
        assert_ne!(read, ari::Event::Other, "the test's event can't be read");
        read
    }

    fn channel(id: &str, state: &str) -> Value {
        json!({
            "id": id,
            "name": "PJSIP/trunk-00000001",
            "state": state,
            "creationtime": "2026-11-21T02:03:31.123+0000",
        })
    }

    fn call() -> CallId {
        match names::parse("vizavi-1f.7-leg-1") {
            Some((call, _)) => call,
            None => unreachable!("a name of our own"),
        }
    }

    fn of_call(event: Event) -> Meaning {
        Meaning::OfCall(call(), event)
    }

    #[test]
    fn a_channel_from_the_dialplan_is_a_new_caller() {
        let event = event(
            json!({"type": "StasisStart", "channel": channel("1763.12", "Ring"), "args": ["caller"]}),
        );
        assert_eq!(meaning(&event), Meaning::NewCaller);
    }

    #[test]
    fn what_records_a_talk_is_no_caller() {
        let event = event(
            json!({"type": "StasisStart", "channel": channel("vizavi-1f.7-recorder-1", "Up"), "args": ["recorder"]}),
        );
        assert_eq!(meaning(&event), Meaning::Nothing);
    }

    #[test]
    fn a_leg_of_ours_that_enters_the_application_was_answered() {
        let leg = channel("vizavi-1f.7-leg-1", "Up");
        let event = event(json!({"type": "StasisStart", "channel": leg, "args": ["leg"]}));
        assert_eq!(meaning(&event), of_call(Event::LegAnswered(LegId(1))));
    }

    #[test]
    fn a_leg_rings_when_its_telephone_says_so() {
        let leg = channel("vizavi-1f.7-leg-1", "Ringing");
        let ringing = event(json!({"type": "ChannelStateChange", "channel": leg}));
        assert_eq!(meaning(&ringing), of_call(Event::LegRinging(LegId(1))));
        let caller =
            event(json!({"type": "ChannelStateChange", "channel": channel("1763.12", "Up")}));
        assert_eq!(
            meaning(&caller),
            Meaning::Answered(ChannelId::new("1763.12"))
        );
    }

    #[test]
    fn a_channel_that_takes_the_place_of_another_is_no_new_caller() {
        let replaced = event(json!({
            "type": "StasisStart",
            "args": [],
            "channel": channel("1763.20", "Ring"),
            "replace_channel": channel("vizavi-1f.7-leg-1", "Up"),
        }));
        let Meaning::Replaced { old, new } = meaning(&replaced) else {
            panic!("it is a replacement: {replaced:?}");
        };
        assert_eq!(old.as_str(), "vizavi-1f.7-leg-1");
        assert_eq!(new.id.as_str(), "1763.20");
    }

    #[test]
    fn the_cause_tells_why_a_leg_ended() {
        let causes = [
            (16, LegEnding::HungUp),
            (17, LegEnding::Busy),
            (18, LegEnding::NoAnswer),
            (19, LegEnding::NoAnswer),
            (21, LegEnding::Refused),
            (20, LegEnding::Unreachable),
            (3, LegEnding::Unreachable),
            (0, LegEnding::Unreachable),
        ];
        for (cause, why) in causes {
            let leg = channel("vizavi-1f.7-leg-1", "Down");
            let event = event(
                json!({"type": "ChannelDestroyed", "channel": leg, "cause": cause, "cause_txt": ""}),
            );
            assert_eq!(
                meaning(&event),
                of_call(Event::LegEnded { leg: LegId(1), why }),
                "{cause}"
            );
        }
    }

    #[test]
    fn what_a_leg_hangs_up_is_not_the_callers() {
        let leg = channel("vizavi-1f.7-leg-1", "Up");
        let events = [
            json!({"type": "ChannelHangupRequest", "channel": leg, "cause": 16}),
            json!({"type": "StasisEnd", "channel": leg}),
        ];
        for news in events {
            assert_eq!(meaning(&event(news)), Meaning::Nothing);
        }
    }

    #[test]
    fn what_a_leg_presses_is_told_to_its_call_as_the_legs() {
        let leg = channel("vizavi-1f.7-leg-1", "Up");
        let pressed = event(
            json!({"type": "ChannelDtmfReceived", "channel": leg, "digit": "1", "duration_ms": 100}),
        );
        let expected = Event::LegKeyPressed {
            leg: LegId(1),
            key: Key::parse('1').unwrap(),
        };
        assert_eq!(meaning(&pressed), of_call(expected));
    }

    #[test]
    fn a_key_is_the_callers_news() {
        let caller = channel("1763.12", "Up");
        let event = event(
            json!({"type": "ChannelDtmfReceived", "channel": caller, "digit": "1", "duration_ms": 100}),
        );
        let Meaning::OfCaller(id, CallerNews::Key(key)) = meaning(&event) else {
            panic!("a key");
        };
        assert_eq!((id.as_str(), key.to_string().as_str()), ("1763.12", "1"));
    }

    #[test]
    fn a_playback_that_failed_is_told_from_one_that_was_played() {
        for (state, ending) in [
            ("done", PlaybackEnding::Played),
            ("failed", PlaybackEnding::Failed),
        ] {
            let playback = json!({"id": "vizavi-1f.7-playback-3", "target_uri": "channel:1763.12", "state": state, "media_uri": "sound:x", "language": "en"});
            let event = event(json!({"type": "PlaybackFinished", "playback": playback}));
            let expected = Event::PlaybackEnded {
                playback: PlaybackId(3),
                ending,
            };
            assert_eq!(meaning(&event), of_call(expected));
        }
    }

    #[test]
    fn who_hung_up_is_told_from_who_went_on_in_the_dialplan() {
        let caller = channel("1763.12", "Up");
        let kinds = [
            ("ChannelHangupRequest", Departure::HungUp),
            ("ChannelDestroyed", Departure::HungUp),
            ("StasisEnd", Departure::ToDialplan),
        ];
        for (kind, departure) in kinds {
            let event = event(json!({"type": kind, "channel": caller, "cause": 16}));
            let expected = CallerNews::Left(departure);
            assert_eq!(
                meaning(&event),
                Meaning::OfCaller(ChannelId::new("1763.12"), expected)
            );
        }
    }
}
