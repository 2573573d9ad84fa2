//! A callback job as a CRM sends it.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::employee::{gender, gender_name, language, person};
use super::event::{needed, optional};
use super::text::given;
use super::{Moments, Read, Text};
use crate::domain::callback::{
    self, Destination, HIGHEST_PRIORITY, JobId, MOST_ATTEMPTS, Owner, Rules, USUAL_PRIORITY, Wanted,
};
use crate::domain::directory::Extension;
use crate::domain::language::names;
use crate::domain::person::PersonName;
use crate::domain::rating::EmployeeId;
use crate::store::{CallbackChange, Change};

/// The fields of a callback.
pub(super) const FIELDS: &[&str] = &[
    "id",
    "name",
    "last",
    "first",
    "middle",
    "gender",
    "phone",
    "extension",
    "appointment",
    "specialist",
    "reason",
    "say",
    "language",
    "priority",
    "not_before",
    "not_after",
    "attempts",
    "owner",
    "released",
    "time_zone",
];

/// Somebody to be called back.
///
/// A field that is `null` or a blank text is as if it were not there. Ids may be whole numbers.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Callback)]
pub struct CallbackDocument<'a> {
    /// Which job it is, up to 200 bytes. The same id is the same job, however often it comes.
    #[serde(borrow)]
    #[schema(value_type = String, max_length = 200)]
    id: Option<Text<'a>>,
    /// The person's whole name, in the order in which people write it; or its parts below.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "Петров Иван Сергеевич")]
    name: Option<Text<'a>>,
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
    /// `female` or `male`; also `f`, `m`, `ж`, `м`. Otherwise it is worked out from the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    gender: Option<Text<'a>>,
    /// The number to call, in any usual spelling; or `extension`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "8 (495) 926-26-44")]
    phone: Option<Text<'a>>,
    /// Instead of `phone`: a telephone of our own PBX, one to six digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{1,6}$")]
    extension: Option<Text<'a>>,
    /// What the call is before: from then on nobody is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "2026-11-20T15:00:00")]
    appointment: Option<Text<'a>>,
    /// With whom the appointment is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    specialist: Option<Text<'a>>,
    /// Why the person is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    reason: Option<Text<'a>>,
    /// What the operator is told, in your own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    say: Option<Text<'a>>,
    /// What the operator is told it in: `ru` or `en`. Without it, the company's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    language: Option<Text<'a>>,
    /// 0 to 9; higher ones are called first. 5 if it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 9)]
    priority: Option<u64>,
    /// Nobody is called before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    not_before: Option<Text<'a>>,
    /// Nobody is called from then on. Without it and without an appointment: after 30 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    not_after: Option<Text<'a>>,
    /// The most attempts, 1 to 20. Without it, what the settings say.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 20)]
    attempts: Option<u64>,
    /// The employee whose call it is; anybody's if it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    owner: Option<Text<'a>>,
    /// From then on anybody may make the owner's call; without it, never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    released: Option<Text<'a>>,
    /// The person's local time: `Asia/Yekaterinburg` or `+05:00`. Without it, the company's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    time_zone: Option<Text<'a>>,
}

impl CallbackDocument<'_> {
    pub(super) fn id(&self) -> Option<&str> {
        given(self.id.as_ref())
    }

    /// What a job asks for, so that reading it gives the same.
    #[must_use]
    pub fn of(wanted: &Wanted, moments: &Moments) -> CallbackDocument<'static> {
        let text = |text: &str| Some(Text::from(text.to_owned()));
        let time = |moment: Option<Timestamp>| moment.map(|one| moments.write_time(one).into());
        let (person, owner) = (wanted.person.as_ref(), wanted.owner.as_ref());
        let (phone, extension) = match &wanted.destination {
            Destination::Phone(phone) => (text(phone.as_str()), None),
            Destination::Extension(extension) => (None, text(extension.digits())),
        };
        CallbackDocument {
            id: text(wanted.id.as_str()),
            name: None,
            last: person.and_then(PersonName::last).and_then(text),
            first: person.and_then(PersonName::first).and_then(text),
            middle: person.and_then(PersonName::middle).and_then(text),
            gender: wanted.gender.and_then(|gender| text(gender_name(gender))),
            phone,
            extension,
            appointment: time(wanted.appointment),
            specialist: wanted.specialist.as_deref().and_then(text),
            reason: wanted.reason.as_deref().and_then(text),
            say: wanted.say.as_deref().and_then(text),
            language: wanted.language.and_then(|one| text(one.code())),
            priority: Some(wanted.priority.into()),
            not_before: time(wanted.not_before),
            not_after: time(wanted.not_after),
            attempts: wanted.attempts.map(Into::into),
            owner: owner.and_then(|owner| text(owner.employee.as_str())),
            released: time(owner.and_then(|owner| owner.released)),
            time_zone: wanted.zone.as_ref().and_then(zone_name).map(Text::from),
        }
    }
}

