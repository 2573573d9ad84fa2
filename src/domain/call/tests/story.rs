//! What is known of a call when it is over.

use super::*;

fn ids(employees: &[EmployeeId]) -> Vec<&str> {
    employees.iter().map(|employee| employee.as_str()).collect()
}

#[test]
fn it_tells_who_was_offered_who_was_chosen_and_how_long_they_talked() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegEnded {
        leg: LEG,
        why: LegEnding::Busy,
    }]);
    scene.after([
        key(2),
        Event::LegAnswered(LegId(2)),
        Event::Bridged(LegId(2)),
    ]);
    scene.now += Duration::from_secs(5);
    scene.after([Event::LeaseCleared]);
    scene.now += Duration::from_secs(60);
    scene.after([Event::CallerLeft(Departure::HungUp)]);

    let story = scene.call.story();
    assert_eq!(ids(&story.offered), ["eugenia", "dmitry"]);
    assert_eq!(ids(&story.chosen), ["eugenia", "dmitry"]);
    let talk = story.talk.as_ref().unwrap();
    assert_eq!(talk.employee.as_str(), "dmitry");
    assert_eq!(talk.length(scene.now), Duration::from_secs(65));
}

#[test]
fn a_talk_ends_when_the_employee_hangs_up_not_when_the_caller_is_released() {
    let mut scene = Scene::talking();
    scene.now += Duration::from_secs(30);
    scene.after([Event::LegEnded {
        leg: LEG,
        why: LegEnding::HungUp,
    }]);
    scene.now += Duration::from_secs(3);
    scene.after([Event::CallerLeft(Departure::HungUp)]);
    let talk = scene.call.story().talk.clone().unwrap();
    assert_eq!(talk.length(scene.now), Duration::from_secs(30));
}

#[test]
fn a_talk_that_goes_on_without_us_has_lasted_until_now() {
    let mut scene = Scene::talking();
    scene.after([Event::Stop]);
    scene.now += Duration::from_secs(7);
    let talk = scene.call.story().talk.clone().unwrap();
    assert_eq!(talk.ended, None);
    assert_eq!(talk.length(scene.now), Duration::from_secs(7));
}

#[test]
fn who_is_rung_and_not_bridged_has_not_talked() {
    let mut scene = Scene::connecting();
    scene.after([
        Event::LegAnswered(LEG),
        Event::CallerLeft(Departure::HungUp),
    ]);
    assert_eq!(scene.call.story().talk, None);
    assert_eq!(ids(&scene.call.story().chosen), ["eugenia"]);
}

#[test]
fn a_bridge_that_is_told_twice_begins_the_talk_once() {
    let mut scene = Scene::talking();
    let began = scene.call.story().talk.clone().unwrap().began;
    scene.now += Duration::from_secs(9);
    scene.after([Event::Bridged(LEG)]);
    assert_eq!(scene.call.story().talk.clone().unwrap().began, began);
}

/// The steps that are told, each with the seconds since the first.
fn told(scene: &Scene) -> Vec<(u64, Occurrence)> {
    let steps = &scene.call.story().steps;
    let came = steps[0].at;
    let told = steps.iter().map(|step| {
        let after = step.at.saturating_duration_since(came);
        (after.as_secs(), step.what.clone())
    });
    told.collect()
}

fn eugenia() -> EmployeeId {
    EmployeeId::parse("eugenia").unwrap()
}

fn dmitry() -> EmployeeId {
    EmployeeId::parse("dmitry").unwrap()
}

