//! An event in our own shape.

use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::text::given;
use super::{Read, Reader, Text, client_id};
use crate::domain::directory::MOST_PHONES;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{
    About, Body, CaseId, ClientId, EmployeeId, Event, EventId, Happening, KindName, NotAnId,
};
use crate::store::Change;

/// The fields of an event.
pub(super) const FIELDS: &[&str] = &[
    "id",
    "type",
    "time",
    "client",
    "employee",
    "phones",
    "case",
    "about",
    "version",
    "cancelled",
];

/// What happened between a client and an employee.
///
/// A field that is `null` or a blank text is as if it were not there. Ids may be whole numbers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Event)]
pub struct EventDocument<'a> {
    /// Which event it is, up to 200 bytes. The same id is the same event, however often it comes.
    #[serde(borrow)]
    #[schema(value_type = String, max_length = 200)]
    pub(super) id: Option<Text<'a>>,
    /// The type of event. Its weight and its validity are set in the configuration. Needed unless the
    /// event is cancelled.
    #[serde(rename = "type")]
    #[schema(value_type = Option<String>, max_length = 200, example = "invoice.issued")]
    pub(super) kind: Option<Text<'a>>,
    /// When it happened: RFC 3339. Without an offset it is the company's local time. Needed unless the
    /// event is cancelled.
    #[schema(value_type = Option<String>, example = "2026-11-20T10:15:00+03:00")]
    pub(super) time: Option<Text<'a>>,
    /// The client. Without one, it is whoever has the first of `phones`.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub(super) client: Option<Text<'a>>,
    /// The employee; one of whom nothing is known yet is kept. Needed unless the event is cancelled.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub(super) employee: Option<Text<'a>>,
    /// The client's telephones in any usual spelling.
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    pub(super) phones: Option<Vec<Text<'a>>>,
    /// What the event belongs to and what another event can close: an invoice, a ticket, a contract.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub(super) case: Option<Text<'a>>,
    /// What it is about, in a few words for the employee whose telephone rings: at most 60 characters, what is
    /// longer is cut.
    #[schema(value_type = Option<String>, example = "invoice 1042")]
    pub(super) about: Option<Text<'a>>,
    /// A higher version corrects a lower one. 0 if it is not given.
    pub(super) version: Option<u64>,
    /// It never happened. Of one version, the cancellation holds.
    pub(super) cancelled: Option<bool>,
}

impl EventDocument<'_> {
    pub(super) fn id(&self) -> Option<&str> {
        given(self.id.as_ref())
    }
}

pub(super) fn read(
    document: &EventDocument<'_>,
    reader: &Reader,
    arrived: Timestamp,
) -> Result<Read, String> {
    let id = needed(document.id.as_ref(), "id", EventId::parse)?;
    let named = given(document.client.as_ref()).map(client_id).transpose()?;
    let mut warnings = Vec::new();
    let phones = phones(document.phones.as_deref(), named.is_some(), &mut warnings)?;
    let client =
        match named {
            Some(client) => client,
            None => ClientId::of_phone(phones.first().ok_or(
                "client: whose event is it? Give client, or a number in phones".to_owned(),
            )?),
        };
    let cancelled = document.cancelled.unwrap_or(false);
    let time = match given(document.time.as_ref()) {
        Some(time) => reader
            .moments
            .time(time)
            .map_err(|reason| format!("time: {reason}"))?,
        None if cancelled => arrived,
        None => return Err(missing("time")),
    };
    let body = if cancelled {
        Body::Cancelled
    } else {
        Body::Happened(Happening {
            kind: needed(document.kind.as_ref(), "type", KindName::parse)?,
            employee: needed(document.employee.as_ref(), "employee", EmployeeId::parse)?,
            case: optional(document.case.as_ref(), "case", CaseId::parse)?,
            phones,
            about: given(document.about.as_ref()).and_then(About::new),
        })
    };
    let version = document.version.unwrap_or(0);
    Ok(Read {
        id: id.as_str().to_owned(),
        change: Change::Event {
            client,
            event: Event {
                id,
                version,
                body,
                time,
            },
            arrived,
        },
        warnings,
    })
}

/// The numbers that can be read; blank ones are passed over. One that can't be read is a warning if
/// it is known without it whose document it is.
pub(super) fn phones(
    texts: Option<&[Text<'_>]>,
    client_is_known: bool,
    warnings: &mut Vec<String>,
) -> Result<Vec<PhoneNumber>, String> {
    let texts = texts.unwrap_or_default();
    if texts.len() > MOST_PHONES {
        return Err(format!(
            "phones: {} numbers; {MOST_PHONES} are the most",
            texts.len()
        ));
    }
    let mut phones = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let text = text.as_str().trim();
        if text.is_empty() {
            continue;
        }
        match PhoneNumber::parse(text) {
            Ok(phone) if phones.contains(&phone) => {}
            Ok(phone) => phones.push(phone),
            Err(error) if client_is_known => {
                warnings.push(format!("phones[{index}] was left out: {error}"));
            }
            Err(error) => return Err(format!("phones[{index}]: {error}")),
        }
    }
    Ok(phones)
}

pub(super) fn needed<T>(
    text: Option<&Text<'_>>,
    name: &str,
    parse: impl Fn(&str) -> Result<T, NotAnId>,
) -> Result<T, String> {
    optional(text, name, parse)?.ok_or_else(|| missing(name))
}

pub(super) fn optional<T>(
    text: Option<&Text<'_>>,
    name: &str,
    parse: impl Fn(&str) -> Result<T, NotAnId>,
) -> Result<Option<T>, String> {
    let text = given(text);
    let parsed = text.map(parse).transpose();
    parsed.map_err(|error| format!("{name}: {error}"))
}

fn missing(name: &str) -> String {
    format!("{name} is missing")
}
