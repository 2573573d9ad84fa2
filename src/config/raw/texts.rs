//! `[menu.texts]`: the sentences of the menu.

use serde::Deserialize;
use toml::Spanned;

use super::unplaced;
use crate::domain::language::Language;
use crate::domain::menu::SummonsTemplates;
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
    language: Spanned<String>,
    other_language: Spanned<String>,
    summons: Spanned<String>,
    summons_unnamed: Spanned<String>,
    summons_keys: Spanned<String>,
    callback: Spanned<String>,
    callback_promise: Spanned<String>,
}

/// The sentences of `[menu.texts]`, checked.
pub(super) struct Texts {
    pub(super) templates: Templates,
    pub(super) other_language: Option<Template>,
    pub(super) summons: SummonsTemplates,
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
            language: empty(),
            other_language: empty(),
            summons: empty(),
            summons_unnamed: empty(),
            summons_keys: empty(),
            callback: empty(),
            callback_promise: empty(),
        }
    }
}

impl RawTexts {
    /// An empty one is what is usually said.
    pub(super) fn check(self, language: Language, file: &TomlFile) -> Result<Texts, FileError> {
        let or = |text: &Spanned<String>, place, usual| own(text, place, file, usual);
        let usual = Templates::usual(language);
        let summons = SummonsTemplates::usual(language);
        Ok(Texts {
            templates: Templates {
                choice: or(&self.choice, Place::Choice, usual.choice)?,
                department: or(&self.department, Place::Department, usual.department)?,
                busy_choice: or(&self.busy_choice, Place::Choice, usual.busy_choice)?,
                busy_department: or(
                    &self.busy_department,
                    Place::Department,
                    usual.busy_department,
                )?,
                ending: or(&self.ending, Place::Ending, usual.ending)?,
                language: or(&self.language, Place::Ending, usual.language)?,
                wrong_key: or(&self.wrong_key, Place::Remark, usual.wrong_key)?,
                nothing_pressed: or(&self.nothing_pressed, Place::Remark, usual.nothing_pressed)?,
                no_answer: or(&self.no_answer, Place::Remark, usual.no_answer)?,
                busy: or(&self.busy, Place::Remark, usual.busy)?,
                wait: or(&self.wait, Place::Remark, usual.wait)?,
                callback: or(&self.callback, Place::Choice, usual.callback)?,
                callback_promise: or(
                    &self.callback_promise,
                    Place::Promise,
                    usual.callback_promise,
                )?,
            },
            other_language: template(&self.other_language, Place::Ending, file)?,
            summons: SummonsTemplates {
                named: or(&self.summons, Place::Summons, summons.named)?,
                unnamed: or(&self.summons_unnamed, Place::Remark, summons.unnamed)?,
                keys: or(&self.summons_keys, Place::Remark, summons.keys)?,
            },
        })
    }
}

fn own(
    text: &Spanned<String>,
    place: Place,
    file: &TomlFile,
    usual: Template,
) -> Result<Template, FileError> {
    Ok(template(text, place, file)?.unwrap_or(usual))
}

/// A company's own sentence; `None` if there is none.
pub(super) fn template(
    text: &Spanned<String>,
    place: Place,
    file: &TomlFile,
) -> Result<Option<Template>, FileError> {
    if text.get_ref().trim().is_empty() {
        return Ok(None);
    }
    Template::parse(text.get_ref(), place)
        .map(Some)
        .map_err(|error| file.mistake(&text.span(), error.to_string()))
}
