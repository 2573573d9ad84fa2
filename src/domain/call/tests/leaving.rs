//! The way to the fallback, which must be reached.

use super::*;

/// A zero alone: Dmitry's extension begins with one too.
const ASKED: [Event; 2] = [
    Event::KeyPressed(Key::FALLBACK),
    Event::KeyPressed(Key::END),
];

#[test]
fn a_caller_who_is_sent_away_has_left_when_asterisk_says_so() {
    let mut scene = Scene::offering();
    scene.after(ASKED);
    scene.assert_actions(
        Event::CallerLeft(Departure::ToDialplan),
        [Action::Finish(Outcome::Fallback(FallbackReason::Asked))],
    );
    scene.assert_over();
}

#[test]
fn a_caller_who_does_not_leave_is_sent_away_again_until_the_lease_must_do_it() {
    let mut scene = Scene::offering();
    scene.after(ASKED);
    for _ in 1..30 {
        scene.assert_deadline(
            Duration::from_secs(1),
            [Action::Continue(FallbackReason::Asked)],
        );
    }
    scene.assert_deadline(Duration::from_secs(1), [Action::Finish(Outcome::Stuck)]);
    scene.assert_over();
}

#[test]
fn a_refusal_to_leave_is_not_answered_by_a_storm() {
    let mut scene = Scene::offering();
    scene.after(ASKED);
    for failure in [Failure::Refused, Failure::NotSent, Failure::Unknown] {
        scene.assert_actions(failed(Step::Continue, failure), []);
    }
}

#[test]
fn who_hangs_up_on_the_way_to_the_fallback_hung_up() {
    let mut scene = Scene::offering();
    scene.after(ASKED);
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [Action::Finish(Outcome::HungUp)],
    );
}

#[test]
fn when_we_stop_everybody_who_is_not_talking_goes_to_the_fallback() {
    let stopping = Action::Continue(FallbackReason::Stopping);

    let mut arriving = Scene::new();
    arriving.after([Event::Arrived]);
    arriving.assert_actions(Event::Stop, [stopping.clone()]);

    Scene::offering().assert_actions(Event::Stop, [stop(2), stopping.clone()]);

    Scene::connecting().assert_actions(
        Event::Stop,
        [
            Action::StopRingback,
            Action::HangUpLeg(LEG),
            Action::DestroyBridge(BRIDGE),
            stopping,
        ],
    );
}
