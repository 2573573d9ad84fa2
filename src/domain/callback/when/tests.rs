//! Hours, holidays, and clocks that are changed.

use jiff::civil::{Weekday, date, time};
use jiff::tz;
use proptest::prelude::*;

use super::*;
use crate::domain::rating::Shift;

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

fn shifts(days: &[Weekday], from: (i8, i8), until: (i8, i8)) -> WorkingHours {
    let shift = |weekday: &Weekday| Shift {
        weekday: *weekday,
        from: time(from.0, from.1, 0, 0),
        until: time(until.0, until.1, 0, 0),
    };
    WorkingHours(days.iter().map(shift).collect())
}

fn usual() -> Hours {
    Hours::new(shifts(&WEEK, (9, 30), (14, 30)), BTreeSet::new()).unwrap()
}

fn moscow() -> TimeZone {
    TimeZone::fixed(tz::offset(3))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn hours_begin_with_their_first_minute_and_end_before_their_last() {
    let hours = usual();
    for (text, open) in [
        ("2026-11-20T09:29:59+03:00", false),
        ("2026-11-20T09:30:00+03:00", true),
        ("2026-11-20T14:29:59+03:00", true),
        ("2026-11-20T14:30:00+03:00", false),
    ] {
        assert_eq!(hours.are_open(at(text), &moscow()), open, "{text}");
    }
}

#[test]
fn everybody_is_called_by_their_own_clock() {
    let hours = usual();
    let vladivostok = TimeZone::fixed(tz::offset(10));
    let moment = at("2026-11-20T10:00:00+03:00");
    assert!(hours.are_open(moment, &moscow()));
    assert!(!hours.are_open(moment, &vladivostok));
    assert_eq!(
        hours.next_open(moment, &vladivostok),
        Some(at("2026-11-21T09:30:00+10:00"))
    );
}

#[test]
fn the_next_moment_is_now_later_today_or_on_the_next_day_that_is_no_holiday() {
    let week = shifts(&WEEK[..5], (9, 30), (14, 30));
    let holidays = BTreeSet::from([date(2026, 11, 23)]);
    let hours = Hours::new(week, holidays).unwrap();
    for (from, expected) in [
        ("2026-11-20T12:00:00+03:00", "2026-11-20T12:00:00+03:00"),
        ("2026-11-20T01:00:00+03:00", "2026-11-20T09:30:00+03:00"),
        // A Friday; Monday is a holiday.
        ("2026-11-20T14:30:00+03:00", "2026-11-24T09:30:00+03:00"),
    ] {
        assert_eq!(
            hours.next_open(at(from), &moscow()),
            Some(at(expected)),
            "{from}"
        );
    }
}

#[test]
fn a_stretch_says_when_it_is_over() {
    let hours = usual();
    let noon = hours.stretch(at("2026-11-20T12:00:00+03:00"), &moscow());
    assert_eq!(
        noon,
        Stretch {
            open: true,
            until: at("2026-11-20T14:30:00+03:00")
        }
    );
    let evening = hours.stretch(at("2026-11-20T20:00:00+03:00"), &moscow());
    assert_eq!(
        evening,
        Stretch {
            open: false,
            until: at("2026-11-21T09:30:00+03:00")
        }
    );
}

#[test]
fn hours_without_a_holiday_or_a_night_between_them_are_one_stretch() {
    let always = Hours::new(shifts(&WEEK, (0, 0), (0, 0)), BTreeSet::new()).unwrap();
    let stretch = always.stretch(at("2026-11-20T12:00:00+03:00"), &moscow());
    assert_eq!((stretch.open, stretch.until), (true, Timestamp::MAX));
    let noon = shifts(&WEEK, (9, 0), (12, 0)).0;
    let both = [noon, shifts(&WEEK, (12, 0), (18, 0)).0].concat();
    let both = Hours::new(WorkingHours(both), BTreeSet::new()).unwrap();
    assert_eq!(
        both.stretch(at("2026-11-20T10:00:00+03:00"), &moscow())
            .until,
        at("2026-11-20T18:00:00+03:00")
    );
}

#[test]
fn hours_that_never_open_are_refused() {
    assert_eq!(
        Hours::new(WorkingHours::default(), BTreeSet::new()),
        Err(NotHours::NeverOpen)
    );
}

#[test]
fn all_mondays_of_years_may_be_holidays() {
    let mondays = (0..200).map(|week| date(2026, 11, 23).saturating_add((7 * week).days()));
    let hours = Hours::new(shifts(&WEEK[..1], (9, 30), (14, 30)), mondays.collect()).unwrap();
    assert_eq!(
        hours.next_open(at("2026-11-20T12:00:00+03:00"), &moscow()),
        Some(at("2030-09-23T09:30:00+03:00"))
    );
}

/// In Berlin clocks go from 02:00 to 03:00 on 2027-03-28, and from 03:00 to 02:00 on 2027-10-31.
#[test]
fn hours_in_the_hour_that_is_left_out_do_not_open_and_those_around_it_are_shorter() {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let gap = Hours::new(shifts(&WEEK, (2, 15), (2, 45)), BTreeSet::new()).unwrap();
    assert_eq!(
        gap.next_open(at("2027-03-27T12:00:00Z"), &berlin),
        Some(at("2027-03-29T00:15:00Z"))
    );
    let night = Hours::new(shifts(&WEEK, (1, 30), (2, 30)), BTreeSet::new()).unwrap();
    assert_eq!(
        night.stretch(at("2027-03-28T00:40:00Z"), &berlin),
        Stretch {
            open: true,
            until: at("2027-03-28T01:00:00Z")
        }
    );
}

#[test]
fn an_hour_that_comes_twice_opens_twice() {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let hours = Hours::new(shifts(&WEEK, (2, 15), (2, 45)), BTreeSet::new()).unwrap();
    let first = hours.next_open(at("2027-10-30T12:00:00Z"), &berlin);
    assert_eq!(first, Some(at("2027-10-31T00:15:00Z")));
    let second = hours.next_open(at("2027-10-31T00:50:00Z"), &berlin);
    assert_eq!(second, Some(at("2027-10-31T01:15:00Z")));
}

proptest! {
#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What is told at once is what one finds by looking at every minute.
    #[test]
    fn nothing_changes_within_a_stretch_and_it_does_at_its_end(
        minute in 0_i64..60 * 24 * 400,
        from in 0_i8..24, until in 0_i8..24, day in 0_usize..7, days in 1_usize..7,
        holiday in 0_i32..400,
        name in prop::sample::select(vec!["Europe/Berlin", "Europe/Moscow", "America/Santiago", "Asia/Vladivostok"]),
    ) {
        let zone = TimeZone::get(name).unwrap();
        let week: Vec<Weekday> = (day..day + days).map(|day| WEEK[day % 7]).collect();
        let holidays = BTreeSet::from([date(2027, 1, 1).saturating_add(holiday.days())]);
        let hours = Hours::new(shifts(&week, (from, 30), (until, 15)), holidays).unwrap();
        let at = at("2027-01-01T00:00:00Z") + minute.minutes();
        let stretch = hours.stretch(at, &zone);
        prop_assert_eq!(stretch.open, hours.are_open(at, &zone));
        prop_assert!(stretch.until > at);
        let mut moment = at;
        for _ in 0..60 * 24 * 2 {
            moment += 1.minutes();
            if moment >= stretch.until {
                prop_assert_ne!(hours.are_open(stretch.until, &zone), stretch.open);
                break;
            }
            prop_assert_eq!(hours.are_open(moment, &zone), stretch.open, "{}", moment);
        }
    }
}