pub(super) fn read(
    document: &CallbackDocument<'_>,
    moments: &Moments,
    rules: &Rules,
    arrived: Timestamp,
) -> Result<Read, String> {
    let id = needed(document.id.as_ref(), "id", JobId::parse)?;
    let wanted = wanted(id, document, moments, rules)?;
    let possible = rules.check(&wanted, arrived);
    possible.map_err(|reason| reason.to_string())?;
    Ok(Read {
        id: wanted.id.as_str().to_owned(),
        change: Change::Callback(Box::new(CallbackChange::Put {
            wanted: Box::new(wanted),
            at: arrived,
        })),
        warnings: Vec::new(),
    })
}

fn wanted(
    id: JobId,
    document: &CallbackDocument<'_>,
    moments: &Moments,
    rules: &Rules,
) -> Result<Wanted, String> {
    let time = |text: Option<&Text<'_>>, name: &str| {
        let time = given(text).map(|text| moments.time(text)).transpose();
        time.map_err(|reason| format!("{name}: {reason}"))
    };
    let text = |text: Option<&Text<'_>>, name: &str| {
        let text = callback::text(given(text).unwrap_or_default());
        text.map_err(|reason| format!("{name}: {reason}"))
    };
    let released = time(document.released.as_ref(), "released")?;
    let owner = optional(document.owner.as_ref(), "owner", EmployeeId::parse)?;
    if owner.is_none() && released.is_some() {
        return Err(
            "released says when the owner's call becomes anybody's; owner is missing".into(),
        );
    }
    let attempts = within(document.attempts, "attempts", 1, MOST_ATTEMPTS.into())?;
    let priority = within(document.priority, "priority", 0, HIGHEST_PRIORITY.into())?;
    Ok(Wanted {
        id,
        person: whom(document)?,
        gender: given(document.gender.as_ref()).map(gender).transpose()?,
        destination: destination(document, rules)?,
        appointment: time(document.appointment.as_ref(), "appointment")?,
        specialist: text(document.specialist.as_ref(), "specialist")?,
        reason: text(document.reason.as_ref(), "reason")?,
        say: text(document.say.as_ref(), "say")?,
        language: given(document.language.as_ref())
            .map(language)
            .transpose()?,
        priority: priority.map_or(USUAL_PRIORITY, |priority| priority as u8),
        not_before: time(document.not_before.as_ref(), "not_before")?,
        not_after: time(document.not_after.as_ref(), "not_after")?,
        attempts: attempts.map(|attempts| attempts as u32),
        owner: owner.map(|employee| Owner { employee, released }),
        zone: given(document.time_zone.as_ref()).map(zone).transpose()?,
    })
}

fn whom(document: &CallbackDocument<'_>) -> Result<Option<PersonName>, String> {
    let parts = person(
        document.last.as_ref(),
        document.first.as_ref(),
        document.middle.as_ref(),
    )?;
    match (given(document.name.as_ref()), parts) {
        (Some(_), Some(_)) => {
            Err("name is the whole name; leave it out, or last, first and middle".to_owned())
        }
        (Some(name), None) => match names::read(name) {
            Ok(read) => Ok(Some(read.name)),
            Err(error) => Err(format!("name: {error}")),
        },
        (None, parts) => Ok(parts),
    }
}

fn destination(document: &CallbackDocument<'_>, rules: &Rules) -> Result<Destination, String> {
    let phone = given(document.phone.as_ref());
    match (phone, given(document.extension.as_ref())) {
        (Some(_), Some(_)) => Err("give phone or extension, not both".to_owned()),
        (None, None) => Err("phone is missing: whom is it to call?".to_owned()),
        (Some(phone), None) => {
            let phone = rules.dialling.read(phone);
            phone
                .map(Destination::Phone)
                .map_err(|reason| format!("phone: {reason}"))
        }
        (None, Some(extension)) => Extension::parse(extension.trim())
            .map(Destination::Extension)
            .map_err(|error| format!("extension: {error}")),
    }
}

fn within(value: Option<u64>, name: &str, least: u64, most: u64) -> Result<Option<u64>, String> {
    match value {
        Some(value) if !(least..=most).contains(&value) => {
            Err(format!("{name} is {value}; it must be {least} to {most}"))
        }
        value => Ok(value),
    }
}

/// A local time by its name, or by its distance from UTC.
fn zone(text: &str) -> Result<TimeZone, String> {
    let read = DateTimeParser::new().parse_time_zone(text.trim()).ok();
    let read = read.filter(|zone| zone_name(zone).is_some());
    read.ok_or_else(|| {
        "time_zone is not known; write it as \"Asia/Yekaterinburg\" or \"+05:00\"".to_owned()
    })
}

/// What is read as this local time; `None` if it has neither a name nor one distance from UTC.
fn zone_name(zone: &TimeZone) -> Option<String> {
    let name = zone.iana_name().map(str::to_owned);
    name.or_else(|| Some(zone.to_fixed_offset().ok()?.to_string()))
}
