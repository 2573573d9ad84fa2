//! How long to wait before the next attempt.

use std::time::Duration;

use fastrand::Rng;

/// A wait that doubles with every attempt up to a limit, with full jitter.
///
/// The wait is anywhere between nothing and the current limit, so that several instances that lost
/// one Asterisk don't come back at the same moment.
#[derive(Debug)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    ceiling: Duration,
    random: Rng,
}

impl Backoff {
    /// Starts at `first` and never waits longer than `longest`.
    #[must_use]
    pub fn new(first: Duration, longest: Duration, random: Rng) -> Self {
        Self {
            first,
            longest,
            ceiling: first.min(longest),
            random,
        }
    }

    /// The wait before the next attempt.
    pub fn next_wait(&mut self) -> Duration {
        let wait = self.ceiling.mul_f64(self.random.f64());
        self.ceiling = self.ceiling.saturating_mul(2).min(self.longest);
        wait
    }

    /// Starts over, after a connection that held.
    pub fn reset(&mut self) {
        self.ceiling = self.first.min(self.longest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_millis(100);
    const LONGEST: Duration = Duration::from_secs(5);

    fn waits(seed: u64, count: usize) -> Vec<Duration> {
        let mut backoff = Backoff::new(FIRST, LONGEST, Rng::with_seed(seed));
        (0..count).map(|_| backoff.next_wait()).collect()
    }

    #[test]
    fn no_wait_is_longer_than_its_limit() {
        let limits = [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000].map(Duration::from_millis);
        for seed in 0..500 {
            for (wait, limit) in waits(seed, limits.len()).into_iter().zip(limits) {
                assert!(wait <= limit, "seed {seed}: {wait:?} of {limit:?}");
            }
        }
    }

    #[test]
    fn waits_are_spread_over_the_whole_limit() {
        let last: Vec<Duration> = (0..500).filter_map(|seed| waits(seed, 8).pop()).collect();
        assert!(last.iter().any(|wait| *wait < LONGEST / 10));
        assert!(last.iter().any(|wait| *wait > LONGEST * 9 / 10));
    }

    #[test]
    fn a_connection_that_held_starts_over() {
        let mut backoff = Backoff::new(FIRST, LONGEST, Rng::with_seed(7));
        for _ in 0..20 {
            backoff.next_wait();
        }
        backoff.reset();
        assert!(backoff.next_wait() <= FIRST);
    }
}
