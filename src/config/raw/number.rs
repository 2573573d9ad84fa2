//! `[[number]]`: what the numbers under which the company is called have of their own.

use serde::Deserialize;
use toml::Spanned;

use super::hours::RawHours;
use super::menu::RawLanguage;
use super::{said, unplaced};
use crate::config::{Company, Hours, Number};
use crate::domain::business::Called;
use crate::domain::directory::Entry;
use crate::switchboard::Fallback;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNumber {
    called: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    greeting: String,
    language: Option<RawLanguage>,
    departments: Option<Vec<Spanned<String>>>,
    fallback: Option<RawPlace>,
    hours: Option<RawHours>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct RawPlace {
    #[serde(default = "usual_context")]
    context: Spanned<String>,
    extension: Spanned<String>,
}

/// What a number has that says nothing of its own.
pub(super) struct General<'a> {
    pub(super) company: &'a Company,
    pub(super) hours: Option<&'a Hours>,
}

pub(super) fn check(
    raw: Vec<RawNumber>,
    general: &General<'_>,
    file: &TomlFile,
) -> Result<Vec<Number>, FileError> {
    let mut numbers: Vec<Number> = Vec::new();
    for one in raw {
        let number = one.check(general, &numbers, file)?;
        numbers.push(number);
    }
    Ok(numbers)
}

impl RawNumber {
    fn check(
        self,
        general: &General<'_>,
        others: &[Number],
        file: &TomlFile,
    ) -> Result<Number, FileError> {
        let called = self.called(others, file)?;
        let departments = match &self.departments {
            Some(departments) => chosen(departments, &general.company.departments, file)?,
            None => general.company.departments.clone(),
        };
        let hours = match self.hours {
            Some(hours) => hours.check(&general.company.time_zone, file)?,
            None => general.hours.cloned(),
        };
        Ok(Number {
            called,
            greeting: said(&self.greeting),
            language: self.language.map(RawLanguage::check),
            departments,
            fallback: self.fallback.map(|place| place.check(file)).transpose()?,
            hours,
        })
    }

    fn called(&self, others: &[Number], file: &TomlFile) -> Result<Vec<Called>, FileError> {
        let mut numbers: Vec<Called> = Vec::new();
        for text in self.called.get_ref() {
            let mistake = |message: String| file.mistake(&text.span(), message);
            let called = Called::parse(text.get_ref())
                .ok_or_else(|| mistake("a called number is empty".to_owned()))?;
            if others.iter().any(|other| other.called.contains(&called)) {
                let message = format!("{:?} has a [[number]] already", text.get_ref());
                return Err(mistake(message));
            }
            // Several spellings of one line are welcome.
            if !numbers.contains(&called) {
                numbers.push(called);
            }
        }
        if numbers.is_empty() {
            let message = "called must name a number, such as \"+74951234567\"";
            return Err(file.mistake(&self.called.span(), message));
        }
        Ok(numbers)
    }
}

fn chosen(
    extensions: &[Spanned<String>],
    all: &[Entry],
    file: &TomlFile,
) -> Result<Vec<Entry>, FileError> {
    let department = |extension: &Spanned<String>| {
        let named = |entry: &&Entry| entry.extension.digits() == extension.get_ref();
        all.iter().find(named).cloned().ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(|entry| entry.extension.digits()).collect();
            let message = format!(
                "no [[department]] has the extension {:?}; there is {}",
                extension.get_ref(),
                if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                }
            );
            file.mistake(&extension.span(), message)
        })
    };
    extensions.iter().map(department).collect()
}

fn usual_context() -> Spanned<String> {
    unplaced("vizavi-fallback".to_owned())
}

impl RawPlace {
    fn check(self, file: &TomlFile) -> Result<Fallback, FileError> {
        Ok(Fallback {
            context: word("context", &self.context, file)?,
            extension: word("extension", &self.extension, file)?,
        })
    }
}

/// The dialplan reads it as a variable: nothing in it may mean anything there.
fn word(name: &str, text: &Spanned<String>, file: &TomlFile) -> Result<String, FileError> {
    let usable = |c: char| c.is_ascii_alphanumeric() || "-_+*#".contains(c);
    let word = text.get_ref();
    if word.is_empty() || !word.chars().all(usable) {
        let message = format!("{name} must be letters, digits, - _ + * and #, as in the dialplan");
        return Err(file.mistake(&text.span(), message));
    }
    Ok(word.clone())
}
