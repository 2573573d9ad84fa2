//! One call's task: events from its mailbox go in by the one door, actions come out to the lanes.

use std::sync::Arc;
use std::time::Instant;

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::Instrument;

use super::inbox::next_event;
use super::lanes::{Lanes, Performs};
use super::performer::Performer;
use super::witness::Witness;
use crate::domain::call::{Action, Call, CallbackWish, Event, Lane, Outcome, PromptId};
use crate::domain::menu::Known;
use crate::domain::prompt::{Clip, Haste, Prompt};
use crate::speech::Speech;

/// How many events may wait for one call. Asterisk sends a handful a second; a call that is so far
/// behind is sick.
pub(super) const MAILBOX: usize = 128;

/// A call with all that it needs to run.
pub(super) struct CallTask {
    call: Call,
    mailbox: mpsc::Receiver<Event>,
    results: mpsc::Sender<Event>,
    lanes: Lanes<Performer>,
    speech: Speech,
    witness: Witness,
    /// Prompts that are being made, and what is asked about the caller.
    work: JoinSet<()>,
}

impl CallTask {
    /// `results` leads to `mailbox`: what comes of our own work is an event like any other.
    pub(super) fn new(
        call: Call,
        performer: Arc<Performer>,
        speech: Speech,
        witness: Witness,
        (results, mailbox): (mpsc::Sender<Event>, mpsc::Receiver<Event>),
    ) -> Box<Self> {
        Box::new(Self {
            call,
            mailbox,
            results,
            lanes: Lanes::new(performer),
            speech,
            witness,
            work: JoinSet::new(),
        })
    }

    /// What is found out about the caller is told to the call.
    pub(super) fn ask(&mut self, asking: BoxFuture<'static, Known>) {
        let results = self.results.clone();
        let asked = async move {
            let known = asking.await;
            // The call has ended when nobody takes it.
            let _ = results.send(Event::CallerKnown(Box::new(known))).await;
        };
        self.work.spawn(asked.in_current_span());
    }

    /// Runs the call to its end. In a box, since a future has room twice for what is moved into it, and a
    /// call lasts long.
    pub(super) async fn run(mut self: Box<Self>) -> Outcome {
        let mut event = Event::Arrived;
        loop {
            for action in self.step(event) {
                if let Action::Finish(outcome) = action {
                    // Nobody reads any more: a result must not wait for room.
                    drop(self.mailbox);
                    self.lanes.finish().await;
                    self.witness.call_ended(outcome, self.call.story());
                    return outcome;
                }
                self.carry_out(action);
            }
            event = self.next_event().await;
        }
    }

    fn step(&mut self, event: Event) -> Vec<Action> {
        let before = self.call.state_name();
        tracing::debug!(?event, state = before, "event");
        let actions = self.call.on_event(Instant::now(), event);
        let after = self.call.state_name();
        if before != after {
            tracing::debug!("{before} → {after}");
        }
        actions
    }

    fn carry_out(&mut self, action: Action) {
        if let Action::Prepare {
            prompt,
            words,
            haste,
        } = action
        {
            return self.prepare(prompt, words, haste);
        }
        if let Action::Tell(news) = action {
            return self.witness.call_goes_on(news, self.call.story());
        }
        if let Action::LeaveCallback(wish) = action {
            return self.leave_callback(*wish);
        }
        self.lanes.give(action);
    }

    /// Whether the wish is kept is told to the call.
    fn leave_callback(&mut self, wish: CallbackWish) {
        let keeping = self.witness.leave_callback(wish);
        let results = self.results.clone();
        let work = async move {
            let event = match keeping.await {
                true => Event::CallbackKept,
                false => Event::CallbackNotKept,
            };
            // The call has ended when nobody takes it.
            let _ = results.send(event).await;
        };
        self.work.spawn(work.in_current_span());
    }

    async fn next_event(&mut self) -> Event {
        let deadline = self.call.deadline();
        let next = next_event(&mut self.mailbox, &mut self.lanes, deadline);
        next.await.unwrap_or(Event::DeadlineReached)
    }

    fn prepare(&mut self, prompt: PromptId, words: Prompt, haste: Haste) {
        let speech = self.speech.clone();
        let results = self.results.clone();
        let work = async move {
            let event = prompt_event(&speech, prompt, &words, haste).await;
            // The call has ended when nobody takes it.
            let _ = results.send(event).await;
        };
        self.work.spawn(work.in_current_span());
        while self.work.try_join_next().is_some() {}
    }
}

impl Performs for Performer {
    type Action = Action;
    type Event = Event;
    type Lane = Lane;

    fn lane(action: &Action) -> Lane {
        action.lane()
    }

    async fn perform(&self, action: Action) -> Option<Event> {
        Self::perform(self, action).await
    }

    fn shares_request(action: &Action) -> bool {
        matches!(action, Action::Note(_))
    }

    async fn perform_together(&self, actions: Vec<Action>) -> Vec<Event> {
        Self::perform_together(self, actions).await
    }
}

async fn prompt_event(speech: &Speech, prompt: PromptId, words: &Prompt, haste: Haste) -> Event {
    match clip_of(speech, words, haste).await {
        Some(clip) => Event::PromptReady { prompt, clip },
        None => Event::PromptFailed(prompt),
    }
}

/// A prompt's clip, made now if need be; `None`, after a word in the log, if it can't be made.
pub(super) async fn clip_of(speech: &Speech, words: &Prompt, haste: Haste) -> Option<Clip> {
    match speech.prepare(words, haste).await {
        Ok(clip) => Some(clip),
        Err(error) => {
            tracing::warn!(%error, "a prompt can't be made");
            None
        }
    }
}
