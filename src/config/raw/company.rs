//! `[company]` and `[[department]]`: what must be known without any CRM.

use serde::Deserialize;
use toml::Spanned;

use super::unplaced;
use crate::config::Company;
use crate::domain::directory::{Endpoint, Entry, Extension, Name};
use crate::domain::person;
use crate::domain::rating::EmployeeId;
use crate::toml_file::{FileError, TomlFile};
use jiff::tz::TimeZone;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCompany {
    time_zone: Spanned<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDepartment {
    id: Spanned<String>,
    name: Spanned<String>,
    extension: Spanned<String>,
    endpoint: Option<Spanned<String>>,
}

impl Default for RawCompany {
    fn default() -> Self {
        Self {
            time_zone: unplaced(String::new()),
        }
    }
}

impl RawCompany {
    pub(super) fn check(
        self,
        departments: Vec<RawDepartment>,
        file: &TomlFile,
    ) -> Result<Company, FileError> {
        let mut entries: Vec<Entry> = Vec::new();
        for department in departments {
            let entry = department.check(file, &entries)?;
            entries.push(entry);
        }
        Ok(Company {
            time_zone: time_zone(&self.time_zone, file)?,
            departments: entries,
        })
    }
}

fn time_zone(name: &Spanned<String>, file: &TomlFile) -> Result<TimeZone, FileError> {
    if name.get_ref().is_empty() {
        return Ok(TimeZone::system());
    }
    TimeZone::get(name.get_ref()).map_err(|_| {
        let message = format!(
            "time_zone {:?} is not known; write it as \"Europe/Moscow\"",
            name.get_ref()
        );
        file.mistake(&name.span(), message)
    })
}

impl RawDepartment {
    fn check(self, file: &TomlFile, others: &[Entry]) -> Result<Entry, FileError> {
        let mistake = |place: &Spanned<String>, error: &dyn std::error::Error| {
            let message = format!("{:?}: {error}", place.get_ref());
            file.mistake(&place.span(), message)
        };
        let id = EmployeeId::parse(self.id.get_ref()).map_err(|e| mistake(&self.id, &e))?;
        let name = person::part(self.name.get_ref())
            .and_then(|name| name.ok_or(person::NotAName::Empty))
            .map_err(|e| mistake(&self.name, &e))?;
        let extension =
            Extension::parse(self.extension.get_ref()).map_err(|e| mistake(&self.extension, &e))?;
        let endpoint = match &self.endpoint {
            Some(endpoint) => {
                Endpoint::parse(endpoint.get_ref()).map_err(|e| mistake(endpoint, &e))?
            }
            None => Endpoint::of_extension(&extension),
        };
        for other in others {
            if other.id == id {
                let message = format!("department {id:?} is given twice");
                return Err(file.mistake(&self.id.span(), message));
            }
            if other.extension == extension {
                let message = format!(
                    "extension {extension} is given twice: {:?} has it too",
                    other.id
                );
                return Err(file.mistake(&self.extension.span(), message));
            }
        }
        Ok(Entry {
            id,
            name: Name::Department(name),
            gender: None,
            extension,
            endpoint,
            more_endpoints: Vec::new(),
        })
    }
}
