//! Who can't be had calls back, if the caller wants that.

use super::super::super::directory::{EmployeeCard, Extension, Name};
use super::super::super::prompt::Prompt;
use super::super::super::rating::{About, Employee, Leave};
use super::*;

const SECOND: Duration = Duration::from_secs(1);
const GRACE: Duration = Duration::from_millis(1500);
const NO_ANSWER: Event = Event::LegEnded {
    leg: LEG,
    why: LegEnding::NoAnswer,
};

fn five() -> Key {
    Key::digit(5).unwrap()
}

fn with_key(menu: Menu) -> Scene {
    Scene::of(|policy| {
        let policy = Policy {
            callback_key: Some(five()),
            ..policy
        };
        Call::new(known(menu), wording(), policy)
    })
}

/// A call of somebody who may ask to be called back.
pub(super) fn scene() -> Scene {
    with_key(menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]))
}

/// Eugenia's telephone rings.
fn connecting() -> Scene {
    let mut scene = scene();
    scene.after([Event::Arrived, ready(1), ready(2), played(1), key(1)]);
    scene
}

/// Nobody answered, and the caller has pressed the key.
pub(super) fn wished() -> Scene {
    let mut scene = connecting();
    scene.after([NO_ANSWER, key(5)]);
    assert_eq!(scene.call.state_name(), "promising");
    scene
}

/// The caller hears that they will be called back.
fn telling() -> Scene {
    let mut scene = wished();
    scene.after([Event::CallbackKept, ready(6)]);
    scene
}

fn eugenia() -> EmployeeId {
    EmployeeId::parse("eugenia").unwrap()
}

fn offer() -> Prompt {
    let offer = wording().callback_offer(&employee("eugenia", "34"), five());
    offer.unwrap()
}

fn promise() -> Prompt {
    let promise = wording().callback_promise(&employee("eugenia", "34"));
    promise.unwrap()
}

fn dmitry() -> Prompt {
    wording().menu(&menu(&[(2, "dmitry", "02")]))
}

#[test]
fn the_words_name_the_person_and_the_key() {
    let text = |prompt: Prompt| prompt.phrases[0].text.clone();
    assert_eq!(
        text(offer()),
        "To be called back by First-eugenia Last-eugenia, press five."
    );
    assert_eq!(
        text(promise()),
        "First-eugenia Last-eugenia will call you back. Goodbye!"
    );
}

#[test]
fn after_the_apology_the_caller_hears_that_they_may_be_called_back() {
    let mut scene = connecting();
    scene.assert_actions(
        NO_ANSWER,
        [
            Action::Note(Note::Peer(LegId(2))),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(3, wording().no_answer()),
            prepare_next(4, offer()),
            prepare_next(5, dmitry()),
        ],
    );
}

#[test]
fn it_is_said_again_with_the_menu() {
    let mut scene = connecting();
    scene.after([NO_ANSWER]);
    let repeat = Event::KeyPressed(Key::REPEAT);
    scene.assert_actions(repeat, [prepare(6, offer()), prepare_next(7, dmitry())]);
}

#[test]
fn who_may_not_be_called_back_is_not_offered_it() {
    let mut scene = connecting();
    scene.call = scene.call.calling_back(false);
    let actions = scene.call.on_event(scene.now, NO_ANSWER);
    let expected = [
        Action::Note(Note::Peer(LegId(2))),
        Action::StopRingback,
        Action::DestroyBridge(BRIDGE),
        prepare(3, wording().no_answer()),
        prepare_next(4, dmitry()),
    ];
    assert_eq!(actions, expected);
    scene.after([key(5)]);
    assert_eq!(scene.call.state_name(), "offering", "a wrong key");
}

#[test]
fn the_key_is_nobodys_in_the_menu() {
    let people: Vec<_> = (1..6).map(|n| (n, "eugenia", "34")).collect();
    let mut scene = with_key(menu(&people));
    let actions = scene.call.on_event(scene.now, Event::Arrived);
    let keys = [1, 2, 3, 4, 6].map(|digit| (digit, "eugenia", "34"));
    assert!(actions.contains(&prepare_next(2, wording().menu(&menu(&keys)))));
}

