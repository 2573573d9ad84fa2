//! From the pick-up to the end of the talk.

use super::*;

#[test]
fn the_lease_is_cleared_only_when_the_two_are_bridged() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegAnswered(LEG)]);
    let noted = Action::Note(Note::Talk(Box::new(ongoing(scene.now))));
    scene.assert_actions(
        Event::Bridged(LEG),
        [Action::Note(Note::NoLease), noted, tell(News::Connected)],
    );
    scene.assert_actions(Event::LeaseCleared, []);
    assert_eq!(
        scene.call.deadline(),
        None,
        "people talk for as long as they like"
    );
}

#[test]
fn a_lease_that_is_not_cleared_is_cleared_again() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegAnswered(LEG), Event::Bridged(LEG)]);
    scene.assert_actions(
        failed(Step::ClearLease, Failure::Unknown),
        [Action::Note(Note::NoLease)],
    );
    scene.assert_deadline(Duration::from_secs(2), [Action::Note(Note::NoLease)]);
}

#[test]
fn when_the_employee_hangs_up_the_caller_is_released() {
    let mut scene = Scene::talking();
    scene.assert_actions(
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::HungUp,
        },
        [Action::DestroyBridge(BRIDGE), Action::HangUpCaller],
    );
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [Action::Finish(Outcome::Talked)],
    );
    scene.assert_over();
}

#[test]
fn a_caller_who_leaves_a_talk_for_the_dialplan_leaves_the_employee_to_us() {
    let mut scene = Scene::talking();
    scene.assert_actions(
        Event::CallerLeft(Departure::ToDialplan),
        [
            Action::HangUpLeg(LEG),
            Action::DestroyBridge(BRIDGE),
            Action::Finish(Outcome::Talked),
        ],
    );
    scene.assert_over();
}

#[test]
fn two_who_cannot_be_bridged_are_parted_and_the_caller_goes_to_the_fallback() {
    for trouble in [
        failed(Step::Bridge, Failure::Refused),
        failed(Step::Bridge, Failure::Gone),
    ] {
        let mut scene = Scene::connecting();
        scene.after([Event::LegAnswered(LEG)]);
        scene.assert_actions(
            trouble,
            [
                Action::HangUpLeg(LEG),
                Action::DestroyBridge(BRIDGE),
                Action::Continue(FallbackReason::Trouble(Step::Bridge)),
            ],
        );
    }
}

/// They may hear each other already: whoever parts them cuts a talk.
#[test]
fn while_asterisk_does_not_say_whether_they_are_bridged_they_are_bridged_again() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegAnswered(LEG)]);
    let again = Action::Bridge {
        bridge: BRIDGE,
        leg: LEG,
        answer: false,
    };
    scene.assert_deadline(Duration::from_secs(2), []);
    scene.assert_deadline(Duration::from_secs(1), [again.clone()]);
    for unknown in [Failure::Unknown, Failure::NotSent] {
        scene.assert_actions(failed(Step::Bridge, unknown), []);
    }
    scene.assert_deadline(Duration::from_secs(2), [again]);
    scene.after([Event::Bridged(LEG), Event::LeaseCleared]);
    assert_eq!(scene.call.deadline(), None);
}

#[test]
fn a_bridge_that_is_not_confirmed_before_the_lease_ends_is_given_up() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegAnswered(LEG), Event::DeadlineReached]);
    scene.now += Duration::from_secs(600);
    scene.assert_actions(
        Event::DeadlineReached,
        [
            Action::HangUpLeg(LEG),
            Action::DestroyBridge(BRIDGE),
            Action::Continue(FallbackReason::Trouble(Step::Bridge)),
        ],
    );
}

#[test]
fn a_process_that_slept_does_not_part_two_who_talk() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegAnswered(LEG)]);
    scene.now += Duration::from_secs(30);
    scene.assert_actions(Event::DeadlineReached, []);
    scene.after([Event::Bridged(LEG), Event::LeaseCleared]);
    assert_eq!(scene.call.deadline(), None);
    assert_eq!(scene.call.state_name(), "talking");
}

#[test]
fn an_employee_who_hangs_up_before_a_word_was_heard_leaves_the_caller_to_the_fallback() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegAnswered(LEG)]);
    scene.assert_actions(
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::HungUp,
        },
        [
            Action::DestroyBridge(BRIDGE),
            Action::Continue(FallbackReason::NobodyAnswered),
        ],
    );
}

#[test]
fn keys_pressed_during_a_talk_are_the_talkers_own() {
    let mut scene = Scene::talking();
    for digit in 0..10 {
        scene.assert_actions(key(digit), []);
    }
}

#[test]
fn a_talk_goes_on_when_we_stop() {
    let mut scene = Scene::talking();
    scene.assert_actions(Event::Stop, [Action::Finish(Outcome::TalksOn)]);
    scene.assert_over();
}

#[test]
fn a_telephone_may_hand_the_caller_on_and_the_talk_is_with_another() {
    let mut scene = Scene::talking();
    scene.assert_actions(
        Event::LegReplaced(LEG),
        [Action::Note(Note::Peer(LEG)), Action::AdoptLeg(LEG)],
    );
    scene.assert_actions(Event::LegAnswered(LEG), []);
    scene.assert_actions(
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::HungUp,
        },
        [Action::DestroyBridge(BRIDGE), Action::HangUpCaller],
    );
}

