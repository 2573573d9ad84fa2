//! From the order to the pick-up.

use super::*;

const EASY: Silence = Silence::Connects;

#[test]
fn all_words_are_asked_for_before_anybody_is_rung() {
    let mut scene = Scene::new(Detection::Key, EASY);
    let nothing = Prompt {
        phrases: Vec::new(),
    };
    let asked = (1..=6).map(|prompt| Action::Prepare {
        prompt: PromptId(prompt),
        words: nothing.clone(),
        haste: Haste::Next,
    });
    scene.assert_actions(Event::Begin, asked.collect::<Vec<_>>());
    for prompt in 1..6 {
        scene.assert_actions(ready(prompt), []);
    }
    scene.assert_actions(
        ready(6),
        [Action::OriginateOperator {
            queue_time: QUEUE_TIME,
            detection: Detection::Key,
            sorry: Some(clip(5)),
        }],
    );
}

#[test]
fn without_a_briefing_nobody_is_rung() {
    for failing in [Event::PromptFailed(PromptId(1)), Event::DeadlineReached] {
        let mut scene = Scene::new(Detection::Key, EASY);
        scene.after([Event::Begin]);
        scene.assert_actions(failing, [Action::Finish(Outcome::NetworkFailure)]);
        assert_eq!(scene.attempt.story().fault, Some(Fault::NothingToSay));
        scene.assert_over();
    }
}

#[test]
fn what_is_only_polite_may_be_missing() {
    let mut scene = Scene::new(Detection::Key, EASY);
    scene.after([Event::Begin, ready(1)]);
    scene.assert_deadline(
        PROMPT_TIME,
        [Action::OriginateOperator {
            queue_time: QUEUE_TIME,
            detection: Detection::Key,
            sorry: None,
        }],
    );
}

#[test]
fn an_operator_who_never_comes_is_missing() {
    let mut scene = Scene::queueing(Detection::Key, EASY);
    scene.assert_deadline(
        QUEUE_TIME + Duration::from_secs(1),
        [
            Action::HangUpOperator,
            Action::Finish(Outcome::OperatorMissing),
        ],
    );
    let mut scene = Scene::queueing(Detection::Key, EASY);
    scene.assert_actions(hung_up(), [Action::Finish(Outcome::OperatorMissing)]);
    scene.assert_over();
}

#[test]
fn who_hangs_up_while_asterisk_listens_has_declined() {
    let mut scene = Scene::queueing(Detection::Amd, EASY);
    scene.after([Event::OperatorPickedUp]);
    let declined = Outcome::OperatorDeclined(Decline::HungUp);
    scene.assert_actions(hung_up(), [Action::Finish(declined)]);
}

#[test]
fn a_machine_is_hung_up_and_the_patient_is_not_called() {
    let mut scene = Scene::queueing(Detection::Amd, EASY);
    scene.after([Event::OperatorPickedUp]);
    scene.assert_actions(
        arrived(Verdict::Machine),
        [Action::HangUpOperator, Action::Finish(Outcome::Machine)],
    );
    scene.assert_over();
}

#[test]
fn a_queue_that_can_not_be_reached_is_asterisks_fault() {
    let mut scene = Scene::queueing(Detection::Key, EASY);
    scene.assert_actions(
        failed(Step::OriginateOperator, Failure::Refused),
        [
            Action::HangUpOperator,
            Action::Finish(Outcome::NetworkFailure),
        ],
    );
    let fault = Fault::Trouble(Step::OriginateOperator);
    assert_eq!(scene.attempt.story().fault, Some(fault));
}

#[test]
fn a_job_that_is_cancelled_leaves_the_queue() {
    for end in [Event::Cancel, Event::Stop] {
        let mut scene = Scene::queueing(Detection::Key, EASY);
        scene.assert_actions(
            end,
            [Action::HangUpOperator, Action::Finish(Outcome::Cancelled)],
        );
        scene.assert_over();
    }
}
