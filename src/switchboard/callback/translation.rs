//! From Asterisk's events to an attempt's: whose it is, and what it means to that attempt. Pure.

use super::names::{self, AttemptId, Part};
use crate::ari::{self, Channel, ChannelState, PlaybackState};
use crate::domain::call::PlaybackEnding;
use crate::domain::callback::attempt::{Cause, Departure, Event, OperatorNumber, Side, Verdict};
use crate::domain::menu::Key;

/// What an event from Asterisk means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// This, to this attempt.
    News(AttemptId, Event),
    /// It is about an attempt's, and says nothing that an attempt wants to know.
    Nothing,
    /// It is not about an attempt.
    NotOurs,
}

/// Reads an event.
pub(super) fn meaning(event: &ari::Event) -> Meaning {
    let Some((attempt, part)) = subject(event).and_then(names::parse) else {
        return Meaning::NotOurs;
    };
    let news = match part {
        Part::Operator => of_operator(event),
        Part::Patient => of_patient(event),
        Part::Playback(playback) => {
            ending(event).map(|ending| Event::PlaybackEnded { playback, ending })
        }
        Part::Bridge | Part::Listener | Part::EarlyBridge => None,
    };
    match news {
        Some(news) => Meaning::News(attempt, news),
        None => Meaning::Nothing,
    }
}

/// Which leg a channel is, if it is an attempt's.
pub(super) fn leg(channel: &Channel) -> Option<(AttemptId, Side)> {
    match names::parse(channel.id.as_str())? {
        (attempt, Part::Operator) => Some((attempt, Side::Operator)),
        (attempt, Part::Patient) => Some((attempt, Side::Patient)),
        (_, Part::Bridge | Part::Listener | Part::EarlyBridge | Part::Playback(_)) => None,
    }
}

/// The id of what the event is about.
fn subject(event: &ari::Event) -> Option<&str> {
    Some(match event {
        ari::Event::StasisStart { channel, .. }
        | ari::Event::StasisEnd { channel, .. }
        | ari::Event::ChannelDestroyed { channel, .. }
        | ari::Event::ChannelHangupRequest { channel, .. }
        | ari::Event::ChannelStateChange { channel, .. }
        | ari::Event::ChannelDtmfReceived { channel, .. }
        | ari::Event::ChannelLeftBridge { channel, .. }
        | ari::Event::Dial { peer: channel, .. } => channel.id.as_str(),
        ari::Event::ChannelEnteredBridge { channel, .. } => channel.as_ref()?.id.as_str(),
        ari::Event::PlaybackStarted { playback, .. }
        | ari::Event::PlaybackFinished { playback, .. } => playback.id.as_str(),
        ari::Event::BridgeDestroyed { bridge, .. } => bridge.id.as_str(),
        ari::Event::ApplicationReplaced { .. } | ari::Event::Other => return None,
    })
}

fn of_operator(event: &ari::Event) -> Option<Event> {
    match event {
        ari::Event::StasisStart { channel, args, .. } => Some(Event::OperatorArrived {
            verdict: verdict(args.as_slice()),
            operator: OperatorNumber(channel.caller.number.clone()),
        }),
        ari::Event::ChannelStateChange { channel, .. } => {
            (channel.state == ChannelState::Up).then_some(Event::OperatorPickedUp)
        }
        ari::Event::ChannelDtmfReceived { digit, .. } => Key::parse(*digit).map(Event::KeyPressed),
        // A hang-up is announced by an event of its own, which comes before this one.
        ari::Event::StasisEnd { .. } => Some(Event::OperatorLeft(Departure::ToDialplan)),
        ari::Event::ChannelHangupRequest { .. } | ari::Event::ChannelDestroyed { .. } => {
            Some(Event::OperatorLeft(Departure::HungUp))
        }
        ari::Event::Dial { .. }
        | ari::Event::PlaybackStarted { .. }
        | ari::Event::PlaybackFinished { .. }
        | ari::Event::ChannelEnteredBridge { .. }
        | ari::Event::ChannelLeftBridge { .. }
        | ari::Event::BridgeDestroyed { .. }
        | ari::Event::ApplicationReplaced { .. }
        | ari::Event::Other => None,
    }
}

