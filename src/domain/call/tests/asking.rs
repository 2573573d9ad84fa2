//! While somebody else is asked about the caller: the greeting plays, the list waits for the answer.

use super::super::super::menu::CallerName;
use super::*;

fn asking() -> Scene {
    Scene::while_asking(menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]))
}

fn answer(menu: Menu) -> Event {
    let name = CallerName::new("Petrov");
    Event::CallerKnown(Box::new(Known {
        name,
        ..known(menu)
    }))
}

fn better() -> Menu {
    menu(&[(1, "anna", "77")])
}

#[test]
fn the_caller_is_answered_and_greeted_at_once_and_the_list_waits() {
    let mut scene = asking();
    let greeting = prepare(1, wording().greeting());
    scene.assert_actions(
        Event::Arrived,
        [
            Action::Answer,
            Action::Note(Note::Peer(LEG)),
            noted(&["eugenia", "dmitry"]),
            Action::Note(Note::Lease(PROMPT_TIME + MARGIN)),
            greeting,
            tell(News::Started),
        ],
    );
    scene.assert_actions(
        ready(1),
        [
            Action::Note(Note::Lease(LENGTH + PROMPT_TIME + MARGIN)),
            play(1, 1),
        ],
    );
    scene.assert_actions(
        answer(better()),
        [prepare_next(2, wording().menu(&better()))],
    );
    scene.assert_actions(ready(2), []);
    scene.assert_actions(
        played(1),
        [
            noted(&["anna"]),
            Action::Note(Note::Lease(LENGTH + KEY_TIME + MARGIN)),
            play(2, 2),
            tell(News::Offered),
        ],
    );
}

#[test]
fn an_answer_that_changes_nothing_is_not_noted_again() {
    let mut scene = asking();
    scene.after([Event::Arrived, ready(1)]);
    scene.after([answer(menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]))]);
    scene.after([ready(2)]);
    let lease = Action::Note(Note::Lease(LENGTH + KEY_TIME + MARGIN));
    scene.assert_actions(played(1), [lease, play(2, 2), tell(News::Offered)]);
}

#[test]
fn an_answer_may_come_before_the_greeting_is_there() {
    let mut scene = asking();
    scene.after([Event::Arrived]);
    scene.assert_actions(
        answer(better()),
        [prepare_next(2, wording().menu(&better()))],
    );
}

#[test]
fn a_key_pressed_before_the_answer_means_the_menu_that_was_known() {
    let mut scene = asking();
    scene.after([Event::Arrived, ready(1), key(2)]);
    assert_eq!(scene.call.story().chosen[0].as_str(), "dmitry");
    scene.assert_actions(answer(better()), []);
}

#[test]
fn a_key_pressed_after_the_answer_means_the_new_menu_and_the_telephone_shows_who_calls() {
    let mut scene = asking();
    scene.after([Event::Arrived, ready(1), answer(better())]);
    let actions = scene.call.on_event(scene.now, key(1));
    assert_eq!(
        actions[1],
        Action::Originate {
            leg: LEG,
            endpoint: employee("anna", "77").endpoint,
            caller_name: CallerName::new("Petrov"),
            ring_time: RING_TIME,
            lease: None,
        }
    );
    assert_eq!(scene.call.story().offered[0].as_str(), "anna");
}

#[test]
fn the_name_is_noted_when_the_telephone_rings_if_it_came_late_and_only_once() {
    let mut scene = asking();
    scene.after([Event::Arrived, ready(1), answer(better())]);
    let noted = |actions: &[Action]| {
        let name = Action::Note(Note::CallerName(CallerName::new("Petrov").unwrap()));
        actions.iter().filter(|action| **action == name).count()
    };
    assert_eq!(noted(&scene.call.on_event(scene.now, key(1))), 1);
    scene.after([Event::LegEnded {
        leg: LEG,
        why: LegEnding::Busy,
    }]);
    assert_eq!(noted(&scene.call.on_event(scene.now, key(1))), 0);
}

#[test]
fn a_name_that_is_known_from_the_beginning_is_noted_before_the_first_sound() {
    let menu = menu(&[(1, "eugenia", "34")]);
    let name = CallerName::new("Petrov");
    let mut scene = Scene::of(|policy| {
        let name = name.clone();
        let known = Known {
            name,
            ..known(menu)
        };
        Call::new(known, wording(), policy)
    });
    let actions = scene.call.on_event(scene.now, Event::Arrived);
    assert_eq!(
        actions[..3],
        [
            Action::Answer,
            Action::Note(Note::Peer(LEG)),
            Action::Note(Note::CallerName(name.unwrap()))
        ]
    );
}

#[test]
fn who_has_the_menu_repeated_before_the_answer_hears_what_was_known() {
    let mut scene = asking();
    scene.after([Event::Arrived, ready(1)]);
    let known = menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]);
    let repeat = Event::KeyPressed(Key::REPEAT);
    scene.assert_actions(repeat, [stop(1), prepare(3, wording().menu(&known))]);
    scene.assert_actions(answer(better()), []);
}

#[test]
fn an_answer_that_never_comes_leads_to_the_fallback() {
    let mut scene = asking();
    scene.after([Event::Arrived, ready(1), played(1)]);
    scene.assert_deadline(
        PROMPT_TIME,
        [Action::Continue(FallbackReason::NothingToPlay)],
    );
}

#[test]
fn if_nobody_can_be_offered_after_all_the_fallback_answers() {
    let mut scene = asking();
    scene.after([Event::Arrived, ready(1)]);
    scene.assert_actions(
        answer(menu(&[])),
        [stop(1), Action::Continue(FallbackReason::NobodyToOffer)],
    );
}
