//! What documents of all kinds are read as.

mod arbitrary;
mod cards;
mod cloud_events;
mod delivery;
mod events;
mod times;

use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};

use super::{Read, Reader, Refused};
use crate::domain::rating::{ClientId, Event};
use crate::store::Change;

fn reader() -> Reader {
    Reader::new(TimeZone::fixed(offset(3)))
}

fn arrived() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn event_of(read: Read) -> (ClientId, Event) {
    let Change::Event { client, event, .. } = read.change else {
        panic!("no event");
    };
    (client, event)
}

fn read_event(document: &str) -> Result<(ClientId, Event), Refused> {
    reader().event(document, arrived()).map(event_of)
}

fn reason(document: &str) -> String {
    read_event(document).unwrap_err().reason
}
