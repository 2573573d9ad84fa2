//! One piece of work at a time for a key, however many ask for it.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

use super::SpeechError;

type Flight<T> = Shared<BoxFuture<'static, Result<T, SpeechError>>>;

/// Work under way, by its key.
///
/// The work is a task of its own: it goes on when those who wait for it go away, and all who ask
/// meanwhile get its result.
pub(super) struct Flights<Key, T: Clone> {
    under_way: Arc<Mutex<HashMap<Key, Flight<T>>>>,
    limit: usize,
}

impl<Key, T> Flights<Key, T>
where
    Key: Copy + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// At most `limit` keys are worked on at once.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            under_way: Arc::default(),
            limit,
        }
    }

    /// The result of the work that is under way for the key; if none is, `work` is started.
    ///
    /// # Errors
    /// The work's own, [`SpeechError::Overloaded`], or [`SpeechError::BrokenOff`] if it panicked.
    pub(super) async fn join<W>(&self, key: Key, work: W) -> Result<T, SpeechError>
    where
        W: Future<Output = Result<T, SpeechError>> + Send + 'static,
    {
        let flight = self.flight(key, work)?;
        flight.await
    }

    fn flight<W>(&self, key: Key, work: W) -> Result<Flight<T>, SpeechError>
    where
        W: Future<Output = Result<T, SpeechError>> + Send + 'static,
    {
        let mut under_way = lock(&self.under_way);
        if let Some(flight) = under_way.get(&key) {
            return Ok(flight.clone());
        }
        if under_way.len() >= self.limit {
            return Err(SpeechError::Overloaded { limit: self.limit });
        }
        let landed = Arc::clone(&self.under_way);
        let task = tokio::spawn(async move {
            let _landing = Landing {
                key,
                under_way: landed,
            };
            work.await
        });
        let flight = async { task.await.unwrap_or(Err(SpeechError::BrokenOff)) }
            .boxed()
            .shared();
        under_way.insert(key, flight.clone());
        Ok(flight)
    }
}

/// Takes the key off the list, also when the work panics.
struct Landing<Key: Eq + Hash, T: Clone> {
    key: Key,
    under_way: Arc<Mutex<HashMap<Key, Flight<T>>>>,
}

impl<Key: Eq + Hash, T: Clone> Drop for Landing<Key, T> {
    fn drop(&mut self) {
        lock(&self.under_way).remove(&self.key);
    }
}

/// No code panics while it holds this lock, and the map is whole at every moment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::super::files::Key;
    use super::*;

    fn key(name: &str) -> Key {
        Key::of([name.as_bytes()])
    }

    #[tokio::test]
    async fn many_who_ask_at_once_get_one_result() {
        let flights = Flights::new(10);
        let started = Arc::new(AtomicUsize::new(0));
        let asked = (0..50).map(|_| {
            let started = Arc::clone(&started);
            flights.join(key("a"), async move {
                tokio::task::yield_now().await;
                Ok(started.fetch_add(1, Ordering::SeqCst))
            })
        });
        let results = futures_util::future::try_join_all(asked).await.unwrap();
        assert_eq!(results, vec![0; 50]);
    }

    #[tokio::test]
    async fn work_goes_on_when_the_one_who_asked_goes_away() {
        let flights = Arc::new(Flights::new(10));
        let (go, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let asker = tokio::spawn({
            let (flights, go, done) = (Arc::clone(&flights), Arc::clone(&go), Arc::clone(&done));
            async move {
                let work = async move {
                    go.notified().await;
                    done.notify_one();
                    Ok(1)
                };
                flights.join(key("a"), work).await
            }
        });
        while lock(&flights.under_way).is_empty() {
            tokio::task::yield_now().await;
        }
        asker.abort();
        assert!(asker.await.unwrap_err().is_cancelled());

        go.notify_one();
        done.notified().await;
    }

    #[tokio::test]
    async fn work_that_ended_is_done_anew_when_asked_again() {
        let flights = Flights::new(10);
        assert_eq!(flights.join(key("a"), async { Ok(1) }).await.unwrap(), 1);
        assert_eq!(flights.join(key("a"), async { Ok(2) }).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn a_failure_reaches_all_who_asked_and_is_not_kept() {
        let flights = Flights::new(10);
        let failing = || async {
            tokio::task::yield_now().await;
            Err(SpeechError::NothingToSay)
        };
        let (one, other) = tokio::join!(
            flights.join(key("a"), failing()),
            flights.join(key("a"), failing())
        );
        assert!(matches!(one, Err(SpeechError::NothingToSay)));
        assert!(matches!(other, Err(SpeechError::NothingToSay)));
        assert_eq!(flights.join(key("a"), async { Ok(3) }).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn a_panic_ends_one_flight_and_no_other() {
        let flights: Flights<Key, u8> = Flights::new(10);
        let broken = flights
            .join(key("a"), async { panic!("a defect, on purpose") })
            .await;
        assert!(matches!(broken, Err(SpeechError::BrokenOff)));
        assert_eq!(flights.join(key("a"), async { Ok(1) }).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn more_work_than_the_limit_is_refused() {
        let flights = Flights::new(1);
        let waiting = flights
            .flight(key("a"), std::future::pending::<Result<u8, _>>())
            .unwrap();
        let refused = flights.join(key("b"), async { Ok(1) }).await;
        assert!(matches!(refused, Err(SpeechError::Overloaded { limit: 1 })));
        drop(waiting);
    }
}
