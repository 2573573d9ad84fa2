//! An employee's or a department's card.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::duty::{self, LeaveDocument};
use super::event::optional;
use super::text::given;
use super::{Moments, Read, Reader, Text, hours, version_of};
use crate::domain::directory::{EmployeeCard, Endpoint, Extension, MOST_ENDPOINTS, Name};
use crate::domain::language::Language;
use crate::domain::person::{self, Gender, PersonName};
use crate::domain::rating::EmployeeId;
use crate::store::Change;

/// The fields of an employee.
pub(super) const FIELDS: &[&str] = &[
    "id",
    "last",
    "first",
    "middle",
    "department",
    "gender",
    "extension",
    "reach",
    "until",
    "successor",
    "alias_of",
    "technical",
    "leave",
    "hours",
    "language",
    "version",
];

/// An employee or a department.
///
/// A field that is `null` or a blank text is as if it were not there. Ids may be whole numbers.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Employee)]
pub struct EmployeeDocument<'a> {
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
    /// Instead of a person's name: the department, as callers know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100)]
    department: Option<Text<'a>>,
    /// `female` or `male`; also `f`, `m`, `ж`, `м`. Otherwise it is worked out from the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    gender: Option<Text<'a>>,
    /// The internal number: one to six digits. Without one, nobody is offered this employee.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{1,6}$")]
    extension: Option<Text<'a>>,
    /// Their telephones as the PBX names them, the first one first. Without any: `PJSIP/` and the
    /// extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>, max_items = 8)]
    reach: Option<Vec<Text<'a>>>,
    /// They left: the last day (`2026-11-30`), or the moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) until: Option<Text<'a>>,
    /// Who has their clients once they have left.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) successor: Option<Text<'a>>,
    /// This is a second account of that employee, whose card holds for both.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) alias_of: Option<Text<'a>>,
    /// No person: a robot, an integration, the administrator's account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) technical: Option<bool>,
    /// When they are away.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<LeaveDocument<'static>>>, max_items = 100)]
    pub(super) leave: Option<Vec<LeaveDocument<'a>>>,
    /// When they work: `mon-fri 09:00-18:00, sat 10:00-14:00`. Without it, always.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(super) hours: Option<Text<'a>>,
    /// What they speak with us: `ru` or `en`. Without it, the company's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    language: Option<Text<'a>>,
    /// The highest version holds. If it is not given: the arrival, in microseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
}

impl EmployeeDocument<'_> {
    pub(super) fn id(&self) -> Option<&str> {
        given(self.id.as_ref())
    }

    /// What is known about an employee, so that reading it gives the same card.
    #[must_use]
    pub fn of(
        id: &EmployeeId,
        card: &EmployeeCard,
        version: u64,
        moments: &Moments,
    ) -> EmployeeDocument<'static> {
        let duty = &card.duty;
        let text = |text: &str| Some(Text::from(text.to_owned()));
        let mut document = EmployeeDocument {
            id: text(id.as_str()),
            gender: card.gender.and_then(|gender| text(gender_name(gender))),
            extension: card.extension.as_ref().and_then(|one| text(one.digits())),
            reach: some_of(
                card.endpoints
                    .iter()
                    .map(|one| one.as_str().to_owned().into()),
            ),
            until: duty.until.map(|until| moments.write_ending(until).into()),
            successor: duty.successor.as_ref().and_then(|id| text(id.as_str())),
            alias_of: duty.alias_of.as_ref().and_then(|id| text(id.as_str())),
            technical: duty.technical.then_some(true),
            leave: some_of(
                duty.leave
                    .iter()
                    .map(|leave| LeaveDocument::of(leave, moments)),
            ),
            hours: duty.hours.as_ref().map(|known| hours::write(known).into()),
            language: card.language.and_then(|one| text(one.code())),
            version: Some(version),
            ..EmployeeDocument::default()
        };
        match &card.name {
            Name::Department(name) => document.department = text(name),
            Name::Person(name) => {
                document.last = name.last().and_then(text);
                document.first = name.first().and_then(text);
                document.middle = name.middle().and_then(text);
            }
        }
        document
    }
}

