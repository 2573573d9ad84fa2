//! A client's events. Texts that repeat are in tables at the front; times are relative.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{
    Body, CaseId, ClientRecord, EmployeeId, Event, EventId, Happening, KindName,
};

use super::ids::{StoredId, Table, lengthened, shortened};
use super::instant::{StoredInstant, ticks, time};
use super::{Unreadable, all_digits, all_phones, damaged};

/// All events of a client, in the order of the record.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredRecord<'a> {
    /// What ids begin with.
    #[serde(borrow)]
    beginnings: Vec<&'a str>,
    /// Types of event, each once.
    kinds: Vec<&'a str>,
    /// Employees, each once.
    employees: Vec<StoredId<'a>>,
    /// Cases, each once.
    cases: Vec<StoredId<'a>>,
    /// Lists of telephones, each once.
    phones: Vec<Vec<u64>>,
    /// When the first event counts as having happened.
    first: StoredInstant,
    events: Vec<StoredEvent<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StoredEvent<'a> {
    #[serde(borrow)]
    id: StoredId<'a>,
    version: u64,
    /// The time since the event before it.
    since: u128,
    /// The time from the event to its arrival; with the lowest bit, from its arrival to when it
    /// claims to have happened.
    lag: u128,
    body: StoredBody,
}

/// Indices into the tables. Those of case and telephones are one more, and 0 is none.
#[derive(Serialize, Deserialize)]
enum StoredBody {
    Cancelled,
    Happened {
        kind: u32,
        employee: u32,
        case: u32,
        phones: u32,
    },
}

/// Fills the tables.
#[derive(Default)]
struct Tables<'a> {
    beginnings: Table<'a>,
    kinds: Table<'a>,
    employees: Table<'a>,
    cases: Table<'a>,
    phones: Vec<&'a [PhoneNumber]>,
}

impl<'a> Tables<'a> {
    fn body(&mut self, body: &'a Body) -> StoredBody {
        let Body::Happened(happening) = body else {
            return StoredBody::Cancelled;
        };
        let case = happening.case.as_ref();
        StoredBody::Happened {
            kind: self.kinds.index(happening.kind.as_str()),
            employee: self.employees.index(happening.employee.as_str()),
            case: case.map_or(0, |case| self.cases.index(case.as_str()) + 1),
            phones: self.phones(&happening.phones),
        }
    }

    fn phones(&mut self, phones: &'a [PhoneNumber]) -> u32 {
        if phones.is_empty() {
            return 0;
        }
        let there = self.phones.iter().position(|other| *other == phones);
        let index = there.unwrap_or_else(|| {
            self.phones.push(phones);
            self.phones.len() - 1
        });
        u32::try_from(index + 1).unwrap_or_default()
    }
}

pub(super) fn stored_record(record: &ClientRecord) -> StoredRecord<'_> {
    let mut tables = Tables::default();
    let mut events = Vec::with_capacity(record.len());
    let mut first = None;
    let mut before = Timestamp::UNIX_EPOCH;
    for (event, arrived) in record.deliveries() {
        let counts = event.time.min(arrived);
        if first.is_none() {
            before = counts;
        }
        first.get_or_insert(counts);
        events.push(StoredEvent {
            id: shortened(event.id.as_str(), &mut tables.beginnings),
            version: event.version,
            since: ticks(counts.duration_since(before)),
            lag: lag(event.time, arrived),
            body: tables.body(&event.body),
        });
        before = counts;
    }
    let mut beginnings = tables.beginnings;
    let employees = all_shortened(&tables.employees, &mut beginnings);
    let cases = all_shortened(&tables.cases, &mut beginnings);
    StoredRecord {
        beginnings: beginnings.texts,
        kinds: tables.kinds.texts,
        employees,
        cases,
        phones: tables.phones.into_iter().map(all_digits).collect(),
        first: first.unwrap_or_default().into(),
        events,
    }
}

fn all_shortened<'a>(texts: &Table<'a>, beginnings: &mut Table<'a>) -> Vec<StoredId<'a>> {
    let texts = texts.texts.iter();
    texts.map(|text| shortened(text, beginnings)).collect()
}

fn lag(claimed: Timestamp, arrived: Timestamp) -> u128 {
    if claimed > arrived {
        ticks(claimed.duration_since(arrived)) << 1 | 1
    } else {
        ticks(arrived.duration_since(claimed)) << 1
    }
}

pub(super) fn record_of(stored: &StoredRecord<'_>) -> Result<ClientRecord, Unreadable> {
    let read = Read::new(stored)?;
    let mut before = Timestamp::try_from(stored.first)?;
    let mut text = String::new();
    let mut deliveries = Vec::with_capacity(stored.events.len());
    for event in &stored.events {
        let counts = later(before, time(event.since)?)?;
        let (claimed, arrived) = match (event.lag & 1, time(event.lag >> 1)?) {
            (0, lag) => (counts, later(counts, lag)?),
            (_, lag) => (later(counts, lag)?, counts),
        };
        lengthened(&event.id, &stored.beginnings, &mut text)?;
        let event = Event {
            id: EventId::parse(&text).map_err(damaged)?,
            version: event.version,
            body: read.body(&event.body)?,
            time: claimed,
        };
        deliveries.push((event, arrived));
        before = counts;
    }
    Ok(ClientRecord::restored(deliveries))
}

fn later(moment: Timestamp, by: SignedDuration) -> Result<Timestamp, Unreadable> {
    moment.checked_add(by).map_err(damaged)
}

/// The tables as the domain has them. An event then only counts a reference.
struct Read {
    kinds: Vec<KindName>,
    employees: Vec<EmployeeId>,
    cases: Vec<CaseId>,
    phones: Vec<Vec<PhoneNumber>>,
}

impl Read {
    fn new(stored: &StoredRecord<'_>) -> Result<Self, Unreadable> {
        let mut text = String::new();
        let mut employees = Vec::with_capacity(stored.employees.len());
        for id in &stored.employees {
            lengthened(id, &stored.beginnings, &mut text)?;
            employees.push(EmployeeId::parse(&text).map_err(damaged)?);
        }
        let mut cases = Vec::with_capacity(stored.cases.len());
        for id in &stored.cases {
            lengthened(id, &stored.beginnings, &mut text)?;
            cases.push(CaseId::parse(&text).map_err(damaged)?);
        }
        let kinds = stored.kinds.iter().map(|kind| KindName::parse(kind));
        Ok(Self {
            kinds: kinds.collect::<Result<_, _>>().map_err(damaged)?,
            employees,
            cases,
            phones: stored.phones.iter().map(|list| all_phones(list)).collect(),
        })
    }

    fn body(&self, body: &StoredBody) -> Result<Body, Unreadable> {
        let StoredBody::Happened {
            kind,
            employee,
            case,
            phones,
        } = body
        else {
            return Ok(Body::Cancelled);
        };
        let case = case.checked_sub(1).map(|case| get(&self.cases, case));
        let phones = phones.checked_sub(1).map(|list| get(&self.phones, list));
        Ok(Body::Happened(Happening {
            kind: get(&self.kinds, *kind)?,
            employee: get(&self.employees, *employee)?,
            case: case.transpose()?,
            phones: phones.transpose()?.unwrap_or_default(),
        }))
    }
}

fn get<T: Clone>(table: &[T], index: u32) -> Result<T, Unreadable> {
    let index = usize::try_from(index).map_err(damaged)?;
    table.get(index).cloned().ok_or(Unreadable::Damaged)
}
