//! Jobs and the queue of them. What they share is here.

mod jobs;
mod properties;
mod queue;
mod reports;
mod simulation;

use std::collections::BTreeSet;

use jiff::civil::{Weekday, time};
use jiff::tz::{self, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{EmployeeId, Shift, WorkingHours};

/// Friday, 2026-11-20, 10:00 in Moscow.
const TEN: &str = "2026-11-20T10:00:00+03:00";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// So many minutes after ten o'clock.
fn minute(minutes: i64) -> Timestamp {
    at(TEN) + SignedDuration::from_mins(minutes)
}

fn moscow() -> TimeZone {
    TimeZone::fixed(tz::offset(3))
}

fn usual_hours() -> Hours {
    let shift = |day| Shift {
        weekday: Weekday::from_monday_zero_offset(day).unwrap(),
        from: time(9, 30, 0, 0),
        until: time(14, 30, 0, 0),
    };
    Hours::new(WorkingHours((0..7).map(shift).collect()), BTreeSet::new()).unwrap()
}

fn rules() -> Rules {
    Rules {
        hours: usual_hours(),
        zone: moscow(),
        pauses: Pauses::default(),
        attempts: 3,
        limits: Limits::default(),
        dialling: DiallingPolicy::default(),
    }
}

fn phone(number: u64) -> Destination {
    Destination::Phone(PhoneNumber::of_digits(79_160_000_000 + number))
}

fn wanted(id: &str, number: u64) -> Wanted {
    Wanted::new(JobId::parse(id).unwrap(), phone(number))
}

fn employee(id: &str) -> EmployeeId {
    EmployeeId::parse(id).unwrap()
}
