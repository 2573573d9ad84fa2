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
    busy_choice: Spanned<String>,
    busy_department: Spanned<String>,
    ending: Spanned<String>,
    wrong_key: Spanned<String>,
    nothing_pressed: Spanned<String>,
    no_answer: Spanned<String>,
    busy: Spanned<String>,
    wait: Spanned<String>,
    callback: Spanned<String>,
    callback_promise: Spanned<String>,
}

impl Default for RawTexts {
    fn default() -> Self {
        let empty = || unplaced(String::new());
        Self {
            choice: empty(),
            department: empty(),
            busy_choice: empty(),
            busy_department: empty(),
            ending: empty(),
            wrong_key: empty(),
            nothing_pressed: empty(),
            no_answer: empty(),
            busy: empty(),
            wait: empty(),
            callback: empty(),
            callback_promise: empty(),
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
            busy_choice: template(&self.busy_choice, Place::Choice, usual.busy_choice)?,
            busy_department: template(
                &self.busy_department,
                Place::Department,
                usual.busy_department,
            )?,
            ending: template(&self.ending, Place::Ending, usual.ending)?,
            language: usual.language,
            wrong_key: template(&self.wrong_key, Place::Remark, usual.wrong_key)?,
            nothing_pressed: template(&self.nothing_pressed, Place::Remark, usual.nothing_pressed)?,
            no_answer: template(&self.no_answer, Place::Remark, usual.no_answer)?,
            busy: template(&self.busy, Place::Remark, usual.busy)?,
            wait: template(&self.wait, Place::Remark, usual.wait)?,
            callback: template(&self.callback, Place::Choice, usual.callback)?,
            callback_promise: template(
                &self.callback_promise,
                Place::Promise,
                usual.callback_promise,
            )?,
        })
    }
}
