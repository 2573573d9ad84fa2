//! A telephone whose answer counts only with a key: a voicemail may have picked up.

use super::super::super::directory::Endpoint;
use super::super::super::menu::CallerName;
use super::*;

const DESK: LegId = LegId(1);
const MOBILE: LegId = LegId(2);
/// The prompts of the menu are 1 and 2. Without a caller's name there is one more.
const SUMMONS: u32 = 3;
const SECOND: Duration = Duration::from_secs(1);
const ASKED: PlaybackId = PlaybackId(1);

/// Eugenia has a desk telephone and a mobile, which ring together.
pub(super) fn scene() -> Scene {
    scene_of(|policy| policy)
}

fn scene_of(change: impl FnOnce(Policy) -> Policy) -> Scene {
    Scene::of(|policy| {
        let policy = change(Policy {
            accept: Accepting::Mobiles,
            ..policy
        });
        Call::new(known(telephones::of_two_telephones()), wording(), policy)
    })
}

/// The caller has pressed 1; both ring, and the words are there.
fn ringing() -> Scene {
    let mut scene = scene();
    scene.after([Event::Arrived, key(1), ready(SUMMONS)]);
    scene
}

/// Somebody has picked up the mobile, or something.
fn asked() -> Scene {
    let mut scene = ringing();
    scene.assert_actions(Event::LegAnswered(MOBILE), [ask(MOBILE, ASKED), lease()]);
    scene
}

fn pressed(leg: LegId, digit: u32) -> Event {
    Event::LegKeyPressed {
        leg,
        key: Key::digit(digit).unwrap(),
    }
}

fn ask(leg: LegId, playback: PlaybackId) -> Action {
    Action::AskLeg {
        leg,
        playback,
        clip: clip(SUMMONS),
        lease: LENGTH + ACCEPT_TIME + SECOND + MARGIN,
    }
}

/// The caller's lease covers the telephones that ring on, which are awaited longer.
fn lease() -> Action {
    Action::Note(Note::Lease(RING_TIME + SECOND + MARGIN))
}

fn stop_asking() -> Action {
    Action::StopAsking {
        leg: MOBILE,
        playback: ASKED,
    }
}

fn tie(leg: LegId) -> Action {
    Action::Note(Note::Peer(leg))
}

fn bridge(leg: LegId) -> Action {
    Action::Bridge {
        bridge: BRIDGE,
        leg,
        answer: false,
    }
}

fn leases(actions: &[Action]) -> Vec<Option<Duration>> {
    let leases = actions.iter().filter_map(|action| {
        let Action::Originate { lease, .. } = action else {
            return None;
        };
        Some(*lease)
    });
    leases.collect()
}

#[test]
fn the_words_are_made_while_it_rings_and_only_the_mobile_has_a_lease() {
    let mut scene = scene();
    scene.after([Event::Arrived]);
    let actions = scene.call.on_event(scene.now, key(1));
    assert!(actions.contains(&prepare_next(SUMMONS, wording().summons(None))));
    let lease = RING_TIME + PROMPT_TIME + SECOND + MARGIN;
    assert_eq!(leases(&actions), [None, Some(lease)]);
}

#[test]
fn who_is_known_is_named_and_there_are_words_without_a_name_too() {
    let name = CallerName::new("Petrov Ivan");
    let mut scene = Scene::of(|policy| {
        let known = Known {
            name: name.clone(),
            ..known(telephones::of_two_telephones())
        };
        let accept = Accepting::Mobiles;
        Call::while_asking(known, wording(), Policy { accept, ..policy })
    });
    let known = Known {
        name: name.clone(),
        ..known(telephones::of_two_telephones())
    };
    scene.after([Event::Arrived, Event::CallerKnown(Box::new(known))]);
    let actions = scene.call.on_event(scene.now, key(1));
    assert!(actions.contains(&prepare_next(3, wording().summons(name.as_ref()))));
    assert!(actions.contains(&prepare_next(4, wording().summons(None))));
}

#[test]
fn a_mobile_that_answers_is_asked_and_the_desk_rings_on() {
    let mut scene = asked();
    assert_eq!(scene.call.state_name(), "connecting");
    scene.assert_actions(
        Event::LegAnswered(DESK),
        [
            Action::HangUpLeg(MOBILE),
            Action::StopRingback,
            bridge(DESK),
        ],
    );
}

#[test]
fn the_key_takes_the_call_and_the_two_are_bridged_when_the_leg_has_no_lease() {
    let mut scene = asked();
    scene.assert_actions(
        pressed(MOBILE, 1),
        [
            Action::HangUpLeg(DESK),
            stop_asking(),
            tie(MOBILE),
            Action::StopRingback,
            Action::FreeLeg(MOBILE),
        ],
    );
    scene.assert_actions(Event::LegFreed(MOBILE), [bridge(MOBILE)]);
    scene.after([Event::Bridged(MOBILE), Event::LeaseCleared]);
    assert_eq!(scene.call.state_name(), "talking");
    assert_eq!(scene.call.deadline(), None);
}

#[test]
fn who_has_heard_all_of_it_is_not_interrupted() {
    let mut scene = asked();
    scene.assert_actions(played(ASKED.0), []);
    let actions = scene.call.on_event(scene.now, pressed(MOBILE, 1));
    assert!(!actions.contains(&stop_asking()));
}

