//! Extensions that are dialled: digits, the waits between them, and who is reached.

use super::super::super::menu::CallerName;
use super::*;

/// Eugenia on 1 and Dmitry on 2; Anna has 25, Boris 7, his room 701. The menu is being read out.
fn scene() -> Scene {
    let mut scene = Scene::with_extensions(offered());
    scene.after([Event::Arrived, ready(1), ready(2), played(1)]);
    scene
}

fn offered() -> Menu {
    menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")])
}

fn await_digit() -> Action {
    Action::Note(Note::Lease(DIGIT_TIME + MARGIN))
}

fn sign(key: char) -> Event {
    Event::KeyPressed(Key::parse(key).unwrap())
}

/// Rings this person as the first one.
fn rings(id: &str, extension: &str) -> [Action; 5] {
    [
        Action::Originate {
            leg: LEG,
            endpoint: employee(id, extension).endpoint,
            caller_name: None,
            ring_time: RING_TIME,
            lease: None,
        },
        Action::StartRingback,
        Action::Note(Note::Lease(RING_TIME + Duration::from_secs(1) + MARGIN)),
        Action::CreateBridge(BRIDGE),
        Action::Note(Note::Chosen(vec![EmployeeId::parse(id).unwrap()])),
    ]
}

/// Tells of a wrong key as prompt 3, and reads the menu out again.
fn wrong_key() -> [Action; 2] {
    [
        prepare(3, wording().wrong_key()),
        prepare_next(4, wording().menu(&offered())),
    ]
}

#[test]
fn the_first_digit_stops_the_prompt_and_the_last_one_rings_at_once() {
    let mut scene = scene();
    scene.assert_actions(key(7), [stop(2), await_digit()]);
    scene.assert_actions(key(0), [await_digit()]);
    scene.assert_actions(key(1), rings("room", "701"));
    assert_eq!(scene.call.story().chosen[0].as_str(), "room");
}

#[test]
fn a_choice_that_an_extension_begins_with_is_made_when_no_digit_follows() {
    let mut scene = scene();
    scene.assert_actions(key(2), [stop(2), await_digit()]);
    scene.assert_deadline(DIGIT_TIME, rings("dmitry", "02"));
}

#[test]
fn a_short_extension_is_dialled_when_no_digit_follows() {
    let mut scene = scene();
    scene.after([key(7)]);
    scene.assert_deadline(DIGIT_TIME, rings("boris", "7"));
}

#[test]
fn the_fallback_is_meant_when_no_digit_follows_the_zero() {
    let mut scene = scene();
    scene.assert_actions(key(0), [stop(2), await_digit()]);
    scene.assert_deadline(DIGIT_TIME, [Action::Continue(FallbackReason::Asked)]);
}

#[test]
fn a_hash_ends_the_wait() {
    let mut scene = scene();
    scene.after([key(7)]);
    scene.assert_actions(sign('#'), rings("boris", "7"));
}

#[test]
fn half_an_extension_is_a_wrong_key() {
    let mut scene = scene();
    scene.assert_actions(key(3), [stop(2), await_digit()]);
    scene.assert_deadline(DIGIT_TIME, wrong_key());
}

#[test]
fn a_digit_that_leads_nowhere_is_a_wrong_key_once() {
    let mut scene = scene();
    scene.after([key(7)]);
    scene.assert_actions(key(5), wrong_key());
    scene.assert_actions(
        ready(3),
        [
            Action::Note(Note::Lease(LENGTH + PROMPT_TIME + MARGIN)),
            play(3, 3),
        ],
    );
}

#[test]
fn a_star_among_digits_reads_the_menu_out_again() {
    let mut scene = scene();
    scene.after([key(7)]);
    let words = wording().menu(&offered());
    scene.assert_actions(sign('*'), [prepare(3, words)]);
    scene.after([ready(3)]);
    scene.assert_actions(
        key(1),
        [vec![stop(3)], rings("eugenia", "34").into()].concat(),
    );
}

#[test]
fn slow_digits_are_awaited_ten_seconds_in_all() {
    let mut scene = Scene::of(|policy| {
        let policy = Policy {
            digit_time: Duration::from_secs(6),
            ..policy
        };
        let known = Known {
            extensions: extensions(&[("room", "7001")]),
            ..known(offered())
        };
        Call::new(known, wording(), policy)
    });
    scene.after([Event::Arrived, ready(1), ready(2), played(1), key(7)]);
    scene.now += Duration::from_secs(5);
    scene.assert_actions(
        key(0),
        [Action::Note(Note::Lease(Duration::from_secs(5) + MARGIN))],
    );
    scene.now += Duration::from_secs(4);
    scene.assert_actions(
        key(0),
        [Action::Note(Note::Lease(Duration::from_secs(1) + MARGIN))],
    );
    scene.assert_deadline(Duration::from_secs(1), wrong_key());
}

#[test]
fn the_lease_outlasts_each_wait_and_the_prompt_that_may_follow() {
    let mut scene = scene();
    let actions = scene.call.on_event(scene.now, key(7));
    let Some(Action::Note(Note::Lease(lease))) = actions.last() else {
        panic!("no lease: {actions:?}");
    };
    let wait = scene.call.deadline().unwrap().at - scene.now;
    assert!(*lease >= wait + PROMPT_TIME);
}

