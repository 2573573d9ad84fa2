//! A client's card.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::employee::{language, one_id, person};
use super::event::phones;
use super::text::given;
use super::{Read, Text, client_id, version_of};
use crate::domain::directory::{ClientCard, MOST_PHONES};
use crate::domain::person;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::ClientId;
use crate::store::Change;

/// The fields of a client.
pub(super) const FIELDS: &[&str] = &[
    "id",
    "last",
    "first",
    "middle",
    "organisation",
    "phones",
    "language",
    "version",
];

/// A client.
///
/// A field that is `null` or a blank text is as if it were not there. Ids may be whole numbers.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Client)]
pub struct ClientDocument<'a> {
    /// As the CRM names them, up to 200 bytes. In a path it may be left out here.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 200)]
    id: Option<Text<'a>>,
    /// The surname.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100)]
    last: Option<Text<'a>>,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100)]
    first: Option<Text<'a>>,
    /// The patronymic, or a middle name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100)]
    middle: Option<Text<'a>>,
    /// The company they call for, or which the client is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100)]
    organisation: Option<Text<'a>>,
    /// Their telephones in any usual spelling. They replace those that events have brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    phones: Option<Vec<Text<'a>>>,
    /// What they are spoken to in: `ru` or `en`. Without it, the company's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    language: Option<Text<'a>>,
    /// The highest version holds. If it is not given: the arrival, in microseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
}

impl ClientDocument<'_> {
    pub(super) fn id(&self) -> Option<&str> {
        given(self.id.as_ref())
    }

    /// A client of whom only events are known: whoever sends this back does not lose the telephones.
    #[must_use]
    pub fn without_card(id: &ClientId, phones: &BTreeSet<PhoneNumber>) -> ClientDocument<'static> {
        let card = ClientCard {
            phones: phones.iter().take(MOST_PHONES).cloned().collect(),
            ..ClientCard::default()
        };
        ClientDocument {
            version: None,
            ..Self::of(id, &card, 0)
        }
    }

    /// What is known about a client, so that reading it gives the same card.
    #[must_use]
    pub fn of(id: &ClientId, card: &ClientCard, version: u64) -> ClientDocument<'static> {
        let text = |text: &str| Some(Text::from(text.to_owned()));
        let person = card.person.as_ref();
        let phones = card.phones.iter().map(|phone| phone.as_str().to_owned());
        let phones: Vec<Text<'static>> = phones.map(Text::from).collect();
        ClientDocument {
            id: text(id.as_str()),
            last: person.and_then(|name| name.last()).and_then(text),
            first: person.and_then(|name| name.first()).and_then(text),
            middle: person.and_then(|name| name.middle()).and_then(text),
            organisation: card.organisation.as_deref().and_then(text),
            phones: (!phones.is_empty()).then_some(phones),
            language: card.language.and_then(|one| text(one.code())),
            version: Some(version),
        }
    }
}

pub(super) fn read(
    document: &ClientDocument<'_>,
    path: Option<&ClientId>,
    arrived: Timestamp,
) -> Result<Read, String> {
    let id = given(document.id.as_ref()).map(client_id).transpose()?;
    let id = one_id(id, path)?;
    let mut warnings = Vec::new();
    let organisation = given(document.organisation.as_ref()).unwrap_or_default();
    let card = ClientCard {
        person: person(
            document.last.as_ref(),
            document.first.as_ref(),
            document.middle.as_ref(),
        )?,
        organisation: person::part(organisation)
            .map_err(|error| format!("organisation: {error}"))?,
        phones: phones(document.phones.as_deref(), true, &mut warnings)?,
        language: given(document.language.as_ref())
            .map(language)
            .transpose()?,
    };
    Ok(Read {
        id: id.as_str().to_owned(),
        change: Change::PutClient {
            id,
            card: Box::new(card),
            version: document.version.unwrap_or_else(|| version_of(arrived)),
        },
        warnings,
    })
}
