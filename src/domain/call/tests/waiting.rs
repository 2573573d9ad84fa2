//! The wait for somebody who is talking.

use super::super::super::menu::Presence;
use super::super::super::prompt::Prompt;
use super::*;

const LOOK: Duration = Duration::from_secs(2);
const GRACE: Duration = Duration::from_millis(1500);

fn person(id: &str) -> EmployeeId {
    EmployeeId::parse(id).unwrap()
}

/// Eugenia is talking, Dmitry is not.
fn busy_menu() -> Menu {
    menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]).saying_busy(&[person("eugenia")])
}

/// A call to a menu with somebody who is talking.
pub(super) fn scene_of(sound: WaitSound) -> Scene {
    Scene::of(|mut policy| {
        policy.wait_sound = sound;
        policy.answering = Answering::WhenConnected;
        Call::new(known(busy_menu()), wording(), policy)
    })
}

fn scene_with(change: impl FnOnce(&mut Policy)) -> Scene {
    let mut scene = Scene::of(|mut policy| {
        change(&mut policy);
        Call::new(known(busy_menu()), wording(), policy)
    });
    scene.after([Event::Arrived, ready(1), ready(2), played(1)]);
    scene
}

/// The menu is being read out as playback 2.
fn offering() -> Scene {
    scene_with(|_| ())
}

/// The caller pressed 1 and heard that they have to wait.
fn waiting() -> Scene {
    let mut scene = offering();
    scene.after([key(1), ready(3), played(3)]);
    assert_eq!(scene.call.state_name(), "waiting");
    scene
}

fn seen(id: &str, presence: Presence) -> Event {
    let person = person(id);
    Event::Seen { person, presence }
}

fn look_at(id: &str, extension: &str) -> Action {
    Action::LookAt(Box::new(employee(id, extension)))
}

fn lease(time: Duration) -> Action {
    Action::Note(Note::Lease(time + MARGIN))
}

fn dmitrys_menu() -> Prompt {
    wording().menu(&menu(&[(2, "dmitry", "02")]))
}

#[test]
fn who_is_talking_is_offered_with_that_said() {
    let said = wording().menu(&busy_menu());
    let mut scene = Scene::with_menu(busy_menu());
    let actions = scene.call.on_event(scene.now, Event::Arrived);
    assert!(actions.contains(&prepare_next(2, said.clone())));
    assert!(
        said.phrases[0]
            .text
            .ends_with("is speaking; to wait, press one.")
    );
}

#[test]
fn the_caller_is_told_and_somebody_looks_at_once() {
    let mut scene = offering();
    scene.assert_actions(
        key(1),
        [
            stop(2),
            prepare(3, wording().wait()),
            lease(PROMPT_TIME),
            Action::Note(Note::Chosen(vec![person("eugenia")])),
            look_at("eugenia", "34"),
        ],
    );
    scene.assert_actions(ready(3), [lease(LENGTH + GRACE), play(3, 3)]);
    let hold = [Action::StartRingback, lease(LOOK), look_at("eugenia", "34")];
    scene.assert_actions(played(3), hold);
}

#[test]
fn somebody_looks_every_two_seconds_with_a_lease_for_each() {
    let mut scene = waiting();
    for presence in [Presence::Busy, Presence::Unknown, Presence::Absent] {
        scene.assert_actions(seen("eugenia", presence), []);
        scene.assert_deadline(LOOK, [lease(LOOK), look_at("eugenia", "34")]);
    }
}

#[test]
fn as_soon_as_the_telephone_is_free_it_rings() {
    let mut scene = waiting();
    let ring = Action::Originate {
        leg: LEG,
        endpoint: employee("eugenia", "34").endpoint,
        caller_name: None,
        ring_time: RING_TIME,
        lease: None,
    };
    scene.assert_actions(
        seen("eugenia", Presence::Free),
        [
            Action::StopRingback,
            ring,
            Action::StartRingback,
            lease(RING_TIME + Duration::from_secs(1)),
            Action::CreateBridge(BRIDGE),
            Action::Note(Note::Chosen(vec![person("eugenia")])),
        ],
    );
    assert_eq!(scene.call.state_name(), "connecting");
    // To wait for somebody and to ring them is one choice.
    assert_eq!(scene.call.story().chosen, [person("eugenia")]);
}

