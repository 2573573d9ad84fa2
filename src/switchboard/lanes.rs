//! Keeps the order that matters: what is done to one channel or bridge is done one after the
//! other, and what is done to different ones does not wait.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::Instrument;

use super::performer::Performer;
use crate::domain::call::{Action, Event, Lane};

/// How long the last requests of a call may take.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// The lanes of one call. Dropping them aborts what they are doing.
pub(super) struct Lanes {
    performer: Arc<Performer>,
    results: mpsc::Sender<Event>,
    queues: HashMap<Lane, mpsc::UnboundedSender<Action>>,
    workers: JoinSet<()>,
}

impl Lanes {
    pub(super) fn new(performer: Arc<Performer>, results: mpsc::Sender<Event>) -> Self {
        Self {
            performer,
            results,
            queues: HashMap::new(),
            workers: JoinSet::new(),
        }
    }

    /// Has an action carried out, after those that were given before in its lane.
    ///
    /// The queues need no bound of their own: a call asks for a handful of things between two
    /// events, and its events come through a bounded mailbox.
    pub(super) fn give(&mut self, action: Action) {
        let lane = action.lane();
        let queue = self.queues.entry(lane).or_insert_with(|| {
            let (queue, actions) = mpsc::unbounded_channel();
            let work = work(Arc::clone(&self.performer), actions, self.results.clone());
            self.workers.spawn(work.in_current_span());
            queue
        });
        // The worker ends only with the lanes.
        let _ = queue.send(action);
    }

    /// Carries out what has been given, and ends.
    pub(super) async fn finish(mut self) {
        self.queues.clear();
        let drained = tokio::time::timeout(DRAIN_TIME, async {
            while self.workers.join_next().await.is_some() {}
        });
        if drained.await.is_err() {
            tracing::error!(
                "Asterisk did not answer the last requests of a call; it may have left a leg or a bridge"
            );
        }
    }
}

async fn work(
    performer: Arc<Performer>,
    mut actions: mpsc::UnboundedReceiver<Action>,
    results: mpsc::Sender<Event>,
) {
    while let Some(action) = actions.recv().await {
        if let Some(event) = performer.perform(action).await {
            // The call has ended when nobody takes it.
            let _ = results.send(event).await;
        }
    }
}
