//! A callback job with what has been done for it.

mod attempt;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::domain::callback::{Destination, Ending, Job, JobId, Owner, Progress, State, Wanted};
use crate::domain::directory::Extension;
use crate::domain::person::{Gender, PersonName};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::EmployeeId;

use super::instant::StoredInstant;
use super::{StoredLanguage, Unreadable, damaged, decode, encode};

use attempt::{StoredAttempt, attempt, stored_attempt};

/// The value under a job's id.
#[derive(Serialize, Deserialize)]
struct StoredJob<'a> {
    #[serde(borrow)]
    wanted: StoredWanted<'a>,
    created: StoredInstant,
    opened: StoredInstant,
    state: StoredState,
    begun: u32,
    used: u32,
    mistakes: u32,
    history: Vec<StoredAttempt<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StoredWanted<'a> {
    /// Last, first and middle name; an empty one is missing.
    person: Option<[&'a str; 3]>,
    female: Option<bool>,
    #[serde(borrow)]
    destination: StoredDestination<'a>,
    appointment: Option<StoredInstant>,
    specialist: Option<&'a str>,
    reason: Option<&'a str>,
    say: Option<&'a str>,
    language: Option<StoredLanguage>,
    priority: u8,
    not_before: Option<StoredInstant>,
    not_after: Option<StoredInstant>,
    attempts: Option<u32>,
    owner: Option<(&'a str, Option<StoredInstant>)>,
    zone: Option<StoredZone<'a>>,
}

#[derive(Serialize, Deserialize)]
enum StoredDestination<'a> {
    Phone(u64),
    Extension(&'a str),
}

/// A local time by its name, or seconds east of UTC.
#[derive(Serialize, Deserialize)]
enum StoredZone<'a> {
    Named(&'a str),
    Fixed(i32),
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum StoredState {
    Waiting {
        since: StoredInstant,
        next: StoredInstant,
    },
    Running {
        attempt: u32,
        since: StoredInstant,
        cancelled: bool,
    },
    Ended {
        ending: StoredEnding,
        at: StoredInstant,
    },
    /// As `Running`, and the person has been dialled.
    Dialled {
        attempt: u32,
        since: StoredInstant,
        cancelled: bool,
        connected: bool,
    },
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum StoredEnding {
    Connected,
    Done,
    NumberToBeCorrected,
    AttemptsUsedUp,
    TooLate,
    Cancelled,
}

pub(in crate::store) fn encode_callback(job: &Job) -> Result<Vec<u8>, postcard::Error> {
    encode(&StoredJob {
        wanted: stored_wanted(&job.wanted),
        created: job.created.into(),
        opened: job.opened.into(),
        state: job.state.into(),
        begun: job.begun,
        used: job.used,
        mistakes: job.mistakes,
        history: job.history.iter().map(stored_attempt).collect(),
    })
}

pub(in crate::store) fn decode_callback(id: &JobId, bytes: &[u8]) -> Result<Job, Unreadable> {
    let stored: StoredJob<'_> = decode(bytes)?;
    let history = stored.history.iter().map(attempt);
    Ok(Job {
        wanted: wanted(id, &stored.wanted)?,
        created: stored.created.try_into()?,
        opened: stored.opened.try_into()?,
        state: stored.state.try_into()?,
        begun: stored.begun,
        used: stored.used,
        mistakes: stored.mistakes,
        history: history.collect::<Result<_, _>>()?,
    })
}

fn stored_wanted(wanted: &Wanted) -> StoredWanted<'_> {
    let owner = wanted.owner.as_ref();
    StoredWanted {
        person: wanted
            .person
            .as_ref()
            .map(|name| [name.last(), name.first(), name.middle()].map(Option::unwrap_or_default)),
        female: wanted.gender.map(|gender| gender == Gender::Female),
        destination: match &wanted.destination {
            Destination::Phone(phone) => StoredDestination::Phone(phone.digits()),
            Destination::Extension(extension) => StoredDestination::Extension(extension.digits()),
        },
        appointment: wanted.appointment.map(Into::into),
        specialist: wanted.specialist.as_deref(),
        reason: wanted.reason.as_deref(),
        say: wanted.say.as_deref(),
        language: wanted.language.map(Into::into),
        priority: wanted.priority,
        not_before: wanted.not_before.map(Into::into),
        not_after: wanted.not_after.map(Into::into),
        attempts: wanted.attempts,
        owner: owner.map(|owner| (owner.employee.as_str(), owner.released.map(Into::into))),
        zone: wanted.zone.as_ref().and_then(stored_zone),
    }
}

fn stored_zone(zone: &TimeZone) -> Option<StoredZone<'_>> {
    let named = zone.iana_name().map(StoredZone::Named);
    named.or_else(|| Some(StoredZone::Fixed(zone.to_fixed_offset().ok()?.seconds())))
}

fn wanted(id: &JobId, stored: &StoredWanted<'_>) -> Result<Wanted, Unreadable> {
    let person = stored
        .person
        .map(|[last, first, middle]| PersonName::new(last, first, middle).map_err(damaged));
    let destination = match stored.destination {
        StoredDestination::Phone(digits) => Destination::Phone(PhoneNumber::of_digits(digits)),
        StoredDestination::Extension(digits) => {
            Destination::Extension(Extension::parse(digits).map_err(damaged)?)
        }
    };
    let owner = stored.owner.map(|(employee, released)| {
        Ok(Owner {
            employee: EmployeeId::parse(employee).map_err(damaged)?,
            released: instant(released)?,
        })
    });
    let text = |text: Option<&str>| text.map(str::to_owned);
    Ok(Wanted {
        id: id.clone(),
        person: person.transpose()?,
        gender: stored.female.map(|female| match female {
            true => Gender::Female,
            false => Gender::Male,
        }),
        destination,
        appointment: instant(stored.appointment)?,
        specialist: text(stored.specialist),
        reason: text(stored.reason),
        say: text(stored.say),
        language: stored.language.map(Into::into),
        priority: stored.priority,
        not_before: instant(stored.not_before)?,
        not_after: instant(stored.not_after)?,
        attempts: stored.attempts,
        owner: owner.transpose()?,
        zone: stored.zone.as_ref().and_then(zone),
    })
}

/// A local time that is not known any more is as if it had not been given.
fn zone(stored: &StoredZone<'_>) -> Option<TimeZone> {
    match stored {
        StoredZone::Named(name) => TimeZone::get(name).ok(),
        StoredZone::Fixed(seconds) => Some(TimeZone::fixed(Offset::from_seconds(*seconds).ok()?)),
    }
}

fn instant(stored: Option<StoredInstant>) -> Result<Option<Timestamp>, Unreadable> {
    stored.map(Timestamp::try_from).transpose()
}

impl From<State> for StoredState {
    fn from(state: State) -> Self {
        match state {
            State::Waiting { since, next } => Self::Waiting {
                since: since.into(),
                next: next.into(),
            },
            State::Running {
                attempt,
                since,
                cancelled,
                progress: Progress::Begun,
            } => Self::Running {
                attempt,
                since: since.into(),
                cancelled,
            },
            State::Running {
                attempt,
                since,
                cancelled,
                progress,
            } => Self::Dialled {
                attempt,
                since: since.into(),
                cancelled,
                connected: progress == Progress::Connected,
            },
            State::Ended { ending, at } => Self::Ended {
                ending: ending.into(),
                at: at.into(),
            },
        }
    }
}

impl TryFrom<StoredState> for State {
    type Error = Unreadable;

    fn try_from(stored: StoredState) -> Result<Self, Unreadable> {
        Ok(match stored {
            StoredState::Waiting { since, next } => Self::Waiting {
                since: since.try_into()?,
                next: next.try_into()?,
            },
            StoredState::Running {
                attempt,
                since,
                cancelled,
            } => Self::Running {
                attempt,
                since: since.try_into()?,
                cancelled,
                progress: Progress::Begun,
            },
            StoredState::Dialled {
                attempt,
                since,
                cancelled,
                connected,
            } => Self::Running {
                attempt,
                since: since.try_into()?,
                cancelled,
                progress: match connected {
                    true => Progress::Connected,
                    false => Progress::Dialled,
                },
            },
            StoredState::Ended { ending, at } => Self::Ended {
                ending: ending.into(),
                at: at.try_into()?,
            },
        })
    }
}

/// The same names on both sides.
macro_rules! same_names {
    ($($stored:ident = $domain:ident: $($name:ident),*;)*) => {$(
        impl From<$domain> for $stored {
            fn from(domain: $domain) -> Self {
                match domain { $($domain::$name => Self::$name,)* }
            }
        }

        impl From<$stored> for $domain {
            fn from(stored: $stored) -> Self {
                match stored { $($stored::$name => Self::$name,)* }
            }
        }
    )*};
}

same_names! {
    StoredEnding = Ending:
        Connected, Done, NumberToBeCorrected, AttemptsUsedUp, TooLate, Cancelled;
}