#[test]
fn a_talk_that_has_just_ended_spares_the_caller_the_sentence() {
    let mut scene = offering();
    scene.after([key(1), ready(3)]);
    let actions = scene
        .call
        .on_event(scene.now, seen("eugenia", Presence::Free));
    assert_eq!(actions[0], stop(3));
    assert!(matches!(actions[1], Action::Originate { .. }));
}

#[test]
fn whoever_else_is_free_is_not_meant() {
    let mut scene = waiting();
    scene.assert_actions(seen("dmitry", Presence::Free), []);
}

#[test]
fn after_the_longest_wait_the_caller_is_told_and_hears_the_menu_without_them() {
    let mut scene = waiting();
    let end = scene.now + WAIT_TIME;
    while scene.now < end {
        let actions = scene.call.on_event(scene.now, Event::DeadlineReached);
        assert_eq!(actions, [lease(LOOK), look_at("eugenia", "34")]);
        scene.now = scene.call.deadline().unwrap().at;
    }
    assert_eq!(scene.now, end);
    scene.assert_actions(
        Event::DeadlineReached,
        [
            Action::StopRingback,
            prepare(4, wording().busy()),
            prepare_next(5, dmitrys_menu()),
        ],
    );
    assert_eq!(scene.call.state_name(), "offering");
}

#[test]
fn the_last_look_is_not_later_than_the_longest_wait() {
    let mut scene = scene_with(|policy| policy.wait_time = Duration::from_secs(5));
    scene.after([key(1), ready(3)]);
    scene.now += Duration::from_secs(4);
    scene.after([played(3)]);
    let apology = prepare(4, wording().busy());
    let list = prepare_next(5, dmitrys_menu());
    scene.assert_deadline(
        Duration::from_secs(1),
        [Action::StopRingback, apology, list],
    );
}

#[test]
fn a_wait_that_is_over_with_its_sentence_ends_there() {
    let mut scene = scene_with(|policy| policy.wait_time = Duration::from_secs(5));
    scene.after([key(1), ready(3)]);
    scene.now += LENGTH;
    scene.assert_actions(
        played(3),
        [
            Action::StartRingback,
            Action::StopRingback,
            prepare(4, wording().busy()),
            prepare_next(5, dmitrys_menu()),
        ],
    );
}

#[test]
fn whoever_likes_it_hears_music() {
    let mut scene = scene_with(|policy| policy.wait_sound = WaitSound::Music);
    scene.after([key(1), ready(3)]);
    let actions = scene.call.on_event(scene.now, played(3));
    assert_eq!(actions[0], Action::StartMusic);
    let actions = scene
        .call
        .on_event(scene.now, seen("eugenia", Presence::Free));
    assert_eq!(actions[0], Action::StopMusic);
}

#[test]
fn zero_leads_to_the_fallback_out_of_the_wait_too() {
    let busy = menu(&[(1, "eugenia", "34")]).saying_busy(&[person("eugenia")]);
    let mut scene = Scene::with_menu(busy);
    scene.after([Event::Arrived, key(1), ready(3), played(1)]);
    let fallback = Action::Continue(FallbackReason::Asked);
    scene.assert_actions(key(0), [Action::StopRingback, fallback]);
}

#[test]
fn another_persons_key_rings_them_instead() {
    let mut scene = waiting();
    let actions = scene.call.on_event(scene.now, key(2));
    assert_eq!(actions[0], Action::StopRingback);
    assert!(
        matches!(&actions[1], Action::Originate { endpoint, .. } if endpoint.as_str() == "PJSIP/02")
    );
    let chosen = [person("eugenia"), person("dmitry")];
    assert_eq!(scene.call.story().chosen, chosen);
}

