//! One attempt's task: events from its mailbox go in by the one door, actions come out to the lanes.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::Instrument;

use super::super::call_task::clip_of;
use super::super::inbox::next_event;
use super::super::lanes::Lanes;
use super::performer::Performer;
use super::supervision::Witness;
use crate::domain::call::PromptId;
use crate::domain::callback::Outcome;
use crate::domain::callback::attempt::{Action, Attempt, Event, Fault, Story};
use crate::domain::prompt::{Haste, Prompt};
use crate::speech::Speech;

/// How many events may wait for one attempt.
pub(super) const MAILBOX: usize = 128;

/// An attempt with all that it needs to run.
pub(super) struct AttemptTask {
    attempt: Attempt,
    mailbox: mpsc::Receiver<Event>,
    results: mpsc::Sender<Event>,
    performer: Arc<Performer>,
    lanes: Lanes<Performer>,
    speech: Speech,
    witness: Arc<Witness>,
    /// Prompts that are being made.
    work: JoinSet<()>,
}

impl AttemptTask {
    /// `results` leads to `mailbox`: what comes of our own work is an event like any other.
    pub(super) fn new(
        attempt: Attempt,
        performer: Arc<Performer>,
        speech: Speech,
        witness: Arc<Witness>,
        (results, mailbox): (mpsc::Sender<Event>, mpsc::Receiver<Event>),
    ) -> Self {
        Self {
            attempt,
            mailbox,
            lanes: Lanes::new(Arc::clone(&performer)),
            performer,
            results,
            speech,
            witness,
            work: JoinSet::new(),
        }
    }

    /// Runs the attempt to its end.
    pub(super) async fn run(mut self) -> (Outcome, Story) {
        let mut event = Event::Begin;
        loop {
            for action in self.step(event) {
                if let Action::Finish(outcome) = action {
                    // Nobody reads any more: a result must not wait for room.
                    drop(self.mailbox);
                    self.lanes.finish().await;
                    let story = self.attempt.story().clone();
                    return what_came_of_it(outcome, story, &self.performer);
                }
                self.carry_out(action);
            }
            event = self.next_event().await;
        }
    }

    fn step(&mut self, event: Event) -> Vec<Action> {
        let before = self.attempt.state_name();
        tracing::debug!(?event, state = before, "event");
        let actions = self.attempt.on_event(Instant::now(), event);
        self.witness.remember(self.attempt.story());
        let after = self.attempt.state_name();
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
            return self.witness.attempt_goes_on(news, self.attempt.story());
        }
        self.lanes.give(action);
    }

    async fn next_event(&mut self) -> Event {
        let deadline = self.attempt.deadline();
        let next = next_event(&mut self.mailbox, &mut self.lanes, deadline);
        next.await.unwrap_or(Event::DeadlineReached)
    }

    fn prepare(&mut self, prompt: PromptId, words: Prompt, haste: Haste) {
        let speech = self.speech.clone();
        let results = self.results.clone();
        let work = async move {
            let event = match clip_of(&speech, &words, haste).await {
                Some(clip) => Event::PromptReady { prompt, clip },
                None => Event::PromptFailed(prompt),
            };
            // The attempt has ended when nobody takes it.
            let _ = results.send(event).await;
        };
        self.work.spawn(work.in_current_span());
        while self.work.try_join_next().is_some() {}
    }
}

/// Two whom the dialplan has brought together while we were silent are connected, whatever it looked
/// like from here: nobody is to be called for it again. How long they talk, we don't hear.
fn what_came_of_it(outcome: Outcome, mut story: Story, performer: &Performer) -> (Outcome, Story) {
    if story.fault == Some(Fault::LeaseRanOut) && performer.ledger.are_kept() {
        story.talk_ended = Some(Instant::now());
        return (Outcome::Connected, story);
    }
    (outcome, story)
}
