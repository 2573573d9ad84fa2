//! From the patient's answer to the end.

use super::*;

#[test]
fn when_the_two_are_bridged_both_leases_end_and_others_are_told() {
    let mut scene = Scene::dialling();
    scene.after([Event::PatientAnswered]);
    scene.assert_actions(
        Event::Bridged,
        [
            Action::Tell(News::Connected),
            Action::ClearLease(Side::Patient),
            Action::ClearLease(Side::Operator),
        ],
    );
    scene.assert_actions(Event::LeaseCleared(Side::Patient), []);
    scene.assert_deadline(STOPPING, [Action::ClearLease(Side::Operator)]);
    scene.assert_actions(Event::LeaseCleared(Side::Operator), []);
    assert_eq!(scene.attempt.deadline(), None);
}

#[test]
fn a_talk_that_is_taken_over_has_no_lease_and_ends_as_any() {
    let connected = Instant::now();
    let story = Story {
        connected: Some(connected),
        ..Story::default()
    };
    let mut scene = Scene::taken_over(story);
    scene.assert_actions(Event::Begin, []);
    scene.assert_deadline(
        Duration::ZERO,
        [
            Action::ClearLease(Side::Patient),
            Action::ClearLease(Side::Operator),
        ],
    );
    scene.after([
        Event::LeaseCleared(Side::Patient),
        Event::LeaseCleared(Side::Operator),
    ]);
    assert_eq!(scene.attempt.deadline(), None);
    scene.assert_actions(Event::Cancel, []);
    scene.now += Duration::from_secs(60);
    scene.assert_actions(
        hung_up(),
        [
            Action::DestroyBridge,
            Action::HangUpPatient,
            Action::Finish(Outcome::Connected),
        ],
    );
    let story = scene.attempt.story();
    assert_eq!(story.connected, Some(connected));
    assert_eq!(story.talk_ended, Some(scene.now));
    scene.assert_over();
}

#[test]
fn a_talk_ends_for_both_whoever_ends_it() {
    let mut scene = Scene::talking();
    scene.now += Duration::from_secs(60);
    scene.assert_actions(
        hung_up(),
        [
            Action::DestroyBridge,
            Action::HangUpPatient,
            Action::Finish(Outcome::Connected),
        ],
    );
    assert_eq!(scene.attempt.story().talk_ended, Some(scene.now));
    scene.assert_over();
    let mut scene = Scene::talking();
    scene.assert_actions(
        Event::PatientEnded(Cause {
            q850: Some(16),
            sip: None,
        }),
        [
            Action::HangUpOperator,
            Action::DestroyBridge,
            Action::Finish(Outcome::Connected),
        ],
    );
    scene.assert_over();
}

#[test]
fn a_patient_who_picked_up_just_as_the_operator_left_goes_to_the_queue() {
    let mut scene = Scene::dialling();
    scene.after([Event::PatientAnswered]);
    let declined = Outcome::OperatorDeclined(Decline::HungUp);
    scene.assert_actions(
        hung_up(),
        [
            Action::DestroyBridge,
            Action::SendPatientToQueue,
            Action::Finish(declined),
        ],
    );
}

#[test]
fn a_patient_who_puts_the_telephone_down_at_once_did_not_answer() {
    let mut scene = Scene::dialling();
    scene.after([Event::PatientAnswered]);
    scene.assert_actions(
        ended(200),
        [
            Action::HangUpOperator,
            Action::DestroyBridge,
            Action::Finish(Outcome::NoAnswer),
        ],
    );
}

#[test]
fn two_who_can_not_be_bridged_are_both_looked_after() {
    let expected = [
        Action::HangUpOperator,
        Action::DestroyBridge,
        Action::SendPatientToQueue,
        Action::Finish(Outcome::NetworkFailure),
    ];
    let mut scene = Scene::dialling();
    scene.after([Event::PatientAnswered]);
    scene.assert_actions(failed(Step::Bridge, Failure::Refused), expected.clone());
    let mut scene = Scene::dialling();
    scene.after([Event::PatientAnswered]);
    scene.assert_actions(failed(Step::Bridge, Failure::Gone), []);
    scene.assert_deadline(STOPPING, expected);
}

#[test]
fn a_talk_goes_on_without_us_and_without_the_job() {
    let mut scene = Scene::talking();
    scene.assert_actions(Event::Cancel, []);
    scene.assert_actions(Event::Stop, [Action::Finish(Outcome::Connected)]);
    assert_eq!(scene.attempt.story().talk_ended, None);
    scene.assert_over();
}

#[test]
fn a_stop_waits_until_the_leases_are_cleared() {
    let mut scene = Scene::dialling();
    scene.after([Event::PatientAnswered, Event::Bridged]);
    scene.assert_actions(Event::Stop, []);
}
