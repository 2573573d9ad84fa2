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

    /// Nothing else is of use to anybody any more.
    pub(super) fn on_event(self, event: &Event, turn: &mut Turn<'_>) -> State {
        let is_released = matches!(event, Event::LegEnded { leg, .. } if *leg == self.leg);
        let waits_no_longer = matches!(event, Event::DeadlineReached | Event::Stop);
        if !is_released && !waits_no_longer {
            return State::Releasing(self);
        }
        if waits_no_longer {
            turn.act(Action::HangUpLeg(self.leg));
        }
        turn.act(Action::Finish(Outcome::Talked));
        State::Ended
    }
}
