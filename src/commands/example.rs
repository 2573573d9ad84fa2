//! What templates are filled with when somebody tries them: an example, or what they give.

use std::str::FromStr;

use jiff::civil::{Date, Time, date, time};
use vizavi::domain::directory::Extension;
use vizavi::domain::language::Language;
use vizavi::domain::language::names::{self, NameDictionary};
use vizavi::domain::menu::Key;
use vizavi::domain::menu::template::{Named, Place, Template, Values};
use vizavi::domain::person::PersonName;
use vizavi::domain::phone::PhoneNumber;

/// What the slots are filled with.
pub(super) struct Example {
    employee: PersonName,
    department: String,
    extension: Extension,
    key: Key,
    patient: PersonName,
    specialist: PersonName,
    time: Time,
    date: Date,
    attempt: u32,
    phone: PhoneNumber,
    caller: String,
}

/// A slot and what it is filled with, as an argument: `employee=Чулкова Евгения`.
#[derive(Clone, Debug)]
pub(super) struct Given {
    slot: String,
    value: String,
}

impl FromStr for Given {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (slot, value) = text
            .split_once('=')
            .ok_or("write it as employee=\"Чулкова Евгения\"")?;
        Ok(Self {
            slot: slot.trim().to_lowercase(),
            value: value.trim().to_owned(),
        })
    }
}

impl Example {
    /// An example with what is given instead.
    ///
    /// # Errors
    /// What can't be meant, as a sentence.
    pub(super) fn with(given: &[Given], language: Language) -> Result<Self, String> {
        let mut example = Self::of(language)?;
        for Given { slot, value } in given {
            let unusable = |reason: String| format!("{slot}: {reason}");
            example.set(slot, value).map_err(unusable)?;
        }
        Ok(example)
    }

    fn of(language: Language) -> Result<Self, String> {
        let (employee, patient, specialist, department, caller) = match language {
            Language::Russian => (
                "Чулкова Евгения Андреевна",
                "Петров Иван Сергеевич",
                "Масленников Дмитрий Олегович",
                "Отдел продаж",
                "Петрова Анна",
            ),
            Language::English => (
                "Chulkova Eugenia",
                "Smith John",
                "Maslennikov Dmitry",
                "Sales",
                "Anna Smith",
            ),
        };
        Ok(Self {
            employee: name(employee)?,
            department: department.to_owned(),
            extension: read("34")?,
            key: Key::CHOICES[0],
            patient: name(patient)?,
            specialist: name(specialist)?,
            time: time(14, 30, 0, 0),
            date: date(2026, 3, 12),
            attempt: 2,
            phone: PhoneNumber::of_digits(74_959_262_644),
            caller: caller.to_owned(),
        })
    }

    fn set(&mut self, slot: &str, value: &str) -> Result<(), String> {
        match slot {
            "employee" => self.employee = name(value)?,
            "department" => value.clone_into(&mut self.department),
            "extension" => self.extension = read(value)?,
            "key" => {
                let key = value.parse().ok().and_then(Key::parse);
                self.key = key.ok_or_else(|| format!("{value:?} is no key"))?;
            }
            "caller" => value.clone_into(&mut self.caller),
            "patient" => self.patient = name(value)?,
            "specialist" => self.specialist = name(value)?,
            "time" => self.time = value.parse().map_err(|_| "write it as 14:30")?,
            "date" => self.date = value.parse().map_err(|_| "write it as 2026-03-12")?,
            "attempt" => self.attempt = value.parse().map_err(|_| "it is a number")?,
            "phone" => self.phone = PhoneNumber::parse(value).map_err(|error| error.to_string())?,
            _ => {
                return Err(
                    "there is no such slot; there is employee, department, extension, key, caller, patient, \
                     specialist, time, date, attempt, phone"
                        .to_owned(),
                );
            }
        }
        Ok(())
    }

    /// A template in words.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub(super) fn fill(
        &self,
        template: &str,
        language: Language,
        dictionary: &NameDictionary,
    ) -> Result<String, String> {
        let template =
            Template::parse(template, Place::Example).map_err(|error| error.to_string())?;
        let named = |name| Some(Named { name, gender: None });
        let values = Values {
            employee: named(&self.employee),
            department: Some(&self.department),
            extension: Some(&self.extension),
            key: Some(self.key),
            patient: named(&self.patient),
            specialist: named(&self.specialist),
            time: Some(self.time),
            date: Some(self.date),
            attempt: Some(self.attempt),
            phone: Some(&self.phone),
            profession: None,
            caller: Some(&self.caller),
        };
        Ok(template.say(&values, language, dictionary))
    }
}

fn name(text: &str) -> Result<PersonName, String> {
    let read = names::read(text).map_err(|error| error.to_string())?;
    Ok(read.name)
}

fn read(extension: &str) -> Result<Extension, String> {
    Extension::parse(extension).map_err(|error| error.to_string())
}
