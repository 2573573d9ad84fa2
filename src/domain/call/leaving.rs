//! Leaving: the caller has been sent away, and is asked again until they are gone.

use super::State;
use super::action::Action;
use super::event::{Departure, Event};
use super::outcome::{FallbackReason, Outcome};
use super::policy::{LEAVING_TIME, LEAVING_TRIES};
use super::turn::{Deadline, Turn};

/// A caller on the way out.
#[derive(Debug)]
pub(super) struct Leaving {
    goal: Goal,
    tries: u32,
    deadline: Deadline,
}

/// Where the caller is to go.
#[derive(Clone, Copy, Debug)]
enum Goal {
    /// To the dialplan's fallback.
    Fallback(FallbackReason),
    /// Nowhere: the call has come to this.
    HangUp(Outcome),
}

/// Sends the caller to the fallback.
pub(super) fn to_fallback(reason: FallbackReason, turn: &mut Turn<'_>) -> State {
    leave(Goal::Fallback(reason), 1, turn)
}

/// Releases the caller: nothing is left to do.
pub(super) fn to_hang_up(outcome: Outcome, turn: &mut Turn<'_>) -> State {
    leave(Goal::HangUp(outcome), 1, turn)
}

fn leave(goal: Goal, tries: u32, turn: &mut Turn<'_>) -> State {
    turn.act(match goal {
        Goal::Fallback(reason) => Action::Continue(reason),
        Goal::HangUp(_) => Action::HangUpCaller,
    });
    let deadline = turn.deadline(LEAVING_TIME, "the caller to leave");
    State::Leaving(Leaving {
        goal,
        tries,
        deadline,
    })
}

impl Leaving {
    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(self, event: &Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::DeadlineReached if self.tries >= LEAVING_TRIES => {
                turn.act(Action::Finish(Outcome::Stuck));
                State::Ended
            }
            Event::DeadlineReached => leave(self.goal, self.tries + 1, turn),
            // A request that failed is repeated at the deadline, not in a storm.
            Event::StepFailed { .. }
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
            | Event::LegEnded { .. }
            | Event::Bridged(_)
            | Event::LeaseCleared
            | Event::Seen { .. }
            | Event::CallbackKept
            | Event::CallbackNotKept
            | Event::Stop => State::Leaving(self),
        }
    }

    /// How the call ended, now that the caller is gone.
    pub(super) fn outcome(&self, departure: Departure) -> Outcome {
        match (self.goal, departure) {
            (Goal::HangUp(outcome), _) => outcome,
            (Goal::Fallback(reason), Departure::ToDialplan) => Outcome::Fallback(reason),
            (Goal::Fallback(_), Departure::HungUp) => Outcome::HungUp,
        }
    }
}
