//! Releasing: a caller has hung up who talked. The dialplan releases whom they talked with; we do it if the
//! dialplan does not.

use super::State;
use super::action::{Action, LegId};
use super::event::Event;
use super::outcome::Outcome;
use super::policy::RELEASE_TIME;
use super::turn::{Deadline, Turn};

/// The telephone that is left of a talk.
#[derive(Debug)]
pub(super) struct Releasing {
    leg: LegId,
    deadline: Deadline,
}

impl Releasing {
    pub(super) fn begin(leg: LegId, turn: &Turn<'_>) -> State {
        let deadline = turn.deadline(RELEASE_TIME, "the dialplan to release the telephone");
        State::Releasing(Self { leg, deadline })
    }

    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(self, event: &Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::LegEnded { leg, .. } if *leg == self.leg => over(turn),
            Event::DeadlineReached | Event::Stop => {
                turn.act(Action::HangUpLeg(self.leg));
                over(turn)
            }
            Event::LegEnded { .. }
            | Event::Arrived
            | Event::CallerKnown(_)
            | Event::PromptReady { .. }
            | Event::PromptFailed(_)
            | Event::PlaybackEnded { .. }
            | Event::KeyPressed(_)
            | Event::CallerLeft(_)
            | Event::LegRinging(_)
            | Event::LegReplaced(_)
            | Event::LegKeyPressed { .. }
            | Event::LegFreed(_)
            | Event::LegAnswered(_)
            | Event::Bridged(_)
            | Event::LeaseCleared
            | Event::Seen { .. }
            | Event::CallbackKept
            | Event::CallbackNotKept
            | Event::StepFailed { .. } => State::Releasing(self),
        }
    }
}

fn over(turn: &mut Turn<'_>) -> State {
    turn.act(Action::Finish(Outcome::Talked));
    State::Ended
}