#[test]
fn a_caller_is_told_when_the_wish_is_kept_and_then_hung_up() {
    let mut scene = connecting();
    scene.after([NO_ANSWER, ready(3), ready(4)]);
    let wish = CallbackWish {
        person: eugenia(),
        about: None,
    };
    scene.assert_actions(
        key(5),
        [
            stop(3),
            prepare(6, promise()),
            Action::Note(Note::Lease(SECOND + PROMPT_TIME + MARGIN)),
            Action::LeaveCallback(Box::new(wish)),
        ],
    );
    scene.assert_actions(ready(6), []);
    scene.assert_actions(
        Event::CallbackKept,
        [
            Action::Note(Note::Callback(eugenia())),
            Action::Note(Note::Lease(LENGTH + GRACE + MARGIN)),
            play(4, 6),
        ],
    );
    scene.assert_actions(played(4), [Action::HangUpCaller]);
    scene.assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [Action::Finish(Outcome::CallbackLeft)],
    );
    scene.assert_over();
    let steps = scene.call.story().steps.iter().map(|moment| &moment.what);
    let of_callback: Vec<_> = steps
        .filter(|what| {
            matches!(
                what,
                Occurrence::CallbackWanted(_) | Occurrence::CallbackKept(_)
            )
        })
        .cloned()
        .collect();
    let expected = [
        Occurrence::CallbackWanted(eugenia()),
        Occurrence::CallbackKept(eugenia()),
    ];
    assert_eq!(of_callback, expected);
}

#[test]
fn why_they_called_is_kept_too() {
    let about = About::new("invoice 1042");
    let mut scene = scene();
    let known = Known {
        reasons: about
            .clone()
            .map(|about| (eugenia(), about))
            .into_iter()
            .collect(),
        ..known(menu(&[(1, "eugenia", "34")]))
    };
    scene.call = Call::new(known, wording(), scene.call.policy.clone());
    scene.after([Event::Arrived, key(1), NO_ANSWER]);
    let actions = scene.call.on_event(scene.now, key(5));
    let wish = CallbackWish {
        person: eugenia(),
        about,
    };
    assert!(actions.contains(&Action::LeaveCallback(Box::new(wish))));
}

#[test]
fn nothing_is_promised_before_the_wish_is_kept() {
    let mut scene = wished();
    scene.assert_actions(ready(6), []);
    scene.assert_deadline(SECOND, [Action::Continue(FallbackReason::CallbackNotKept)]);
}

#[test]
fn a_wish_that_can_not_be_kept_leads_to_the_fallback() {
    let mut scene = wished();
    scene.assert_actions(
        Event::CallbackNotKept,
        [Action::Continue(FallbackReason::CallbackNotKept)],
    );
}

#[test]
fn the_key_twice_is_one_wish() {
    let mut scene = wished();
    scene.assert_actions(key(5), []);
    scene.after([Event::CallbackKept]);
    scene.assert_actions(key(5), []);
}

#[test]
fn zero_leads_to_the_fallback_also_while_the_promise_is_heard() {
    let zero = Action::Continue(FallbackReason::Asked);
    wished().assert_actions(key(0), [zero.clone()]);
    telling().assert_actions(key(0), [stop(3), zero]);
}

#[test]
fn who_hangs_up_during_the_promise_will_be_called_back_all_the_same() {
    telling().assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [Action::Finish(Outcome::CallbackLeft)],
    );
    wished().assert_actions(
        Event::CallerLeft(Departure::HungUp),
        [Action::Finish(Outcome::HungUp)],
    );
}

#[test]
fn nobody_is_hung_up_without_a_word() {
    let mut scene = wished();
    scene.after([Event::CallbackKept]);
    let fallback = Action::Continue(FallbackReason::NothingToPlay);
    scene.assert_deadline(PROMPT_TIME, [fallback.clone()]);
    let mut scene = wished();
    scene.after([Event::PromptFailed(PromptId(6))]);
    scene.assert_actions(
        Event::CallbackKept,
        [Action::Note(Note::Callback(eugenia())), fallback.clone()],
    );
    telling().assert_actions(not_played(3), [fallback]);
}

#[test]
fn a_promise_whose_end_got_lost_ends_too() {
    telling().assert_deadline(LENGTH + GRACE, [stop(3), Action::HangUpCaller]);
}

