//! Who can be reached, and under which extension; who calls.

mod client;
mod company;
mod employee;
mod extensions;

use std::borrow::Borrow;
use std::fmt;

use super::person::{Gender, PersonName};
use super::rating::EmployeeId;

pub use client::{ClientCard, MOST_PHONES};
pub use company::Company;
pub use employee::{EmployeeCard, MOST_ENDPOINTS};
pub use extensions::Extensions;

/// The most digits of an internal number.
const LONGEST_EXTENSION: usize = 6;

/// An internal number: one to six digits, kept as text because `02` is not `2`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Extension(String);

/// The text is not an extension.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("an extension is one to six digits, such as \"34\" or \"02\"")]
pub struct NotAnExtension;

impl Extension {
    /// Reads an extension.
    ///
    /// # Errors
    /// [`NotAnExtension`] for anything but one to six ASCII digits.
    pub fn parse(text: &str) -> Result<Self, NotAnExtension> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || text.is_empty() || text.len() > LONGEST_EXTENSION {
            return Err(NotAnExtension);
        }
        Ok(Self(text.to_owned()))
    }

    /// The digits, with leading zeros.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// An index of extensions is asked with digits.
impl Borrow<str> for Extension {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a caller hears an entry called. Personal data.
#[derive(Clone, PartialEq, Eq)]
pub enum Name {
    /// An employee.
    Person(PersonName),
    /// A department, under the name by which callers know it.
    Department(String),
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(…)")
    }
}

/// The dial string of a telephone, technology and resource: `PJSIP/34`.
///
/// Only the operator of the PBX writes these; nothing that a caller sends becomes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

/// The text is not an endpoint.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("an endpoint is a technology and a resource, such as \"PJSIP/34\"")]
pub struct NotAnEndpoint;

impl Endpoint {
    /// Reads an endpoint.
    ///
    /// # Errors
    /// [`NotAnEndpoint`] unless it has both parts, of letters, digits and `.`, `-`, `_`, `@`, `+`, `:`.
    /// `&` (several telephones at once) and options have no place here.
    pub fn parse(text: &str) -> Result<Self, NotAnEndpoint> {
        let (technology, resource) = text.split_once('/').ok_or(NotAnEndpoint)?;
        let named = !technology.is_empty() && !resource.is_empty();
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-@+:/".contains(c);
        if !named || !text.chars().all(allowed) {
            return Err(NotAnEndpoint);
        }
        Ok(Self(text.to_owned()))
    }

    /// The telephone that has the extension's own name: `PJSIP/34`.
    #[must_use]
    pub fn of_extension(extension: &Extension) -> Self {
        Self(format!("PJSIP/{extension}"))
    }

    /// Whether it is a telephone outside: it has a number longer than any extension, as in
    /// `PJSIP/+79161234567@trunk`.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        let mut numbers = self.0.split(|c: char| !c.is_ascii_digit());
        numbers.any(|digits| digits.len() > LONGEST_EXTENSION)
    }

    /// The dial string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Somebody who can be reached: an employee or a department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who it is.
    pub id: EmployeeId,
    /// What callers hear.
    pub name: Name,
    /// The gender, if it is known otherwise than by the name.
    pub gender: Option<Gender>,
    /// The internal number.
    pub extension: Extension,
    /// The telephone.
    pub endpoint: Endpoint,
    /// What else rings: a softphone, a mobile behind a trunk.
    pub more_endpoints: Vec<Endpoint>,
}

impl Entry {
    /// All telephones, the first one first.
    pub fn telephones(&self) -> impl Iterator<Item = &Endpoint> {
        std::iter::once(&self.endpoint).chain(&self.more_endpoints)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_keeps_its_leading_zero() {
        assert_eq!(Extension::parse("02").unwrap().digits(), "02");
    }

    #[test]
    fn what_is_not_an_extension_is_refused() {
        for text in ["", "1234567", "3a", "+34", "34&PJSIP/90", "٣٤"] {
            assert_eq!(Extension::parse(text), Err(NotAnExtension), "{text}");
        }
    }

    #[test]
    fn a_telephone_outside_is_told_by_its_number() {
        let outside = |text| Endpoint::parse(text).unwrap().is_outside();
        for text in [
            "PJSIP/+79161234567@trunk",
            "PJSIP/trunk/sip:89161234567@192.168.1.10:5060",
            "Local/89161234567@from-internal",
        ] {
            assert!(outside(text), "{text}");
        }
        for text in [
            "PJSIP/34",
            "Local/901234@from-internal",
            "PJSIP/34/sip:34@192.168.100.100:50600",
        ] {
            assert!(!outside(text), "{text}");
        }
    }

    #[test]
    fn an_endpoint_is_one_telephone_without_options() {
        assert_eq!(Endpoint::parse("PJSIP/34").unwrap().as_str(), "PJSIP/34");
        assert!(Endpoint::parse("PJSIP/+79161234567@trunk").is_ok());
        for text in [
            "34",
            "PJSIP/",
            "/34",
            "PJSIP/34&PJSIP/90",
            "PJSIP/34,20",
            "PJSIP/${X}",
        ] {
            assert_eq!(Endpoint::parse(text), Err(NotAnEndpoint), "{text}");
        }
    }
}
