//! What a state may use while it answers one event.

use std::time::{Duration, Instant};

use super::super::super::call::{Deadline, PlaybackId, PromptId};
use super::super::super::prompt::{Clip, Haste, Prompt};
use super::super::{Decline, Outcome};
use super::State;
use super::action::{Action, News};
use super::event::Step;
use super::order::{Order, Policy};
use super::story::{Fault, Story};

/// What has been made of the order's prompts.
#[derive(Debug, Default)]
pub(super) struct Clips {
    pub(super) briefing: Option<Clip>,
    pub(super) connecting: Option<Clip>,
    pub(super) busy: Option<Clip>,
    pub(super) no_answer: Option<Clip>,
    pub(super) sorry: Option<Clip>,
    pub(super) apology: Option<Clip>,
}

/// The counters from which an attempt's ids are made.
#[derive(Debug, Default)]
pub(super) struct Counters {
    prompts: u32,
    playbacks: u32,
}

/// One event's answer in the making.
pub(super) struct Turn<'a> {
    pub(super) now: Instant,
    pub(super) order: &'a Order,
    pub(super) clips: &'a mut Clips,
    pub(super) story: &'a mut Story,
    pub(super) counters: &'a mut Counters,
    pub(super) actions: Vec<Action>,
}

impl Turn<'_> {
    pub(super) fn policy(&self) -> &Policy {
        &self.order.policy
    }

    pub(super) fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    pub(super) fn tell(&mut self, news: News) {
        self.act(Action::Tell(news));
    }

    pub(super) fn deadline(&self, after: Duration, waits_for: &'static str) -> Deadline {
        Deadline {
            at: self.now + after,
            waits_for,
        }
    }

    /// Asks for a prompt.
    pub(super) fn prepare(&mut self, words: Prompt, haste: Haste) -> PromptId {
        self.counters.prompts += 1;
        let prompt = PromptId(self.counters.prompts);
        self.act(Action::Prepare {
            prompt,
            words,
            haste,
        });
        prompt
    }

    /// Has the dialplan wait this long, and a margin.
    pub(super) fn grant_lease(&mut self, time: Duration) {
        let time = time + self.policy().lease_margin;
        self.act(Action::GrantLease(time));
    }

    /// Plays a clip to the operator, after a lease that covers it and `tail`.
    pub(super) fn play(&mut self, clip: Clip, tail: Duration) -> PlaybackId {
        self.counters.playbacks += 1;
        let playback = PlaybackId(self.counters.playbacks);
        self.grant_lease(clip.length + tail);
        self.act(Action::Play { playback, clip });
        playback
    }

    /// The attempt is over.
    pub(super) fn finish(&mut self, outcome: Outcome) -> State {
        self.act(Action::Finish(outcome));
        State::Ended
    }

    /// The operator said something else than "connect".
    pub(super) fn declined(&mut self, decline: Decline) -> State {
        self.act(Action::HangUpOperator);
        self.finish(Outcome::OperatorDeclined(decline))
    }

    /// Something broke: the operator is told, and the attempt is over.
    pub(super) fn break_off(&mut self, fault: Fault) -> State {
        self.story.fault = Some(fault);
        self.act(Action::ReleaseOperator);
        self.finish(Outcome::NetworkFailure)
    }

    /// As [`Turn::break_off`], for a request that failed.
    pub(super) fn trouble(&mut self, step: Step) -> State {
        self.break_off(Fault::Trouble(step))
    }
}
