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

    /// Waits for one's turn. False, and at once, if it is further away than one would wait.
    pub(super) async fn turn(&self, patience: Duration) -> bool {
        let Some(turn) = self.take(Instant::now(), patience) else {
            return false;
        };
        sleep_until(turn).await;
        true
    }

    fn take(&self, now: Instant, patience: Duration) -> Option<Instant> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = now.max(*next);
        if turn > now + patience {
            return None;
        }
        *next = turn + self.gap;
        Some(turn)
    }
}