fn of_patient(event: &ari::Event) -> Option<Event> {
    match event {
        ari::Event::StasisStart { .. } => Some(Event::PatientAnswered),
        ari::Event::ChannelStateChange { channel, .. } => {
            (channel.state == ChannelState::Ringing).then_some(Event::PatientRinging)
        }
        ari::Event::Dial { status, .. } => match status.as_str() {
            "RINGING" => Some(Event::PatientRinging),
            "PROGRESS" => Some(Event::PatientProgress),
            _ => None,
        },
        // Of one who never picked up, the end itself tells more.
        ari::Event::ChannelHangupRequest { channel, cause, .. } => {
            let ended = Event::PatientEnded(of_cause(cause.unwrap_or_default(), None));
            (channel.state == ChannelState::Up).then_some(ended)
        }
        ari::Event::StasisEnd { .. } => Some(Event::PatientWentOn),
        ari::Event::ChannelDestroyed {
            cause, tech_cause, ..
        } => Some(Event::PatientEnded(of_cause(*cause, *tech_cause))),
        ari::Event::ChannelDtmfReceived { .. }
        | ari::Event::PlaybackStarted { .. }
        | ari::Event::PlaybackFinished { .. }
        | ari::Event::ChannelEnteredBridge { .. }
        | ari::Event::ChannelLeftBridge { .. }
        | ari::Event::BridgeDestroyed { .. }
        | ari::Event::ApplicationReplaced { .. }
        | ari::Event::Other => None,
    }
}

/// The second argument of `Stasis()` is what AMD found; it is empty where AMD did not listen.
fn verdict(arguments: &[String]) -> Verdict {
    match arguments.get(1).map(String::as_str) {
        None | Some("") => Verdict::Unknown,
        Some("HUMAN") => Verdict::Human,
        Some("MACHINE") => Verdict::Machine,
        Some(_) => Verdict::NotSure,
    }
}

fn of_cause(q850: i64, sip: Option<i64>) -> Cause {
    let code = |code: i64| u16::try_from(code).ok().filter(|code| *code > 0);
    Cause {
        q850: code(q850),
        sip: sip.and_then(code),
    }
}

