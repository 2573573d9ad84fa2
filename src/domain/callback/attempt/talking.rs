//! Talking: the patient picked up. First the two are bridged, then both leases are cleared, then
//! nothing of ours stands between them.

use std::time::Instant;

use super::super::super::call::{Deadline, Failure};
use super::super::Outcome;
use super::State;
use super::action::{Action, News};
use super::cause::Cause;
use super::event::{Departure, Event, Side, Step};
use super::order::EFFECT_TIME;
use super::story::Fault;
use super::turn::Turn;
use super::{left_early, withdrawing};

/// An operator and a patient.
#[derive(Debug)]
pub(super) struct Talking {
    stage: Stage,
}

/// How far the connection has come.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// Asterisk is bringing them together.
    Bridging(Deadline),
    /// They talk; while a lease runs, the dialplan may take its leg back.
    ClearingLeases { left: Leases, deadline: Deadline },
    /// They talk for as long as they like.
    Free,
}

/// The leases that still run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Leases {
    operator: bool,
    patient: bool,
}

impl Talking {
    /// Bridges the two. The leases go on until they are bridged: if we fail now, they help.
    pub(super) fn begin(turn: &mut Turn<'_>) -> State {
        turn.act(Action::Bridge);
        let stage = Stage::Bridging(turn.deadline(EFFECT_TIME, "the two to be bridged"));
        State::Talking(Self { stage })
    }

    /// Two who talk already. Whether their leases were cleared nobody knows: it is done at once.
    pub(super) fn taken_over(now: Instant) -> Self {
        let left = Leases {
            operator: true,
            patient: true,
        };
        let deadline = Deadline {
            at: now,
            waits_for: "the leases of a talk that was taken over",
        };
        Self {
            stage: Stage::ClearingLeases { left, deadline },
        }
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        match self.stage {
            Stage::Bridging(deadline) | Stage::ClearingLeases { deadline, .. } => Some(deadline),
            Stage::Free => None,
        }
    }

    pub(super) fn on_event(self, event: &Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::Bridged => self.bridged(turn),
            Event::LeaseCleared(side) => self.cleared(*side),
            Event::PatientEnded(cause) => self.patient_ended(*cause, turn),
            Event::PatientWentOn => self.patient_went_on(turn),
            Event::StepFailed { step, failure } => self.failed(*step, *failure, turn),
            Event::DeadlineReached => self.try_again(turn),
            // The answer was quicker than the news of the dialling.
            Event::PatientDialled { channel_name, .. } => {
                let channel_name = channel_name.clone();
                turn.act(Action::TieOperatorTo { channel_name });
                State::Talking(self)
            }
            Event::Stop => self.stop(turn),
            // Two who talk are not parted because the job is no longer wanted.
            Event::Cancel
            | Event::Begin
            | Event::PromptReady { .. }
            | Event::PromptFailed(_)
            | Event::OperatorPickedUp
            | Event::OperatorArrived { .. }
            | Event::OperatorLeft(_)
            | Event::KeyPressed(_)
            | Event::PlaybackEnded { .. }
            | Event::PatientRinging
            | Event::PatientProgress
            | Event::PatientAnswered => State::Talking(self),
        }
    }

    fn bridged(self, turn: &mut Turn<'_>) -> State {
        if let Stage::Bridging(_) = self.stage {
            turn.story.connected = Some(turn.now);
            turn.tell(News::Connected);
            let both = Leases {
                operator: true,
                patient: true,
            };
            return clear(both, turn);
        }
        State::Talking(self)
    }

    fn cleared(mut self, side: Side) -> State {
        if let Stage::ClearingLeases { mut left, deadline } = self.stage {
            match side {
                Side::Operator => left.operator = false,
                Side::Patient => left.patient = false,
            }
            self.stage = match left.operator || left.patient {
                true => Stage::ClearingLeases { left, deadline },
                false => Stage::Free,
            };
        }
        State::Talking(self)
    }

    /// The operator is gone: so is the talk. Who had no talk yet is not left in silence.
    pub(super) fn operator_left(self, departure: Departure, turn: &mut Turn<'_>) -> State {
        turn.act(Action::DestroyBridge);
        if let Stage::Bridging(_) = self.stage {
            let outcome = left_early(departure, turn);
            return withdrawing::send_to_queue(outcome, turn);
        }
        turn.act(Action::HangUpPatient);
        over(turn)
    }

    fn patient_ended(self, cause: Cause, turn: &mut Turn<'_>) -> State {
        turn.story.cause = Some(cause);
        turn.act(Action::HangUpOperator);
        turn.act(Action::DestroyBridge);
        match self.stage {
            // Picked up and put down again, before a word was said.
            Stage::Bridging(_) => turn.finish(Outcome::NoAnswer),
            Stage::ClearingLeases { .. } | Stage::Free => over(turn),
        }
    }

    /// Only a lease that we did not clear in time does this.
    fn patient_went_on(self, turn: &mut Turn<'_>) -> State {
        turn.story.fault = Some(Fault::LeaseRanOut);
        turn.story.sent_to_queue = true;
        turn.act(Action::HangUpOperator);
        turn.act(Action::DestroyBridge);
        match self.stage {
            Stage::Bridging(_) => turn.finish(Outcome::NetworkFailure),
            Stage::ClearingLeases { .. } | Stage::Free => over(turn),
        }
    }

    fn failed(self, step: Step, failure: Failure, turn: &mut Turn<'_>) -> State {
        match (self.stage, step) {
            // Somebody has left; the event that says who is on its way.
            (Stage::Bridging(_), Step::Bridge) if failure != Failure::Gone => give_up(turn),
            // A lease is tried again at the deadline, and any other step is past.
            _ => State::Talking(self),
        }
    }

    fn try_again(self, turn: &mut Turn<'_>) -> State {
        match self.stage {
            Stage::Bridging(_) => give_up(turn),
            Stage::ClearingLeases { left, .. } => clear(left, turn),
            Stage::Free => State::Talking(self),
        }
    }

    /// A talk goes on without us; one that has not begun does not.
    fn stop(self, turn: &mut Turn<'_>) -> State {
        match self.stage {
            Stage::Free => turn.finish(Outcome::Connected),
            Stage::Bridging(_) | Stage::ClearingLeases { .. } => State::Talking(self),
        }
    }
}

fn clear(left: Leases, turn: &mut Turn<'_>) -> State {
    if left.patient {
        turn.act(Action::ClearLease(Side::Patient));
    }
    if left.operator {
        turn.act(Action::ClearLease(Side::Operator));
    }
    let deadline = turn.deadline(EFFECT_TIME, "the leases to be cleared");
    let stage = Stage::ClearingLeases { left, deadline };
    State::Talking(Talking { stage })
}

fn over(turn: &mut Turn<'_>) -> State {
    turn.story.talk_ended = Some(turn.now);
    turn.finish(Outcome::Connected)
}

/// The two can't be bridged: the patient is sent to somebody who can talk, the operator is released.
fn give_up(turn: &mut Turn<'_>) -> State {
    turn.story.fault = Some(Fault::Trouble(Step::Bridge));
    turn.act(Action::HangUpOperator);
    turn.act(Action::DestroyBridge);
    withdrawing::send_to_queue(Outcome::NetworkFailure, turn)
}
