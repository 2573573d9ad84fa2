//! What is known of a call when it is over.

use super::*;

fn ids(employees: &[crate::domain::rating::EmployeeId]) -> Vec<&str> {
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