#[test]
fn its_steps_tell_what_happened_and_when() {
    let mut scene = Scene::offering();
    scene.now += Duration::from_secs(4);
    scene.after([key(1), Event::LegRinging(LEG)]);
    scene.now += Duration::from_secs(15);
    scene.after([Event::LegEnded {
        leg: LEG,
        why: LegEnding::Refused,
    }]);
    scene.after([
        key(2),
        Event::LegAnswered(LegId(2)),
        Event::Bridged(LegId(2)),
    ]);
    scene.now += Duration::from_secs(60);
    scene.after([Event::CallerLeft(Departure::HungUp)]);
    let steps = [
        (0, Occurrence::Came),
        (0, Occurrence::Offered(vec![eugenia(), dmitry()])),
        (0, Occurrence::Prompt),
        (0, Occurrence::Prompt),
        (4, Occurrence::Key(Key::digit(1).unwrap())),
        (4, Occurrence::Dialled(eugenia())),
        (4, Occurrence::Rings(eugenia())),
        (19, Occurrence::LegEnded(eugenia(), LegEnding::Refused)),
        (19, Occurrence::Key(Key::digit(2).unwrap())),
        (19, Occurrence::Dialled(dmitry())),
        (19, Occurrence::Answered(dmitry())),
        (19, Occurrence::TalkBegan(dmitry())),
        (79, Occurrence::Left(Departure::HungUp)),
        (79, Occurrence::TalkEnded),
    ];
    assert_eq!(told(&scene), steps);
}

#[test]
fn a_telephone_that_rings_too_long_has_rung_out_whatever_asterisk_says_of_its_end() {
    let mut scene = Scene::connecting();
    scene.now = scene.call.deadline().unwrap().at;
    scene.after([Event::DeadlineReached]);
    scene.after([Event::LegEnded {
        leg: LEG,
        why: LegEnding::HungUp,
    }]);
    let last = told(&scene).pop().unwrap().1;
    assert_eq!(last, Occurrence::LegEnded(eugenia(), LegEnding::NoAnswer));
}

#[test]
fn who_is_sent_away_again_and_again_was_sent_away_once() {
    let mut scene = Scene::offering();
    scene.after([key(0)]);
    for _ in 0..3 {
        scene.now = scene.call.deadline().unwrap().at;
        scene.after([Event::DeadlineReached]);
    }
    scene.after([Event::CallerLeft(Departure::ToDialplan)]);
    scene.after([key(1)]);
    let steps = told(&scene);
    assert_eq!(
        steps[5..],
        [
            // An extension begins with 0, so another digit was awaited.
            (1, Occurrence::ToFallback(FallbackReason::Asked)),
            (3, Occurrence::Left(Departure::ToDialplan)),
        ]
    );
}

#[test]
fn who_plays_with_the_keys_does_not_hide_how_the_call_ended() {
    let mut scene = Scene::connecting();
    for _ in 0..1000 {
        scene.after([key(7)]);
    }
    scene.after([Event::CallerLeft(Departure::HungUp)]);
    let steps = told(&scene);
    assert!(steps.len() < MOST_STEPS);
    assert_eq!(steps[79].1, Occurrence::Key(Key::digit(7).unwrap()));
    let end = [
        (0, Occurrence::Left(Departure::HungUp)),
        (0, Occurrence::LegReleased(eugenia())),
    ];
    assert_eq!(steps[80..], end);
}

#[test]
fn the_record_of_a_call_is_told_who_was_chosen_each_time() {
    let mut scene = Scene::connecting();
    scene.after([Event::LegEnded {
        leg: LEG,
        why: LegEnding::Busy,
    }]);
    let actions = scene.call.on_event(scene.now, key(2));
    assert!(actions.contains(&Action::Note(Note::Chosen(vec![eugenia(), dmitry()]))));
    let is_offer = |action: &Action| matches!(action, Action::Note(Note::Offered(_)));
    assert!(!actions.iter().any(is_offer), "that is no news");
}

#[test]
fn each_of_several_telephones_is_told_as_its_owners() {
    let mut scene = telephones::scene(Ringing::Together);
    scene.after([Event::Arrived, key(1), Event::LegRinging(LEG)]);
    let mobile = LegId(2);
    scene.after([
        Event::LegEnded {
            leg: mobile,
            why: LegEnding::Refused,
        },
        Event::LegEnded {
            leg: LEG,
            why: LegEnding::Busy,
        },
    ]);
    let steps = told(&scene).into_iter().map(|(_, what)| what);
    let ended: Vec<_> = steps
        .filter(|what| matches!(what, Occurrence::LegEnded(..)))
        .collect();
    let both = [
        Occurrence::LegEnded(eugenia(), LegEnding::Refused),
        Occurrence::LegEnded(eugenia(), LegEnding::Busy),
    ];
    assert_eq!(ended, both);
}
