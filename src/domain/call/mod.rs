//! The inbound call: all that happens is an [`Event`], all that we do is an [`Action`], and
//! [`Call::on_event`] is the only door, for results, failures and deadlines too.
//!
//! A call goes through states, each with a file of its own:
//!
//! ```text
//! arriving ──► offering ──► connecting ──► talking
//!     │          ▲   │          │   │         │
//!     │          └───┼─(nobody)─┘   │         │
//!     └──────────────┴────► leaving ◄─────────┘
//! ```
//!
//! Between offering and connecting a call is waiting, if the chosen person is talking. Between offering
//! and leaving it is promising, if the caller wants to be called back by somebody who can't be had.
//!
//! Whatever state a call is in, the caller's departure is handled once and first: what the call
//! holds (a leg, a bridge) is let go, and the call has ended. Only after a talk it is releasing the leg first,
//! which the dialplan lets go.

mod accepting;
mod action;
mod arriving;
mod connecting;
mod dialling;
mod event;
mod languages;
mod leaving;
mod occurrence;
mod offer;
mod offering;
mod ongoing;
mod outcome;
mod policy;
mod promising;
mod record;
mod releasing;
mod script;
mod story;
mod talking;
#[cfg(test)]
mod tests;
mod turn;
mod waiting;

use std::time::Instant;

pub use action::{Action, BridgeId, CallbackWish, Lane, LegId, News, Note, PlaybackId, PromptId};
pub use event::{Departure, Event, Failure, LegEnding, PlaybackEnding, Step};
pub use languages::OtherLanguage;
pub use occurrence::{MOST_STEPS, Moment, Occurrence};
pub use ongoing::Ongoing;
pub use outcome::{FallbackReason, Outcome};
pub use policy::{Accepting, Answering, Policy, Ringing, WaitSound};
pub use record::CallRecord;
pub use story::{Story, Talk};
pub use turn::Deadline;

use super::directory::Extensions;
use super::menu::{Known, Menu, Reasons, Wording};
use languages::Languages;
use turn::{Counters, Turn};

/// One caller's call, from the dialplan's hand-over to its end.
#[derive(Debug)]
pub struct Call {
    policy: Policy,
    languages: Languages,
    counters: Counters,
    story: Story,
    state: State,
}

/// Where a call stands. Each state owns what only it may hold.
#[derive(Debug)]
enum State {
    /// Nothing has happened yet.
    New(New),
    /// Two talk, and another process brought them together.
    TakenOver(talking::TakenOver),
    /// Taken; the first sound is not there yet.
    Arriving(arriving::Arriving),
    /// Prompts are played, or a key is awaited.
    Offering(offering::Offering),
    /// The chosen person is talking; their telephone will be rung when it is free.
    Waiting(waiting::Waiting),
    /// The chosen person's telephone is being rung.
    Connecting(connecting::Connecting),
    /// The caller wants to be called back, and is told that they will be.
    Promising(promising::Promising),
    /// Both are in the bridge.
    Talking(talking::Talking),
    /// The caller has hung up after a talk; whom they talked with is about to be released.
    Releasing(releasing::Releasing),
    /// The caller is on the way out: to the fallback, or released.
    Leaving(leaving::Leaving),
    /// Nothing more will come out.
    Ended,
}

/// What is known before anything has happened.
#[derive(Debug)]
struct New {
    known: Known,
    better_may_come: bool,
    /// The caller is not to be answered by us, for this reason.
    sent_on: Option<FallbackReason>,
}

impl Call {
    /// A call that is about to begin with [`Event::Arrived`], of a caller about whom all is known.
    #[must_use]
    pub fn new(known: Known, wording: Wording, policy: Policy) -> Self {
        Self::begin(known, false, wording, policy)
    }

    /// As [`Call::new`], while somebody else is asked about the caller: [`Event::CallerKnown`] must
    /// follow, before the greeting is over or soon after.
    #[must_use]
    pub fn while_asking(known: Known, wording: Wording, policy: Policy) -> Self {
        Self::begin(known, true, wording, policy)
    }

    /// A call that goes on to the fallback at [`Event::Arrived`], without being answered.
    #[must_use]
    pub fn sent_on(reason: FallbackReason, wording: Wording, policy: Policy) -> Self {
        let known = Known {
            menu: Menu::default_of(&[]),
            name: None,
            extensions: Extensions::default(),
            reasons: Reasons::default(),
        };
        let mut call = Self::begin(known, false, wording, policy);
        if let State::New(new) = &mut call.state {
            new.sent_on = Some(reason);
        }
        call
    }

    /// A talk that another process of ours began: it is taken over at [`Event::Arrived`].
    #[must_use]
    pub fn taken_over(ongoing: &Ongoing, wording: Wording, policy: Policy) -> Self {
        Self {
            policy,
            languages: Languages::only(wording),
            counters: Counters::after(ongoing.leg, ongoing.bridge),
            story: Story::of_ongoing(ongoing),
            state: State::TakenOver(talking::TakenOver {
                leg: ongoing.leg,
                bridge: ongoing.bridge,
            }),
        }
    }

    fn begin(known: Known, better_may_come: bool, wording: Wording, policy: Policy) -> Self {
        Self {
            policy,
            languages: Languages::only(wording),
            counters: Counters::default(),
            story: Story::default(),
            state: State::New(New {
                known,
                better_may_come,
                sent_on: None,
            }),
        }
    }

    /// The same, with a key that leads to another language.
    #[must_use]
    pub fn also_in(mut self, other: Option<OtherLanguage>) -> Self {
        self.languages.other = other;
        self
    }