#[test]
fn a_star_reads_the_menu_out_again_with_everybody_in_it() {
    let mut scene = waiting();
    let list = prepare(4, wording().menu(&busy_menu()));
    scene.assert_actions(Event::KeyPressed(Key::REPEAT), [Action::StopRingback, list]);
}

#[test]
fn the_same_key_and_a_wrong_key_change_nothing() {
    let mut scene = waiting();
    scene.assert_actions(key(1), []);
    scene.assert_actions(key(7), []);
}

#[test]
fn an_extension_can_be_dialled_meanwhile() {
    let mut scene = Scene::of(|policy| {
        let extensions = extensions(&[("anna", "25")]);
        let known = Known {
            extensions,
            ..known(menu(&[(1, "eugenia", "34")]).saying_busy(&[person("eugenia")]))
        };
        Call::new(known, wording(), policy)
    });
    scene.after([Event::Arrived, key(1), ready(3), played(1)]);
    scene.assert_actions(key(2), [Action::StopRingback, lease(DIGIT_TIME)]);
    let actions = scene.call.on_event(scene.now, key(5));
    assert!(
        matches!(&actions[0], Action::Originate { endpoint, .. } if endpoint.as_str() == "PJSIP/25")
    );
}

#[test]
fn without_its_sentence_the_wait_is_the_same() {
    let hold = || [Action::StartRingback, lease(LOOK), look_at("eugenia", "34")];
    let mut scene = offering();
    scene.after([key(1)]);
    scene.assert_actions(Event::PromptFailed(PromptId(3)), hold());
    let mut scene = offering();
    scene.after([key(1)]);
    scene.assert_deadline(PROMPT_TIME, hold());
    let mut scene = offering();
    scene.after([key(1), ready(3)]);
    scene.assert_actions(not_played(3), hold());
    let mut scene = offering();
    scene.after([key(1), ready(3)]);
    scene.assert_deadline(LENGTH + GRACE, [stop(3)].into_iter().chain(hold()));
}

#[test]
fn who_hangs_up_while_they_wait_has_hung_up() {
    let mut scene = waiting();
    let finish = Action::Finish(Outcome::HungUp);
    scene.assert_actions(Event::CallerLeft(Departure::HungUp), [finish]);
    scene.assert_over();
}

#[test]
fn trouble_and_a_stop_lead_from_the_wait_to_the_fallback() {
    let refused = failed(Step::GrantLease, Failure::Refused);
    for (event, reason) in [
        (refused, FallbackReason::Trouble(Step::GrantLease)),
        (Event::Stop, FallbackReason::Stopping),
    ] {
        let mut scene = waiting();
        let leave = [Action::StopRingback, Action::Continue(reason)];
        scene.assert_actions(event, leave);
    }
}

#[test]
fn at_no_moment_of_the_wait_is_the_lease_longer_than_its_step_and_the_margin() {
    let mut scene = offering();
    let mut granted = Vec::new();
    for event in [key(1), ready(3), played(3)] {
        granted.extend(scene.call.on_event(scene.now, event));
    }
    for _ in 0..10 {
        scene.now = scene.call.deadline().unwrap().at;
        granted.extend(scene.call.on_event(scene.now, Event::DeadlineReached));
    }
    let leases = granted.into_iter().filter_map(|action| {
        let Action::Note(Note::Lease(time)) = action else {
            return None;
        };
        Some(time)
    });
    let leases: Vec<_> = leases.collect();
    assert_eq!(leases.len(), 13);
    assert!(leases.iter().all(|time| *time <= LENGTH + GRACE + MARGIN));
    assert!(leases[2..].iter().all(|time| *time == LOOK + MARGIN));
}
