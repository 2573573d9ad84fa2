//! A caller who talked has hung up: the dialplan releases the employee, or we do.

use super::*;

const EMPLOYEE_ENDED: Event = Event::LegEnded {
    leg: LEG,
    why: LegEnding::HungUp,
};

/// The caller has just hung up.
fn releasing() -> Scene {
    let mut scene = Scene::talking();
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [Action::DestroyBridge(BRIDGE)],
    );
    scene
}

#[test]
fn when_the_caller_hangs_up_the_dialplan_releases_the_employee_and_nothing_is_asked() {
    let mut scene = releasing();
    let steps = scene.call.story().steps.len();
    scene.assert_actions(EMPLOYEE_ENDED, [Action::Finish(Outcome::Talked)]);
    assert_eq!(scene.call.story().steps.len(), steps);
    scene.assert_over();
}

#[test]
fn an_employee_whom_the_dialplan_does_not_release_is_released_by_us() {
    let mut scene = releasing();
    scene.assert_deadline(
        Duration::from_millis(500),
        [Action::HangUpLeg(LEG), Action::Finish(Outcome::Talked)],
    );
    scene.assert_over();
}

#[test]
fn when_we_stop_we_do_not_wait_for_the_dialplan() {
    let mut scene = releasing();
    scene.assert_actions(
        Event::Stop,
        [Action::HangUpLeg(LEG), Action::Finish(Outcome::Talked)],
    );
    scene.assert_over();
}

#[test]
fn the_end_of_another_telephone_or_of_the_caller_once_more_changes_nothing() {
    let mut scene = releasing();
    let another = Event::LegEnded {
        leg: LegId(9),
        why: LegEnding::HungUp,
    };
    scene.assert_actions(another, []);
    scene.assert_actions(Event::CallerLeft(Departure::ToDialplan), []);
    scene.assert_actions(failed(Step::ClearLease, Failure::Gone), []);
    assert_eq!(scene.call.state_name(), "releasing");
}

#[test]
fn a_talk_is_as_long_as_the_two_talked() {
    let mut scene = Scene::talking();
    scene.now += Duration::from_secs(90);
    scene.after([Event::CallerLeft(Departure::HungUp)]);
    scene.now += Duration::from_millis(500);
    scene.after([Event::DeadlineReached]);
    let talk = scene.call.story().talk.clone();
    let length = talk.map(|talk| talk.length(scene.now));
    assert_eq!(length, Some(Duration::from_secs(90)));
}
