//! The rating as a whole. Each file has one side of it; what they share is here.

mod delivery;
mod explaining;
mod properties;
mod scoring;
mod staff;

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::*;

pub(super) const HOUR: i64 = 3_600;
pub(super) const DAY: i64 = 86_400;

/// Friday 2026-11-20 12:00 in Moscow.
pub(super) const NOW: i64 = 1_795_165_200;

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(super) fn employee(id: &str) -> EmployeeId {
    EmployeeId::parse(id).unwrap()
}

pub(super) fn kind_name(name: &str) -> KindName {
    KindName::parse(name).unwrap()
}

/// An event so many seconds before [`NOW`].
pub(super) fn event(id: &str, kind: &str, who: &str, seconds_ago: i64) -> Event {
    Event {
        id: EventId::parse(id).unwrap(),
        version: 1,
        time: at(NOW - seconds_ago),
        body: Body::Happened(Happening {
            kind: kind_name(kind),
            employee: employee(who),
            case: None,
            phones: Vec::new(),
            about: None,
        }),
    }
}

pub(super) fn in_case(case: &str, mut event: Event) -> Event {
    if let Body::Happened(happening) = &mut event.body {
        happening.case = Some(CaseId::parse(case).unwrap());
    }
    event
}

pub(super) fn cancelled(mut event: Event) -> Event {
    event.body = Body::Cancelled;
    event
}

pub(super) fn version(version: u64, mut event: Event) -> Event {
    event.version = version;
    event
}

/// A record to which each event came when it happened.
pub(super) fn record(events: &[Event]) -> ClientRecord {
    let mut record = ClientRecord::default();
    for event in events {
        record.apply(event.clone(), event.time);
    }
    record
}

/// A type that is worth 100 points and halves every day.
pub(super) fn halving() -> Kind {
    let day = HalfLife {
        period: Duration::from_secs(86_400),
        share: 1.0,
    };
    Kind {
        half_lives: HalfLives::new(&[day]).unwrap(),
        ..Kind::default()
    }
}

/// Rules for the types "mail", which halves every day, and others as given.
pub(super) fn rules(others: &[(&str, Kind)]) -> Rules {
    let mut rules = Rules::default();
    rules.kinds.insert(kind_name("mail"), halving());
    for (name, kind) in others {
        rules.kinds.insert(kind_name(name), kind.clone());
    }
    rules
}

/// Anna, Boris and Vera, who may always be offered, three hours east of Greenwich.
pub(super) fn staff() -> Staff {
    let mut staff = Staff::new(TimeZone::fixed(Offset::constant(3)));
    for id in ["anna", "boris", "vera"] {
        staff.put(employee(id), Employee::default());
    }
    staff
}

pub(super) fn ranking(record: &ClientRecord, rules: &Rules, staff: &Staff) -> Ranking {
    let client = ClientId::parse("client").unwrap();
    rank(&[(&client, record)], rules, staff, at(NOW))
}

/// Everybody in the ranking with their score, rounded to a hundredth.
pub(super) fn scores(ranking: &Ranking) -> Vec<(String, f64)> {
    let score = |candidate: &Candidate| {
        let rounded = (candidate.score * 100.0).round() / 100.0;
        (candidate.employee.as_str().to_owned(), rounded)
    };
    ranking.candidates.iter().map(score).collect()
}

/// What [`scores`] should be.
pub(super) fn expected(scores: &[(&str, f64)]) -> Vec<(String, f64)> {
    let owned = scores
        .iter()
        .map(|(who, score)| ((*who).to_owned(), *score));
    owned.collect()
}
