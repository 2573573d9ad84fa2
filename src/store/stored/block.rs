//! Some of a client's events. Texts that repeat are in tables at the front; times are relative.
//!
//! An event is added without making domain types of those that are there already: most that is
//! written is one more event of a client who has many.

mod tables;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{Body, Event, EventId};

use super::dictionary::Dictionary;
use super::ids::{Parts, StoredId, Table, index};
use super::instant::{StoredInstant, ticks, time};
use super::{Unreadable, all_digits, damaged};
use tables::Tables;

/// An event and when it arrived.
pub(in crate::store) type Delivery = (Event, Timestamp);

/// Events in the order in which they were added.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::store) struct Block<'a> {
    /// What ids begin with.
    #[serde(borrow)]
    beginnings: Table<'a>,
    /// Types of event, each once.
    kinds: Vec<StoredWord<'a>>,
    /// Employees, each once.
    employees: Vec<StoredWord<'a>>,
    /// Cases, each once.
    cases: Vec<StoredId<'a>>,
    /// Lists of telephones, each once.
    phones: Vec<Vec<u64>>,
    /// When the last event counts as having happened.
    last: StoredInstant,
    events: Vec<StoredEvent<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum StoredWord<'a> {
    /// A number in the dictionary.
    Known(u32),
    /// It was not in the dictionary, because that was full.
    Text(&'a str),
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredEvent<'a> {
    #[serde(borrow)]
    id: StoredId<'a>,
    version: u64,
    /// The time from here to the event that was added next. With the lowest bit, it is earlier.
    until_next: u128,
    /// The time from the event to its arrival; with the lowest bit, from its arrival to when it
    /// claims to have happened.
    lag: u128,
    body: StoredBody<'a>,
}

/// Indices into the tables. Those of case and telephones are one more, and 0 is none.
#[derive(Debug, Serialize, Deserialize)]
enum StoredBody<'a> {
    Cancelled,
    Happened {
        kind: u32,
        employee: u32,
        case: u32,
        phones: u32,
    },
    // It came later, and stays behind the others: their numbers are on disk. An event without a text takes no
    // more than before.
    About {
        kind: u32,
        employee: u32,
        case: u32,
        phones: u32,
        about: &'a str,
    },
}

impl<'a> Block<'a> {
    /// How many events it has.
    pub(in crate::store) fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether it has an event.
    pub(in crate::store) fn has(&self, id: &EventId) -> bool {
        let id = Parts::of(id.as_str());
        let mut events = self.events.iter();
        events.any(|event| event.id.is(&id, &self.beginnings))
    }

    /// Adds an event that is not there yet. Whether its list of telephones is new here.
    pub(in crate::store) fn add(
        &mut self,
        event: &'a Event,
        arrived: Timestamp,
        dictionary: &Dictionary,
    ) -> Result<bool, Unreadable> {
        let counts = event.time.min(arrived);
        if let Some(before) = self.events.last_mut() {
            before.until_next = signed(counts.duration_since(self.last.try_into()?));
        }
        let lists = self.phones.len();
        let added = StoredEvent {
            id: Parts::of(event.id.as_str()).stored(&mut self.beginnings),
            version: event.version,
            until_next: 0,
            lag: signed(arrived.duration_since(event.time)),
            body: self.body(&event.body, dictionary),
        };
        self.events.push(added);
        self.last = counts.into();
        Ok(self.phones.len() > lists)
    }

    /// A block of some deliveries.
    pub(in crate::store) fn of(
        deliveries: &'a [Delivery],
        dictionary: &Dictionary,
    ) -> Result<Self, Unreadable> {
        let mut block = Self::default();
        for (event, arrived) in deliveries {
            block.add(event, *arrived, dictionary)?;
        }
        Ok(block)
    }

    fn body(&mut self, body: &'a Body, dictionary: &Dictionary) -> StoredBody<'a> {
        let Body::Happened(happening) = body else {
            return StoredBody::Cancelled;
        };
        let case = happening.case.as_ref().map(|case| {
            let case = Parts::of(case.as_str()).stored(&mut self.beginnings);
            index(&mut self.cases, |other| *other == case, || case) + 1
        });
        let (kind, employee) = (&happening.kind, &happening.employee);
        let kind = match dictionary.kinds.number(kind) {
            Some(number) => StoredWord::Known(number),
            None => StoredWord::Text(kind.as_str()),
        };
        let employee = match dictionary.employees.number(employee) {
            Some(number) => StoredWord::Known(number),
            None => StoredWord::Text(employee.as_str()),
        };
        let kind = index(&mut self.kinds, |other| *other == kind, || kind);
        let employee = index(&mut self.employees, |other| *other == employee, || employee);
        let case = case.unwrap_or_default();
        let phones = self.list(&happening.phones);
        match &happening.about {
            None => StoredBody::Happened {
                kind,
                employee,
                case,
                phones,
            },
            Some(about) => StoredBody::About {
                kind,
                employee,
                case,
                phones,
                about: about.as_str(),
            },
        }
    }

    fn list(&mut self, phones: &[PhoneNumber]) -> u32 {
        if phones.is_empty() {
            return 0;
        }
        let is_it = |other: &Vec<u64>| {
            let digits = phones.iter().map(PhoneNumber::digits);
            digits.eq(other.iter().copied())
        };
        index(&mut self.phones, is_it, || all_digits(phones)) + 1
    }

    /// Adds all of them to `deliveries`, in no order that means anything.
    pub(in crate::store) fn read(
        &self,
        deliveries: &mut Vec<Delivery>,
        dictionary: &Dictionary,
    ) -> Result<(), Unreadable> {
        let tables = Tables::new(self, dictionary)?;
        let mut after = Timestamp::try_from(self.last)?;
        let mut text = String::new();
        deliveries.reserve(self.events.len());
        let start = deliveries.len();
        for event in self.events.iter().rev() {
            let counts = moved(after, event.until_next, true)?;
            // One of the two moments is when it counts as having happened.
            let (claimed, arrived) = if event.lag & 1 == 0 {
                (counts, moved(counts, event.lag, false)?)
            } else {
                (moved(counts, event.lag & !1, false)?, counts)
            };
            event.id.put(&self.beginnings, &mut text)?;
            let event = Event {
                id: EventId::parse(&text).map_err(damaged)?,
                version: event.version,
                body: tables.body(&event.body)?,
                time: claimed,
            };
            deliveries.push((event, arrived));
            after = counts;
        }
        // As a rule, that is their order in time.
        deliveries[start..].reverse();
        Ok(())
    }
}

/// A time that may be negative: then it has the lowest bit.
fn signed(time: SignedDuration) -> u128 {
    ticks(time.abs()) << 1 | u128::from(time.is_negative())
}

/// A moment, moved by what [`signed`] has made.
fn moved(moment: Timestamp, by: u128, back: bool) -> Result<Timestamp, Unreadable> {
    let negative = by & 1 == 1;
    let by = time(by >> 1)?;
    let by = if negative == back { by } else { -by };
    moment.checked_add(by).map_err(damaged)
}

#[cfg(test)]
mod tests;
