//! From the dialplan's hand-over to the first sound.

use super::*;

#[test]
fn a_caller_is_answered_and_all_that_will_be_said_is_asked_for_at_once() {
    let mut scene = Scene::new();
    let words = menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]);
    scene.assert_actions(
        Event::Arrived,
        [
            Action::Answer,
            Action::Note(Note::Peer(LEG)),
            noted(&["eugenia", "dmitry"]),
            Action::Note(Note::Lease(PROMPT_TIME + MARGIN)),
            prepare(1, wording().greeting()),
            prepare_next(2, wording().menu(&words)),
            tell(News::Started),
        ],
    );
}

#[test]
fn the_greeting_plays_while_the_menu_is_still_being_made() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived]);
    scene.assert_actions(
        ready(1),
        [
            Action::Note(Note::Lease(LENGTH + PROMPT_TIME + MARGIN)),
            play(1, 1),
        ],
    );
    scene.assert_actions(ready(2), []);
    scene.assert_actions(
        played(1),
        [
            Action::Note(Note::Lease(LENGTH + KEY_TIME + MARGIN)),
            play(2, 2),
            tell(News::Offered),
        ],
    );
}

#[test]
fn a_menu_that_is_ready_first_waits_for_the_greeting() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived]);
    scene.assert_actions(ready(2), []);
    scene.assert_actions(
        ready(1),
        [
            Action::Note(Note::Lease(LENGTH + PROMPT_TIME + MARGIN)),
            play(1, 1),
        ],
    );
}

#[test]
fn without_a_greeting_the_menu_is_the_first_sound() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived]);
    scene.assert_actions(Event::PromptFailed(PromptId(1)), []);
    scene.assert_actions(
        ready(2),
        [
            Action::Note(Note::Lease(LENGTH + KEY_TIME + MARGIN)),
            play(1, 2),
            tell(News::Offered),
        ],
    );
}

#[test]
fn a_greeting_that_takes_too_long_is_left_out() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived, ready(2)]);
    scene.assert_deadline(
        PROMPT_TIME,
        [
            Action::Note(Note::Lease(LENGTH + KEY_TIME + MARGIN)),
            play(1, 2),
            tell(News::Offered),
        ],
    );
}

#[test]
fn a_menu_that_cannot_be_made_leads_to_the_fallback() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived]);
    scene.assert_actions(
        Event::PromptFailed(PromptId(2)),
        [Action::Continue(FallbackReason::NothingToPlay)],
    );
}

#[test]
fn silence_is_not_kept_up_when_speech_does_not_answer() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived]);
    scene.assert_deadline(
        PROMPT_TIME,
        [Action::Continue(FallbackReason::NothingToPlay)],
    );
}

#[test]
fn a_key_pressed_before_the_first_sound_counts() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived, key(2)]);
    assert_eq!(scene.call.state_name(), "connecting");
}

#[test]
fn with_nobody_to_offer_the_call_goes_to_the_fallback_unanswered() {
    let mut scene = Scene::with_menu(menu(&[]));
    scene.assert_actions(
        Event::Arrived,
        [
            Action::Continue(FallbackReason::NobodyToOffer),
            tell(News::Started),
        ],
    );
}

#[test]
fn a_caller_who_is_sent_on_goes_to_the_fallback_unanswered() {
    for reason in [FallbackReason::Closed, FallbackReason::Direct] {
        let mut scene = Scene::of(|policy| Call::sent_on(reason, wording(), policy));
        scene.assert_actions(
            Event::Arrived,
            [Action::Continue(reason), tell(News::Started)],
        );
        scene.assert_actions(
            Event::CallerLeft(Departure::ToDialplan),
            [Action::Finish(Outcome::Fallback(reason))],
        );
        scene.assert_over();
    }
}

#[test]
fn a_caller_who_cannot_be_answered_goes_to_the_fallback() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived]);
    scene.assert_actions(
        failed(Step::Answer, Failure::Refused),
        [Action::Continue(FallbackReason::Trouble(Step::Answer))],
    );
}

#[test]
fn a_caller_who_hangs_up_at_once_is_over() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived]);
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [Action::Finish(Outcome::HungUp)],
    );
    scene.assert_over();
}

fn answered_late() -> Scene {
    Scene::of(|policy| {
        let policy = Policy {
            answering: Answering::WhenConnected,
            ..policy
        };
        Call::new(known(menu(&[(1, "eugenia", "34")])), wording(), policy)
    })
}

#[test]
fn who_is_answered_late_hears_the_same_and_is_answered_when_somebody_picks_up() {
    let mut scene = answered_late();
    let mut actions = Vec::new();
    for event in [Event::Arrived, ready(1), ready(2), played(1), key(1)] {
        actions.extend(scene.call.on_event(scene.now, event));
    }
    assert!(actions.contains(&play(1, 1)) && actions.contains(&play(2, 2)));
    assert!(!actions.contains(&Action::Answer));
    let bridge = Action::Bridge {
        bridge: BRIDGE,
        leg: LEG,
        answer: true,
    };
    scene.assert_actions(Event::LegAnswered(LEG), [Action::StopRingback, bridge]);
}

#[test]
fn a_caller_who_cannot_be_answered_late_goes_to_the_fallback_and_nobody_is_left() {
    let mut scene = answered_late();
    scene.after([Event::Arrived, key(1), Event::LegAnswered(LEG)]);
    let actions = scene
        .call
        .on_event(scene.now, failed(Step::Answer, Failure::Refused));
    assert_eq!(
        actions[..2],
        [Action::HangUpLeg(LEG), Action::DestroyBridge(BRIDGE)]
    );
    assert!(matches!(actions[2], Action::Continue(_)));
}
