//! `[menu.texts]`: the sentences of the menu.

use serde::Deserialize;
use toml::Spanned;

use super::unplaced;
use crate::domain::language::Language;
use crate::domain::menu::template::{Place, Template, Templates};
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawTexts {
    choice: Spanned<String>,
    department: Spanned<String>,
    ending: Spanned<String>,
}

impl Default for RawTexts {
    fn default() -> Self {
        let empty = || unplaced(String::new());
        Self {
            choice: empty(),
            department: empty(),
            ending: empty(),
        }
    }
}

impl RawTexts {
    /// An empty one is what is usually said.
    pub(super) fn check(self, language: Language, file: &TomlFile) -> Result<Templates, FileError> {
        let usual = Templates::usual(language);
        let template = |text: &Spanned<String>, place, usual| {
            if text.get_ref().trim().is_empty() {
                return Ok(usual);
            }
            Template::parse(text.get_ref(), place)
                .map_err(|error| file.mistake(&text.span(), error.to_string()))
        };
        Ok(Templates {
            choice: template(&self.choice, Place::Choice, usual.choice)?,
            department: template(&self.department, Place::Department, usual.department)?,
            ending: template(&self.ending, Place::Ending, usual.ending)?,
        })
    }
}
