//! Whom the switchboard tells what comes of an attempt.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use super::names::AttemptId;
use crate::domain::callback::Outcome;
use crate::domain::callback::attempt::{News, Story};

/// Hears of attempts: whoever ordered them.
pub trait CallbackDesk: Send + Sync {
    /// How far an attempt has come. Returns at once.
    fn attempt_goes_on(&self, news: News, report: AttemptReport);

    /// An attempt is over, once for each; `None` if it was interrupted, and only its story is known. Two
    /// who are connected and whose talk has no end talk on: we stop. Returns at once.
    fn attempt_ended(&self, outcome: Option<Outcome>, report: AttemptReport);
}

/// An attempt at one moment.
#[derive(Clone, Debug)]
pub struct AttemptReport {
    /// The id that whoever ordered it was given, which no other attempt has.
    pub attempt: AttemptId,
    /// Which attempt of its job it is.
    pub number: u32,
    /// When it began.
    pub at: Timestamp,
    /// When it began, by the clock of the story.
    pub began: Instant,
    /// This moment, by the same clock.
    pub now: Instant,
    /// What has happened in it.
    pub story: Story,
}

impl AttemptReport {
    /// A moment of the story as the wall clock would have shown it.
    #[must_use]
    pub fn wall_clock(&self, moment: Instant) -> Timestamp {
        let after = moment.saturating_duration_since(self.began);
        let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::ZERO);
        self.at.saturating_add(after).unwrap_or(self.at)
    }
}
