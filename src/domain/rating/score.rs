//! What each event of a client is worth at one moment.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use super::about::About;
use super::cases::{CaseState, Cases};
use super::event::Happening;
use super::id::{EmployeeId, EventId, KindName};
use super::kind::Kind;
use super::record::ClientRecord;
use super::rules::Rules;
use super::staff::Staff;

/// What one event adds to an employee's score.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// Which event.
    pub event: EventId,
    /// Its type.
    pub kind: KindName,
    /// When it counts as having happened.
    pub time: Timestamp,
    /// The person it happened with: not always who is offered for it.
    pub person: EmployeeId,
    /// The state of its case, if it has one.
    pub case: Option<CaseState>,
    /// Its case is with somebody else now.
    pub passed_on: bool,
    /// What it is about.
    pub about: Option<About>,
    /// What it adds.
    pub points: f64,
}

/// An event that there are rules for.
pub(super) struct Known<'a> {
    pub(super) time: Timestamp,
    pub(super) id: &'a EventId,
    pub(super) happening: &'a Happening,
    pub(super) kind: &'a Kind,
}

/// What the events of one client before `now` are worth, each with the account it happened with,
/// latest first. What has expired, is over a day's cap or counts for nothing is left out.
pub(super) fn contributions<'a>(
    record: &'a ClientRecord,
    rules: &'a Rules,
    staff: &'a Staff,
    now: Timestamp,
) -> impl Iterator<Item = (&'a EmployeeId, Contribution)> {
    let events = known(record, rules, now);
    let cases = if events
        .iter()
        .any(|event| event.kind.case.leads_to().is_some())
    {
        Cases::of(&events)
    } else {
        Cases::default()
    };
    let mut caps = DailyCaps::default();
    events.into_iter().rev().filter_map(move |event| {
        let case = cases.of_event(&event, staff);
        let factor = case.map_or(1.0, |(state, passed_on)| rules.cases.of(state, passed_on));
        let worth = event.kind.weight.points() * factor;
        let age = now.duration_since(event.time).unsigned_abs();
        if worth == 0.0 || has_expired(event.kind, age) || !caps.admit(&event, staff) {
            return None;
        }
        let account = &event.happening.employee;
        let contribution = Contribution {
            event: event.id.clone(),
            kind: event.happening.kind.clone(),
            time: event.time,
            person: staff.person(account).clone(),
            case: case.map(|(state, _)| state),
            passed_on: case.is_some_and(|(_, passed_on)| passed_on),
            about: event.happening.about.clone(),
            points: worth * event.kind.half_lives.left_after(age.as_secs_f64()),
        };
        Some((account, contribution))
    })
}

fn known<'a>(record: &'a ClientRecord, rules: &'a Rules, now: Timestamp) -> Vec<Known<'a>> {
    let events = record.happened_before(now);
    let known = events.filter_map(|(time, id, happening)| {
        Some(Known {
            time,
            id,
            happening,
            kind: rules.of(&happening.kind)?,
        })
    });
    known.collect()
}

fn has_expired(kind: &Kind, age: Duration) -> bool {
    kind.valid_for.is_some_and(|valid_for| age >= valid_for)
}

/// How many events of one person, type and day have been counted.
#[derive(Default)]
struct DailyCaps<'a>(HashMap<(&'a EmployeeId, &'a KindName, Date), u32>);

impl<'a> DailyCaps<'a> {
    fn admit(&mut self, event: &Known<'a>, staff: &'a Staff) -> bool {
        let Some(cap) = event.kind.cap_a_day else {
            return true;
        };
        let person = staff.person(&event.happening.employee);
        let day = staff.local(event.time).date();
        let key = (person, &event.happening.kind, day);
        let counted = self.0.entry(key).or_default();
        if *counted >= cap {
            return false;
        }
        *counted += 1;
        true
    }
}
