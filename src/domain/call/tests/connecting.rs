//! From the key to the pick-up.

use super::super::super::menu::CallerName;
use super::super::super::prompt::Prompt;
use super::super::super::rating::About;
use super::*;

fn menu_without_eugenia() -> Prompt {
    wording().menu(&menu(&[(2, "dmitry", "02")]))
}

/// Were it told when the telephone rings, we could fall silent in between, and whoever picks up would
/// have nobody.
#[test]
fn the_dialplan_knows_whose_the_caller_is_before_the_telephone_rings() {
    let mut scene = Scene::new();
    let actions = scene.call.on_event(scene.now, Event::Arrived);
    assert!(actions.contains(&Action::Note(Note::Peer(LEG))));
    scene.after([ready(1), ready(2), played(1), key(1)]);
    let ended = Event::LegEnded {
        leg: LEG,
        why: LegEnding::NoAnswer,
    };
    let actions = scene.call.on_event(scene.now, ended);
    assert_eq!(actions[0], Action::Note(Note::Peer(LegId(2))));
    let again = [ready(3), ready(4), key(2)].map(|event| scene.call.on_event(scene.now, event));
    let ties = |action: &Action| matches!(action, Action::Note(Note::Peer(_)));
    assert!(!again.iter().flatten().any(ties));
    assert_eq!(scene.call.state_name(), "connecting");
}

#[test]
fn who_picks_up_is_bridged() {
    let mut scene = Scene::connecting();
    scene.assert_actions(Event::LegRinging(LEG), []);
    scene.assert_actions(
        Event::LegAnswered(LEG),
        [
            Action::StopRingback,
            Action::Bridge {
                bridge: BRIDGE,
                leg: LEG,
                answer: false,
            },
        ],
    );
}

#[test]
fn who_does_not_answer_is_left_out_of_the_menu_that_follows() {
    let mut scene = Scene::connecting();
    scene.assert_actions(
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::NoAnswer,
        },
        [
            Action::Note(Note::Peer(LegId(2))),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(3, wording().no_answer()),
            prepare_next(4, menu_without_eugenia()),
        ],
    );
    scene.after([ready(3), ready(4), played(3)]);
    scene.after([key(2)]);
    assert_eq!(scene.call.state_name(), "connecting");
}

#[test]
fn the_key_of_who_did_not_answer_is_a_wrong_key_now() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegEnded {
        leg: LEG,
        why: LegEnding::NoAnswer,
    }]);
    scene.assert_actions(
        key(1),
        [
            prepare(5, wording().wrong_key()),
            prepare_next(6, menu_without_eugenia()),
        ],
    );
}

#[test]
fn a_busy_line_is_said_to_be_busy() {
    let mut scene = Scene::connecting();
    scene.assert_actions(
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::Busy,
        },
        [
            Action::Note(Note::Peer(LegId(2))),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(3, wording().busy()),
            prepare_next(4, menu_without_eugenia()),
        ],
    );
}

#[test]
fn when_nobody_is_left_the_caller_is_told_and_goes_to_the_fallback() {
    let mut scene = Scene::with_menu(menu(&[(1, "eugenia", "34")]));
    scene.after([Event::Arrived, key(1)]);
    scene.assert_actions(
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::Unreachable,
        },
        [
            Action::Note(Note::Peer(LegId(2))),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(3, wording().no_answer()),
        ],
    );
    scene.assert_actions(
        ready(3),
        [
            Action::Note(Note::Lease(LENGTH + KEY_TIME + MARGIN)),
            play(1, 3),
        ],
    );
    scene.assert_actions(
        played(1),
        [Action::Continue(FallbackReason::NobodyAnswered)],
    );
}

#[test]
fn a_telephone_that_rings_for_ever_is_given_up() {
    let mut scene = Scene::connecting();
    scene.assert_deadline(
        RING_TIME + Duration::from_secs(1),
        [
            Action::HangUpLeg(LEG),
            Action::Note(Note::Peer(LegId(2))),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(3, wording().no_answer()),
            prepare_next(4, menu_without_eugenia()),
        ],
    );
}

#[test]
fn a_caller_who_hangs_up_stops_the_ringing() {
    let mut scene = Scene::connecting();
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [
            Action::HangUpLeg(LEG),
            Action::DestroyBridge(BRIDGE),
            Action::Finish(Outcome::HungUp),
        ],
    );
    scene.assert_over();
}

#[test]
fn trouble_with_the_callers_channel_stops_the_ringing_and_leads_to_the_fallback() {
    let mut scene = Scene::connecting();
    scene.assert_actions(
        failed(Step::GrantLease, Failure::Unknown),
        [
            Action::StopRingback,
            Action::HangUpLeg(LEG),
            Action::DestroyBridge(BRIDGE),
            Action::Continue(FallbackReason::Trouble(Step::GrantLease)),
        ],
    );
}

#[test]
fn news_of_an_earlier_leg_changes_nothing() {
    let mut scene = Scene::connecting();
    scene.after([
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::Busy,
        },
        key(2),
    ]);
    scene.assert_actions(
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::Busy,
        },
        [],
    );
    assert_eq!(scene.call.state_name(), "connecting");
}

#[test]
fn a_telephone_that_was_given_up_and_rings_or_answers_late_is_hung_up() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegEnded {
        leg: LEG,
        why: LegEnding::Unreachable,
    }]);
    assert_eq!(scene.call.state_name(), "offering");
    for late in [Event::LegRinging(LEG), Event::LegAnswered(LEG)] {
        scene.assert_actions(late, [Action::HangUpLeg(LEG)]);
    }
    scene.after([ready(3), ready(4), played(3), key(2)]);
    scene.assert_actions(Event::LegAnswered(LEG), [Action::HangUpLeg(LEG)]);
    assert_eq!(scene.call.state_name(), "connecting");
}

#[test]
fn keys_pressed_while_it_rings_change_nothing() {
    let mut scene = Scene::connecting();
    scene.assert_actions(key(1), []);
    scene.assert_actions(key(2), []);
}

#[test]
fn the_telephone_shows_who_calls_and_why_they_call_just_this_person() {
    let about = About::new("invoice 1042").unwrap();
    let reasons = Reasons::from_iter([(EmployeeId::parse("eugenia").unwrap(), about)]);
    for (digit, shown) in [(1, "Petrova Anna · invoice 1042"), (2, "Petrova Anna")] {
        let mut scene = Scene::of(|policy| {
            let people = menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]);
            let known = Known {
                name: CallerName::new("Petrova Anna"),
                reasons: reasons.clone(),
                ..known(people)
            };
            Call::new(known, wording(), policy)
        });
        scene.after([Event::Arrived]);
        let actions = scene.call.on_event(scene.now, key(digit));
        let name = CallerName::new(shown);
        assert!(
            matches!(&actions[0], Action::Originate { caller_name, .. } if *caller_name == name)
        );
    }
}
