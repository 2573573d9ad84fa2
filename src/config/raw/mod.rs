//! The settings as the file has them, and the checks that make them [`Settings`]. One file for each
//! section.

mod ari;
mod log;
mod menu;
mod speech;

use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use self::ari::RawAri;
use self::log::RawLog;
use self::menu::RawMenu;
use self::speech::RawSpeech;
use super::Settings;
use crate::switchboard::Fallback;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    people: PathBuf,
    ari: RawAri,
    dialplan: RawDialplan,
    menu: RawMenu,
    speech: RawSpeech,
    log: RawLog,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawDialplan {
    context: String,
    fallback: String,
}

impl Default for Raw {
    fn default() -> Self {
        Self {
            people: "people.toml".into(),
            ari: RawAri::default(),
            dialplan: RawDialplan::default(),
            menu: RawMenu::default(),
            speech: RawSpeech::default(),
            log: RawLog::default(),
        }
    }
}

impl Default for RawDialplan {
    fn default() -> Self {
        Self {
            context: "vizavi".to_owned(),
            fallback: "fallback".to_owned(),
        }
    }
}

impl Raw {
    pub(super) fn check(
        self,
        file: &TomlFile,
        password: Option<String>,
    ) -> Result<Settings, FileError> {
        Ok(Settings {
            ari: self.ari.check(file, password)?,
            fallback: Fallback {
                context: self.dialplan.context,
                extension: self.dialplan.fallback,
            },
            menu: self.menu.check(file)?,
            people: file.path_beside(&self.people),
            speech: self.speech.check(file)?,
            log: self.log.check(),
        })
    }
}

fn within<T>(
    file: &TomlFile,
    name: &str,
    value: &Spanned<T>,
    least: T,
    most: T,
) -> Result<T, FileError>
where
    T: Copy + PartialOrd + Display,
{
    let given = *value.get_ref();
    if (least..=most).contains(&given) {
        return Ok(given);
    }
    let message = format!("{name} is {given}; it must be {least} to {most}");
    Err(file.mistake(&value.span(), message))
}

fn seconds(
    file: &TomlFile,
    name: &str,
    value: &Spanned<f64>,
    most: f64,
) -> Result<Duration, FileError> {
    within(file, name, value, 1.0, most).map(Duration::from_secs_f64)
}

/// A default has no place in any file.
fn unplaced<T>(value: T) -> Spanned<T> {
    Spanned::new(0..0, value)
}
