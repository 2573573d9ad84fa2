//! Whether callers are better off with us than at the fallback: from signs that come once a second
//! to a gate that is open or closed.
//!
//! Only what a caller would suffer from counts: Asterisk that answers late, a loop of our own that
//! comes late, calls that do not keep up. Trouble of the store does not: without it callers hear the
//! default menu, which is what they are promised.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

/// An Asterisk that takes longer is slow: a caller waits for three or four answers before the menu.
pub const SLOW: Duration = Duration::from_secs(1);

/// A loop of ours that comes later is late.
const LATE: Duration = Duration::from_secs(1);

/// So many sick beats …
const SICK: usize = 3;

/// … within this time close the gate.
const WITHIN: Duration = Duration::from_secs(10);

/// How long nothing may be wrong before the gate opens.
const FIRST_WAIT: Duration = Duration::from_secs(5);

/// If it had to be closed again and again, it doubles up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(160);

/// A gate that was open for so long was not opened too early.
const CALM: Duration = Duration::from_secs(5 * 60);

/// What was seen since the beat before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs {
    /// Whether Asterisk answered the beat's own requests within [`SLOW`].
    pub answered: bool,
    /// Requests of calls that Asterisk did not answer, or that found no place.
    pub unanswered: u64,
    /// How much later than it was due the beat came.
    pub late: Duration,
    /// Calls that did not keep up with their events and were given up.
    pub given_up: u64,
}

impl Signs {
    /// Nothing is wrong.
    pub const GOOD: Self = Self {
        answered: true,
        unanswered: 0,
        late: Duration::ZERO,
        given_up: 0,
    };

    /// The worst of what is wrong, if anything is.
    #[must_use]
    pub fn symptom(&self) -> Option<Symptom> {
        if !self.answered {
            return Some(Symptom::SlowAsterisk);
        }
        if self.unanswered > 0 {
            return Some(Symptom::Unanswered);
        }
        if self.given_up > 0 {
            return Some(Symptom::CallsGivenUp);
        }
        (self.late > LATE).then_some(Symptom::LateLoop)
    }
}

/// What makes a call with us worse than one at the fallback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symptom {
    /// Asterisk does not answer within [`SLOW`].
    SlowAsterisk,
    /// Asterisk leaves requests of calls without an answer.
    Unanswered,
    /// Calls don't keep up with their events.
    CallsGivenUp,
    /// We are late ourselves: the machine has too much to do.
    LateLoop,
}

impl Symptom {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::SlowAsterisk,
        Self::Unanswered,
        Self::CallsGivenUp,
        Self::LateLoop,
    ];

    /// The word by which it is told to other programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SlowAsterisk => "slow_asterisk",
            Self::Unanswered => "unanswered",
            Self::CallsGivenUp => "calls_given_up",
            Self::LateLoop => "late_loop",
        }
    }
}

impl fmt::Display for Symptom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SlowAsterisk => "Asterisk does not answer within a second",
            Self::Unanswered => "Asterisk leaves requests of calls without an answer",
            Self::CallsGivenUp => "calls do not keep up with their events",
            Self::LateLoop => "this machine has too much to do: we are late ourselves",
        })
    }
}

/// Whether new calls come to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// They do.
    Open,
    /// They go to the fallback.
    Closed(Symptom),
}

/// The decision, and what it remembers.
#[derive(Debug)]
pub struct Health {
    gate: Gate,
    /// The last sick beats, [`SICK`] of them at most.
    sick: VecDeque<Instant>,
    wait: Duration,
    opened: Option<Instant>,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            gate: Gate::Open,
            sick: VecDeque::with_capacity(SICK + 1),
            wait: FIRST_WAIT,
            opened: None,
        }
    }
}

impl Health {
    /// Takes what was seen, and says whether the gate is to be open.
    pub fn observe(&mut self, now: Instant, signs: &Signs) -> Gate {
        let symptom = signs.symptom();
        if symptom.is_some() {
            self.sick.push_back(now);
            if self.sick.len() > SICK {
                self.sick.pop_front();
            }
        }
        match (self.gate, symptom) {
            (Gate::Open, Some(symptom)) if self.is_sick(now) => self.close(now, symptom),
            (Gate::Closed(_), None) if self.is_over(now) => self.open(now),
            (Gate::Open | Gate::Closed(_), _) => {}
        }
        self.gate
    }

    /// A new connection to Asterisk was made: what was wrong with the one before is over.
    pub fn connected(&mut self, now: Instant) {
        if self.gate != Gate::Open {
            self.open(now);
        }
        self.sick.clear();
    }

    fn is_sick(&self, now: Instant) -> bool {
        let oldest = self.sick.front();
        self.sick.len() == SICK && oldest.is_some_and(|oldest| now - *oldest < WITHIN)
    }

    fn is_over(&self, now: Instant) -> bool {
        let last = self.sick.back();
        last.is_none_or(|last| now - *last >= self.wait)
    }

