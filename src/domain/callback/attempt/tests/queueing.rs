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

const PLAIN: u32 = 7;

fn asks_for_the_plain_one() -> Action {
    Action::Prepare {
        prompt: PromptId(PLAIN),
        words: order(Detection::Key, EASY).prompts.plain,
        haste: Haste::Next,
    }
}

fn rings(sorry: Option<Clip>) -> Action {
    Action::OriginateOperator {
        queue_time: QUEUE_TIME,
        detection: Detection::Key,
        sorry,
    }
}

fn tells(prompt: u32) -> [Action; 2] {
    [
        Action::GrantLease(LENGTH + GRACE + KEY_TIME + MARGIN),
        play(1, prompt),
    ]
}

#[test]
fn an_operator_is_told_without_names_what_nobody_can_say_with_them() {
    let mut scene = Scene::new(Detection::Key, EASY);
    scene.after([Event::Begin, ready(2), ready(3), ready(4), ready(5)]);
    let failed = Event::PromptFailed(PromptId(1));
    scene.assert_actions(failed, [asks_for_the_plain_one()]);
    scene.assert_actions(ready(PLAIN), []);
    scene.assert_actions(ready(6), [rings(Some(clip(5)))]);
    scene.after([Event::OperatorPickedUp, arrived(Verdict::Unknown)]);
    scene.assert_actions(key('#'), tells(PLAIN));
}

#[test]
fn a_briefing_that_takes_too_long_is_replaced() {
    let mut scene = Scene::new(Detection::Key, EASY);
    scene.after([Event::Begin]);
    scene.after((2..=6).map(ready));
    scene.assert_deadline(PROMPT_TIME, [asks_for_the_plain_one()]);
    // The whole one may still fail; that changes nothing.
    scene.assert_actions(Event::PromptFailed(PromptId(1)), []);
    scene.assert_actions(ready(PLAIN), [rings(Some(clip(5)))]);
}

#[test]
fn a_briefing_that_comes_late_is_still_better_than_the_plain_one() {
    let mut scene = Scene::new(Detection::Key, EASY);
    scene.after([Event::Begin]);
    scene.after((2..=6).map(ready));
    scene.assert_deadline(PROMPT_TIME, [asks_for_the_plain_one()]);
    scene.assert_actions(ready(1), []);
    scene.assert_actions(Event::PromptFailed(PromptId(PLAIN)), [rings(Some(clip(5)))]);
    scene.after([Event::OperatorPickedUp, arrived(Verdict::Unknown)]);
    scene.assert_actions(key('#'), tells(1));
}

#[test]
fn without_any_briefing_nobody_is_rung() {
    let failed = || Event::PromptFailed(PromptId(1));
    for (first, second) in [
        (failed(), Event::PromptFailed(PromptId(PLAIN))),
        (failed(), Event::DeadlineReached),
        (Event::DeadlineReached, Event::DeadlineReached),
        (Event::DeadlineReached, Event::PromptFailed(PromptId(PLAIN))),
    ] {
        let mut scene = Scene::new(Detection::Key, EASY);
        scene.after([Event::Begin]);
        scene.assert_actions(first, [asks_for_the_plain_one()]);
        scene.assert_actions(second, [Action::Finish(Outcome::NetworkFailure)]);
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
