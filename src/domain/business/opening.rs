//! When a company takes calls.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::rating::WorkingHours;

/// When somebody is there to be called.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// The hours of each week; `None` is always.
    pub week: Option<WorkingHours>,
    /// Days on which nobody is there, whatever the week says.
    pub holidays: Vec<Holiday>,
    /// Whose clock that is.
    pub time_zone: TimeZone,
}

impl Opening {
    /// Whether the company is open at a moment. A night shift that reaches into a holiday ends at
    /// midnight.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        // From a moment to the local clock there is always one way, also when that is put forward or
        // back.
        let local = self.time_zone.to_datetime(at);
        let is_holiday = self
            .holidays
            .iter()
            .any(|holiday| holiday.covers(local.date()));
        let week = self.week.as_ref();
        !is_holiday && week.is_none_or(|week| week.cover(local))
    }
}

/// Days on which a company is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    first: Date,
    last: Date,
}

/// The text names no days.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "a holiday is a day or the first and the last of several, such as \"2026-11-04\" or \
     \"2026-12-31/2027-01-08\""
)]
pub struct NotAHoliday;

impl Holiday {
    /// Reads `2026-11-04`, or `2026-12-31/2027-01-08` with both days in it.
    ///
    /// # Errors
    /// [`NotAHoliday`] for what is no such days, or ends before it begins.
    pub fn parse(text: &str) -> Result<Self, NotAHoliday> {
        let (first, last) = text.split_once('/').unwrap_or((text, text));
        let date = |text: &str| text.trim().parse::<Date>().map_err(|_| NotAHoliday);
        let (first, last) = (date(first)?, date(last)?);
        if last < first {
            return Err(NotAHoliday);
        }
        Ok(Self { first, last })
    }

    fn covers(&self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, time};

    use super::*;
    use crate::domain::rating::Shift;

    fn every_day(from: i8, until: i8) -> WorkingHours {
        let shift = |weekday| Shift {
            weekday,
            from: time(from, 0, 0, 0),
            until: time(until, 0, 0, 0),
        };
        WorkingHours(Weekday::Monday.cycle_forward().take(7).map(shift).collect())
    }

    fn opening(week: Option<WorkingHours>, holidays: &[&str], zone: &str) -> Opening {
        let holidays = holidays.iter().map(|text| Holiday::parse(text).unwrap());
        Opening {
            week,
            holidays: holidays.collect(),
            time_zone: TimeZone::get(zone).unwrap(),
        }
    }

    fn open(opening: &Opening, at: &str) -> bool {
        opening.is_open(at.parse().unwrap())
    }

    #[test]
    fn hours_are_those_of_the_companys_own_clock() {
        let moscow = opening(Some(every_day(9, 18)), &[], "Europe/Moscow");
        assert!(!open(&moscow, "2026-11-20T05:59:59Z"));
        assert!(open(&moscow, "2026-11-20T06:00:00Z"));
        assert!(open(&moscow, "2026-11-20T14:59:59Z"));
        assert!(!open(&moscow, "2026-11-20T15:00:00Z"));
    }

    #[test]
    fn nine_o_clock_stays_nine_o_clock_when_the_clock_is_put_forward_or_back() {
        let berlin = opening(Some(every_day(9, 18)), &[], "Europe/Berlin");
        // The day before, the day of, each way.
        for (nine, offset) in [
            ("2026-03-28T08:00:00Z", "winter"),
            ("2026-03-29T07:00:00Z", "summer"),
            ("2026-10-24T07:00:00Z", "summer"),
            ("2026-10-25T08:00:00Z", "winter"),
        ] {
            let nine: Timestamp = nine.parse().unwrap();
            assert!(berlin.is_open(nine), "{offset}");
            let before = nine - jiff::SignedDuration::from_secs(1);
            assert!(!berlin.is_open(before), "{offset}");
        }
    }

    #[test]
    fn an_hour_that_comes_twice_is_open_twice_and_one_that_does_not_come_harms_nobody() {
        let berlin = opening(Some(every_day(2, 3)), &[], "Europe/Berlin");
        for at in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
            assert!(open(&berlin, at), "{at}");
        }
        for at in ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"] {
            assert!(!open(&berlin, at), "{at}");
        }
    }

    #[test]
    fn a_holiday_is_closed_from_its_first_midnight_to_its_last() {
        let moscow = opening(
            None,
            &["2026-12-31/2027-01-08", "2026-11-04"],
            "Europe/Moscow",
        );
        assert!(open(&moscow, "2026-12-30T20:59:59Z"));
        assert!(!open(&moscow, "2026-12-30T21:00:00Z"));
        assert!(!open(&moscow, "2027-01-08T20:59:59Z"));
        assert!(open(&moscow, "2027-01-08T21:00:00Z"));
        assert!(!open(&moscow, "2026-11-04T09:00:00Z"));
    }

    #[test]
    fn without_hours_and_holidays_a_company_is_always_open() {
        assert!(open(&opening(None, &[], "UTC"), "2026-11-22T03:00:00Z"));
    }

    #[test]
    fn what_names_no_days_is_refused() {
        for text in [
            "",
            "monday",
            "2026-13-01",
            "2027-01-08/2026-12-31",
            "2026-01-01/",
        ] {
            assert_eq!(Holiday::parse(text), Err(NotAHoliday), "{text}");
        }
    }
}
