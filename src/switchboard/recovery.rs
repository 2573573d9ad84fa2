//! What the switchboard does about what is found after a gap.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::Switchboard;
use super::gap::{Beliefs, Gap, Word};
use super::supervision;
use super::takeover::Found;
use crate::ari::{Channel, ChannelId, ChannelState};
use crate::domain::call::Event;

/// So often Asterisk is compared with what the calls believe also without a gap: no single lost
/// request or event may leave something for ever.
pub(super) const LOOKS_EVERY: Duration = Duration::from_secs(60);

/// How often one talk is taken over because its call failed. After that it goes on alone.
const MOST_TIMES: u32 = 3;

/// What Asterisk need not send, because nobody here reads it. A type
/// that we don't know stays, for one that has become important must not be lost by an old list.
const NOT_WANTED: [&str; 13] = [
    "BridgeAttendedTransfer",
    "BridgeBlindTransfer",
    "BridgeCreated",
    "BridgeDestroyed",
    "BridgeMerged",
    "ChannelCallerId",
    "ChannelConnectedLine",
    "ChannelCreated",
    "ChannelDialplan",
    "ChannelEnteredBridge",
    "ChannelLeftBridge",
    "ChannelVarset",
    "PlaybackContinuing",
];

/// What is read of callbacks alone.
const OF_CALLBACKS: &str = "Dial";

/// Words that wait for the switchboard.
const WAITING: usize = 64;

/// What is being found out about Asterisk.
pub(super) struct Recovery {
    sender: mpsc::Sender<Word>,
    words: mpsc::Receiver<Word>,
    looking: Option<AbortHandle>,
}

impl Recovery {
    pub(super) fn new() -> Self {
        let (sender, words) = mpsc::channel(WAITING);
        Self {
            sender,
            words,
            looking: None,
        }
    }

    /// What was found out. Never ends by itself.
    pub(super) async fn next(&mut self) -> Option<Word> {
        self.words.recv().await
    }
}

impl Drop for Recovery {
    fn drop(&mut self) {
        if let Some(looking) = &self.looking {
            looking.abort();
        }
    }
}

impl Switchboard {
    /// Has a gap closed. One that is being closed is begun again: there was another.
    pub(super) fn close_gap(&mut self) {
        let requests = self.desk.requests.clone();
        let gap = Gap {
            requests: requests.clone(),
            fallback: self.desk.profiles.general.fallback.clone(),
            switchboard: self.recovery.sender.clone(),
        };
        let of_callbacks = (!self.attempts.are_open()).then_some(OF_CALLBACKS);
        let not_wanted: Vec<_> = NOT_WANTED.into_iter().chain(of_callbacks).collect();
        let looking = tokio::spawn(async move {
            if let Err(error) = requests.filter_events(&[], &not_wanted).await {
                tracing::warn!(%error, "Asterisk sends more events than we need");
            }
            gap.close().await;
        });
        let before = self.recovery.looking.replace(looking.abort_handle());
        if let Some(before) = before {
            before.abort();
        }
    }

    pub(super) fn on_word(&mut self, word: Word) {
        match word {
            Word::Beliefs(asked) => {
                drop(asked.send(Beliefs::of(&self.calls, self.attempts.beliefs())));
            }
            Word::Replaced { old, new } => self.replaced_in_a_gap(&old, &new),
            Word::Talk(found) => self.take_over(*found),
            Word::Attempts(looked) => self.attempts.on_looked(looked),
        }
    }

    fn replaced_in_a_gap(&mut self, old: &ChannelId, new: &Channel) {
        self.replace(old, new);
        if new.state == ChannelState::Up
            && let Some((call, leg)) = self.calls.leg_of(&new.id)
        {
            self.tell_call(&call, Event::LegAnswered(leg));
        }
    }

    /// Watches over a talk that no call watches over.
    pub(super) fn take_over(&mut self, found: Found) {
        let is_known = self.calls.of_call(&found.call).is_some()
            || self.calls.of_caller(&found.caller.id).is_some();
        if is_known {
            return;
        }
        if found.times > MOST_TIMES {
            tracing::error!(call = %found.call, "a talk whose call fails again and again goes on alone");
            return;
        }
        let (call, leg) = (found.call.clone(), found.ongoing.leg);
        let handed_on = found.was_handed_on();
        let talks_with = found.leg.clone();
        let desk = Arc::clone(&self.desk);
        let entry = supervision::take_over(desk, found, &mut self.supervisors);
        self.calls.insert(call.clone(), entry);
        if handed_on {
            self.calls.replace(&call, leg, &talks_with.id);
            if talks_with.state != ChannelState::Up {
                self.tell_call(&call, Event::LegReplaced(leg));
            }
        }
        if self.stopping {
            self.tell_call(&call, Event::Stop);
        }
    }
}
