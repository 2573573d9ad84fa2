//! Keeps the order that matters: what is done to one channel or bridge is done one after the
//! other, and what is done to different ones does not wait.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::Instrument;

/// Carries out the actions of one call.
pub(super) trait Performs: Send + Sync + 'static {
    /// What is to be done.
    type Action: Send + 'static;
    /// What came of it.
    type Event: Send + 'static;
    /// What is done to the same is done in order.
    type Lane: Eq + Hash + Send;

    /// Which lane an action belongs to.
    fn lane(action: &Self::Action) -> Self::Lane;

    /// Carries out an action. Some have nothing to tell unless they fail, some never have.
    fn perform(&self, action: Self::Action) -> impl Future<Output = Option<Self::Event>> + Send;
}

/// How long the last requests of a call may take.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// The lanes of one call. Dropping them aborts what they are doing.
pub(super) struct Lanes<P: Performs> {
    performer: Arc<P>,
    results: mpsc::Sender<P::Event>,
    queues: HashMap<P::Lane, mpsc::UnboundedSender<P::Action>>,
    workers: JoinSet<()>,
}

impl<P: Performs> Lanes<P> {
    pub(super) fn new(performer: Arc<P>, results: mpsc::Sender<P::Event>) -> Self {
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
    pub(super) fn give(&mut self, action: P::Action) {
        let lane = P::lane(&action);
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

async fn work<P: Performs>(
    performer: Arc<P>,
    mut actions: mpsc::UnboundedReceiver<P::Action>,
    results: mpsc::Sender<P::Event>,
) {
    while let Some(action) = actions.recv().await {
        if let Some(event) = performer.perform(action).await {
            // The call has ended when nobody takes it.
            let _ = results.send(event).await;
        }
    }
}
