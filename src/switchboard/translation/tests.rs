//! What Asterisk's events mean.

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
    let caller = event(json!({"type": "ChannelStateChange", "channel": channel("1763.12", "Up")}));
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
