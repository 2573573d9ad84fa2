//! An employee or a department, or that there is none any more.

use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};

use crate::domain::directory::{EmployeeCard, Endpoint, Extension, Name};
use crate::domain::person::{Gender, PersonName};
use crate::domain::rating::{Employee, EmployeeId, Leave, Shift, WorkingHours};

use super::instant::StoredInstant;
use super::{StoredLanguage, Unreadable, damaged, decode, encode};

/// The value under an employee's id.
#[derive(Serialize, Deserialize)]
struct StoredEmployee<'a> {
    version: u64,
    /// `None`: removed.
    #[serde(borrow)]
    card: Option<StoredCard<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StoredCard<'a> {
    #[serde(borrow)]
    name: StoredName<'a>,
    gender: Option<StoredGender>,
    extension: Option<&'a str>,
    endpoints: Vec<&'a str>,
    language: Option<StoredLanguage>,
    duty: StoredDuty<'a>,
}

#[derive(Serialize, Deserialize)]
enum StoredName<'a> {
    /// Last, first and middle name; an empty one is missing.
    Person([&'a str; 3]),
    Department(&'a str),
}

#[derive(Serialize, Deserialize)]
enum StoredGender {
    Female,
    Male,
}

#[derive(Serialize, Deserialize)]
struct StoredDuty<'a> {
    #[serde(borrow)]
    alias_of: Option<&'a str>,
    until: Option<StoredInstant>,
    successor: Option<&'a str>,
    technical: bool,
    leave: Vec<(StoredInstant, StoredInstant)>,
    hours: Option<Vec<StoredShift>>,
}

/// The day (Monday is 0), and two times of day.
#[derive(Serialize, Deserialize)]
struct StoredShift(i8, StoredTime, StoredTime);

/// Hour, minute, second, nanosecond.
#[derive(Serialize, Deserialize)]
struct StoredTime(i8, i8, i8, i32);

/// An employee's card, or `None` for one who was removed, with its version.
pub(in crate::store) fn encode_employee(
    version: u64,
    card: Option<&EmployeeCard>,
) -> Result<Vec<u8>, postcard::Error> {
    let card = card.map(stored_card);
    encode(&StoredEmployee { version, card })
}

pub(in crate::store) fn decode_employee(
    bytes: &[u8],
) -> Result<(u64, Option<EmployeeCard>), Unreadable> {
    let stored: StoredEmployee<'_> = decode(bytes)?;
    let card = stored.card.as_ref().map(card_of).transpose()?;
    Ok((stored.version, card))
}

fn stored_card(card: &EmployeeCard) -> StoredCard<'_> {
    StoredCard {
        name: match &card.name {
            Name::Person(name) => StoredName::Person(
                [name.last(), name.first(), name.middle()].map(Option::unwrap_or_default),
            ),
            Name::Department(name) => StoredName::Department(name),
        },
        gender: card.gender.map(|gender| match gender {
            Gender::Female => StoredGender::Female,
            Gender::Male => StoredGender::Male,
        }),
        extension: card.extension.as_ref().map(Extension::digits),
        endpoints: card.endpoints.iter().map(Endpoint::as_str).collect(),
        language: card.language.map(StoredLanguage::from),
        duty: stored_duty(&card.duty),
    }
}

fn stored_duty(duty: &Employee) -> StoredDuty<'_> {
    let leave = duty.leave.iter();
    let leave = leave.map(|leave| (leave.from.into(), leave.until.into()));
    let hours = duty.hours.as_ref();
    StoredDuty {
        alias_of: duty.alias_of.as_ref().map(EmployeeId::as_str),
        until: duty.until.map(Into::into),
        successor: duty.successor.as_ref().map(EmployeeId::as_str),
        technical: duty.technical,
        leave: leave.collect(),
        hours: hours.map(|hours| hours.0.iter().map(stored_shift).collect()),
    }
}

fn stored_shift(shift: &Shift) -> StoredShift {
    let day = shift.weekday.to_monday_zero_offset();
    StoredShift(day, stored_time(shift.from), stored_time(shift.until))
}

fn stored_time(time: Time) -> StoredTime {
    let nanos = time.subsec_nanosecond();
    StoredTime(time.hour(), time.minute(), time.second(), nanos)
}

fn card_of(stored: &StoredCard<'_>) -> Result<EmployeeCard, Unreadable> {
    let extension = stored.extension.map(Extension::parse);
    let endpoints = stored.endpoints.iter().map(|text| Endpoint::parse(text));
    Ok(EmployeeCard {
        name: match &stored.name {
            StoredName::Person([last, first, middle]) => {
                Name::Person(PersonName::new(last, first, middle).map_err(damaged)?)
            }
            StoredName::Department(name) => Name::Department((*name).to_owned()),
        },
        gender: stored.gender.as_ref().map(|gender| match gender {
            StoredGender::Female => Gender::Female,
            StoredGender::Male => Gender::Male,
        }),
        extension: extension.transpose().map_err(damaged)?,
        endpoints: endpoints.collect::<Result<_, _>>().map_err(damaged)?,
        language: stored.language.map(Into::into),
        duty: duty_of(&stored.duty)?,
    })
}

fn duty_of(stored: &StoredDuty<'_>) -> Result<Employee, Unreadable> {
    let leave = stored.leave.iter().map(|(from, until)| {
        Ok(Leave {
            from: (*from).try_into()?,
            until: (*until).try_into()?,
        })
    });
    let employee = |id: Option<&str>| id.map(EmployeeId::parse).transpose().map_err(damaged);
    let hours = stored.hours.as_ref();
    let hours = hours.map(|hours| hours.iter().map(shift_of).collect());
    Ok(Employee {
        alias_of: employee(stored.alias_of)?,
        until: stored.until.map(TryInto::try_into).transpose()?,
        successor: employee(stored.successor)?,
        technical: stored.technical,
        leave: leave.collect::<Result<_, Unreadable>>()?,
        hours: hours.transpose()?.map(WorkingHours),
    })
}

fn shift_of(StoredShift(day, from, until): &StoredShift) -> Result<Shift, Unreadable> {
    Ok(Shift {
        weekday: Weekday::from_monday_zero_offset(*day).map_err(damaged)?,
        from: time_of(from)?,
        until: time_of(until)?,
    })
}

fn time_of(StoredTime(hour, minute, second, nanos): &StoredTime) -> Result<Time, Unreadable> {
    Time::new(*hour, *minute, *second, *nanos).map_err(damaged)
}
