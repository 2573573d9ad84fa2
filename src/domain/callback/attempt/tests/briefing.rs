//! From the pick-up to the choice.

use super::*;

fn the_briefing() -> [Action; 2] {
    [
        Action::GrantLease(LENGTH + GRACE + KEY_TIME + MARGIN),
        play(1, 1),
    ]
}

#[test]
fn the_briefing_begins_five_seconds_after_the_pick_up() {
    let mut scene = Scene::queueing(Detection::Off, Silence::Connects);
    scene.after([Event::OperatorPickedUp]);
    scene.now += Duration::from_secs(2);
    scene.assert_actions(
        arrived(Verdict::Unknown),
        [
            Action::Tell(News::OperatorAnswered),
            Action::GrantLease(Duration::from_secs(3) + MARGIN),
        ],
    );
    scene.assert_deadline(Duration::from_secs(3), the_briefing());
    assert_eq!(scene.attempt.story().operator.0, "90");
}

#[test]
fn it_begins_at_once_when_the_pick_up_was_long_ago() {
    let mut scene = Scene::queueing(Detection::Amd, Silence::Connects);
    scene.after([Event::OperatorPickedUp]);
    scene.now += Duration::from_secs(6);
    let mut expected = vec![Action::Tell(News::OperatorAnswered)];
    expected.extend(the_briefing());
    scene.assert_actions(arrived(Verdict::NotSure), expected);
}

#[test]
fn any_key_begins_it_and_connects_nobody() {
    for pressed in ['1', '2', '3', '*', '0'] {
        let mut scene = Scene::settling(Detection::Key, Silence::Connects);
        scene.assert_actions(key(pressed), the_briefing());
    }
}

#[test]
fn one_connects_before_the_briefing_is_over() {
    let mut scene = Scene::briefing(Silence::Postpones);
    let mut expected = vec![stop(1)];
    expected.extend(dialling_actions(2));
    scene.assert_actions(key('1'), expected);
}

#[test]
fn a_star_repeats_it_from_the_beginning() {
    let mut scene = Scene::briefing(Silence::Postpones);
    scene.assert_actions(
        key('*'),
        [
            stop(1),
            Action::GrantLease(LENGTH + GRACE + KEY_TIME + MARGIN),
            play(2, 1),
        ],
    );
    scene.assert_actions(played(1), []);
    scene.after([played(2)]);
    scene.assert_actions(
        key('*'),
        [
            Action::GrantLease(LENGTH + GRACE + KEY_TIME + MARGIN),
            play(3, 1),
        ],
    );
}

#[test]
fn nobody_listens_for_ever() {
    let mut scene = Scene::briefing(Silence::Postpones);
    for _ in 0..10 {
        scene.after([key('*')]);
    }
    scene.assert_actions(key('*'), []);
}

#[test]
fn two_postpones_and_three_ends_the_job() {
    let table = [('2', Decline::Postponed), ('3', Decline::WrongOrDone)];
    for (pressed, decline) in table {
        let mut scene = Scene::briefing(Silence::Connects);
        scene.assert_actions(
            key(pressed),
            [
                Action::HangUpOperator,
                Action::Finish(Outcome::OperatorDeclined(decline)),
            ],
        );
        scene.assert_over();
    }
}

#[test]
fn other_keys_change_nothing() {
    let mut scene = Scene::briefing(Silence::Connects);
    for pressed in ['0', '4', '9', '#', 'A'] {
        scene.assert_actions(key(pressed), []);
    }
}

#[test]
fn who_has_shown_to_be_a_person_and_is_silent_is_connected_if_set_so() {
    let mut scene = Scene::briefing(Silence::Connects);
    scene.after([played(1)]);
    scene.assert_deadline(KEY_TIME, dialling_actions(2));
}

#[test]
fn who_has_shown_to_be_a_person_and_is_silent_postpones_if_set_so() {
    let mut scene = Scene::briefing(Silence::Postpones);
    scene.after([played(1)]);
    scene.assert_deadline(
        KEY_TIME,
        [
            Action::HangUpOperator,
            Action::Finish(Outcome::OperatorDeclined(Decline::Postponed)),
        ],
    );
}

#[test]
fn who_never_pressed_a_key_is_taken_for_a_machine() {
    let detections = [
        (Detection::Key, Verdict::Unknown),
        (Detection::Amd, Verdict::NotSure),
    ];
    for (detection, verdict) in detections {
        let mut scene = Scene::queueing(detection, Silence::Connects);
        scene.after([Event::OperatorPickedUp, arrived(verdict)]);
        scene.now += BRIEFING_AFTER;
        scene.after([Event::DeadlineReached, played(1)]);
        scene.assert_deadline(
            KEY_TIME,
            [Action::HangUpOperator, Action::Finish(Outcome::Machine)],
        );
        scene.assert_over();
    }
}

#[test]
fn whom_asterisk_or_the_settings_call_a_person_needs_no_key() {
    let detections = [
        (Detection::Off, Verdict::Unknown),
        (Detection::Amd, Verdict::Human),
    ];
    for (detection, verdict) in detections {
        let mut scene = Scene::queueing(detection, Silence::Connects);
        scene.after([Event::OperatorPickedUp, arrived(verdict)]);
        scene.now += BRIEFING_AFTER;
        scene.after([Event::DeadlineReached, played(1)]);
        scene.assert_deadline(KEY_TIME, dialling_actions(2));
    }
}

#[test]
fn a_briefing_whose_end_got_lost_is_over_all_the_same() {
    let mut scene = Scene::briefing(Silence::Connects);
    scene.assert_deadline(LENGTH + GRACE, []);
    scene.assert_deadline(KEY_TIME, dialling_actions(2));
}

#[test]
fn a_briefing_that_can_not_be_played_calls_nobody() {
    let mut scene = Scene::briefing(Silence::Connects);
    let not_played = Event::PlaybackEnded {
        playback: PlaybackId(1),
        ending: PlaybackEnding::Failed,
    };
    scene.assert_actions(
        not_played,
        [
            Action::ReleaseOperator,
            Action::Finish(Outcome::NetworkFailure),
        ],
    );
    assert_eq!(scene.attempt.story().fault, Some(Fault::NotPlayed));
}

#[test]
fn who_hangs_up_during_the_briefing_has_declined() {
    let mut scene = Scene::briefing(Silence::Connects);
    let declined = Outcome::OperatorDeclined(Decline::HungUp);
    scene.assert_actions(hung_up(), [Action::Finish(declined)]);
    scene.assert_over();
}

#[test]
fn an_operator_whom_the_lease_took_was_lost_by_us() {
    let mut scene = Scene::briefing(Silence::Connects);
    let gone = Event::OperatorLeft(Departure::ToDialplan);
    scene.assert_actions(gone, [Action::Finish(Outcome::NetworkFailure)]);
    assert_eq!(scene.attempt.story().fault, Some(Fault::LeaseRanOut));
}

#[test]
fn a_lease_that_is_refused_ends_it_with_a_word() {
    let mut scene = Scene::briefing(Silence::Connects);
    scene.assert_actions(
        failed(Step::GrantLease, Failure::Unknown),
        [
            stop(1),
            Action::ReleaseOperator,
            Action::Finish(Outcome::NetworkFailure),
        ],
    );
}

#[test]
fn a_job_that_is_cancelled_releases_the_operator_with_a_word() {
    let mut scene = Scene::briefing(Silence::Connects);
    scene.assert_actions(
        Event::Cancel,
        [
            stop(1),
            Action::ReleaseOperator,
            Action::Finish(Outcome::Cancelled),
        ],
    );
}