#[test]
fn a_leg_that_keeps_its_lease_does_not_talk() {
    let mut scene = asked();
    scene.after([pressed(MOBILE, 1)]);
    let reason = FallbackReason::Trouble(Step::Bridge);
    scene.assert_actions(
        failed(Step::Bridge, Failure::Unknown),
        [
            Action::HangUpLeg(MOBILE),
            Action::DestroyBridge(BRIDGE),
            Action::Continue(reason),
        ],
    );
}

#[test]
fn another_key_means_nothing_and_neither_does_one_of_a_telephone_that_rings() {
    let mut scene = asked();
    scene.assert_actions(pressed(MOBILE, 5), []);
    scene.assert_actions(pressed(DESK, 1), []);
    scene.assert_actions(pressed(LegId(9), 1), []);
    assert_eq!(scene.call.state_name(), "connecting");
}

#[test]
fn without_a_key_it_was_not_answered_and_the_desk_rings_on() {
    let mut scene = asked();
    scene.assert_deadline(LENGTH + ACCEPT_TIME, [Action::HangUpLeg(MOBILE)]);
    let rest = RING_TIME + SECOND - LENGTH - ACCEPT_TIME;
    scene.assert_deadline(
        rest,
        [
            Action::HangUpLeg(DESK),
            tie(LegId(3)),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(4, wording().no_answer()),
        ],
    );
    let mobile = EmployeeId::parse("eugenia").unwrap();
    let steps = &scene.call.story().steps;
    let ended = Occurrence::LegEnded(mobile, LegEnding::NoAnswer);
    assert!(steps.iter().any(|step| step.what == ended));
}

#[test]
fn somebody_who_is_asked_late_may_decide_after_the_others_have_stopped_ringing() {
    let mut scene = ringing();
    scene.now += RING_TIME;
    let lease = LENGTH + ACCEPT_TIME + MARGIN;
    scene.assert_actions(
        Event::LegAnswered(MOBILE),
        [ask(MOBILE, ASKED), Action::Note(Note::Lease(lease))],
    );
    scene.assert_deadline(SECOND, [Action::HangUpLeg(DESK), tie(MOBILE)]);
    scene.after([pressed(MOBILE, 1)]);
    assert_eq!(scene.call.state_name(), "talking");
}

#[test]
fn who_declines_is_over_and_the_desk_rings_on() {
    let mut scene = asked();
    scene.assert_actions(pressed(MOBILE, 2), [Action::HangUpLeg(MOBILE)]);
    scene.after([Event::LegAnswered(DESK)]);
    assert_eq!(scene.call.state_name(), "talking");
}

#[test]
fn a_mobile_that_hangs_up_while_it_is_asked_was_not_answered() {
    let mut scene = asked();
    let ended = |leg, why| Event::LegEnded { leg, why };
    scene.assert_actions(ended(DESK, LegEnding::Unreachable), [tie(MOBILE)]);
    scene.assert_actions(
        ended(MOBILE, LegEnding::HungUp),
        [
            tie(LegId(3)),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(4, wording().no_answer()),
        ],
    );
}

#[test]
fn a_caller_who_leaves_takes_who_is_asked_along() {
    let mut scene = asked();
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [
            Action::HangUpLeg(DESK),
            Action::HangUpLeg(MOBILE),
            Action::DestroyBridge(BRIDGE),
            Action::Finish(Outcome::HungUp),
        ],
    );
}

#[test]
fn words_that_come_after_the_answer_are_said_then() {
    let mut scene = scene();
    scene.after([Event::Arrived, key(1)]);
    scene.assert_actions(Event::LegAnswered(MOBILE), [lease()]);
    scene.assert_actions(Event::LegAnswered(MOBILE), [lease()]);
    scene.assert_actions(ready(SUMMONS), [ask(MOBILE, ASKED), lease()]);
    scene.assert_actions(ready(SUMMONS), []);
}

#[test]
fn when_nothing_can_be_said_an_answer_is_enough() {
    let mut unspeakable = scene();
    unspeakable.after([
        Event::Arrived,
        key(1),
        Event::PromptFailed(PromptId(SUMMONS)),
    ]);
    let at_once = [
        Action::HangUpLeg(DESK),
        tie(MOBILE),
        Action::StopRingback,
        Action::FreeLeg(MOBILE),
    ];
    unspeakable.assert_actions(Event::LegAnswered(MOBILE), at_once.clone());

    let mut waiting = scene();
    waiting.after([Event::Arrived, key(1), Event::LegAnswered(MOBILE)]);
    waiting.assert_actions(Event::PromptFailed(PromptId(SUMMONS)), at_once.clone());

    let mut late = scene();
    late.after([Event::Arrived, key(1), Event::LegAnswered(MOBILE)]);
    late.assert_deadline(PROMPT_TIME, at_once);
}

#[test]
fn in_turn_the_next_telephone_rings_when_one_was_answered_without_a_key() {
    let mut scene = scene_of(|policy| Policy {
        accept: Accepting::Always,
        ringing: Ringing::InTurn,
        ..policy
    });
    scene.after([Event::Arrived, key(1), ready(SUMMONS)]);
    let lease = Action::Note(Note::Lease(LENGTH + ACCEPT_TIME + MARGIN));
    scene.assert_actions(Event::LegAnswered(DESK), [ask(DESK, ASKED), lease]);
    scene.now += LENGTH + ACCEPT_TIME;
    let actions = scene.call.on_event(scene.now, Event::DeadlineReached);
    assert_eq!(actions[0], Action::HangUpLeg(DESK));
    let rung = Endpoint::parse("PJSIP/79161234567@trunk").unwrap();
    assert!(matches!(&actions[3], Action::Originate { endpoint, .. } if *endpoint == rung));
}