fn ending(event: &ari::Event) -> Option<PlaybackEnding> {
    let ari::Event::PlaybackFinished { playback, .. } = event else {
        return None;
    };
    Some(match playback.state {
        PlaybackState::Failed => PlaybackEnding::Failed,
        PlaybackState::Queued
        | PlaybackState::Playing
        | PlaybackState::Continuing
        | PlaybackState::Paused
        | PlaybackState::Done
        | PlaybackState::Unknown => PlaybackEnding::Played,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::call::PlaybackId;

    const OPERATOR: &str = "vizavi-callback-1f.7-operator";
    const PATIENT: &str = "vizavi-callback-1f.7-patient";

    fn news_of(mut event: Value) -> Option<Event> {
        event["timestamp"] = "2026-11-21T02:03:31.123+0000".into();
        let read = ari::Event::read(&event.to_string());
        assert_ne!(read, ari::Event::Other, "the test's event can't be read");
        match meaning(&read) {
            Meaning::News(attempt, news) => {
                assert_eq!(attempt.to_string(), "1f.7");
                Some(news)
            }
            Meaning::Nothing => None,
            Meaning::NotOurs => panic!("it is an attempt's: {read:?}"),
        }
    }

    fn channel(id: &str, state: &str) -> Value {
        json!({
            "id": id,
            "name": "PJSIP/90-00000001",
            "state": state,
            "caller": {"name": "", "number": "90"},
            "creationtime": "2026-11-21T02:03:31.123+0000",
        })
    }

    #[test]
    fn an_operator_arrives_with_what_asterisk_thinks_of_them() {
        let table = [
            (json!(["callback-operator", "", ""]), Verdict::Unknown),
            (json!(["callback-operator"]), Verdict::Unknown),
            (json!(["callback-operator", "HUMAN", "x"]), Verdict::Human),
            (
                json!(["callback-operator", "MACHINE", "x"]),
                Verdict::Machine,
            ),
            (
                json!(["callback-operator", "NOTSURE", "x"]),
                Verdict::NotSure,
            ),
        ];
        for (arguments, verdict) in table {
            let start = json!({"type": "StasisStart", "channel": channel(OPERATOR, "Up"), "args": arguments});
            let operator = OperatorNumber("90".to_owned());
            assert_eq!(
                news_of(start),
                Some(Event::OperatorArrived { verdict, operator })
            );
        }
    }

    #[test]
    fn the_operators_leg_goes_up_when_somebody_takes_the_call() {
        let up = json!({"type": "ChannelStateChange", "channel": channel(OPERATOR, "Up")});
        assert_eq!(news_of(up), Some(Event::OperatorPickedUp));
        let rings = json!({"type": "ChannelStateChange", "channel": channel(OPERATOR, "Ringing")});
        assert_eq!(news_of(rings), None);
    }

    #[test]
    fn who_hung_up_is_told_from_who_went_on_in_the_dialplan() {
        let kinds = [
            ("ChannelHangupRequest", Departure::HungUp),
            ("ChannelDestroyed", Departure::HungUp),
            ("StasisEnd", Departure::ToDialplan),
        ];
        for (kind, departure) in kinds {
            let event = json!({"type": kind, "channel": channel(OPERATOR, "Up"), "cause": 16});
            assert_eq!(news_of(event), Some(Event::OperatorLeft(departure)));
        }
        let went = json!({"type": "StasisEnd", "channel": channel(PATIENT, "Up")});
        assert_eq!(news_of(went), Some(Event::PatientWentOn));
    }

    #[test]
    fn keys_are_the_operators() {
        let pressed = |id| json!({"type": "ChannelDtmfReceived", "channel": channel(id, "Up"), "digit": "1", "duration_ms": 100});
        let one = Key::digit(1).map(Event::KeyPressed);
        assert_eq!(news_of(pressed(OPERATOR)), one);
        assert_eq!(news_of(pressed(PATIENT)), None);
    }

    #[test]
    fn a_patient_rings_by_either_sign() {
        let state = json!({"type": "ChannelStateChange", "channel": channel(PATIENT, "Ringing")});
        let dial =
            json!({"type": "Dial", "peer": channel(PATIENT, "Ringing"), "dialstatus": "RINGING"});
        for event in [state, dial] {
            assert_eq!(news_of(event), Some(Event::PatientRinging));
        }
        let begun = json!({"type": "Dial", "peer": channel(PATIENT, "Down"), "dialstatus": ""});
        assert_eq!(news_of(begun), None);
    }

    #[test]
    fn a_network_that_speaks_is_told_from_one_that_rings() {
        let dial =
            json!({"type": "Dial", "peer": channel(PATIENT, "Down"), "dialstatus": "PROGRESS"});
        assert_eq!(news_of(dial), Some(Event::PatientProgress));
    }

    #[test]
    fn the_end_tells_both_causes_as_far_as_there_are_any() {
        let ended = |cause: i64, tech: Value| json!({"type": "ChannelDestroyed", "channel": channel(PATIENT, "Ringing"), "cause": cause, "tech_cause": tech});
        let table = [
            (17, json!(486), Some(17), Some(486)),
            (17, Value::Null, Some(17), None),
            (0, json!(0), None, None),
        ];
        for (cause, tech, q850, sip) in table {
            let expected = Event::PatientEnded(Cause { q850, sip });
            assert_eq!(news_of(ended(cause, tech)), Some(expected));
        }
    }

    #[test]
    fn a_refusal_is_told_once_with_its_status() {
        let asked = |state| json!({"type": "ChannelHangupRequest", "channel": channel(PATIENT, state), "cause": 17});
        assert_eq!(news_of(asked("Ringing")), None);
        let hung_up = Event::PatientEnded(Cause {
            q850: Some(17),
            sip: None,
        });
        assert_eq!(news_of(asked("Up")), Some(hung_up));
    }

    #[test]
    fn a_playback_that_failed_is_told_from_one_that_was_played() {
        for (state, ending) in [
            ("done", PlaybackEnding::Played),
            ("failed", PlaybackEnding::Failed),
        ] {
            let playback = json!({"id": "vizavi-callback-1f.7-playback-3", "target_uri": "channel:x", "state": state, "media_uri": "sound:x", "language": "en"});
            let expected = Event::PlaybackEnded {
                playback: PlaybackId(3),
                ending,
            };
            let event = json!({"type": "PlaybackFinished", "playback": playback});
            assert_eq!(news_of(event), Some(expected));
        }
    }

    #[test]
    fn calls_are_left_to_the_calls() {
        for id in ["1763.12", "vizavi-1f.7-leg-1"] {
            let event = json!({"type": "StasisEnd", "channel": channel(id, "Up"), "timestamp": "2026-11-21T02:03:31.123+0000"});
            let read = ari::Event::read(&event.to_string());
            assert_eq!(meaning(&read), Meaning::NotOurs);
        }
    }
}
