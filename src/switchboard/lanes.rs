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

    /// Whether an action takes no request of its own if others like it stand next to it in its lane.
    fn shares_request(_action: &Self::Action) -> bool {
        false
    }

    /// Carries out actions that share a request, in their order.
    fn perform_together(
        &self,
        actions: Vec<Self::Action>,
    ) -> impl Future<Output = Vec<Self::Event>> + Send {
        async move {
            let mut events = Vec::new();
            for action in actions {
                events.extend(self.perform(action).await);
            }
            events
        }
    }
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
    let mut next = None;
    loop {
        let Some(action) = (match next.take() {
            Some(action) => Some(action),
            None => actions.recv().await,
        }) else {
            return;
        };
        let mut together = vec![action];
        next = gather::<P>(&mut together, &mut actions);
        for event in performer.perform_together(together).await {
            // The call has ended when nobody takes it.
            let _ = results.send(event).await;
        }
    }
}

/// Adds the actions that wait already and can share the request of the first. Gives the one after
/// them, if it was taken out of the queue.
fn gather<P: Performs>(
    together: &mut Vec<P::Action>,
    actions: &mut mpsc::UnboundedReceiver<P::Action>,
) -> Option<P::Action> {
    if !together.iter().all(P::shares_request) {
        return None;
    }
    while let Ok(action) = actions.try_recv() {
        if !P::shares_request(&action) {
            return Some(action);
        }
        together.push(action);
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use super::*;

    /// Notes what is carried out with what. Even numbers share a request.
    #[derive(Default)]
    struct Recorder(Mutex<Vec<Vec<u32>>>);

    impl Performs for Recorder {
        type Action = u32;
        type Event = u32;
        type Lane = ();

        fn lane(_: &u32) {}

        async fn perform(&self, _: u32) -> Option<u32> {
            None
        }

        fn shares_request(action: &u32) -> bool {
            action.is_multiple_of(2)
        }

        async fn perform_together(&self, actions: Vec<u32>) -> Vec<u32> {
            let mut performed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            performed.push(actions.clone());
            actions
        }
    }

    async fn performed(actions: &[u32]) -> (Vec<Vec<u32>>, Vec<u32>) {
        let recorder = Arc::new(Recorder::default());
        let (results, mut events) = mpsc::channel(10);
        let mut lanes = Lanes::new(Arc::clone(&recorder), results);
        for action in actions {
            lanes.give(*action);
        }
        lanes.finish().await;
        let mut told = Vec::new();
        while let Some(event) = events.recv().await {
            told.push(event);
        }
        let performed = recorder.0.lock().unwrap_or_else(PoisonError::into_inner);
        (performed.clone(), told)
    }

    #[tokio::test]
    async fn what_stands_together_shares_a_request_and_the_order_stays() {
        let (performed, told) = performed(&[2, 4, 1, 3, 6, 8, 5]).await;
        let expected: [&[u32]; 5] = [&[2, 4], &[1], &[3], &[6, 8], &[5]];
        assert_eq!(performed, expected);
        assert_eq!(told, [2, 4, 1, 3, 6, 8, 5]);
    }

    #[tokio::test]
    async fn what_comes_last_is_carried_out_though_others_were_gathered_before_it() {
        let (performed, _) = performed(&[2, 1]).await;
        assert_eq!(performed, [[2], [1]]);
    }
}
