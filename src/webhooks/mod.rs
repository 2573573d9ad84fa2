//! Webhooks: what happens in calls is told to others, as CloudEvents signed by Standard Webhooks.
//!
//! What is to be told goes into the store first, and from there to each webhook: every message at
//! least once, those of one call in their order. Nobody who tells waits.

mod attempt;
mod callback;
mod intake;
mod message;
mod sender;
mod settings;
mod signature;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::store::{Store, StoreError};

pub use callback::CallbackFact;
pub use message::{CallFact, Fact, Kind};
pub use settings::{Settings, SigningSecret, UnusableWebhook};
pub use signature::{Key, NotAKey};

use sender::{Pace, Sender};

/// The most facts that wait to be written.
const MOST_FACTS: usize = 1000;

/// How long what waits may take to be written when we stop.
const STOP_TIME: Duration = Duration::from_secs(2);

/// So many messages are read at once.
const PAGE: usize = 500;

/// Takes what is to be told.
#[derive(Clone)]
pub struct Outbox {
    facts: mpsc::Sender<Fact>,
    /// What at least one webhook wants.
    wanted: Arc<HashSet<Kind>>,
}

/// Writes it, and delivers what was written.
pub struct Delivering {
    writing: JoinHandle<()>,
    _senders: JoinSet<()>,
}

/// Begins to take what is to be told, and to deliver it.
///
/// # Errors
/// [`UnusableWebhook`].
pub fn begin(
    webhooks: Vec<Settings>,
    store: &Store,
) -> Result<(Outbox, Delivering), UnusableWebhook> {
    begin_at(Pace::default(), webhooks, store)
}

fn begin_at(
    pace: Pace,
    webhooks: Vec<Settings>,
    store: &Store,
) -> Result<(Outbox, Delivering), UnusableWebhook> {
    let mut senders = JoinSet::new();
    for webhook in &webhooks {
        webhook.warn_if_everybody_can_read_it();
        let sender = Sender::new(webhook, store.clone(), pace)?;
        senders.spawn(sender.run());
    }
    let wanted = webhooks.iter().flat_map(|webhook| webhook.events.iter());
    let wanted = Arc::new(wanted.copied().collect());
    let names = webhooks.iter().map(|webhook| webhook.name.clone());
    senders.spawn(intake::give_up_orphans(store.clone(), names.collect()));
    let (facts, taken) = mpsc::channel(MOST_FACTS);
    let writing = tokio::spawn(intake::write(store.clone(), webhooks, taken));
    let delivering = Delivering {
        writing,
        _senders: senders,
    };
    Ok((Outbox { facts, wanted }, delivering))
}

impl Outbox {
    /// Takes what is to be told; nobody is woken for what no webhook wants. Returns at once; if the store is
    /// far behind, it is not told.
    pub fn tell(&self, fact: Fact) {
        if !self.wanted.contains(&fact.kind()) {
            return;
        }
        if self.facts.try_send(fact).is_err() {
            tracing::warn!("the store is far behind: something is not told to webhooks");
        }
    }
}

impl Delivering {
    /// Waits until all that was taken is written, and ends. What was not delivered by then is
    /// delivered after the next start. Nobody may hold [`Outbox`] any more.
    pub async fn finish(self) {
        if timeout(STOP_TIME, self.writing).await.is_err() {
            tracing::warn!("the store is slow: the last news of calls is not told to webhooks");
        }
    }
}

/// Reads the store, in a thread that may wait for it.
async fn read<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let store = store.clone();
    let read = tokio::task::spawn_blocking(move || work(&store)).await;
    read.unwrap_or(Err(StoreError::BrokeOff))
}
