//! The menu: prompts, keys, silence.

use super::*;

#[test]
fn a_key_stops_the_prompt_and_rings_the_person_at_once() {
    let mut scene = Scene::offering();
    scene.assert_actions(
        key(1),
        [
            stop(2),
            Action::Originate {
                leg: LEG,
                endpoint: employee("eugenia", "34").endpoint,
                caller_name: None,
                ring_time: RING_TIME,
                lease: None,
            },
            Action::StartRingback,
            Action::Note(Note::Lease(RING_TIME + Duration::from_secs(1) + MARGIN)),
            Action::CreateBridge(BRIDGE),
            Action::Note(Note::Chosen(vec![EmployeeId::parse("eugenia").unwrap()])),
        ],
    );
}

#[test]
fn a_key_during_the_greeting_counts_too() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived, ready(1)]);
    let actions = scene.call.on_event(scene.now, key(2));
    assert_eq!(actions[0], stop(1));
    assert!(
        matches!(&actions[1], Action::Originate { endpoint, .. } if endpoint.as_str() == "PJSIP/02")
    );
}

#[test]
fn a_key_after_the_menu_has_no_prompt_to_stop() {
    let mut scene = Scene::offering();
    scene.after([played(2)]);
    let actions = scene.call.on_event(scene.now, key(1));
    assert!(matches!(actions[0], Action::Originate { .. }));
}

#[test]
fn silence_is_noticed_and_the_menu_comes_again_and_then_the_fallback() {
    let mut scene = Scene::offering();
    let words = wording().menu(&menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]));
    let reminder = wording().nothing_pressed();

    scene.assert_actions(played(2), []);
    scene.assert_deadline(
        KEY_TIME,
        [prepare(3, reminder.clone()), prepare_next(4, words.clone())],
    );
    scene.after([ready(3), ready(4), played(3), played(4)]);
    scene.assert_deadline(KEY_TIME, [prepare(5, reminder), prepare_next(6, words)]);
    scene.after([ready(5), ready(6), played(5), played(6)]);
    scene.assert_deadline(KEY_TIME, [Action::Continue(FallbackReason::NoChoice)]);
}

#[test]
fn a_wrong_key_is_named_and_the_menu_comes_again() {
    let mut scene = Scene::offering();
    let words = wording().menu(&menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]));
    scene.assert_actions(
        key(7),
        [
            stop(2),
            prepare(3, wording().wrong_key()),
            prepare_next(4, words),
        ],
    );
    scene.assert_actions(
        ready(3),
        [
            Action::Note(Note::Lease(LENGTH + PROMPT_TIME + MARGIN)),
            play(3, 3),
        ],
    );
}

#[test]
fn wrong_keys_lead_to_the_fallback_after_as_many_rounds_as_set() {
    let mut scene = Scene::offering();
    scene.after([key(7), key(8)]);
    scene.assert_actions(key(9), [Action::Continue(FallbackReason::NoChoice)]);
}

#[test]
fn zero_leads_to_the_fallback_at_once() {
    let mut scene = Scene::with_menu(menu(&[(1, "eugenia", "34")]));
    scene.after([Event::Arrived, ready(1), ready(2), played(1)]);
    scene.assert_actions(key(0), [stop(2), Action::Continue(FallbackReason::Asked)]);
}

#[test]
fn star_reads_the_menu_out_again() {
    let mut scene = Scene::offering();
    let words = wording().menu(&menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]));
    scene.assert_actions(Event::KeyPressed(Key::REPEAT), [stop(2), prepare(3, words)]);
}

#[test]
fn a_menu_whose_clip_is_missing_leads_to_the_fallback() {
    let mut scene = Scene::offering();
    scene.assert_actions(
        not_played(2),
        [Action::Continue(FallbackReason::NothingToPlay)],
    );
}

#[test]
fn a_greeting_whose_clip_is_missing_is_passed_over() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived, ready(1), ready(2)]);
    scene.assert_actions(
        not_played(1),
        [
            Action::Note(Note::Lease(LENGTH + KEY_TIME + MARGIN)),
            play(2, 2),
            tell(News::Offered),
        ],
    );
}

#[test]
fn a_playback_whose_end_got_lost_is_given_up() {
    let mut scene = Scene::offering();
    scene.assert_deadline(LENGTH + Duration::from_millis(1500), [stop(2)]);
    let words = wording().menu(&menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]));
    scene.assert_deadline(
        KEY_TIME,
        [
            prepare(3, wording().nothing_pressed()),
            prepare_next(4, words),
        ],
    );
}

#[test]
fn a_menu_that_is_not_made_in_time_leads_to_the_fallback() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived, ready(1), played(1)]);
    scene.assert_deadline(
        PROMPT_TIME,
        [Action::Continue(FallbackReason::NothingToPlay)],
    );
}

#[test]
fn the_end_of_an_earlier_playback_changes_nothing() {
    let mut scene = Scene::offering();
    scene.assert_actions(played(1), []);
    scene.assert_actions(not_played(1), []);
}

#[test]
fn a_prompt_that_cannot_be_started_leads_to_the_fallback() {
    for failure in [Failure::Refused, Failure::NotSent, Failure::Unknown] {
        let mut scene = Scene::offering();
        scene.assert_actions(
            failed(Step::Play, failure),
            [
                stop(2),
                Action::Continue(FallbackReason::Trouble(Step::Play)),
            ],
        );
    }
}

#[test]
fn a_request_that_finds_the_caller_gone_ends_the_call() {
    let mut scene = Scene::offering();
    scene.assert_actions(
        failed(Step::Play, Failure::Gone),
        [Action::Finish(Outcome::HungUp)],
    );
    scene.assert_over();
}

#[test]
fn a_caller_taken_back_by_the_lease_is_at_the_fallback() {
    let mut scene = Scene::offering();
    scene.assert_actions(
        Event::CallerLeft(Departure::ToDialplan),
        [Action::Finish(Outcome::Fallback(
            FallbackReason::LeaseRanOut,
        ))],
    );
    scene.assert_over();
}

#[test]
fn a_lease_outlasts_the_prompt_that_it_covers_and_the_wait_after_it() {
    let mut scene = Scene::new();
    scene.after([Event::Arrived, ready(1)]);
    let actions = scene.call.on_event(scene.now, played(1));
    assert_eq!(
        actions,
        [],
        "the menu is not there yet: the greeting's lease covers the wait"
    );
    let wait = scene.call.deadline().unwrap().at - scene.now;
    assert!(wait < PROMPT_TIME + MARGIN);
}
