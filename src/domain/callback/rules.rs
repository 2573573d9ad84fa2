//! What holds for all jobs: the settings of callbacks, as far as they are decisions.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{DiallingPolicy, Hours, Limits, Pauses, Wanted};

/// A job that says itself no end is over after this time.
pub(super) const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What holds for all jobs.
#[derive(Clone, Debug)]
pub struct Rules {
    /// When people may be called, by their own clock.
    pub hours: Hours,
    /// The clock of those whose own is not known.
    pub zone: TimeZone,
    /// How long a job waits after an attempt.
    pub pauses: Pauses,
    /// The most attempts of a job that doesn't say.
    pub attempts: u32,
    /// How many calls go on at once.
    pub limits: Limits,
    /// Which numbers are dialled.
    pub dialling: DiallingPolicy,
}

/// Why a job can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    /// The appointment has been.
    #[error("the appointment has been already; nobody is called after it")]
    AppointmentOver,
    /// The end of the time for it has been.
    #[error("not_after has been already")]
    TooLate,
    /// It begins after it ends.
    #[error("not_before is not before not_after and the appointment")]
    EndsBeforeItBegins,
    /// In the time for it nobody may be called.
    #[error(
        "between not_before and not_after, or the appointment, nobody may be called: the hours of [callbacks] don't open in that time"
    )]
    NeverOpen,
}

impl Rules {
    /// The clock of the person whom a job calls.
    #[must_use]
    pub fn zone_of<'a>(&'a self, wanted: &'a Wanted) -> &'a TimeZone {
        wanted.zone.as_ref().unwrap_or(&self.zone)
    }

    /// Whether a job that comes now can be carried out at all.
    ///
    /// # Errors
    /// [`NotPossible`] with the reason.
    pub fn check(&self, wanted: &Wanted, now: Timestamp) -> Result<(), NotPossible> {
        if wanted.appointment.is_some_and(|end| end <= now) {
            return Err(NotPossible::AppointmentOver);
        }
        if wanted.not_after.is_some_and(|end| end <= now) {
            return Err(NotPossible::TooLate);
        }
        let end = end_of(wanted, now);
        let begin = wanted.not_before.map_or(now, |begin| begin.max(now));
        if begin >= end {
            return Err(NotPossible::EndsBeforeItBegins);
        }
        match self.hours.next_open(begin, self.zone_of(wanted)) {
            Some(open) if open < end => Ok(()),
            Some(_) | None => Err(NotPossible::NeverOpen),
        }
    }
}

/// From then on nobody is called for a job that began at a moment.
pub(super) fn end_of(wanted: &Wanted, opened: Timestamp) -> Timestamp {
    let begin = wanted.not_before.map_or(opened, |begin| begin.max(opened));
    let longest = begin.saturating_add(LONGEST_LIFE).unwrap_or(Timestamp::MAX);
    let ends = [wanted.appointment, wanted.not_after];
    ends.into_iter().flatten().fold(longest, Timestamp::min)
}
