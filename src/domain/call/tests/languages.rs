//! The key that leads to another language.

use super::super::super::prompt::Prompt;
use super::*;

const NINE: u32 = 9;

fn russian() -> Wording {
    Wording::new(Language::Russian, None)
}

fn other() -> Option<OtherLanguage> {
    Some(OtherLanguage {
        key: Key::digit(NINE).unwrap(),
        wording: russian(),
    })
}

fn people() -> Menu {
    menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")])
}

fn for_russian() -> Prompt {
    russian().language_offer(Key::digit(NINE).unwrap())
}

fn for_english() -> Prompt {
    wording().language_offer(Key::digit(NINE).unwrap())
}

/// A call that can be in English and in Russian.
pub(super) fn two_languages() -> Scene {
    Scene::of(|policy| Call::new(known(people()), wording(), policy).also_in(other()))
}

/// The greeting is over, the menu is being read out as playback 2.
fn offering() -> Scene {
    let mut scene = two_languages();
    scene.after([Event::Arrived, ready(1), ready(2), ready(3), played(1)]);
    scene
}

#[test]
fn the_menu_ends_with_the_other_language_in_its_own_words() {
    let mut scene = two_languages();
    let actions = scene.call.on_event(scene.now, Event::Arrived);
    let asked: Vec<_> = actions
        .into_iter()
        .filter(|action| matches!(action, Action::Prepare { .. }))
        .collect();
    let expected = [
        prepare(1, wording().greeting()),
        prepare_next(2, wording().menu(&people())),
        prepare_next(3, for_russian()),
    ];
    assert_eq!(asked, expected);
}

#[test]
fn the_key_reads_the_menu_out_in_the_other_language_without_a_greeting() {
    let mut scene = offering();
    scene.assert_actions(
        key(NINE),
        [
            stop(2),
            prepare(4, russian().menu(&people())),
            prepare_next(5, for_english()),
        ],
    );
    // From now on all is said in it, and the key leads back.
    let wrong = [
        prepare(6, russian().wrong_key()),
        prepare_next(7, russian().menu(&people())),
        prepare_next(8, for_english()),
    ];
    scene.assert_actions(key(7), wrong);
    let back = [
        prepare(9, wording().menu(&people())),
        prepare_next(10, for_russian()),
    ];
    scene.assert_actions(key(NINE), back);
}

#[test]
fn a_change_of_language_is_no_round_but_nobody_changes_for_ever() {
    let mut scene = offering();
    for _ in 0..10 {
        scene.after([key(NINE)]);
        assert_eq!(scene.call.state_name(), "offering");
    }
    // The eleventh and twelfth are rounds; there are three.
    scene.after([key(NINE), key(NINE)]);
    assert_eq!(scene.call.state_name(), "offering");
    let fallback = Action::Continue(FallbackReason::NoChoice);
    scene.assert_actions(key(NINE), [fallback]);
}

#[test]
fn the_key_is_not_given_to_a_choice() {
    let nine: Vec<(u32, String)> = (1..10).map(|n| (n, format!("{}", 20 + n))).collect();
    let all: Vec<_> = nine
        .iter()
        .map(|(n, extension)| (*n, "anybody", extension.as_str()))
        .collect();
    let mut scene =
        Scene::of(|policy| Call::new(known(menu(&all)), wording(), policy).also_in(other()));
    scene.after([Event::Arrived]);
    assert_eq!(scene.call.story().offered.len(), 8);
    let actions = scene.call.on_event(scene.now, key(NINE));
    assert!(actions.contains(&prepare_next(5, for_english())));
}

#[test]
fn a_better_menu_that_is_still_awaited_comes_in_the_other_language() {
    let mut scene =
        Scene::of(|policy| Call::while_asking(known(people()), wording(), policy).also_in(other()));
    scene.after([Event::Arrived, ready(1)]);
    scene.assert_actions(key(NINE), [stop(1), prepare_next(5, for_english())]);
    let better = menu(&[(1, "anna", "77")]);
    let actions = scene.call.on_event(
        scene.now,
        Event::CallerKnown(Box::new(known(better.clone()))),
    );
    assert_eq!(actions, [prepare_next(4, russian().menu(&better))]);
    let actions = scene.call.on_event(scene.now, ready(4));
    assert!(actions.contains(&play(2, 4)));
}

#[test]
fn without_the_other_voice_the_menu_is_the_same() {
    let key_lease = || Action::Note(Note::Lease(KEY_TIME + MARGIN));
    let mut scene = two_languages();
    scene.after([Event::Arrived, ready(1), ready(2), played(1)]);
    scene.assert_actions(Event::PromptFailed(PromptId(3)), []);
    scene.assert_actions(played(2), [key_lease()]);
    assert_eq!(scene.call.deadline().unwrap().waits_for, "a key");

    let mut scene = two_languages();
    scene.after([Event::Arrived, ready(1), ready(2), played(1), played(2)]);
    scene.assert_deadline(PROMPT_TIME, [key_lease()]);
    assert_eq!(scene.call.deadline().unwrap().waits_for, "a key");
}

#[test]
fn without_a_second_language_the_key_leads_nowhere() {
    let mut scene = Scene::offering();
    let actions = scene.call.on_event(scene.now, key(NINE));
    assert!(actions.contains(&prepare(3, wording().wrong_key())));
}
