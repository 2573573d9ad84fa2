//! What the CRM says about a client.

use std::fmt;

use super::super::language::Language;
use super::super::person::PersonName;
use super::super::phone::PhoneNumber;

/// The most telephones of one client.
pub const MOST_PHONES: usize = 20;

/// What is known about a client. Personal data: `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClientCard {
    /// The person.
    pub person: Option<PersonName>,
    /// The company they call for, or which the client is.
    pub organisation: Option<String>,
    /// Their telephones. They replace those that events have brought.
    pub phones: Vec<PhoneNumber>,
    /// What they are spoken to in, if it is not the company's language.
    pub language: Option<Language>,
}

impl ClientCard {
    /// What an employee's telephone shows: «Петров Иван (Ромашка)».
    #[must_use]
    pub fn caller_name(&self) -> Option<String> {
        let person = self.person.as_ref().map(PersonName::last_first);
        match (person, &self.organisation) {
            (Some(person), Some(organisation)) => Some(format!("{person} ({organisation})")),
            (person, organisation) => person.or_else(|| organisation.clone()),
        }
    }
}

impl fmt::Debug for ClientCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCard(…)")
    }
}
