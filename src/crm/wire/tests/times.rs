//! Times and days.

use jiff::tz::{TimeZone, offset};

use crate::crm::wire::Moments;

fn moscow() -> Moments {
    Moments::new(TimeZone::fixed(offset(3)))
}

/// With an hour's change: from the last Sunday of March to the last Sunday of October.
fn berlin() -> Moments {
    Moments::new(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap())
}

fn utc(moments: &Moments, text: &str) -> String {
    moments.time(text).unwrap().to_string()
}

#[test]
fn a_time_without_an_offset_is_the_companys() {
    for text in [
        "2026-11-20T10:15:00",
        "2026-11-20 10:15:00",
        "2026-11-20T10:15",
        " 2026-11-20T10:15:00+03:00 ",
        "2026-11-20T07:15:00Z",
        "2026-11-20t07:15:00z",
        "2026-11-20T10:15:00.000+03",
    ] {
        assert_eq!(utc(&moscow(), text), "2026-11-20T07:15:00Z", "{text}");
    }
    assert_eq!(
        utc(&berlin(), "2026-07-20T10:00:00"),
        "2026-07-20T08:00:00Z"
    );
}

#[test]
fn of_an_hour_that_comes_twice_the_first_is_meant() {
    assert_eq!(
        utc(&berlin(), "2026-10-25T02:30:00"),
        "2026-10-25T00:30:00Z"
    );
    assert_eq!(
        utc(&berlin(), "2026-03-29T02:30:00"),
        "2026-03-29T01:30:00Z"
    );
}

#[test]
fn what_is_no_time_is_refused() {
    for text in [
        "",
        "now",
        "2026-11-20",
        "20.11.2026 10:15",
        "2026-13-20T10:15:00",
        "2026-11-20T25:15:00",
        "2026-11-20T10:15:00+99:00",
        "2026-11-20T10:15:00 Moscow",
        "2026-11-20T10:15:00+03:00[Europe/Moscow]",
        "99999999999-11-20T10:15:00",
        "1795000000",
        "２０２６-11-20T10:15:00",
    ] {
        let reason = moscow().time(text).unwrap_err();
        assert!(reason.contains("2026-11-20T10:15:00+03:00"), "{text}");
    }
}

#[test]
fn a_day_is_meant_from_its_first_moment_to_its_last() {
    let moments = moscow();
    let begins = moments.beginning("2026-11-20").unwrap();
    assert_eq!(begins.to_string(), "2026-11-19T21:00:00Z");
    let ends = moments.ending("2026-11-20").unwrap();
    assert_eq!(ends.to_string(), "2026-11-20T21:00:00Z");
    assert!(moments.ending("9999-12-31").is_err());
    assert!(moments.ending("2026-11-31").is_err());
}

#[test]
fn what_is_written_is_read_as_the_same() {
    for moments in [moscow(), berlin()] {
        for text in [
            "2026-03-29",
            "2026-10-25",
            "2026-10-25T02:30:00",
            "1970-01-01T00:00:00.5",
        ] {
            let begins = moments.beginning(text).unwrap();
            let written = moments.write_beginning(begins);
            assert_eq!(moments.beginning(&written), Ok(begins), "{written}");
            let ends = moments.ending(text).unwrap();
            let written = moments.write_ending(ends);
            assert_eq!(moments.ending(&written), Ok(ends), "{written}");
        }
    }
    assert_eq!(
        moscow().write_ending(moscow().ending("2026-11-20").unwrap()),
        "2026-11-20"
    );
}
