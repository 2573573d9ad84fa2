//! Somebody with several telephones.

use super::super::super::directory::Endpoint;
use super::*;

const DESK: LegId = LegId(1);
const MOBILE: LegId = LegId(2);

pub(super) fn of_two_telephones() -> Menu {
    let mut menu = menu(&[(1, "eugenia", "34")]);
    let mobile = Endpoint::parse("PJSIP/79161234567@trunk").unwrap();
    menu.choices[0].entry.more_endpoints = vec![mobile];
    menu
}

pub(super) fn scene(ringing: Ringing) -> Scene {
    Scene::of(|policy| {
        let policy = Policy { ringing, ..policy };
        Call::new(known(of_two_telephones()), wording(), policy)
    })
}

/// The caller has pressed 1.
fn connecting(ringing: Ringing) -> (Scene, Vec<Action>) {
    let mut scene = scene(ringing);
    scene.after([Event::Arrived]);
    let actions = scene.call.on_event(scene.now, key(1));
    (scene, actions)
}

fn dialled(actions: &[Action]) -> Vec<(LegId, &str)> {
    let dialled = actions.iter().filter_map(|action| {
        let Action::Originate { leg, endpoint, .. } = action else {
            return None;
        };
        Some((*leg, endpoint.as_str()))
    });
    dialled.collect()
}

fn ended(leg: LegId, why: LegEnding) -> Event {
    Event::LegEnded { leg, why }
}

#[test]
fn all_ring_together_and_the_first_to_answer_wins() {
    let (mut scene, actions) = connecting(Ringing::Together);
    let both = [(DESK, "PJSIP/34"), (MOBILE, "PJSIP/79161234567@trunk")];
    assert_eq!(dialled(&actions), both);
    let tie = Action::Note(Note::Peer(MOBILE));
    let bridge = Action::Bridge {
        bridge: BRIDGE,
        leg: MOBILE,
        answer: false,
    };
    scene.assert_actions(
        Event::LegAnswered(MOBILE),
        [Action::HangUpLeg(DESK), tie, Action::StopRingback, bridge],
    );
    assert_eq!(scene.call.state_name(), "talking");
    scene.assert_actions(ended(DESK, LegEnding::HungUp), []);
    scene.assert_actions(Event::LegAnswered(DESK), []);
}

#[test]
fn only_when_the_last_one_has_ended_the_caller_is_told_what_says_most() {
    let (mut scene, _) = connecting(Ringing::Together);
    scene.assert_actions(
        ended(DESK, LegEnding::Busy),
        [Action::Note(Note::Peer(MOBILE))],
    );
    scene.assert_actions(
        ended(MOBILE, LegEnding::Unreachable),
        [
            Action::Note(Note::Peer(LegId(3))),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(3, wording().busy()),
        ],
    );
}

#[test]
fn a_caller_who_hangs_up_stops_them_all() {
    let (mut scene, _) = connecting(Ringing::Together);
    let finish = Action::Finish(Outcome::HungUp);
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [
            Action::HangUpLeg(DESK),
            Action::HangUpLeg(MOBILE),
            Action::DestroyBridge(BRIDGE),
            finish,
        ],
    );
}

#[test]
fn in_turn_the_next_one_rings_when_one_was_not_answered_in_its_time() {
    let (mut scene, actions) = connecting(Ringing::InTurn);
    assert_eq!(dialled(&actions), [(DESK, "PJSIP/34")]);
    let time = RING_TIME + Duration::from_secs(1);
    let mobile = Action::Originate {
        leg: MOBILE,
        endpoint: Endpoint::parse("PJSIP/79161234567@trunk").unwrap(),
        caller_name: None,
        ring_time: RING_TIME,
        lease: None,
    };
    scene.assert_deadline(
        time,
        [
            Action::HangUpLeg(DESK),
            Action::Note(Note::Peer(LegId(2))),
            Action::Note(Note::Lease(time + MARGIN)),
            mobile,
        ],
    );
    scene.assert_deadline(
        time,
        [
            Action::HangUpLeg(MOBILE),
            Action::Note(Note::Peer(LegId(3))),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(3, wording().no_answer()),
        ],
    );
}

#[test]
fn in_turn_the_next_one_rings_at_once_when_one_is_busy() {
    let (mut scene, _) = connecting(Ringing::InTurn);
    let actions = scene.call.on_event(scene.now, ended(DESK, LegEnding::Busy));
    assert_eq!(dialled(&actions), [(MOBILE, "PJSIP/79161234567@trunk")]);
    scene.after([Event::LegAnswered(MOBILE)]);
    assert_eq!(scene.call.state_name(), "talking");
}
