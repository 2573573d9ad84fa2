//! Closing: the operator hears why there will be no talk, and is released.

use super::super::super::call::{Deadline, PlaybackId};
use super::super::Outcome;
use super::State;
use super::action::Action;
use super::event::Event;
use super::order::PLAYBACK_GRACE;
use super::turn::Turn;

/// An operator who hears the last words.
#[derive(Debug)]
pub(super) struct Closing {
    outcome: Outcome,
    playback: PlaybackId,
    deadline: Deadline,
}

/// Says what came of it.
pub(super) fn begin(outcome: Outcome, turn: &mut Turn<'_>) -> State {
    let clip = match outcome {
        Outcome::Busy => turn.clips.busy.clone(),
        Outcome::NoAnswer
        | Outcome::Rejected
        | Outcome::Unreachable
        | Outcome::InvalidNumber
        | Outcome::NetworkFailure
        | Outcome::Connected
        | Outcome::Machine
        | Outcome::OperatorMissing
        | Outcome::OperatorDeclined(_)
        | Outcome::Cancelled => turn.clips.no_answer.clone(),
    };
    let Some(clip) = clip else {
        return end(outcome, turn);
    };
    let time = clip.length + PLAYBACK_GRACE;
    let playback = turn.play(clip, PLAYBACK_GRACE);
    let deadline = turn.deadline(time, "the last words");
    State::Closing(Closing {
        outcome,
        playback,
        deadline,
    })
}

fn end(outcome: Outcome, turn: &mut Turn<'_>) -> State {
    turn.act(Action::HangUpOperator);
    turn.finish(outcome)
}

impl Closing {
    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn outcome(&self) -> Outcome {
        self.outcome
    }

    pub(super) fn on_event(self, event: &Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::PlaybackEnded { playback, .. } if *playback == self.playback => {
                end(self.outcome, turn)
            }
            Event::DeadlineReached | Event::StepFailed { .. } | Event::Cancel | Event::Stop => {
                end(self.outcome, turn)
            }
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
            | Event::PatientAnswered
            | Event::PatientEnded(_)
            | Event::PatientWentOn
            | Event::Bridged
            | Event::LeaseCleared(_) => State::Closing(self),
        }
    }
}
