//! Leaves somebody alone who does not answer.

use std::time::{Duration, Instant};

/// After so many failures in a row nothing is asked for a while.
const FAILURES: u32 = 3;

/// That while. After it, one question tries whether it is over.
pub(crate) const PAUSE: Duration = Duration::from_secs(30);

/// Counts failures in a row.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    failures: u32,
    closed_until: Option<Instant>,
}

/// What a failure changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AfterFailure {
    /// The next question is asked.
    GoOn,
    /// Nothing is asked for [`PAUSE`].
    Pause,
}

impl Breaker {
    /// Whether a question may be asked now. After a pause one may; the others wait for its answer.
    pub(crate) fn may_ask(&mut self, now: Instant) -> bool {
        match self.closed_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                self.closed_until = Some(now + PAUSE);
                true
            }
        }
    }

    /// Whether nothing is asked now.
    pub(crate) fn is_paused(&self, now: Instant) -> bool {
        self.closed_until.is_some_and(|until| now < until)
    }

    /// Nothing is asked until then: it was asked for.
    pub(crate) fn leave_alone(&mut self, until: Instant) {
        self.closed_until = Some(self.closed_until.map_or(until, |closed| closed.max(until)));
    }

    /// An answer came. True if it ended a pause.
    pub(crate) fn answered(&mut self) -> bool {
        let paused = self.closed_until.is_some();
        *self = Self::default();
        paused
    }

    /// No answer came.
    pub(crate) fn failed(&mut self, now: Instant) -> AfterFailure {
        self.failures = self.failures.saturating_add(1);
        if self.failures < FAILURES {
            return AfterFailure::GoOn;
        }
        self.closed_until = Some(now + PAUSE);
        AfterFailure::Pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paused() -> (Breaker, Instant) {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        assert_eq!(breaker.failed(now), AfterFailure::GoOn);
        assert_eq!(breaker.failed(now), AfterFailure::GoOn);
        assert_eq!(breaker.failed(now), AfterFailure::Pause);
        (breaker, now)
    }

    #[test]
    fn after_three_failures_in_a_row_nothing_is_asked_for_a_while() {
        let (mut breaker, now) = paused();
        assert!(!breaker.may_ask(now + PAUSE - Duration::from_millis(1)));
    }

    #[test]
    fn after_the_pause_one_question_tries_whether_it_is_over() {
        let (mut breaker, now) = paused();
        assert!(breaker.may_ask(now + PAUSE));
        assert!(!breaker.may_ask(now + PAUSE));
        assert!(breaker.answered());
        assert!(breaker.may_ask(now + PAUSE));
    }

    #[test]
    fn if_the_trial_fails_the_pause_begins_again() {
        let (mut breaker, now) = paused();
        assert!(breaker.may_ask(now + PAUSE));
        assert_eq!(breaker.failed(now + PAUSE), AfterFailure::Pause);
        assert!(!breaker.may_ask(now + PAUSE + PAUSE - Duration::from_millis(1)));
    }

    #[test]
    fn an_answer_in_between_begins_the_count_anew() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        breaker.failed(now);
        breaker.failed(now);
        assert!(!breaker.answered());
        assert_eq!(breaker.failed(now), AfterFailure::GoOn);
    }
}
