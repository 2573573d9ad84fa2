//! So many requests a second, evenly.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Gives everybody a moment at which to ask.
pub(super) struct Pace {
    gap: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    pub(super) fn new(requests_a_second: NonZeroUsize) -> Self {
        Self {
            gap: Duration::from_secs_f64(1.0 / requests_a_second.get() as f64),
            next: Mutex::new(Instant::now()),
        }
    }

    /// Waits for one's turn.
    pub(super) async fn turn(&self) {
        let turn = self.take(Instant::now());
        sleep_until(turn).await;
    }

    fn take(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = now.max(*next);
        *next = turn + self.gap;
        turn
    }
}
