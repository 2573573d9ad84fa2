//! `[hours]`, and the hours of a number: when calls are answered.

use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use super::{said, unplaced};
use crate::config::{Closed, Hours};
use crate::crm::working_hours;
use crate::domain::business::{Holiday, Opening};
use crate::domain::rating::WorkingHours;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawHours {
    open: Spanned<String>,
    holidays: Vec<Spanned<String>>,
    closed: RawClosed,
    closed_greeting: Spanned<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawClosed {
    Fallback,
    Menu,
}

impl Default for RawHours {
    fn default() -> Self {
        Self {
            open: unplaced(String::new()),
            holidays: Vec::new(),
            closed: RawClosed::Fallback,
            closed_greeting: unplaced(String::new()),
        }
    }
}

impl RawHours {
    /// `None` is always open.
    pub(super) fn check(
        self,
        time_zone: &TimeZone,
        file: &TomlFile,
    ) -> Result<Option<Hours>, FileError> {
        let closed = self.closed(file)?;
        let week = self.week(file)?;
        let holidays = self.holidays(file)?;
        if week.is_none() && holidays.is_empty() {
            return Ok(None);
        }
        Ok(Some(Hours {
            opening: Opening {
                week,
                holidays,
                time_zone: time_zone.clone(),
            },
            closed,
        }))
    }

    fn closed(&self, file: &TomlFile) -> Result<Closed, FileError> {
        let greeting = said(self.closed_greeting.get_ref());
        match (self.closed, greeting) {
            (RawClosed::Menu, greeting) => Ok(Closed::Menu(greeting)),
            (RawClosed::Fallback, None) => Ok(Closed::Fallback),
            (RawClosed::Fallback, Some(_)) => {
                let message = "nobody hears closed_greeting unless closed = \"menu\"";
                Err(file.mistake(&self.closed_greeting.span(), message))
            }
        }
    }

    fn week(&self, file: &TomlFile) -> Result<Option<WorkingHours>, FileError> {
        if self.open.get_ref().trim().is_empty() {
            return Ok(None);
        }
        let week = working_hours(self.open.get_ref());
        week.map(Some)
            .map_err(|message| file.mistake(&self.open.span(), message))
    }

    fn holidays(&self, file: &TomlFile) -> Result<Vec<Holiday>, FileError> {
        let holidays = self.holidays.iter().map(|text| {
            Holiday::parse(text.get_ref()).map_err(|error| {
                let message = format!("{:?}: {error}", text.get_ref());
                file.mistake(&text.span(), message)
            })
        });
        holidays.collect()
    }
}
