//! The shapes that CRMs send and get, and what they mean. No HTTP: a file is read the same way.

mod answers;
mod callback;
mod callback_told;
mod calls;
mod client;
mod cloud_event;
mod documents;
mod duty;
mod employee;
mod event;
mod fields;
mod hours;
mod intake;
mod moments;
mod report;
mod text;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::callback::Rules as CallbackRules;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{ClientId, EmployeeId};
use crate::store::Change;

pub use answers::{
    CandidateDocument, ChoiceDocument, ContributionDocument, MenuDocument, RankedClient,
    RankingDocument, Told,
};
pub use callback::CallbackDocument;
pub use callback_told::{
    COLUMNS, CallbackAttempt, CallbackJob, CallbackReport, Counted, ReachedDocument, row,
};
pub use calls::{CallDocument, PersonDocument, StepDocument, ToldCalls};
pub use client::ClientDocument;
pub use cloud_event::{CloudEventData, CloudEventDocument};
pub use documents::{Elements, LONGEST_LINE, Line, Lines, without_mark};
pub use duty::LeaveDocument;
pub use employee::EmployeeDocument;
pub use event::EventDocument;
pub use fields::nearest;
pub use hours::{parse as working_hours, write as hours_in_words};
pub use intake::{Intake, Kind};
pub use moments::Moments;
pub use report::{CardsReport, Complaint, EventsReport, MOST_COMPLAINTS};
pub use text::Text;

/// Reads what a CRM sends.
#[derive(Clone, Debug)]
pub struct Reader {
    moments: Moments,
    callbacks: Option<Arc<CallbackRules>>,
}

/// One document that was understood.
#[derive(Clone, Debug)]
pub struct Read {
    /// What it changes.
    pub change: Change,
    /// What of it was left out, in words.
    pub warnings: Vec<String>,
    /// The id that it gives to what it is about.
    pub id: String,
}

/// One document that can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The id that it gives to what it is about, as far as there is one to be read.
    pub id: Option<String>,
    /// What is wrong with it, and what to do.
    pub reason: String,
}

impl Reader {
    /// A reader for a company with this local time.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self {
            moments: Moments::new(zone),
            callbacks: None,
        }
    }

    /// The same, and it takes callback jobs by these rules.
    #[must_use]
    pub fn with_callbacks(self, rules: Option<Arc<CallbackRules>>) -> Self {
        Self {
            callbacks: rules,
            ..self
        }
    }

    /// Whether it takes callback jobs.
    #[must_use]
    pub fn takes_callbacks(&self) -> bool {
        self.callbacks.is_some()
    }

    /// A callback job.
    ///
    /// # Errors
    /// [`Refused`] with the reason.
    pub fn callback(&self, document: &str, arrived: Timestamp) -> Result<Read, Refused> {
        let known =
            fields::parsed::<CallbackDocument<'_>>(document, callback::FIELDS, "a callback");
        known.and_then(|job| {
            let id = job.id().map(str::to_owned);
            let rules = self.callbacks.as_ref().ok_or("there are no callbacks here");
            let read = rules
                .map_err(str::to_owned)
                .and_then(|rules| callback::read(&job, &self.moments, rules, arrived));
            read.map_err(|reason| Refused { id, reason })
        })
    }

    /// Local times and days.
    #[must_use]
    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    /// An event in our own shape.
    ///
    /// # Errors
    /// [`Refused`] with the reason.
    pub fn event(&self, document: &str, arrived: Timestamp) -> Result<Read, Refused> {
        fields::parsed::<EventDocument<'_>>(document, event::FIELDS, "an event").and_then(|event| {
            let id = event.id().map(str::to_owned);
            event::read(&event, self, arrived).map_err(|reason| Refused { id, reason })
        })
    }

    /// An event as a CloudEvent.
    ///
    /// # Errors
    /// [`Refused`] with the reason.
    pub fn cloud_event(&self, document: &str, arrived: Timestamp) -> Result<Read, Refused> {
        cloud_event::read(document, self, arrived)
    }

    /// An employee's card. `id` is the one of the path, if there is one.
    ///
    /// # Errors
    /// [`Refused`] with the reason.
    pub fn employee(
        &self,
        document: &str,
        id: Option<&EmployeeId>,
        arrived: Timestamp,
    ) -> Result<Read, Refused> {
        let known =
            fields::parsed::<EmployeeDocument<'_>>(document, employee::FIELDS, "an employee");
        known.and_then(|card| {
            let given = card.id().map(str::to_owned);
            employee::read(&card, self, id, arrived).map_err(|reason| Refused { id: given, reason })
        })
    }

    /// A client's card. `id` is the one of the path, if there is one.
    ///
    /// # Errors
    /// [`Refused`] with the reason.
    pub fn client(
        &self,
        document: &str,
        id: Option<&ClientId>,
        arrived: Timestamp,
    ) -> Result<Read, Refused> {
        let known = fields::parsed::<ClientDocument<'_>>(document, client::FIELDS, "a client");
        known.and_then(|card| {
            let given = card.id().map(str::to_owned);
            client::read(&card, id, arrived).map_err(|reason| Refused { id: given, reason })
        })
    }
}

/// The version of a card that names none: its arrival in microseconds.
#[must_use]
pub fn version_of(arrived: Timestamp) -> u64 {
    u64::try_from(arrived.as_microsecond()).unwrap_or(0)
}

/// A client's id from outside.
///
/// # Errors
/// The reason why it is none. What begins like the id of a telephone number must be one, spelt as
/// we spell it: otherwise one number would have two clients.
pub fn client_id(text: &str) -> Result<ClientId, String> {
    let id = ClientId::parse(text).map_err(|error| format!("client: {error}"))?;
    if !id.is_a_phone() {
        return Ok(id);
    }
    let number = text.split_once(':').map_or("", |(_, number)| number);
    let canonical = PhoneNumber::parse(number).ok();
    match canonical.map(|number| ClientId::of_phone(&number)) {
        Some(canonical) if canonical == id => Ok(id),
        Some(_) | None => Err(
            "client: an id that begins with \"tel:\" is that of a client who is known only by a number, \
             such as \"tel:+74959262644\"; leave client out and give the number in phones"
                .to_owned(),
        ),
    }
}