#[test]
fn digits_count_during_the_greeting() {
    let mut scene = Scene::with_extensions(offered());
    scene.after([Event::Arrived, ready(1)]);
    scene.assert_actions(key(7), [stop(1), await_digit()]);
    // The menu is there meanwhile: nothing is said into the dialling.
    scene.assert_actions(ready(2), []);
    scene.assert_actions(played(1), []);
    scene.after([key(0)]);
    let actions = scene.call.on_event(scene.now, key(1));
    assert_eq!(actions[..4], rings("room", "701")[..4]);
}

#[test]
fn digits_count_before_the_first_sound() {
    let mut scene = Scene::with_extensions(offered());
    scene.after([Event::Arrived]);
    scene.assert_actions(key(7), [await_digit()]);
    scene.assert_actions(ready(1), []);
    let ringing = scene
        .call
        .on_event(scene.now + DIGIT_TIME, Event::DeadlineReached);
    assert_eq!(ringing[..4], rings("boris", "7")[..4]);
}

#[test]
fn digits_count_after_the_menu_too() {
    let mut scene = scene();
    scene.after([played(2)]);
    scene.assert_actions(key(7), [await_digit()]);
    scene.assert_deadline(DIGIT_TIME, rings("boris", "7"));
}

#[test]
fn digits_count_while_an_apology_plays() {
    let mut scene = scene();
    scene.after([key(1), lost(LEG), ready(3), ready(4)]);
    scene.assert_actions(key(7), [stop(3), await_digit()]);
    scene.after([key(0), key(1)]);
    assert_eq!(chosen(&scene), ["eugenia", "room"]);
}

#[test]
fn digits_count_while_the_last_apology_plays() {
    let mut scene = Scene::with_extensions(menu(&[(1, "eugenia", "34")]));
    scene.after([Event::Arrived, key(1), lost(LEG), ready(3)]);
    scene.after([key(7), key(0), key(1)]);
    assert_eq!(chosen(&scene), ["eugenia", "room"]);
}

#[test]
fn who_was_dialled_and_does_not_answer_is_told_of_and_the_menu_stays() {
    let mut scene = scene();
    scene.after([key(7), key(0), key(1)]);
    scene.assert_actions(
        lost(LEG),
        [
            Action::Note(Note::Peer(LegId(2))),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(3, wording().no_answer()),
            prepare_next(4, wording().menu(&offered())),
        ],
    );
}

#[test]
fn who_was_dialled_and_is_in_the_menu_too_is_left_out_of_it() {
    let mut scene = scene();
    scene.after([key(3), key(4)]);
    scene.assert_actions(
        lost(LEG),
        [
            Action::Note(Note::Peer(LegId(2))),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(3, wording().no_answer()),
            prepare_next(4, wording().menu(&menu(&[(2, "dmitry", "02")]))),
        ],
    );
}

#[test]
fn who_did_not_answer_can_be_dialled_again_but_not_for_ever() {
    let mut scene = scene();
    for attempt in 1..=20 {
        scene.after([key(7), sign('#'), lost(LegId(attempt))]);
    }
    scene.after([key(7)]);
    scene.assert_actions(
        sign('#'),
        [Action::Continue(FallbackReason::NobodyAnswered)],
    );
}

#[test]
fn what_was_dialled_before_the_answer_about_the_caller_came_is_what_was_known_then() {
    let mut scene = Scene::of(|policy| {
        let known = Known {
            extensions: extensions(&[("anna", "25")]),
            ..known(offered())
        };
        Call::while_asking(known, wording(), policy)
    });
    scene.after([Event::Arrived, ready(1), key(2)]);
    scene.after([Event::CallerKnown(Box::new(Known {
        name: CallerName::new("Petrov"),
        ..known(menu(&[(2, "olga", "81")]))
    }))]);
    scene.now = scene.call.deadline().unwrap().at;
    scene.after([Event::DeadlineReached]);
    assert_eq!(chosen(&scene), ["dmitry"]);
}

#[test]
fn fifty_keys_in_two_seconds_ring_one_telephone_or_lead_to_the_fallback() {
    for keys in ["7", "1", "0", "#", "*", "25", "0123456789", "33", "D"] {
        let mut scene = scene();
        let mut telephones = 0;
        let mut actions = 0;
        for pressed in keys.chars().cycle().take(50) {
            scene.now += Duration::from_millis(40);
            let done = scene.call.on_event(scene.now, sign(pressed));
            let rung = |action: &&Action| matches!(action, Action::Originate { .. });
            telephones += done.iter().filter(rung).count();
            actions += done.len();
        }
        let served = match scene.call.state_name() {
            "connecting" => telephones == 1,
            "leaving" => telephones == 0,
            _ => false,
        };
        assert!(
            served,
            "{keys}: {telephones} in {}",
            scene.call.state_name()
        );
        assert!(actions < 20, "{keys}: {actions} actions");
    }
}

#[test]
fn who_is_told_to_stop_while_digits_are_awaited_goes_to_the_fallback() {
    let mut scene = scene();
    scene.after([key(7)]);
    scene.assert_actions(Event::Stop, [Action::Continue(FallbackReason::Stopping)]);
}

#[test]
fn who_hangs_up_among_digits_is_gone() {
    let mut scene = scene();
    scene.after([key(7)]);
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [Action::Finish(Outcome::HungUp)],
    );
    scene.assert_over();
}

fn lost(leg: LegId) -> Event {
    Event::LegEnded {
        leg,
        why: LegEnding::NoAnswer,
    }
}

fn chosen(scene: &Scene) -> Vec<&str> {
    let chosen = &scene.call.story().chosen;
    chosen.iter().map(|employee| employee.as_str()).collect()
}
