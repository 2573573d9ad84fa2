//! A job: what it asks for, what has been done for it, and what comes next.

use std::time::Duration;

use jiff::Timestamp;

use super::retry::{Next, after, after_mistakes};
use super::rules::{Rules, end_of};
use super::{AttemptRecord, AttemptResult, Ending, Outcome, Wanted};

/// The most attempts that are remembered of one job: the latest ones.
pub const MOST_REMEMBERED: usize = 20;

/// A job to call somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What it asks for.
    pub wanted: Wanted,
    /// When it came first.
    pub created: Timestamp,
    /// When it began: again, if it was over and somebody wanted more.
    pub opened: Timestamp,
    /// What comes next.
    pub state: State,
    /// How many attempts were begun, mistakes included: the number of the last one.
    pub begun: u32,
    /// How many of them count.
    pub used: u32,
    /// How many mistakes came one after the other, up to now.
    pub mistakes: u32,
    /// The latest attempts, oldest first.
    pub history: Vec<AttemptRecord>,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for its next attempt.
    Waiting {
        /// Since when.
        since: Timestamp,
        /// Until when at least; then for the hours to open, and for an operator.
        next: Timestamp,
    },
    /// Somebody is being called.
    Running {
        /// The attempt's number, from 1.
        attempt: u32,
        /// Since when.
        since: Timestamp,
        /// It was cancelled meanwhile: the call is to be ended unless the two talk.
        cancelled: bool,
        /// How far it has come.
        progress: Progress,
    },
    /// It is over.
    Ended {
        /// How.
        ending: Ending,
        /// Since when.
        at: Timestamp,
    },
}

/// How far an attempt has come, as far as the job must know it: if we are stopped in the middle,
/// somebody has to tell what was known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Progress {
    /// Nobody has called the person yet.
    Begun,
    /// The person is being dialled.
    Dialled,
    /// The operator and the person talk, or have talked.
    Connected,
}

/// What became of a job that comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It asks for something else now.
    Changed,
    /// It asks for what it asked for.
    Unchanged,
    /// It is over, and stays so.
    Over,
}

/// What became of the wish to begin an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Whom to call may be called now, for the attempt with this number.
    Attempt(u32),
    /// It is not the time, or another attempt is going on, or the job is over.
    NotNow,
    /// It turned out to be over.
    Ended(Ending),
}

impl Job {
    /// A job that has just come.
    #[must_use]
    pub fn new(wanted: Wanted, now: Timestamp) -> Self {
        Self {
            state: waiting_from(now, &wanted),
            wanted,
            created: now,
            opened: now,
            begun: 0,
            used: 0,
            mistakes: 0,
            history: Vec::new(),
        }
    }