#[test]
fn a_stop_and_trouble_lead_to_the_fallback() {
    let stopping = Action::Continue(FallbackReason::Stopping);
    telling().assert_actions(Event::Stop, [stop(3), stopping]);
    let trouble = failed(Step::GrantLease, Failure::Unknown);
    let reason = FallbackReason::Trouble(Step::GrantLease);
    wished().assert_actions(trouble, [Action::Continue(reason)]);
}

#[test]
fn who_has_nobody_else_to_choose_may_be_called_back_and_is_at_the_fallback_soon() {
    let mut scene = with_key(menu(&[(1, "eugenia", "34")]));
    scene.after([Event::Arrived, key(1)]);
    scene.assert_actions(
        NO_ANSWER,
        [
            Action::Note(Note::Peer(LegId(2))),
            Action::StopRingback,
            Action::DestroyBridge(BRIDGE),
            prepare(3, wording().no_answer()),
            prepare_next(4, offer()),
            prepare_next(5, wording().menu(&menu(&[]))),
        ],
    );
    scene.after([
        ready(3),
        ready(4),
        ready(5),
        played(1),
        played(2),
        played(3),
    ]);
    scene.assert_deadline(KEY_TIME, [Action::Continue(FallbackReason::NobodyAnswered)]);
}

#[test]
fn who_has_waited_in_vain_may_be_called_back() {
    let busy = menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]).saying_busy(&[eugenia()]);
    let mut scene = with_key(busy);
    scene.after([Event::Arrived, key(1), ready(3), played(1)]);
    assert_eq!(scene.call.state_name(), "waiting");
    scene.now += WAIT_TIME;
    let actions = scene.call.on_event(scene.now, Event::DeadlineReached);
    let asked = [
        prepare(4, wording().busy()),
        prepare_next(5, offer()),
        prepare_next(6, dmitry()),
    ];
    assert_eq!(actions[actions.len() - 3..], asked);
    scene.after([key(5)]);
    assert_eq!(scene.call.state_name(), "promising");
}

#[test]
fn a_department_does_not_call_back() {
    let mut sales = menu(&[(1, "sales", "90"), (2, "dmitry", "02")]);
    sales.choices[0].entry.name = Name::Department("Sales".to_owned());
    let mut scene = with_key(sales);
    scene.after([Event::Arrived, key(1)]);
    let actions = scene.call.on_event(scene.now, NO_ANSWER);
    let asked = [prepare(3, wording().no_answer()), prepare_next(4, dmitry())];
    assert_eq!(actions[actions.len() - 2..], asked);
}

#[test]
fn who_is_on_leave_does_not_call_back() {
    let on_leave = Employee {
        leave: vec![Leave {
            from: Timestamp::MIN,
            until: Timestamp::MAX,
        }],
        ..Employee::default()
    };
    let mut company = Company::new(TimeZone::UTC);
    let eugenia = EmployeeCard {
        name: employee("eugenia", "34").name,
        gender: None,
        extension: Some(Extension::parse("34").unwrap()),
        endpoints: Vec::new(),
        language: None,
        duty: on_leave,
    };
    company.put(EmployeeId::parse("eugenia").unwrap(), eugenia);
    let nobody_else = Arc::new([]);
    let known = Known {
        extensions: Extensions::new(Arc::new(company), nobody_else, Timestamp::UNIX_EPOCH),
        ..known(menu(&[(1, "dmitry", "02")]))
    };
    let mut scene = scene();
    scene.call = Call::new(known, wording(), scene.call.policy.clone());
    // Whoever knows her extension reaches her telephone all the same.
    scene.after([Event::Arrived, key(3), key(4)]);
    let actions = scene.call.on_event(scene.now, NO_ANSWER);
    let menu = wording().menu(&menu(&[(1, "dmitry", "02")]));
    assert_eq!(actions.last(), Some(&prepare_next(4, menu)));
    scene.after([key(5)]);
    assert_eq!(scene.call.state_name(), "offering", "a wrong key");
}

#[test]
fn the_offer_is_of_whoever_was_called_last() {
    let mut scene = connecting();
    scene.after([NO_ANSWER, key(2)]);
    let leg = LegId(2);
    let why = LegEnding::Busy;
    let actions = scene.call.on_event(scene.now, Event::LegEnded { leg, why });
    let dmitry = wording().callback_offer(&employee("dmitry", "02"), five());
    assert!(
        actions.contains(&prepare_next(7, dmitry.unwrap())),
        "{actions:?}"
    );
}
