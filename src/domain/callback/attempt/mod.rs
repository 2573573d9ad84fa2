//! One attempt to call a person back: all that happens is an [`Event`], all that we do is an
//! [`Action`], and [`Attempt::on_event`] is the only door, for results, failures and deadlines too.
//!
//! ```text
//! preparing ──► queueing ──► briefing ──► dialling ──► talking
//!                                            │  │
//!                               closing ◄────┘  └────► withdrawing
//! ```
//!
//! One law above all: the patient is dialled in `dialling` alone, and the only way there is an
//! operator who accepted.
//!
//! Whatever state an attempt is in, the operator's departure is handled once and first: what the
//! attempt holds (the patient's leg, the bridge) is let go.

mod action;
mod briefing;
mod cause;
mod closing;
mod dialling;
mod event;
mod order;
mod preparing;
mod queueing;
mod story;
mod talking;
#[cfg(test)]
mod tests;
mod turn;
mod withdrawing;

use std::time::Instant;

pub use action::{Action, Lane, News};
pub use cause::Cause;
pub use event::{Departure, Event, OperatorNumber, Side, Step, Verdict};
pub use order::{Detection, Operators, Order, Patient, Policy, Prompts, Silence};
pub use story::{Fault, Story};

use super::super::call::{Deadline, Failure};
use super::{Decline, Outcome};
use turn::{Clips, Counters, Turn};

/// One attempt, from the order to its outcome.
#[derive(Debug)]
pub struct Attempt {
    order: Order,
    clips: Clips,
    counters: Counters,
    story: Story,
    state: State,
}

/// Where an attempt stands. Each state owns what only it may hold.
#[derive(Debug)]
enum State {
    /// Nothing has happened yet.
    New,
    /// The words are being spoken; nobody has been rung.
    Preparing(preparing::Preparing),
    /// The call waits in the queue for an operator.
    Queueing(queueing::Queueing),
    /// The operator hears whom it is about, and chooses.
    Briefing(briefing::Briefing),
    /// The patient's telephone is being rung.
    Dialling(dialling::Dialling),
    /// The two are in the bridge.
    Talking(talking::Talking),
    /// Nobody is left to talk to the patient, whose telephone may still ring.
    Withdrawing(withdrawing::Withdrawing),
    /// The operator hears that the patient was not reached.
    Closing(closing::Closing),
    /// Nothing more will come out.
    Ended,
}

impl Attempt {
    /// An attempt that is about to begin with [`Event::Begin`].
    #[must_use]
    pub fn new(order: Order) -> Self {
        Self {
            order,
            clips: Clips::default(),
            counters: Counters::default(),
            story: Story::default(),
            state: State::New,
        }
    }

    /// An attempt of a process before this one, or one that failed, whose two talk already.
    #[must_use]
    pub fn taken_over(order: Order, story: Story, now: Instant) -> Self {
        Self {
            story,
            state: State::Talking(talking::Talking::taken_over(now)),
            ..Self::new(order)
        }
    }

    /// Takes what happened, and says what to do about it, in order.
    ///
    /// After [`Action::Finish`] nothing more comes out, whatever goes in.
    pub fn on_event(&mut self, now: Instant, event: Event) -> Vec<Action> {
        let state = std::mem::replace(&mut self.state, State::Ended);
        let mut turn = Turn {
            now,
            order: &self.order,
            clips: &mut self.clips,
            story: &mut self.story,
            counters: &mut self.counters,
            actions: Vec::new(),
        };
        self.state = step(state, event, &mut turn);
        turn.actions
    }

    /// When [`Event::DeadlineReached`] is due if nothing happens before, and why.
    #[must_use]
    pub fn deadline(&self) -> Option<Deadline> {
        match &self.state {
            State::New | State::Ended => None,
            State::Preparing(state) => Some(state.deadline()),
            State::Queueing(state) => Some(state.deadline()),
            State::Briefing(state) => Some(state.deadline()),
            State::Dialling(state) => Some(state.deadline()),
            State::Talking(state) => state.deadline(),
            State::Withdrawing(state) => Some(state.deadline()),
            State::Closing(state) => Some(state.deadline()),
        }
    }

    /// What it is for.
    #[must_use]
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// What is worth knowing of it, up to now.
    #[must_use]
    pub fn story(&self) -> &Story {
        &self.story
    }

    /// The state's name, for logs.
    #[must_use]
    pub fn state_name(&self) -> &'static str {
        match &self.state {
            State::New => "new",
            State::Preparing(_) => "preparing",
            State::Queueing(_) => "queueing",
            State::Briefing(_) => "briefing",
            State::Dialling(_) => "dialling",
            State::Talking(_) => "talking",
            State::Withdrawing(_) => "withdrawing",
            State::Closing(_) => "closing",
            State::Ended => "ended",
        }
    }
}

fn step(state: State, event: Event, turn: &mut Turn<'_>) -> State {
    if let Some(departure) = departure(&event) {
        return operator_left(state, departure, turn);
    }
    match state {
        State::New => preparing::begin(&event, turn),
        State::Preparing(preparing) => preparing.on_event(event, turn),
        State::Queueing(queueing) => queueing.on_event(event, turn),
        State::Briefing(briefing) => briefing.on_event(&event, turn),
        State::Dialling(dialling) => dialling.on_event(event, turn),
        State::Talking(talking) => talking.on_event(&event, turn),
        State::Withdrawing(withdrawing) => withdrawing.on_event(&event, turn),
        State::Closing(closing) => closing.on_event(&event, turn),
        State::Ended => State::Ended,
    }
}

/// Whether the event means that the operator's leg is gone, and how it went.
fn departure(event: &Event) -> Option<Departure> {
    if let Event::OperatorLeft(departure) = event {
        return Some(*departure);
    }
    let Event::StepFailed {
        step,
        failure: Failure::Gone,
    } = event
    else {
        return None;
    };
    step.concerns_operator().then_some(Departure::HungUp)
}

/// The operator's leg is gone, whoever ended it: lets go of what the attempt holds.
fn operator_left(state: State, departure: Departure, turn: &mut Turn<'_>) -> State {
    match state {
        State::New | State::Preparing(_) | State::Ended => state,
        State::Queueing(queueing) => queueing.operator_left(turn),
        State::Briefing(_) => {
            let outcome = left_early(departure, turn);
            turn.finish(outcome)
        }
        State::Dialling(dialling) => {
            dialling.operator_left(turn);
            let outcome = left_early(departure, turn);
            withdrawing::begin(outcome, turn)
        }
        State::Talking(talking) => talking.operator_left(departure, turn),
        State::Withdrawing(withdrawing) => State::Withdrawing(withdrawing),
        State::Closing(closing) => turn.finish(closing.outcome()),
    }
}

/// The outcome when the operator's leg is gone before the two talked.
fn left_early(departure: Departure, turn: &mut Turn<'_>) -> Outcome {
    match departure {
        Departure::HungUp => Outcome::OperatorDeclined(Decline::HungUp),
        Departure::ToDialplan => {
            turn.story.fault = Some(Fault::LeaseRanOut);
            Outcome::NetworkFailure
        }
    }
}
