//! What the CRM says about an employee or a department.

use super::super::language::Language;
use super::super::person::Gender;
use super::super::rating::{self, EmployeeId};
use super::{Endpoint, Entry, Extension, Name};

/// The most ways to reach one employee.
pub const MOST_ENDPOINTS: usize = 8;

/// Everything that is known about an employee. A department is one that has no person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployeeCard {
    /// What callers hear.
    pub name: Name,
    /// If it is given; otherwise it is worked out from the name.
    pub gender: Option<Gender>,
    /// The internal number. Without one, nobody is offered this employee.
    pub extension: Option<Extension>,
    /// Their telephones, the first one first. Without any it is the extension's own: `PJSIP/34`.
    pub endpoints: Vec<Endpoint>,
    /// What they speak with us, if it is not the company's language.
    pub language: Option<Language>,
    /// When they may be offered.
    pub duty: rating::Employee,
}

impl EmployeeCard {
    /// How a caller reaches them; `None` without an extension.
    #[must_use]
    pub fn entry(&self, id: &EmployeeId) -> Option<Entry> {
        let extension = self.extension.clone()?;
        let (endpoint, more_endpoints) = match self.endpoints.split_first() {
            Some((first, more)) => (first.clone(), more.to_vec()),
            None => (Endpoint::of_extension(&extension), Vec::new()),
        };
        Some(Entry {
            id: id.clone(),
            name: self.name.clone(),
            gender: self.gender,
            extension,
            endpoint,
            more_endpoints,
        })
    }
}
