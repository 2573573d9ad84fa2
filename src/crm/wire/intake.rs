//! Takes the documents of one delivery, one after the other, and counts what became of them.

use jiff::Timestamp;

use super::fields::shortened;
use super::report::{CardsReport, Complaint, EventsReport, MOST_COMPLAINTS};
use super::{LONGEST_LINE, Read, Reader, Refused};
use crate::domain::rating::{self, LONGEST_ID};
use crate::store::{Change, Done};

/// What the documents of a delivery are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Events in our own shape.
    Event,
    /// CloudEvents.
    CloudEvent,
    /// Employees.
    Employee,
    /// Clients.
    Client,
    /// Callback jobs.
    Callback,
}

/// One delivery on its way into the store. What [`Intake::changes`] gives out is written by whoever
/// has it, and then told to [`Intake::written`].
pub struct Intake<'a> {
    reader: &'a Reader,
    kind: Kind,
    index: u64,
    changes: Vec<Change>,
    events: EventsReport,
    stored: u64,
}

impl<'a> Intake<'a> {
    /// Nothing yet.
    #[must_use]
    pub fn new(reader: &'a Reader, kind: Kind) -> Self {
        Self {
            reader,
            kind,
            index: 0,
            changes: Vec::new(),
            events: EventsReport::default(),
            stored: 0,
        }
    }

    /// Takes one document; `line` is its line in a stream. Whatever is wrong with it goes into the
    /// report, and the next one is as good as before.
    pub fn take(&mut self, document: &[u8], line: Option<u64>, arrived: Timestamp) {
        let read = match std::str::from_utf8(document) {
            Ok(document) => self.read(document, arrived),
            Err(error) => Err(Refused {
                id: None,
                reason: format!("not UTF-8, from byte {} on", error.valid_up_to() + 1),
            }),
        };
        match read {
            Ok(read) => self.keep(read, line),
            Err(refused) => self.refuse(refused, line),
        }
        self.index += 1;
    }

    /// A document was too long to be taken.
    pub fn too_long(&mut self, line: Option<u64>) {
        let refused = Refused {
            id: None,
            reason: format!("a line has at most {LONGEST_LINE} bytes"),
        };
        self.refuse(refused, line);
        self.index += 1;
    }

    /// How many changes wait to be written.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.changes.len()
    }

    /// Gives out what waits to be written.
    #[must_use]
    pub fn changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// What became of the changes that were given out.
    pub fn written(&mut self, done: &[Done]) {
        for done in done {
            match done {
                Done::Event(applied) => self.count(*applied),
                Done::Stored => self.stored += 1,
                Done::Unchanged => self.events.repeated += 1,
                Done::Outdated | Done::NotThere => self.events.outdated += 1,
            }
        }
    }

    /// What became of a delivery of events.
    #[must_use]
    pub fn events_report(self) -> EventsReport {
        self.events
    }

    /// What became of a delivery of employees or clients.
    #[must_use]
    pub fn cards_report(self) -> CardsReport {
        CardsReport {
            stored: self.stored,
            unchanged: self.events.repeated,
            outdated: self.events.outdated,
            refused: self.events.refused,
            refusals: self.events.refusals,
            warnings: self.events.warnings,
        }
    }

    fn read(&self, document: &str, arrived: Timestamp) -> Result<Read, Refused> {
        match self.kind {
            Kind::Event => self.reader.event(document, arrived),
            Kind::CloudEvent => self.reader.cloud_event(document, arrived),
            Kind::Employee => self.reader.employee(document, None, arrived),
            Kind::Client => self.reader.client(document, None, arrived),
            Kind::Callback => self.reader.callback(document, arrived),
        }
    }

    fn keep(&mut self, read: Read, line: Option<u64>) {
        for warning in read.warnings {
            let complaint = complaint(self.index, line, Some(&read.id), warning);
            push(&mut self.events.warnings, complaint);
        }
        self.changes.push(read.change);
    }

    fn refuse(&mut self, refused: Refused, line: Option<u64>) {
        self.events.refused += 1;
        let complaint = complaint(self.index, line, refused.id.as_deref(), refused.reason);
        push(&mut self.events.refusals, complaint);
    }

    fn count(&mut self, applied: rating::Applied) {
        let counter = match applied.change {
            rating::Change::Added | rating::Change::Corrected | rating::Change::Cancelled => {
                &mut self.events.accepted
            }
            rating::Change::Repeated => &mut self.events.repeated,
            rating::Change::Outdated | rating::Change::TooOld => &mut self.events.outdated,
        };
        *counter += 1;
        self.events.from_the_future += u64::from(applied.from_the_future);
    }
}

fn complaint(index: u64, line: Option<u64>, id: Option<&str>, reason: String) -> Complaint {
    Complaint {
        index,
        line,
        id: id.map(|id| shortened(id, LONGEST_ID)),
        reason,
    }
}

fn push(list: &mut Vec<Complaint>, complaint: Complaint) {
    if list.len() < MOST_COMPLAINTS {
        list.push(complaint);
    }
}