#[test]
fn a_caller_who_was_handed_on_to_nobody_reaches_the_fallback() {
    let mut scene = Scene::talking();
    scene.after([Event::LegReplaced(LEG)]);
    scene.assert_actions(
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::HungUp,
        },
        [
            Action::DestroyBridge(BRIDGE),
            Action::Continue(FallbackReason::NobodyAnswered),
        ],
    );
}

#[test]
fn another_calls_transfer_changes_nothing() {
    let mut scene = Scene::talking();
    scene.assert_actions(Event::LegReplaced(LegId(9)), []);
}

/// A company that records, in which the two have just been bridged.
fn recording() -> Scene {
    let mut scene = Scene::of(|policy| {
        let menu = menu(&[(1, "eugenia", "34")]);
        let record = true;
        Call::new(known(menu), wording(), Policy { record, ..policy })
    });
    scene.after([Event::Arrived, key(1), Event::LegAnswered(LEG)]);
    scene
}

#[test]
fn a_talk_is_recorded_once_from_its_beginning_to_its_end() {
    let mut scene = recording();
    let noted = Action::Note(Note::Talk(Box::new(Ongoing {
        offered: vec![EmployeeId::parse("eugenia").unwrap()],
        ..ongoing(scene.now)
    })));
    scene.assert_actions(
        Event::Bridged(LEG),
        [
            Action::Note(Note::NoLease),
            noted,
            tell(News::Connected),
            Action::Record,
        ],
    );
    scene.assert_actions(Event::Bridged(LEG), [Action::Note(Note::NoLease)]);
    scene.after([Event::LeaseCleared]);
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [Action::DestroyBridge(BRIDGE), Action::StopRecording],
    );
}

#[test]
fn a_caller_who_was_handed_on_to_nobody_is_not_recorded_at_the_fallback() {
    let mut scene = recording();
    scene.after([Event::Bridged(LEG), Event::LeaseCleared]);
    scene.after([Event::LegReplaced(LEG)]);
    scene.assert_actions(
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::NoAnswer,
        },
        [
            Action::DestroyBridge(BRIDGE),
            Action::StopRecording,
            Action::Continue(FallbackReason::NobodyAnswered),
        ],
    );
}

#[test]
fn who_never_talked_was_not_recorded() {
    let mut scene = recording();
    let actions = scene
        .call
        .on_event(scene.now, Event::CallerLeft(Departure::HungUp));
    assert!(!actions.contains(&Action::StopRecording));
}

#[test]
fn what_a_later_process_needs_is_noted_when_the_talk_begins() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegAnswered(LEG)]);
    let actions = scene.call.on_event(scene.now, Event::Bridged(LEG));
    let noted = Action::Note(Note::Talk(Box::new(ongoing(scene.now))));
    assert!(actions.contains(&noted), "{actions:?}");
}

#[test]
fn a_talk_that_is_taken_over_gets_no_lease_and_ends_as_ever() {
    let now = Instant::now();
    let mut scene = taken_over(now);
    scene.now += Duration::from_secs(90);
    scene.assert_actions(
        Event::Arrived,
        [Action::Note(Note::Peer(LEG)), Action::Note(Note::NoLease)],
    );
    scene.assert_actions(Event::LeaseCleared, []);
    assert_eq!(scene.call.deadline(), None);
    scene.now += Duration::from_secs(30);
    scene.assert_actions(
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::HungUp,
        },
        [Action::DestroyBridge(BRIDGE), Action::HangUpCaller],
    );
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [Action::Finish(Outcome::Talked)],
    );
    let talk = scene.call.story().talk.clone().unwrap();
    assert_eq!(talk.length(scene.now), Duration::from_secs(120));
    let steps = &scene.call.story().steps;
    let steps: Vec<&Occurrence> = steps.iter().map(|moment| &moment.what).collect();
    assert!(matches!(
        steps[..],
        [
            Occurrence::Came,
            Occurrence::TalkBegan(_),
            Occurrence::TakenOver,
            ..
        ]
    ));
    scene.assert_over();
}

#[test]
fn who_hangs_up_while_their_talk_is_taken_over_leaves_nothing() {
    let mut scene = taken_over(Instant::now());
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [
            Action::HangUpLeg(LEG),
            Action::DestroyBridge(BRIDGE),
            Action::Finish(Outcome::Talked),
        ],
    );
    scene.assert_over();
}

#[test]
fn a_talk_that_has_just_begun_goes_on_when_we_stop() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegAnswered(LEG)]);
    scene.assert_actions(Event::Stop, []);
    scene.after([Event::Bridged(LEG)]);
    scene.assert_actions(Event::LeaseCleared, [Action::Finish(Outcome::TalksOn)]);
    scene.assert_over();
}

fn ongoing(at: Instant) -> Ongoing {
    let id = |text| EmployeeId::parse(text).unwrap();
    Ongoing {
        leg: LEG,
        bridge: BRIDGE,
        came: at,
        began: at,
        caller: None,
        menu: Some(MenuKind::Personal),
        offered: vec![id("eugenia"), id("dmitry")],
        chosen: vec![id("eugenia")],
    }
}

pub(super) fn taken_over(at: Instant) -> Scene {
    let mut scene = Scene::of(|policy| Call::taken_over(&ongoing(at), wording(), policy));
    scene.now = at;
    scene
}
