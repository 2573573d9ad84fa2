//! What was missed, and what belongs to no call.

use serde_json::json;

use super::*;
use crate::switchboard::names::CallIds;

const CALLER: &str = "1763.12";
const HEIR: &str = "1763.40";
const LEG: LegId = LegId(1);

fn channel(id: &str, state: &str) -> Channel {
    let channel = json!({
        "id": id,
        "name": "PJSIP/trunk-00000001",
        "state": state,
        "creationtime": "2026-11-21T02:03:31.123+0000",
    });
    serde_json::from_value(channel).unwrap()
}

fn bridge(id: &str, application: &str, channels: &[&str]) -> crate::ari::Bridge {
    let created = "2026-11-21T02:03:31.123+0000";
    let bridge =
        json!({"id": id, "name": application, "channels": channels, "creationtime": created});
    serde_json::from_value(bridge).unwrap()
}

/// An Asterisk with these channels, all of them ours.
fn reality(channels: &[(&str, &str)], bridges: Vec<crate::ari::Bridge>) -> Reality {
    let channels = channels.iter().map(|(id, state)| channel(id, state));
    let channels: HashMap<_, _> = channels.map(|one| (one.id.clone(), one)).collect();
    Reality {
        ours: channels.keys().cloned().collect(),
        channels,
        bridges,
        application: "vizavi".to_owned(),
    }
}

fn belief(call: &CallId) -> Belief {
    Belief {
        caller: ChannelId::new(CALLER),
        legs: vec![(LEG, call.leg(LEG))],
        mailbox: mpsc::channel(1).0,
    }
}

fn beliefs(call: &CallId) -> Beliefs {
    Beliefs {
        calls: [(call.clone(), belief(call))].into(),
        attempts: callback::Beliefs::default(),
    }
}

fn id() -> CallId {
    CallIds::new().next()
}

fn bridge_of(call: &CallId) -> String {
    call.bridge(crate::domain::call::BridgeId(1)).to_string()
}

/// What a call with a caller and a leg missed. `leg` is the leg's state, if it is there.
fn missed_with(caller_is_ours: Option<bool>, leg: Option<&str>) -> Vec<Missed> {
    let id = id();
    let leg_id = id.leg(LEG);
    let mut channels = Vec::new();
    channels.extend(caller_is_ours.map(|_| (CALLER, "Up")));
    channels.extend(leg.map(|state| (leg_id.as_str(), state)));
    let mut reality = reality(&channels, Vec::new());
    if caller_is_ours == Some(false) {
        reality.ours.remove(&ChannelId::new(CALLER));
    }
    missed(&id, &belief(&id), &reality)
}

fn event(event: Event) -> [Missed; 1] {
    [Missed::Event(event)]
}

#[test]
fn nothing_is_missed_while_it_rings_on() {
    assert_eq!(missed_with(Some(true), Some("Ringing")), []);
}

#[test]
fn an_answer_and_an_end_of_the_leg_are_missed() {
    let answered = missed_with(Some(true), Some("Up"));
    assert_eq!(answered, event(Event::LegAnswered(LEG)));
    let ended = Event::LegEnded {
        leg: LEG,
        why: LegEnding::NoAnswer,
    };
    assert_eq!(missed_with(Some(true), None), event(ended));
}

#[test]
fn a_lost_caller_comes_before_whatever_happened_to_the_leg() {
    for leg in [None, Some("Ringing"), Some("Up")] {
        let hung_up = Event::CallerLeft(Departure::HungUp);
        assert_eq!(missed_with(None, leg), event(hung_up));
        let elsewhere = Event::CallerLeft(Departure::ToDialplan);
        assert_eq!(missed_with(Some(false), leg), event(elsewhere));
    }
}

#[test]
fn two_who_are_bridged_talk_on() {
    let id = id();
    let leg = id.leg(LEG);
    let bridge = bridge(&bridge_of(&id), "vizavi", &[CALLER, leg.as_str()]);
    let reality = reality(&[(CALLER, "Up"), (leg.as_str(), "Up")], vec![bridge]);
    assert_eq!(missed(&id, &belief(&id), &reality), []);
    assert_eq!(reality.strangers(&Beliefs::default(), None), []);
}

#[test]
fn a_caller_who_was_handed_on_in_the_gap_talks_on() {
    let id = id();
    let bridge = bridge(&bridge_of(&id), "vizavi", &[CALLER, HEIR]);
    let reality = reality(&[(CALLER, "Up"), (HEIR, "Up")], vec![bridge]);
    let replaced = Missed::Replaced {
        old: id.leg(LEG),
        new: Box::new(channel(HEIR, "Up")),
    };
    assert_eq!(missed(&id, &belief(&id), &reality), [replaced]);
}

#[test]
fn what_a_process_before_this_one_left_is_brought_home_bridges_last() {
    let id = id();
    let leg = id.leg(LEG);
    let left = bridge(&bridge_of(&id), "vizavi", &[CALLER]);
    let reality = reality(
        &[(CALLER, "Up"), (leg.as_str(), "Ringing")],
        vec![left.clone()],
    );
    let mut strangers = reality.strangers(&Beliefs::default(), None);
    assert_eq!(strangers.pop(), Some(Stranger::Bridge(left.id)));
    assert_eq!(strangers.len(), 2);
    assert!(strangers.contains(&Stranger::Caller(ChannelId::new(CALLER))));
    assert!(strangers.contains(&Stranger::Leg(leg)));
}

#[test]
fn what_a_call_knows_is_no_stranger() {
    let id = id();
    let leg = id.leg(LEG);
    let bridge = bridge(&bridge_of(&id), "vizavi", &[]);
    let reality = reality(&[(CALLER, "Up"), (leg.as_str(), "Ringing")], vec![bridge]);
    assert_eq!(reality.strangers(&beliefs(&id), None), []);
}

#[test]
fn who_has_just_come_is_no_stranger() {
    let before = reality(&[], Vec::new());
    let now = reality(&[(CALLER, "Ring")], Vec::new());
    assert_eq!(now.strangers(&Beliefs::default(), Some(&before)), []);
    let caller = Stranger::Caller(ChannelId::new(CALLER));
    assert_eq!(now.strangers(&Beliefs::default(), Some(&now)), [caller]);
}

#[test]
fn another_application_keeps_its_bridges_and_its_talks() {
    let id = id();
    let waiting = bridge(&bridge_of(&id), "reception", &[]);
    let theirs = reality(&[], vec![waiting]);
    assert_eq!(theirs.strangers(&Beliefs::default(), None), []);
    let leg = id.leg(LEG);
    let talk = bridge(&bridge_of(&id), "reception", &[CALLER, leg.as_str()]);
    let mut theirs = reality(&[(CALLER, "Up"), (leg.as_str(), "Up")], vec![talk]);
    assert_eq!(theirs.unknown_talks(&Beliefs::default()).len(), 1);
    theirs.ours.clear();
    assert_eq!(theirs.unknown_talks(&Beliefs::default()).len(), 0);
}
