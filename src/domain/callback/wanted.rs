//! What a callback job asks for: whom to call, when, and what the operator is told.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::directory::Extension;
use crate::domain::language::Language;
use crate::domain::person::{Gender, PersonName};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{EmployeeId, EventId, NotAnId};

/// The priority of what needs no hurry. 0 is the least.
pub const USUAL_PRIORITY: u8 = 5;

/// What is called before all others.
pub const HIGHEST_PRIORITY: u8 = 9;

/// The most attempts that a job may ask for.
pub const MOST_ATTEMPTS: u32 = 20;

/// The longest text that an operator is told, in characters.
pub const LONGEST_TEXT: usize = 1000;

/// A job, as the CRM names it. Cloning one is cheap.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(Arc<str>);

impl JobId {
    /// Reads an id.
    ///
    /// # Errors
    /// [`NotAnId`], by the rules of all ids.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        EventId::parse(text)?;
        Ok(Self(Arc::from(text)))
    }

    /// The id as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

/// Whom a job calls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Destination {
    /// Somebody outside.
    Phone(PhoneNumber),
    /// A telephone of our own PBX.
    Extension(Extension),
}

impl Destination {
    /// The number; `None` for an extension.
    #[must_use]
    pub fn phone(&self) -> Option<&PhoneNumber> {
        match self {
            Self::Phone(phone) => Some(phone),
            Self::Extension(_) => None,
        }
    }
}

/// Whose job it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Only this employee is to make the call.
    pub employee: EmployeeId,
    /// From then on anybody may; `None`: never.
    pub released: Option<Timestamp>,
}

/// What a job asks for. Personal data: `Debug` shows only the id.
#[derive(Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The same id is the same job, however often it comes.
    pub id: JobId,
    /// Whom the operator will talk with, if that is known.
    pub person: Option<PersonName>,
    /// If it is given; otherwise it is worked out from the name.
    pub gender: Option<Gender>,
    /// Whom to call.
    pub destination: Destination,
    /// What the call is before. From then on nobody is called.
    pub appointment: Option<Timestamp>,
    /// With whom the appointment is.
    pub specialist: Option<String>,
    /// Why the person is called.
    pub reason: Option<String>,
    /// What the operator is told, in the CRM's own words.
    pub say: Option<String>,
    /// What the operator is told it in; the company's language if it is not given.
    pub language: Option<Language>,
    /// Higher ones are called first: 0 to [`HIGHEST_PRIORITY`].
    pub priority: u8,
    /// Nobody is called before.
    pub not_before: Option<Timestamp>,
    /// Nobody is called from then on.
    pub not_after: Option<Timestamp>,
    /// The most attempts; as the settings say if it is not given.
    pub attempts: Option<u32>,
    /// Whose job it is; anybody's if it is not given.
    pub owner: Option<Owner>,
    /// The person's local time; the company's if it is not given.
    pub zone: Option<TimeZone>,
}

impl Wanted {
    /// A call to somebody, and nothing else that is known.
    #[must_use]
    pub fn new(id: JobId, destination: Destination) -> Self {
        Self {
            id,
            person: None,
            gender: None,
            destination,
            appointment: None,
            specialist: None,
            reason: None,
            say: None,
            language: None,
            priority: USUAL_PRIORITY,
            not_before: None,
            not_after: None,
            attempts: None,
            owner: None,
            zone: None,
        }
    }
}

impl fmt::Debug for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wanted")
            .field("id", &self.id)
            .field("priority", &self.priority)
            .finish_non_exhaustive()
    }
}

/// A text can't be told to an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAText {
    /// More than [`LONGEST_TEXT`] characters.
    #[error("the text has more than {LONGEST_TEXT} characters")]
    TooLong,
    /// A NUL or the like.
    #[error("the text has a control character in it")]
    ControlCharacter,
}

/// A text in one line, with single blanks. A blank one is `None`.
///
/// # Errors
/// [`NotAText`].
pub fn text(text: &str) -> Result<Option<String>, NotAText> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if text.chars().any(char::is_control) {
        return Err(NotAText::ControlCharacter);
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(NotAText::TooLong);
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_several_lines_becomes_one() {
        assert_eq!(
            text(" Кардиолог,\n кабинет  12\t").unwrap().as_deref(),
            Some("Кардиолог, кабинет 12")
        );
        assert_eq!(text(" \n"), Ok(None));
    }

    #[test]
    fn what_nobody_can_say_is_refused() {
        assert_eq!(text("a\0b"), Err(NotAText::ControlCharacter));
        assert_eq!(text(&"я".repeat(1001)), Err(NotAText::TooLong));
    }

    #[test]
    fn a_job_shows_nobody_in_a_log() {
        let phone = PhoneNumber::parse("+79161234567").unwrap();
        let mut wanted = Wanted::new(JobId::parse("7").unwrap(), Destination::Phone(phone));
        wanted.reason = Some("анализ крови".to_owned());
        let shown = format!("{wanted:?}");
        assert_eq!(shown, "Wanted { id: \"7\", priority: 5, .. }");
    }
}
