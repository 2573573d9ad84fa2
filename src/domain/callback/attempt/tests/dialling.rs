//! From the operator's key to the patient's answer.

use super::*;

#[test]
fn after_the_words_the_operator_hears_it_ring_and_the_dialplan_is_told_whom_to_release() {
    let mut scene = Scene::briefing(Silence::Connects);
    scene.after([key('1')]);
    scene.assert_actions(dialled(), []);
    scene.assert_actions(Event::PatientRinging, []);
    scene.assert_actions(played(2), [Action::StartRingback, tie()]);
    let rang = scene.attempt.story().patient_rang;
    assert_eq!(rang, Some(scene.now));
}

#[test]
fn it_has_rung_though_it_rang_before_that_could_be_heard() {
    let mut scene = Scene::dialling();
    let channel_name = "PJSIP/carrier-1".to_owned();
    scene.after([Event::PatientDialled {
        channel_name,
        rings: true,
    }]);
    let rang = scene.attempt.story().patient_rang;
    assert_eq!(rang, Some(scene.now));
}

#[test]
fn who_picks_up_is_bridged() {
    let mut scene = Scene::dialling();
    scene.after([played(2)]);
    scene.assert_actions(
        Event::PatientAnswered,
        [Action::StopRingback, Action::Bridge],
    );
}

#[test]
fn who_picks_up_before_the_words_are_over_is_bridged() {
    let mut scene = Scene::dialling();
    scene.assert_actions(Event::PatientAnswered, [stop(2), tie(), Action::Bridge]);
}

#[test]
fn an_answer_that_is_quicker_than_the_news_of_the_dialling_is_tied_all_the_same() {
    let mut scene = Scene::briefing(Silence::Connects);
    scene.after([key('1')]);
    scene.assert_actions(Event::PatientAnswered, [stop(2), Action::Bridge]);
    scene.assert_actions(dialled(), [tie()]);
}

#[test]
fn the_operator_hears_why_there_will_be_no_talk() {
    let table = [
        (486, 3, Outcome::Busy),
        (603, 4, Outcome::Rejected),
        (480, 4, Outcome::Unreachable),
        (404, 4, Outcome::InvalidNumber),
        (503, 4, Outcome::NetworkFailure),
    ];
    for (status, words, outcome) in table {
        let mut scene = Scene::dialling();
        scene.after([played(2)]);
        scene.assert_actions(
            ended(status),
            [
                Action::StopRingback,
                Action::DestroyBridge,
                Action::GrantLease(LENGTH + GRACE + MARGIN),
                play(3, words),
            ],
        );
        scene.assert_actions(played(3), [Action::HangUpOperator, Action::Finish(outcome)]);
        assert_eq!(scene.attempt.story().cause, Some(cause(status)));
        scene.assert_over();
    }
}

#[test]
fn the_outcome_stands_when_the_operator_hangs_up_on_the_last_words() {
    let mut scene = Scene::dialling();
    scene.after([ended(486)]);
    scene.assert_actions(hung_up(), [Action::Finish(Outcome::Busy)]);
}

#[test]
fn a_telephone_that_has_rung_long_enough_is_stopped() {
    let mut scene = Scene::dialling();
    scene.after([played(2)]);
    scene.assert_deadline(RINGING, [Action::WithdrawPatient]);
    scene.assert_actions(
        ended(487),
        [
            Action::StopRingback,
            Action::DestroyBridge,
            Action::GrantLease(LENGTH + GRACE + MARGIN),
            play(3, 4),
        ],
    );
    scene.assert_actions(
        played(3),
        [Action::HangUpOperator, Action::Finish(Outcome::NoAnswer)],
    );
}

#[test]
fn who_picks_up_at_the_last_moment_is_still_welcome() {
    let mut scene = Scene::dialling();
    scene.after([played(2)]);
    scene.assert_deadline(RINGING, [Action::WithdrawPatient]);
    scene.assert_actions(
        Event::PatientAnswered,
        [Action::StopRingback, Action::Bridge],
    );
}

#[test]
fn a_telephone_of_which_nothing_is_heard_is_given_up() {
    let mut scene = Scene::dialling();
    scene.after([played(2)]);
    scene.assert_deadline(RINGING, [Action::WithdrawPatient]);
    scene.assert_deadline(
        STOPPING,
        [
            Action::HangUpPatient,
            Action::StopRingback,
            Action::DestroyBridge,
            Action::GrantLease(LENGTH + GRACE + MARGIN),
            play(3, 4),
        ],
    );
}