pub(super) fn read(
    document: &EmployeeDocument<'_>,
    reader: &Reader,
    path: Option<&EmployeeId>,
    arrived: Timestamp,
) -> Result<Read, String> {
    let id = optional(document.id.as_ref(), "id", EmployeeId::parse)?;
    let id = one_id(id, path)?;
    let card = EmployeeCard {
        name: name(document)?,
        gender: given(document.gender.as_ref()).map(gender).transpose()?,
        extension: given(document.extension.as_ref())
            .map(|text| Extension::parse(text.trim()))
            .transpose()
            .map_err(|error| format!("extension: {error}"))?,
        endpoints: endpoints(document.reach.as_deref().unwrap_or_default())?,
        language: given(document.language.as_ref())
            .map(language)
            .transpose()?,
        duty: duty::read(document, reader.moments())?,
    };
    Ok(Read {
        id: id.as_str().to_owned(),
        change: Change::PutEmployee {
            id,
            card: Box::new(card),
            version: document.version.unwrap_or_else(|| version_of(arrived)),
        },
        warnings: Vec::new(),
    })
}

/// The id of the document and that of the path must be one.
pub(super) fn one_id<T: PartialEq + Clone>(
    document: Option<T>,
    path: Option<&T>,
) -> Result<T, String> {
    match (document, path) {
        (Some(id), Some(path)) if id != *path => {
            Err("id is another one than that of the path".to_owned())
        }
        (_, Some(path)) => Ok(path.clone()),
        (Some(id), None) => Ok(id),
        (None, None) => Err("id is missing".to_owned()),
    }
}

/// A person's name; `None` if no part of it is given.
pub(super) fn person(
    last: Option<&Text<'_>>,
    first: Option<&Text<'_>>,
    middle: Option<&Text<'_>>,
) -> Result<Option<PersonName>, String> {
    let part = |text| given(text).unwrap_or_default();
    let (last, first, middle) = (part(last), part(first), part(middle));
    if last.is_empty() && first.is_empty() && middle.is_empty() {
        return Ok(None);
    }
    let name = PersonName::new(last, first, middle);
    name.map(Some).map_err(|error| format!("name: {error}"))
}

pub(super) fn language(code: &str) -> Result<Language, String> {
    let code = code.trim().to_lowercase();
    let mut known = Language::ALL.into_iter();
    known
        .find(|language| language.code() == code)
        .ok_or_else(|| "language is \"ru\" or \"en\"".to_owned())
}

fn name(document: &EmployeeDocument<'_>) -> Result<Name, String> {
    let person = person(
        document.last.as_ref(),
        document.first.as_ref(),
        document.middle.as_ref(),
    )?;
    let department = given(document.department.as_ref()).unwrap_or_default();
    let department = person::part(department).map_err(|error| format!("department: {error}"))?;
    match (person, department) {
        (Some(person), None) => Ok(Name::Person(person)),
        (None, Some(department)) => Ok(Name::Department(department)),
        (Some(_), Some(_)) => Err(
            "department is for those who have no person's name; leave out one of the two"
                .to_owned(),
        ),
        (None, None) => Err("a name is missing: last and first, or department".to_owned()),
    }
}

pub(super) fn gender(text: &str) -> Result<Gender, String> {
    match text.trim().to_lowercase().as_str() {
        "female" | "f" | "ж" => Ok(Gender::Female),
        "male" | "m" | "м" => Ok(Gender::Male),
        _ => Err("gender is \"female\" or \"male\"".to_owned()),
    }
}

pub(super) fn gender_name(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "female",
        Gender::Male => "male",
    }
}

fn endpoints(texts: &[Text<'_>]) -> Result<Vec<Endpoint>, String> {
    if texts.len() > MOST_ENDPOINTS {
        return Err(format!("reach: {MOST_ENDPOINTS} telephones are the most"));
    }
    let endpoints = texts.iter().enumerate().map(|(index, text)| {
        Endpoint::parse(text.as_str().trim()).map_err(|error| format!("reach[{index}]: {error}"))
    });
    endpoints.collect()
}

fn some_of<T>(items: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let items: Vec<T> = items.collect();
    (!items.is_empty()).then_some(items)
}
