//! The calls that are under way, found by their id or by their caller's channel.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::AbortHandle;
use tracing::Span;

use super::ledger::Ledger;
use super::names::{self, CallId, Part};
use super::stopwatch::Stopwatch;
use crate::ari::ChannelId;
use crate::domain::call::{Event, LegId};

/// A call as the switchboard sees it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) caller: ChannelId,
    pub(super) mailbox: mpsc::Sender<Event>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) task: AbortHandle,
    pub(super) span: Span,
    pub(super) stopwatch: Stopwatch,
    /// How many calls were given up so far: all calls count here.
    pub(super) given_up: Arc<AtomicU64>,
}

impl Entry {
    /// Gives an event to the call. One that is too far behind to take it is sick: it is ended, and
    /// its supervisor brings the caller to the fallback.
    pub(super) fn tell(&self, event: Event) {
        match self.mailbox.try_send(event) {
            // A call that has just ended wants nothing more.
            Ok(()) | Err(TrySendError::Closed(_)) => {}
            Err(TrySendError::Full(_)) => {
                self.span
                    .in_scope(|| tracing::error!("the call does not keep up and is given up"));
                self.given_up.fetch_add(1, Ordering::Relaxed);
                self.task.abort();
            }
        }
    }
}

/// All calls under way.
#[derive(Debug, Default)]
pub(super) struct Registry {
    calls: HashMap<CallId, Entry>,
    by_caller: HashMap<ChannelId, CallId>,
    /// Channels that took a leg's place.
    replacements: HashMap<ChannelId, (CallId, LegId)>,
    given_up: Arc<AtomicU64>,
}

impl Registry {
    /// Calls that did not keep up with their events and were given up, so far.
    pub(super) fn given_up(&self) -> u64 {
        self.given_up.load(Ordering::Relaxed)
    }

    pub(super) fn insert(&mut self, id: CallId, entry: Entry) {
        let given_up = Arc::clone(&self.given_up);
        let entry = Entry { given_up, ..entry };
        self.by_caller.insert(entry.caller.clone(), id.clone());
        self.calls.insert(id, entry);
    }

    pub(super) fn remove(&mut self, id: &CallId) {
        let Some(entry) = self.calls.remove(id) else {
            return;
        };
        // The same channel may be back already, as another call.
        if self.by_caller.get(&entry.caller) == Some(id) {
            self.by_caller.remove(&entry.caller);
        }
        self.replacements.retain(|_, (call, _)| call != id);
    }

    /// Remembers that another channel is the leg from now on.
    pub(super) fn replace(&mut self, call: &CallId, leg: LegId, channel: &ChannelId) {
        let Some(entry) = self.calls.get(call) else {
            return;
        };
        entry.ledger.replace(leg, channel.clone());
        // What it may have replaced itself is not the leg any more.
        self.replacements.retain(|_, of| *of != (call.clone(), leg));
        self.replacements
            .insert(channel.clone(), (call.clone(), leg));
    }

    /// The call and the leg that a channel is: by its name, or because it took a leg's place.
    pub(super) fn leg_of(&self, channel: &ChannelId) -> Option<(CallId, LegId)> {
        if let Some(of) = self.replacements.get(channel) {
            return Some(of.clone());
        }
        match names::parse(channel.as_str())? {
            (call, Part::Leg(leg)) => Some((call, leg)),
            (_, Part::Playback(_) | Part::Bridge(_) | Part::Recorder) => None,
        }
    }

    pub(super) fn of_call(&mut self, id: &CallId) -> Option<&mut Entry> {
        self.calls.get_mut(id)
    }

    /// The call that one of our own ids belongs to.
    pub(super) fn of_id(&mut self, id: &str) -> Option<&mut Entry> {
        let (call, _) = names::parse(id)?;
        self.calls.get_mut(&call)
    }

    pub(super) fn of_caller(&mut self, channel: &ChannelId) -> Option<&mut Entry> {
        let id = self.by_caller.get(channel)?;
        self.calls.get_mut(id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&CallId, &Entry)> {
        self.calls.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.calls.len()
    }
}