    fn close(&mut self, now: Instant, symptom: Symptom) {
        let too_early = self.opened.is_some_and(|opened| now - opened < CALM);
        self.wait = if too_early {
            (self.wait * 2).min(LONGEST_WAIT)
        } else {
            FIRST_WAIT
        };
        self.gate = Gate::Closed(symptom);
    }

    fn open(&mut self, now: Instant) {
        self.gate = Gate::Open;
        self.opened = Some(now);
        self.sick.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW_ASTERISK: Signs = Signs {
        answered: false,
        ..Signs::GOOD
    };

    /// Beats once a second, in no time at all.
    struct Beats {
        health: Health,
        start: Instant,
        second: u64,
    }

    impl Beats {
        fn new() -> Self {
            Self {
                health: Health::default(),
                start: Instant::now(),
                second: 0,
            }
        }

        fn beat(&mut self, signs: &Signs) -> Gate {
            self.second += 1;
            let now = self.start + Duration::from_secs(self.second);
            self.health.observe(now, signs)
        }

        /// How many good beats it takes until the gate is open.
        fn until_open(&mut self) -> u64 {
            let closed = self.second;
            while self.beat(&Signs::GOOD) != Gate::Open {
                assert!(self.second - closed < 1000, "it stays closed");
            }
            self.second - closed
        }

        fn close(&mut self) {
            while self.beat(&SLOW_ASTERISK) == Gate::Open {}
        }
    }

    #[test]
    fn one_or_two_slow_answers_close_no_gate() {
        let mut beats = Beats::new();
        for _ in 0..100 {
            for signs in [SLOW_ASTERISK, SLOW_ASTERISK] {
                assert_eq!(beats.beat(&signs), Gate::Open);
            }
            for _ in 0..9 {
                assert_eq!(beats.beat(&Signs::GOOD), Gate::Open);
            }
        }
    }

    #[test]
    fn the_third_within_ten_seconds_closes_it_and_says_why() {
        let each = [
            (Symptom::SlowAsterisk, SLOW_ASTERISK),
            (
                Symptom::Unanswered,
                Signs {
                    unanswered: 1,
                    ..Signs::GOOD
                },
            ),
            (
                Symptom::CallsGivenUp,
                Signs {
                    given_up: 1,
                    ..Signs::GOOD
                },
            ),
            (
                Symptom::LateLoop,
                Signs {
                    late: Duration::from_millis(1001),
                    ..Signs::GOOD
                },
            ),
        ];
        for (symptom, signs) in each {
            let mut beats = Beats::new();
            assert_eq!(beats.beat(&signs), Gate::Open);
            assert_eq!(beats.beat(&Signs::GOOD), Gate::Open);
            assert_eq!(beats.beat(&signs), Gate::Open);
            assert_eq!(beats.beat(&Signs::GOOD), Gate::Open);
            assert_eq!(beats.beat(&signs), Gate::Closed(symptom));
        }
    }

    #[test]
    fn a_loop_that_is_late_by_less_than_a_second_is_not_late() {
        let late = Signs {
            late: Duration::from_secs(1),
            ..Signs::GOOD
        };
        let mut beats = Beats::new();
        for _ in 0..20 {
            assert_eq!(beats.beat(&late), Gate::Open);
        }
    }

    #[test]
    fn it_opens_after_five_good_seconds_and_a_sick_one_begins_the_count_anew() {
        let mut beats = Beats::new();
        beats.close();
        assert_eq!(beats.until_open(), 5);

        let mut beats = Beats::new();
        beats.close();
        for _ in 0..4 {
            assert_ne!(beats.beat(&Signs::GOOD), Gate::Open);
        }
        assert_ne!(beats.beat(&SLOW_ASTERISK), Gate::Open);
        assert_eq!(beats.until_open(), 5);
    }

    #[test]
    fn what_was_wrong_before_does_not_count_after_it_opened() {
        let mut beats = Beats::new();
        beats.close();
        beats.until_open();
        assert_eq!(beats.beat(&SLOW_ASTERISK), Gate::Open);
        assert_eq!(beats.beat(&SLOW_ASTERISK), Gate::Open);
    }

    #[test]
    fn each_time_that_it_opened_too_early_it_waits_twice_as_long_up_to_a_bound() {
        let mut beats = Beats::new();
        let waits: Vec<u64> = (0..8)
            .map(|_| {
                beats.close();
                beats.until_open()
            })
            .collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 160, 160]);
        for _ in 0..300 {
            beats.beat(&Signs::GOOD);
        }
        beats.close();
        assert_eq!(beats.until_open(), 5, "five calm minutes forgive");
    }

    #[test]
    fn a_new_connection_opens_it_and_forgets() {
        let mut beats = Beats::new();
        beats.close();
        beats
            .health
            .connected(beats.start + Duration::from_secs(beats.second));
        assert_eq!(beats.beat(&SLOW_ASTERISK), Gate::Open);
        assert_eq!(beats.beat(&SLOW_ASTERISK), Gate::Open);
        assert_ne!(beats.beat(&SLOW_ASTERISK), Gate::Open);
    }
}
