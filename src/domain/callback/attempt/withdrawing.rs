//! Withdrawing: nobody is left to talk to the patient. The telephone stops ringing; who picks up in
//! that very moment hears an apology and goes to the queue.

use super::super::super::call::Deadline;
use super::super::Outcome;
use super::State;
use super::action::Action;
use super::event::Event;
use super::order::EFFECT_TIME;
use super::turn::Turn;

/// A patient whose telephone is being stopped.
#[derive(Debug)]
pub(super) struct Withdrawing {
    outcome: Outcome,
    deadline: Deadline,
}

/// Stops the patient's telephone.
pub(super) fn begin(outcome: Outcome, turn: &mut Turn<'_>) -> State {
    turn.act(Action::WithdrawPatient);
    turn.act(Action::DestroyBridge);
    let deadline = turn.deadline(EFFECT_TIME, "the ringing to stop");
    State::Withdrawing(Withdrawing { outcome, deadline })
}

impl Withdrawing {
    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(self, event: &Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::PatientEnded(cause) => {
                turn.story.cause = Some(*cause);
                turn.finish(self.outcome)
            }
            Event::PatientWentOn => {
                turn.story.sent_to_queue = true;
                turn.finish(self.outcome)
            }
            Event::PatientAnswered => send_to_queue(self.outcome, turn),
            Event::DeadlineReached => {
                turn.act(Action::HangUpPatient);
                turn.finish(self.outcome)
            }
            // The bridge and the operator are being let go; whatever they say is late.
            Event::Begin
            | Event::PromptReady { .. }
            | Event::PromptFailed(_)
            | Event::OperatorPickedUp
            | Event::OperatorArrived { .. }
            | Event::OperatorLeft(_)
            | Event::KeyPressed(_)
            | Event::PlaybackEnded { .. }
            | Event::PatientDialled { .. }
            | Event::PatientRinging
            | Event::PatientProgress
            | Event::Bridged
            | Event::LeaseCleared(_)
            | Event::StepFailed { .. }
            | Event::Cancel
            | Event::Stop => State::Withdrawing(self),
        }
    }
}

/// The patient is there, and nobody else. If this fails, the lease of the patient's own leg does it.
pub(super) fn send_to_queue(outcome: Outcome, turn: &mut Turn<'_>) -> State {
    turn.act(Action::SendPatientToQueue);
    turn.story.sent_to_queue = true;
    turn.finish(outcome)
}
