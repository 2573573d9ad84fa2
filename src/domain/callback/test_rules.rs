//! The rules that tests of callbacks go by.

use std::collections::BTreeSet;

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use super::{DiallingPolicy, Hours, Limits, Pauses, Rules};
use crate::domain::rating::{Shift, WorkingHours};

/// The usual ones; people may be called at any time.
pub(crate) fn always_open() -> Rules {
    open_daily(Time::midnight(), Time::midnight())
}

/// The usual ones; people may be called between these times of each day, in UTC.
pub(crate) fn open_daily(from: Time, until: Time) -> Rules {
    let shift = |day| Shift {
        weekday: Weekday::from_monday_zero_offset(day).unwrap(),
        from,
        until,
    };
    let week = WorkingHours((0..7).map(shift).collect());
    Rules {
        hours: Hours::new(week, BTreeSet::new()).unwrap(),
        zone: TimeZone::UTC,
        pauses: Pauses::default(),
        attempts: 3,
        limits: Limits::default(),
        dialling: DiallingPolicy::default(),
    }
}
