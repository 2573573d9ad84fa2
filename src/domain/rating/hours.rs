//! Working hours: which times of the week somebody is at work.

use jiff::civil::{DateTime, Time, Weekday};

/// One stretch of work that comes every week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The day on which it begins.
    pub weekday: Weekday,
    /// From this time of day.
    pub from: Time,
    /// Until just before this time of day; not later than `from` means on the day after.
    pub until: Time,
}

impl Shift {
    fn covers(&self, moment: DateTime) -> bool {
        let (today, time) = (moment.weekday(), moment.time());
        if self.from < self.until {
            return today == self.weekday && (self.from..self.until).contains(&time);
        }
        let begun = today == self.weekday && time >= self.from;
        let not_over = today == self.weekday.next() && time < self.until;
        begun || not_over
    }
}

/// All shifts of a week, in the company's local time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingHours(pub Vec<Shift>);

impl WorkingHours {
    /// Whether somebody with these hours is at work at a local time.
    #[must_use]
    pub fn cover(&self, moment: DateTime) -> bool {
        self.0.iter().any(|shift| shift.covers(moment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{datetime, time};

    /// 2026-11-20 is a Friday.
    fn friday(hour: i8, minute: i8) -> DateTime {
        datetime(2026, 11, 20, hour, minute, 0, 0)
    }

    fn shift(weekday: Weekday, from: i8, until: i8) -> WorkingHours {
        let (from, until) = (time(from, 0, 0, 0), time(until, 0, 0, 0));
        WorkingHours(vec![Shift {
            weekday,
            from,
            until,
        }])
    }

    #[test]
    fn a_day_of_work_begins_with_its_first_minute_and_ends_before_its_last() {
        let hours = shift(Weekday::Friday, 9, 18);
        assert!(!hours.cover(friday(8, 59)));
        assert!(hours.cover(friday(9, 0)));
        assert!(hours.cover(friday(17, 59)));
        assert!(!hours.cover(friday(18, 0)));
    }

    #[test]
    fn a_shift_is_on_its_own_day_only() {
        assert!(!shift(Weekday::Thursday, 9, 18).cover(friday(12, 0)));
    }

    #[test]
    fn a_night_shift_goes_on_into_the_next_day() {
        let hours = shift(Weekday::Thursday, 22, 6);
        assert!(hours.cover(friday(5, 59)));
        assert!(!hours.cover(friday(6, 0)));
        assert!(!hours.cover(friday(22, 0)));
        let hours = shift(Weekday::Sunday, 22, 6);
        assert!(hours.cover(datetime(2026, 11, 23, 1, 0, 0, 0)));
    }

    #[test]
    fn from_midnight_to_midnight_is_a_whole_day() {
        let hours = shift(Weekday::Friday, 0, 0);
        assert!(hours.cover(friday(0, 0)));
        assert!(hours.cover(friday(23, 59)));
        assert!(!hours.cover(datetime(2026, 11, 21, 0, 0, 0, 0)));
    }

    #[test]
    fn without_a_shift_nobody_is_ever_at_work() {
        assert!(!WorkingHours::default().cover(friday(12, 0)));
    }
}
