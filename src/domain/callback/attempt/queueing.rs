//! Queueing: the call waits among the callers, ahead of them, until an operator takes it and the
//! dialplan has found out whether that is a person.

use std::time::Instant;

use super::super::super::call::Deadline;
use super::super::{Decline, Outcome};
use super::State;
use super::action::Action;
use super::briefing;
use super::event::{Event, OperatorNumber, Step, Verdict};
use super::order::{DETECTION_TIME, RINGING_GRACE};
use super::story::Fault;
use super::turn::Turn;

/// A call that waits for an operator.
#[derive(Debug)]
pub(super) struct Queueing {
    picked_up: Option<Instant>,
    deadline: Deadline,
}

/// Puts the call into the queue.
pub(super) fn begin(turn: &mut Turn<'_>) -> State {
    let queue_time = turn.policy().queue_time;
    let detection = turn.policy().detection;
    let sorry = turn.clips.sorry.clone();
    turn.act(Action::OriginateOperator {
        queue_time,
        detection,
        sorry,
    });
    let deadline = turn.deadline(queue_time + RINGING_GRACE, "an operator");
    State::Queueing(Queueing {
        picked_up: None,
        deadline,
    })
}

impl Queueing {
    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(self, event: Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::OperatorPickedUp if self.picked_up.is_none() => State::Queueing(Self {
                picked_up: Some(turn.now),
                deadline: turn.deadline(DETECTION_TIME, "whether it is a person"),
            }),
            Event::OperatorArrived { verdict, operator } => self.arrived(verdict, operator, turn),
            Event::DeadlineReached => self.give_up(turn),
            Event::StepFailed { step, .. } => {
                turn.story.fault = Some(Fault::Trouble(step));
                turn.act(Action::HangUpOperator);
                turn.finish(Outcome::NetworkFailure)
            }
            Event::Cancel | Event::Stop => {
                turn.act(Action::HangUpOperator);
                turn.finish(Outcome::Cancelled)
            }
            Event::Begin
            | Event::PromptReady { .. }
            | Event::PromptFailed(_)
            | Event::OperatorPickedUp
            | Event::OperatorLeft(_)
            | Event::KeyPressed(_)
            | Event::PlaybackEnded { .. }
            | Event::PatientDialled { .. }
            | Event::PatientRinging
            | Event::PatientProgress
            | Event::PatientAnswered
            | Event::PatientEnded(_)
            | Event::PatientWentOn
            | Event::Bridged
            | Event::LeaseCleared(_) => State::Queueing(self),
        }
    }

    fn arrived(self, verdict: Verdict, operator: OperatorNumber, turn: &mut Turn<'_>) -> State {
        let picked_up = self.picked_up.unwrap_or(turn.now);
        turn.story.operator_answered = Some(picked_up);
        turn.story.operator = operator;
        if verdict == Verdict::Machine {
            turn.act(Action::HangUpOperator);
            return turn.finish(Outcome::Machine);
        }
        briefing::begin(picked_up, verdict, turn)
    }

    /// Nobody took it; or somebody did, and was not seen to come to us.
    fn give_up(self, turn: &mut Turn<'_>) -> State {
        turn.act(Action::HangUpOperator);
        if self.picked_up.is_none() {
            return turn.finish(Outcome::OperatorMissing);
        }
        turn.story.fault = Some(Fault::Trouble(Step::OriginateOperator));
        turn.finish(Outcome::NetworkFailure)
    }

    /// Nobody took it in time; or somebody did, and hung up before a word was said.
    pub(super) fn operator_left(self, turn: &mut Turn<'_>) -> State {
        match self.picked_up {
            None => turn.finish(Outcome::OperatorMissing),
            Some(_) => turn.finish(Outcome::OperatorDeclined(Decline::HungUp)),
        }
    }
}
