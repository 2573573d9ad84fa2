//! When people may be called: times of the week and holidays, in the person's own local time.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::domain::rating::WorkingHours;

/// The most holidays.
pub const MOST_HOLIDAYS: usize = 200;

/// Nobody could ever be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotHours {
    /// There is no time at which anybody may be called.
    #[error(
        "these hours never open; write them as \"daily 09:30-14:30\" or \"mon-fri 10:00-18:00\""
    )]
    NeverOpen,
    /// More than [`MOST_HOLIDAYS`].
    #[error("there are more than {MOST_HOLIDAYS} holidays")]
    TooManyHolidays,
}

/// When people may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    week: WorkingHours,
    holidays: BTreeSet<Date>,
}

/// A stretch of time in which it does not change whether people may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Whether they may.
    pub open: bool,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Hours {
    /// Hours that come every week, but not on holidays.
    ///
    /// # Errors
    /// [`NotHours`] if they never open.
    pub fn new(week: WorkingHours, holidays: BTreeSet<Date>) -> Result<Self, NotHours> {
        if week.0.is_empty() {
            return Err(NotHours::NeverOpen);
        }
        if holidays.len() > MOST_HOLIDAYS {
            return Err(NotHours::TooManyHolidays);
        }
        Ok(Self { week, holidays })
    }

    /// The hours of every week.
    #[must_use]
    pub fn week(&self) -> &WorkingHours {
        &self.week
    }

    /// How many days are holidays.
    #[must_use]
    pub fn holidays(&self) -> usize {
        self.holidays.len()
    }

    /// Whether somebody with this local time may be called.
    #[must_use]
    pub fn are_open(&self, at: Timestamp, zone: &TimeZone) -> bool {
        let local = zone.to_datetime(at);
        !self.holidays.contains(&local.date()) && self.week.cover(local)
    }

    /// The first moment from `from` on at which somebody may be called. `None` only at the end of
    /// all time.
    #[must_use]
    pub fn next_open(&self, from: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        if self.are_open(from, zone) {
            return Some(from);
        }
        self.next_change(from, zone)
    }

    /// Whether somebody may be called, and until when that stays so.
    #[must_use]
    pub fn stretch(&self, at: Timestamp, zone: &TimeZone) -> Stretch {
        Stretch {
            open: self.are_open(at, zone),
            until: self.next_change(at, zone).unwrap_or(Timestamp::MAX),
        }
    }

    /// The first moment after `at` at which it changes whether somebody may be called.
    fn next_change(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let open = self.are_open(at, zone);
        let today = zone.to_datetime(at).date();
        // Every holiday can hide one day of the week once.
        let most_days = (self.holidays.len() + 2) * 7;
        let mut day = today;
        for _ in 0..=most_days {
            let changes = self.moments_of(day, zone).into_iter();
            let change =
                changes.filter(|moment| *moment > at && self.are_open(*moment, zone) != open);
            if let Some(first) = change.min() {
                return Some(first);
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    /// The moments of a local day at which something may change: when clocks show a time at which
    /// hours begin or end, and when they are changed.
    fn moments_of(&self, day: Date, zone: &TimeZone) -> Vec<Timestamp> {
        let shifts = self.week.0.iter();
        let mut times: BTreeSet<Time> =
            shifts.flat_map(|shift| [shift.from, shift.until]).collect();
        times.insert(Time::midnight());
        let mut moments: Vec<Timestamp> = times
            .into_iter()
            .flat_map(|time| moments_showing(day.to_datetime(time), zone))
            .collect();
        let begin = day.to_datetime(Time::midnight());
        let Ok(begin) = zone.to_timestamp(begin) else {
            return moments;
        };
        let end = begin.saturating_add(26.hours()).unwrap_or(Timestamp::MAX);
        let changes = zone.following(begin).map(|change| change.timestamp());
        moments.extend(changes.take_while(|change| *change < end));
        moments
    }
}

/// When clocks show a local time: once as a rule, twice when they are put back, and not at all when
/// they are put forward over it.
fn moments_showing(local: DateTime, zone: &TimeZone) -> Vec<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let both = [ambiguous.earlier(), ambiguous.later()];
    both.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
