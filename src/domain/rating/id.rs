//! Ids as the CRM gives them: short texts that are compared and never read.

use std::fmt;
use std::sync::Arc;

use crate::domain::phone::PhoneNumber;

/// The longest id, in bytes.
pub const LONGEST_ID: usize = 200;

/// The text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnId {
    /// There is no text.
    #[error("the id is empty")]
    Empty,
    /// More than [`LONGEST_ID`] bytes.
    #[error("the id has {0} bytes; {LONGEST_ID} are the most")]
    TooLong(usize),
    /// A line break, a NUL or the like.
    #[error("the id has a control character in it")]
    ControlCharacter,
}

fn checked(text: &str) -> Result<Arc<str>, NotAnId> {
    if text.is_empty() {
        return Err(NotAnId::Empty);
    }
    if text.len() > LONGEST_ID {
        return Err(NotAnId::TooLong(text.len()));
    }
    if text.chars().any(char::is_control) {
        return Err(NotAnId::ControlCharacter);
    }
    Ok(Arc::from(text))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        ///
        /// Cloning one is cheap.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Reads an id.
            ///
            /// # Errors
            /// [`NotAnId`] if it is empty, longer than [`LONGEST_ID`] or has control characters.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                checked(text).map(Self)
            }

            /// The id as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )*};
}

ids! {
    /// A client of the company. Personal data: some companies use the telephone number.
    ClientId
    /// An employee, as the CRM names them.
    EmployeeId
    /// An event. The same id is the same event, however often it comes.
    EventId
    /// A type of event: `invoice.issued`.
    KindName
    /// What events belong to until it is closed: an invoice, a ticket, a contract.
    CaseId
}

/// What the id of a client begins with who is known only by a telephone number.
const TELEPHONE: &str = "tel:";

impl ClientId {
    /// The client who is known only by this number.
    #[must_use]
    pub fn of_phone(number: &PhoneNumber) -> Self {
        Self(Arc::from(format!("{TELEPHONE}{}", number.as_str())))
    }

    /// Whether nothing but a telephone number is known about this client.
    #[must_use]
    pub fn is_a_phone(&self) -> bool {
        self.0.starts_with(TELEPHONE)
    }

    /// The number by which alone this client is known; `None` for any other client.
    #[must_use]
    pub fn phone(&self) -> Option<PhoneNumber> {
        let digits = self.0.strip_prefix(TELEPHONE)?.strip_prefix('+')?;
        let number = PhoneNumber::of_digits(digits.parse().ok()?);
        (Self::of_phone(&number) == *self).then_some(number)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientId(…)")
    }
}

macro_rules! shown {
    ($($name:ident)*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.as_str())
            }
        }
    )*};
}

shown! { EmployeeId EventId KindName CaseId }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_kept_as_it_was_given() {
        for text in ["1", "Иванов И. И.", "a@b/c:d"] {
            assert_eq!(EmployeeId::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_id_is_refused_with_its_reason() {
        assert_eq!(EventId::parse(""), Err(NotAnId::Empty));
        assert_eq!(EventId::parse("a\0b"), Err(NotAnId::ControlCharacter));
        assert_eq!(
            EventId::parse(&"x".repeat(10_000)),
            Err(NotAnId::TooLong(10_000))
        );
    }

    #[test]
    fn a_client_who_is_only_a_number_has_this_number() {
        let number = PhoneNumber::parse("+79161234567").unwrap();
        assert_eq!(ClientId::of_phone(&number).phone(), Some(number));
        for text in [
            "+79161234567",
            "tel:",
            "tel:79161234567",
            "tel:+07916",
            "tel:+",
        ] {
            assert_eq!(ClientId::parse(text).unwrap().phone(), None, "{text}");
        }
    }

    #[test]
    fn a_client_is_not_shown_in_a_log() {
        let client = ClientId::parse("+79161234567").unwrap();
        assert_eq!(format!("{client:?}"), "ClientId(…)");
    }
}
