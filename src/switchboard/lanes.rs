//! Keeps the order that matters: what is done to one channel or bridge is done one after the
//! other, and what is done to different ones does not wait.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::hash::Hash;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};

/// Carries out the actions of one call.
pub(super) trait Performs: Send + Sync + 'static {
    /// What is to be done.
    type Action: Send + 'static;
    /// What came of it.
    type Event: Send + 'static;
    /// What is done to the same is done in order.
    type Lane: Clone + Eq + Hash + Send + 'static;

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

/// What came of actions, and in which lane.
type Done<P> = (<P as Performs>::Lane, Vec<<P as Performs>::Event>);

/// The lanes of one call. Whoever waits for what comes of the actions drives them; dropping the lanes
/// drops what they are doing.
pub(super) struct Lanes<P: Performs> {
    performer: Arc<P>,
    /// What waits, by lane; a lane that is not here has nothing to do.
    waiting: HashMap<P::Lane, VecDeque<P::Action>>,
    /// Lanes that have been given something to do, and do nothing yet.
    idle: Vec<P::Lane>,
    at_work: FuturesUnordered<BoxFuture<'static, Done<P>>>,
    results: VecDeque<P::Event>,
}

impl<P: Performs> Lanes<P> {
    pub(super) fn new(performer: Arc<P>) -> Self {
        Self {
            performer,
            waiting: HashMap::new(),
            idle: Vec::new(),
            at_work: FuturesUnordered::new(),
            results: VecDeque::new(),
        }
    }

    /// Has an action carried out, after those that were given before in its lane.
    ///
    /// The queues need no bound of their own: a call asks for a handful of things between two
    /// events, and its events come through a bounded mailbox.
    pub(super) fn give(&mut self, action: P::Action) {
        let lane = P::lane(&action);
        match self.waiting.entry(lane) {
            Entry::Occupied(lane) => lane.into_mut().push_back(action),
            Entry::Vacant(lane) => {
                self.idle.push(lane.key().clone());
                lane.insert(VecDeque::from([action]));
            }
        }
    }

    /// The next thing that has come of an action. It waits for ever if nothing is to be done, and may
    /// be dropped at any moment.
    pub(super) async fn next(&mut self) -> P::Event {
        loop {
            if let Some(event) = self.results.pop_front() {
                return event;
            }
            self.set_to_work();
            match self.at_work.next().await {
                Some((lane, events)) => {
                    self.results.extend(events);
                    self.idle.push(lane);
                }
                None => std::future::pending().await,
            }
        }
    }

    /// Carries out what has been given, and ends.
    pub(super) async fn finish(mut self) {
        let drained = tokio::time::timeout(DRAIN_TIME, async {
            loop {
                self.set_to_work();
                match self.at_work.next().await {
                    Some((lane, _)) => self.idle.push(lane),
                    None => return,
                }
            }
        });
        if drained.await.is_err() {
            tracing::error!(
                "Asterisk did not answer the last requests of a call; it may have left a leg or a bridge"
            );
        }
    }

    fn set_to_work(&mut self) {
        for lane in mem::take(&mut self.idle) {
            let Some(queue) = self.waiting.get_mut(&lane) else {
                continue;
            };
            let together = next_of::<P>(queue);
            if together.is_empty() {
                self.waiting.remove(&lane);
                continue;
            }
            let performer = Arc::clone(&self.performer);
            let work = async move { (lane, performer.perform_together(together).await) };
            self.at_work.push(Box::pin(work));
        }
    }
}

/// The first action of a queue, and those after it that share its request.
fn next_of<P: Performs>(queue: &mut VecDeque<P::Action>) -> Vec<P::Action> {
    let sharing = queue
        .iter()
        .take_while(|one| P::shares_request(one))
        .count();
    queue.drain(..sharing.max(1).min(queue.len())).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use super::*;

    /// Notes what is carried out with what. Even numbers share a request, and each ten is a lane.
    #[derive(Default)]
    struct Recorder(Mutex<Vec<Vec<u32>>>);

    impl Performs for Recorder {
        type Action = u32;
        type Event = u32;
        type Lane = u32;

        fn lane(action: &u32) -> u32 {
            action / 10
        }

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

    fn lanes() -> (Arc<Recorder>, Lanes<Recorder>) {
        let recorder = Arc::new(Recorder::default());
        (Arc::clone(&recorder), Lanes::new(recorder))
    }

    impl Recorder {
        fn performed(&self) -> Vec<Vec<u32>> {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        }
    }

    #[tokio::test]
    async fn what_stands_together_shares_a_request_and_the_order_stays() {
        let (recorder, mut lanes) = lanes();
        let actions = [2, 4, 1, 3, 6, 8, 5];
        actions.into_iter().for_each(|action| lanes.give(action));
        for action in actions {
            assert_eq!(lanes.next().await, action);
        }
        let expected: [&[u32]; 5] = [&[2, 4], &[1], &[3], &[6, 8], &[5]];
        assert_eq!(recorder.performed(), expected);
    }

    #[tokio::test]
    async fn different_lanes_begin_in_the_order_in_which_they_were_given_something() {
        let (recorder, mut lanes) = lanes();
        for action in [31, 11, 21] {
            lanes.give(action);
        }
        lanes.finish().await;
        assert_eq!(recorder.performed(), [[31], [11], [21]]);
    }

    #[tokio::test]
    async fn a_lane_that_was_done_works_again() {
        let (recorder, mut lanes) = lanes();
        for action in [1, 3] {
            lanes.give(action);
            assert_eq!(lanes.next().await, action);
        }
        assert_eq!(recorder.performed(), [[1], [3]]);
    }

    #[tokio::test]
    async fn what_was_given_is_carried_out_at_the_end_though_nobody_asks_what_came_of_it() {
        let (recorder, mut lanes) = lanes();
        [2, 1, 4].into_iter().for_each(|action| lanes.give(action));
        lanes.finish().await;
        assert_eq!(recorder.performed(), [[2], [1], [4]]);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_to_do_is_no_event() {
        let (_, mut lanes) = lanes();
        let waited = tokio::time::timeout(Duration::from_secs(1), lanes.next());
        assert!(waited.await.is_err());
    }
}