#[test]
fn an_operator_who_hangs_up_stops_the_ringing_at_once() {
    let mut scene = Scene::dialling();
    scene.assert_actions(hung_up(), [Action::WithdrawPatient, Action::DestroyBridge]);
    let declined = Outcome::OperatorDeclined(Decline::HungUp);
    scene.assert_actions(ended(487), [Action::Finish(declined)]);
    assert!(!scene.attempt.story().sent_to_queue);
    scene.assert_over();
}

#[test]
fn a_patient_who_picks_up_after_that_goes_to_the_queue() {
    let mut scene = Scene::dialling();
    scene.after([hung_up()]);
    let declined = Outcome::OperatorDeclined(Decline::HungUp);
    scene.assert_actions(
        Event::PatientAnswered,
        [Action::SendPatientToQueue, Action::Finish(declined)],
    );
    assert!(scene.attempt.story().sent_to_queue);
    scene.assert_over();
}

#[test]
fn a_patient_of_whom_nothing_more_is_heard_is_hung_up() {
    let mut scene = Scene::dialling();
    scene.after([hung_up()]);
    let declined = Outcome::OperatorDeclined(Decline::HungUp);
    scene.assert_deadline(STOPPING, [Action::HangUpPatient, Action::Finish(declined)]);
}

#[test]
fn a_job_that_is_cancelled_stops_the_ringing_and_releases_the_operator() {
    for end in [Event::Cancel, Event::Stop] {
        let mut scene = Scene::dialling();
        scene.after([played(2)]);
        scene.assert_actions(
            end,
            [
                Action::StopRingback,
                Action::ReleaseOperator,
                Action::WithdrawPatient,
                Action::DestroyBridge,
            ],
        );
        scene.assert_actions(ended(487), [Action::Finish(Outcome::Cancelled)]);
    }
}

#[test]
fn without_words_it_rings_at_once() {
    let mut scene = Scene::new(Detection::Off, Silence::Connects);
    scene.after([Event::Begin, ready(1), Event::DeadlineReached]);
    scene.after([arrived(Verdict::Unknown), key('0')]);
    scene.assert_actions(
        key('1'),
        [
            stop(1),
            Action::GrantLease(RINGING + STOPPING + MARGIN),
            Action::StartRingback,
            Action::OriginatePatient {
                ring_time: RING_TIME,
                apology: None,
            },
            Action::CreateBridge,
            Action::Tell(News::PatientDialled),
        ],
    );
    scene.assert_actions(dialled(), [tie()]);
    scene.assert_actions(
        ended(486),
        [
            Action::StopRingback,
            Action::DestroyBridge,
            Action::HangUpOperator,
            Action::Finish(Outcome::Busy),
        ],
    );
}

#[test]
fn a_network_that_speaks_is_heard_after_our_words_and_instead_of_the_ringing() {
    let mut scene = Scene::dialling();
    scene.assert_actions(Event::PatientProgress, []);
    scene.assert_actions(played(2), [Action::StartEarlyMedia, tie()]);
    scene.assert_actions(Event::PatientProgress, []);
    // Who says that it rings may have nothing to hear.
    scene.assert_actions(
        Event::PatientRinging,
        [Action::EndEarlyMedia, Action::StartRingback],
    );
    scene.assert_actions(
        Event::PatientProgress,
        [Action::StopRingback, Action::StartEarlyMedia],
    );
    scene.assert_actions(
        Event::PatientAnswered,
        [Action::EndEarlyMedia, Action::Bridge],
    );
}

#[test]
fn after_what_the_network_said_the_operator_hears_our_words() {
    let mut scene = Scene::dialling();
    scene.after([played(2), Event::PatientProgress]);
    scene.assert_actions(
        ended(480),
        [
            Action::EndEarlyMedia,
            Action::DestroyBridge,
            Action::GrantLease(LENGTH + GRACE + MARGIN),
            play(3, 4),
        ],
    );
}

#[test]
fn an_operator_who_hangs_up_on_the_network_leaves_nothing_behind() {
    let mut scene = Scene::dialling();
    scene.after([played(2), Event::PatientProgress]);
    scene.assert_actions(
        hung_up(),
        [
            Action::EndEarlyMedia,
            Action::WithdrawPatient,
            Action::DestroyBridge,
        ],
    );
}