    /// From then on nobody is called.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        end_of(&self.wanted, self.opened)
    }

    /// The job has come again, perhaps changed. What it asks for now holds from the next attempt on.
    /// A number that was corrected makes it begin anew.
    pub fn take(&mut self, wanted: Wanted, now: Timestamp) -> Taken {
        if wanted == self.wanted {
            return Taken::Unchanged;
        }
        match self.state {
            State::Ended { ending, .. } => {
                let corrected = ending == Ending::NumberToBeCorrected
                    && wanted.destination != self.wanted.destination;
                if !corrected {
                    return Taken::Over;
                }
                self.wanted = wanted;
                self.begin_anew(now);
            }
            State::Waiting { since, next } => {
                let begins = wanted.not_before;
                // Whoever moves the beginning means it; a pause is kept otherwise.
                self.state = match begins == self.wanted.not_before {
                    true => State::Waiting { since, next },
                    false => waiting_from(now, &wanted),
                };
                self.wanted = wanted;
            }
            State::Running { .. } => self.wanted = wanted,
        }
        Taken::Changed
    }

    /// Begins an attempt, if that may be now.
    pub fn begin(&mut self, now: Timestamp, rules: &Rules) -> Begun {
        let State::Waiting { since, next } = self.state else {
            return Begun::NotNow;
        };
        if let Some(ending) = self.cannot_go_on(now, rules) {
            self.state = State::Ended { ending, at: now };
            return Begun::Ended(ending);
        }
        // If the clock was put back, nobody knows how long the pause has been; it is not endless.
        let is_due = next <= now || since > now;
        let not_yet = self.wanted.not_before.is_some_and(|begin| begin > now);
        if !is_due || not_yet || !rules.hours.are_open(now, rules.zone_of(&self.wanted)) {
            return Begun::NotNow;
        }
        self.begun = self.begun.saturating_add(1);
        self.state = State::Running {
            attempt: self.begun,
            since: now,
            cancelled: false,
            progress: Progress::Begun,
        };
        Begun::Attempt(self.begun)
    }

    /// The attempt with this number has come so far. False if that is known already, or if no such
    /// attempt is going on.
    pub fn comes_to(&mut self, number: u32, far: Progress) -> bool {
        match &mut self.state {
            State::Running {
                attempt, progress, ..
            } if *attempt == number && *progress < far => {
                *progress = far;
                true
            }
            State::Running { .. } | State::Waiting { .. } | State::Ended { .. } => false,
        }
    }

    fn cannot_go_on(&self, now: Timestamp, rules: &Rules) -> Option<Ending> {
        if self.end() <= now {
            return Some(Ending::TooLate);
        }
        let phone = self.wanted.destination.phone();
        let refused = phone.is_some_and(|phone| rules.dialling.check(phone).is_err());
        refused.then_some(Ending::NumberToBeCorrected)
    }

    /// The attempt with this number is over. False if no such attempt is going on: then nothing is
    /// changed.
    pub fn finish(&mut self, number: u32, mut result: AttemptResult, rules: &Rules) -> bool {
        let State::Running {
            attempt,
            since,
            cancelled,
            progress,
        } = self.state
        else {
            return false;
        };
        if attempt != number {
            return false;
        }
        if progress == Progress::Connected {
            // Nobody saw the end of the talk, but there was one.
            result.outcome.get_or_insert(Outcome::Connected);
        }
        let (outcome, at) = (result.outcome, result.ended);
        self.remember(AttemptRecord {
            number,
            began: since,
            result,
        });
        self.state = match after(outcome, progress, &rules.pauses) {
            Next::End(ending) => State::Ended { ending, at },
            Next::Used(_) | Next::Unused(_) | Next::Mistake(_) if cancelled => State::Ended {
                ending: Ending::Cancelled,
                at,
            },
            Next::Used(pause) => {
                self.used = self.used.saturating_add(1);
                self.mistakes = 0;
                if self.used >= self.most_attempts(rules) {
                    let ending = Ending::AttemptsUsedUp;
                    State::Ended { ending, at }
                } else {
                    self.wait(at, pause, rules)
                }
            }
            Next::Unused(pause) => {
                self.mistakes = 0;
                self.wait(at, pause, rules)
            }
            Next::Mistake(pause) => {
                self.mistakes = self.mistakes.saturating_add(1);
                self.wait(at, after_mistakes(pause, self.mistakes), rules)
            }
        };
        true
    }

    /// The most attempts.
    #[must_use]
    pub fn most_attempts(&self, rules: &Rules) -> u32 {
        self.wanted.attempts.unwrap_or(rules.attempts)
    }

    /// Waits, unless nobody could be called any more after that.
    fn wait(&self, since: Timestamp, pause: Duration, rules: &Rules) -> State {
        let next = since.saturating_add(pause).unwrap_or(Timestamp::MAX);
        let open = rules.hours.next_open(next, rules.zone_of(&self.wanted));
        if open.is_none_or(|open| open >= self.end()) {
            let ending = Ending::TooLate;
            return State::Ended { ending, at: since };
        }
        State::Waiting { since, next }
    }

    fn remember(&mut self, attempt: AttemptRecord) {
        self.history.push(attempt);
        let over = self.history.len().saturating_sub(MOST_REMEMBERED);
        self.history.drain(..over);
    }

    /// Cancels it. An attempt that is going on is to be ended by whoever makes it. False if it is over
    /// already.
    pub fn cancel(&mut self, now: Timestamp) -> bool {
        match &mut self.state {
            State::Ended { .. } => return false,
            State::Running { cancelled, .. } => *cancelled = true,
            State::Waiting { .. } => {
                self.state = State::Ended {
                    ending: Ending::Cancelled,
                    at: now,
                }
            }
        }
        true
    }

    /// Nobody is called any more if its time is over. Whether it is.
    pub fn give_up_if_too_late(&mut self, now: Timestamp) -> bool {
        let waits = matches!(self.state, State::Waiting { .. });
        if !waits || self.end() > now {
            return false;
        }
        self.state = State::Ended {
            ending: Ending::TooLate,
            at: now,
        };
        true
    }

    /// Somebody wants it tried now: one that waits does not wait for its pause, one that is over
    /// begins anew. False if an attempt is going on, or if it is too late.
    pub fn retry(&mut self, now: Timestamp) -> bool {
        let end = match self.state {
            State::Running { .. } => return false,
            State::Waiting { .. } => self.end(),
            State::Ended { .. } => end_of(&self.wanted, now),
        };
        if end <= now {
            return false;
        }
        self.begin_anew(now);
        true
    }

    fn begin_anew(&mut self, now: Timestamp) {
        // Its longest life is counted from now on, unless it waits.
        if matches!(self.state, State::Ended { .. }) {
            self.opened = now;
            self.used = 0;
        }
        self.mistakes = 0;
        self.state = waiting_from(now, &self.wanted);
    }
}

fn waiting_from(now: Timestamp, wanted: &Wanted) -> State {
    let next = wanted.not_before.map_or(now, |begin| begin.max(now));
    State::Waiting { since: now, next }
}