    /// The same; whether this caller may ask to be called back, where the policy has a key for that.
    #[must_use]
    pub fn calling_back(mut self, may: bool) -> Self {
        self.policy.callback_key = self.policy.callback_key.filter(|_| may);
        self
    }

    /// Takes what happened, and says what to do about it, in order.
    ///
    /// After [`Action::Finish`] nothing more comes out, whatever goes in.
    pub fn on_event(&mut self, now: Instant, event: Event) -> Vec<Action> {
        let state = std::mem::replace(&mut self.state, State::Ended);
        let mut turn = Turn::new(
            now,
            &self.policy,
            &self.languages,
            &mut self.story,
            &mut self.counters,
        );
        self.state = step(state, event, &mut turn);
        let (actions, changes_language) = turn.over();
        if changes_language {
            self.languages.change();
        }
        actions
    }

    /// When [`Event::DeadlineReached`] is due if nothing happens before, and why.
    #[must_use]
    pub fn deadline(&self) -> Option<Deadline> {
        match &self.state {
            State::New(_) | State::TakenOver(_) | State::Ended => None,
            State::Arriving(state) => Some(state.deadline()),
            State::Offering(state) => Some(state.deadline()),
            State::Waiting(state) => Some(state.deadline()),
            State::Connecting(state) => Some(state.deadline()),
            State::Promising(state) => Some(state.deadline()),
            State::Talking(state) => state.deadline(),
            State::Releasing(state) => Some(state.deadline()),
            State::Leaving(state) => Some(state.deadline()),
        }
    }

    /// What is worth knowing of the call, up to now.
    #[must_use]
    pub fn story(&self) -> &Story {
        &self.story
    }

    /// The state's name, for logs.
    #[must_use]
    pub fn state_name(&self) -> &'static str {
        match &self.state {
            State::New(_) => "new",
            State::TakenOver(_) => "taken over",
            State::Arriving(_) => "arriving",
            State::Offering(_) => "offering",
            State::Waiting(_) => "waiting",
            State::Connecting(_) => "connecting",
            State::Promising(_) => "promising",
            State::Talking(_) => "talking",
            State::Releasing(_) => "releasing",
            State::Leaving(_) => "leaving",
            State::Ended => "ended",
        }
    }
}

fn step(state: State, event: Event, turn: &mut Turn<'_>) -> State {
    if !matches!(
        state,
        State::TakenOver(_) | State::Releasing(_) | State::Ended
    ) {
        turn.story.note_event(turn.now, &event);
    }
    if let Some(departure) = departure(&event) {
        return caller_left(state, departure, turn);
    }
    if let Event::CallerKnown(known) = &event {
        turn.story
            .caller_known(known.name.clone(), known.reasons.clone());
    }
    if let Some(leg) = given_up(&state, &event) {
        turn.act(Action::HangUpLeg(leg));
        return state;
    }
    match state {
        State::New(new) => arriving::begin(new, &event, turn),
        State::TakenOver(talk) => talk.begin(turn),
        State::Arriving(arriving) => arriving.on_event(event, turn),
        State::Offering(offering) => offering.on_event(event, turn),
        State::Waiting(waiting) => waiting.on_event(event, turn),
        State::Connecting(connecting) => connecting.on_event(event, turn),
        State::Promising(promising) => promising.on_event(event, turn),
        State::Talking(talking) => talking.on_event(&event, turn),
        State::Releasing(releasing) => releasing.on_event(&event, turn),
        State::Leaving(leaving) => leaving.on_event(&event, turn),
        State::Ended => State::Ended,
    }
}

/// The telephone that rings or answers though nobody waits for it any more: Asterisk was asked to ring
/// it, did not say whether it would, and did so late. Whoever picks up must not be left in silence.
fn given_up(state: &State, event: &Event) -> Option<LegId> {
    let (Event::LegRinging(leg) | Event::LegAnswered(leg)) = event else {
        return None;
    };
    let is_wanted = match state {
        State::Arriving(_)
        | State::Offering(_)
        | State::Waiting(_)
        | State::Promising(_)
        | State::Leaving(_) => false,
        State::Connecting(connecting) => connecting.rings(*leg),
        // Whoever was slower than the one who talks is being hung up already.
        State::New(_)
        | State::TakenOver(_)
        | State::Talking(_)
        | State::Releasing(_)
        | State::Ended => true,
    };
    (!is_wanted).then_some(*leg)
}

/// Whether the event means that the caller is gone, and how they went.
fn departure(event: &Event) -> Option<Departure> {
    if let Event::CallerLeft(departure) = event {
        return Some(*departure);
    }
    let Event::StepFailed {
        step,
        failure: Failure::Gone,
    } = event
    else {
        return None;
    };
    step.concerns_caller().then_some(Departure::HungUp)
}

/// The caller is gone, whoever ended it: lets go of what the call holds.
fn caller_left(state: State, departure: Departure, turn: &mut Turn<'_>) -> State {
    let outcome = match (state, departure) {
        (State::Ended, _) => return State::Ended,
        (State::Talking(talking), departure) => return talking.caller_left(departure, turn),
        (State::Releasing(releasing), _) => return State::Releasing(releasing),
        (State::Leaving(leaving), departure) => leaving.outcome(departure),
        (State::Promising(promising), departure) => promising.outcome(departure),
        (State::TakenOver(talk), _) => talk.release(turn),
        (State::Connecting(connecting), departure) => {
            connecting.release(turn);
            outcome::left_early(departure)
        }
        (
            State::New(_) | State::Arriving(_) | State::Offering(_) | State::Waiting(_),
            departure,
        ) => outcome::left_early(departure),
    };
    turn.act(Action::Finish(outcome));
    State::Ended
}
