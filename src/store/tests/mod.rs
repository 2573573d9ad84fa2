//! The store as a whole. Each file has one side of it; what they share is here.

mod basics;
mod blocks;
mod callbacks;
mod convergence;
mod damage;
mod erasing;
mod faults;
mod journal;
mod messages;
mod opening;
mod rewriting;

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::TempDir;

use crate::domain::access::{Scope, Token};
use crate::domain::call::{CallRecord, Moment, Occurrence, Outcome};
use crate::domain::directory::{ClientCard, EmployeeCard, Extension, Name};
use crate::domain::menu::MenuKind;
use crate::domain::person::PersonName;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{
    Body, ClientId, Employee, EmployeeId, Event, EventId, Happening, KindName, Observed,
};

use super::*;

const NOW: i64 = 1_795_165_200;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn settings(directory: &Path) -> Settings {
    Settings {
        cache_bytes: 8 << 20,
        ..Settings::new(directory, TimeZone::UTC)
    }
}

fn open(directory: &Path) -> Store {
    let opened = Store::open(&settings(directory)).unwrap();
    assert_eq!(opened.moved_aside, None);
    opened.store
}

/// A new store and the directory that it is in.
fn new() -> (TempDir, Store) {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    (directory, store)
}

/// Writes one change.
fn write(store: &Store, change: Change) -> Done {
    let done = store.write_blocking(vec![change]).unwrap();
    assert_eq!(done.len(), 1);
    done[0]
}

fn client_id(id: &str) -> ClientId {
    ClientId::parse(id).unwrap()
}

fn employee_id(id: &str) -> EmployeeId {
    EmployeeId::parse(id).unwrap()
}

/// One of the numbers +7916000000…
fn phone(number: u32) -> PhoneNumber {
    PhoneNumber::parse(&format!("+7916{number:07}")).unwrap()
}

fn event(id: &str, who: &str, phones: &[u32]) -> Event {
    Event {
        id: EventId::parse(id).unwrap(),
        version: 1,
        time: at(NOW),
        body: Body::Happened(Happening {
            kind: KindName::parse("mail").unwrap(),
            employee: employee_id(who),
            case: None,
            phones: phones.iter().copied().map(phone).collect(),
            about: None,
        }),
    }
}

fn happens(client: &str, event: Event) -> Change {
    Change::Event {
        client: client_id(client),
        arrived: event.time,
        event,
    }
}

fn client_card(organisation: &str, phones: &[u32]) -> ClientCard {
    ClientCard {
        organisation: Some(organisation.to_owned()),
        phones: phones.iter().copied().map(phone).collect(),
        ..ClientCard::default()
    }
}

fn put_client(id: &str, card: ClientCard, version: u64) -> Change {
    Change::PutClient {
        id: client_id(id),
        card: Box::new(card),
        version,
    }
}

fn employee_card(last: &str) -> EmployeeCard {
    EmployeeCard {
        name: Name::Person(PersonName::new(last, "", "").unwrap()),
        gender: None,
        extension: Some(Extension::parse("34").unwrap()),
        endpoints: Vec::new(),
        language: None,
        duty: Employee::default(),
    }
}

fn put_employee(id: &str, last: &str, version: u64) -> Change {
    Change::PutEmployee {
        id: employee_id(id),
        card: Box::new(employee_card(last)),
        version,
    }
}

fn remove_employee(id: &str, version: u64) -> Change {
    Change::RemoveEmployee {
        id: employee_id(id),
        version,
    }
}

fn observe(client: &str, call: &str, second: i64) -> Change {
    Change::Observe {
        client: client_id(client),
        call: Box::new(Observed {
            call: call.to_owned(),
            at: at(second),
            offered: vec![employee_id("anna")],
            chosen: Vec::new(),
            talked: None,
        }),
    }
}

/// A call that ended a minute after it came; `second` is when it came.
fn call(id: &str, caller: Option<u32>, client: Option<&str>, second: i64) -> CallRecord {
    CallRecord {
        call: id.to_owned(),
        at: at(second),
        caller: caller.map(phone),
        client: client.map(client_id),
        named: false,
        menu: Some(MenuKind::Personal),
        offered: vec![employee_id("anna")],
        chosen: Vec::new(),
        talked: None,
        outcome: Outcome::HungUp,
        length: Duration::from_secs(60),
        steps: vec![Moment {
            at: Duration::ZERO,
            what: Occurrence::Came,
        }],
    }
}

fn keep(call: CallRecord) -> Change {
    Change::KeepCall(Box::new(call))
}

fn token(id: &str, name: &str) -> Token {
    Token {
        id: id.to_owned(),
        name: name.to_owned(),
        scopes: vec![Scope::Read],
        hash: [7; 32],
        created: at(NOW),
    }
}

/// The ids of those who have a number.
fn found(store: &Store, number: u32) -> Vec<String> {
    let clients = store.clients_of(&phone(number)).unwrap();
    let ids = clients.iter().map(|client| client.id.as_str().to_owned());
    ids.collect()
}

/// The ids of a client's events, oldest first.
fn events(store: &Store, client: &str) -> Vec<String> {
    let client = store.client(&client_id(client)).unwrap();
    let events = client.iter().flat_map(|client| client.record.deliveries());
    let ids = events.map(|(event, _)| event.id.as_str().to_owned());
    ids.collect()
}
