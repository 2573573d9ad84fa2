//! What came of callbacks in a time: counted, and nothing of anybody's name or number in it.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{AttemptRecord, Ending, Job, Outcome, State};

/// What an attempt whose outcome nobody knows is called.
pub const INTERRUPTED: &str = "interrupted";

/// What came of callbacks from one moment until another.
#[derive(Clone, Debug)]
pub struct Report {
    from: Timestamp,
    until: Timestamp,
    zone: TimeZone,
    /// Attempts that began in the time, by how they ended.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Attempts that began in the time, by the hour of the company's day.
    pub hours: BTreeMap<i8, Reached>,
    /// Attempts that began in the time, by who took them.
    pub operators: BTreeMap<String, Reached>,
    /// Jobs that ended in the time, by how.
    pub endings: BTreeMap<&'static str, u64>,
    /// Jobs whose people were reached, by how many attempts that took.
    pub attempts_to_success: BTreeMap<u32, u64>,
}

/// How many of some attempts reached somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// All of them.
    pub attempts: u64,
    /// Those that led to a talk.
    pub connected: u64,
    /// How long these talks were together.
    pub talked: Duration,
}

impl Report {
    /// Nothing yet. Hours are those of `zone`.
    #[must_use]
    pub fn new(from: Timestamp, until: Timestamp, zone: TimeZone) -> Self {
        Self {
            from,
            until,
            zone,
            outcomes: BTreeMap::new(),
            hours: BTreeMap::new(),
            operators: BTreeMap::new(),
            endings: BTreeMap::new(),
            attempts_to_success: BTreeMap::new(),
        }
    }

    /// Counts a job, as far as it falls into the time.
    pub fn add(&mut self, job: &Job) {
        for attempt in &job.history {
            if self.covers(attempt.began) {
                self.add_attempt(attempt);
            }
        }
        let State::Ended { ending, at } = job.state else {
            return;
        };
        if !self.covers(at) {
            return;
        }
        *self.endings.entry(ending.name()).or_default() += 1;
        if ending == Ending::Connected {
            let attempts = job.used.saturating_add(1);
            *self.attempts_to_success.entry(attempts).or_default() += 1;
        }
    }

    fn add_attempt(&mut self, attempt: &AttemptRecord) {
        let result = &attempt.result;
        let outcome = result.outcome.map_or(INTERRUPTED, Outcome::name);
        *self.outcomes.entry(outcome).or_default() += 1;
        let hour = self.zone.to_datetime(attempt.began).hour();
        self.hours.entry(hour).or_default().add(attempt);
        if let Some(operator) = &result.operator {
            let reached = self.operators.entry(operator.clone()).or_default();
            reached.add(attempt);
        }
    }

    fn covers(&self, moment: Timestamp) -> bool {
        (self.from..self.until).contains(&moment)
    }

    /// How many attempts began.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.outcomes.values().sum()
    }

    /// How many jobs ended.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.endings.values().sum()
    }

    /// Of the jobs that ended, the share of those whose number has to be corrected: 0 to 1.
    #[must_use]
    pub fn share_to_be_corrected(&self) -> f64 {
        let corrected = self.endings.get(Ending::NumberToBeCorrected.name());
        share(corrected.copied().unwrap_or_default(), self.ended())
    }
}

impl Reached {
    fn add(&mut self, attempt: &AttemptRecord) {
        self.attempts += 1;
        if attempt.result.outcome == Some(Outcome::Connected) {
            self.connected += 1;
            self.talked += attempt.result.talked.unwrap_or_default();
        }
    }
}

/// A part of a number; 0 of nothing.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}
