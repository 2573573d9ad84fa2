//! Fills a template.

use jiff::civil::{Date, Time};

use super::slot::{Slot, Way};
use super::{Filled, Piece, Template};
use crate::domain::directory::Extension;
use crate::domain::language::names::{NameDictionary, decline};
use crate::domain::language::{
    Agreement, Language, PhoneStyle, cardinal, date_in_words, digits_in_words, extension_in_words,
    in_latin_letters, key_in_words, number_in_words, ordinal, phone_in_words, time_in_words,
};
use crate::domain::menu::Key;
use crate::domain::person::{Gender, PersonName};
use crate::domain::phone::PhoneNumber;

/// A person, as templates speak of them. Personal data.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    /// The name.
    pub name: &'a PersonName,
    /// The gender, if it is known otherwise than by the name.
    pub gender: Option<Gender>,
}

/// What the slots are filled with; what is missing is said as nothing.
#[derive(Clone, Copy, Default)]
pub struct Values<'a> {
    /// For `{employee}` and its parts.
    pub employee: Option<Named<'a>>,
    /// For `{department}`.
    pub department: Option<&'a str>,
    /// For `{employee.extension}` and `{department.extension}`.
    pub extension: Option<&'a Extension>,
    /// For `{key}`.
    pub key: Option<Key>,
    /// For `{patient}` and its parts.
    pub patient: Option<Named<'a>>,
    /// For `{specialist}`.
    pub specialist: Option<Named<'a>>,
    /// For `{specialist}` too, if nobody knows the name: what the specialist is. It has no cases.
    pub profession: Option<&'a str>,
    /// For `{time}`.
    pub time: Option<Time>,
    /// For `{date}`.
    pub date: Option<Date>,
    /// For `{attempt}`.
    pub attempt: Option<u32>,
    /// For `{phone}`.
    pub phone: Option<&'a PhoneNumber>,
    /// For `{caller}`.
    pub caller: Option<&'a str>,
}

impl Template {
    /// The sentence in words.
    #[must_use]
    pub fn say(
        &self,
        values: &Values<'_>,
        language: Language,
        dictionary: &NameDictionary,
    ) -> String {
        let text = self.pieces(values, language, dictionary).concat();
        // Where nothing was said there are two blanks.
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether anything of what it is to be filled with is known. Of a sentence without slots, all is.
    #[must_use]
    pub fn is_known(
        &self,
        values: &Values<'_>,
        language: Language,
        dictionary: &NameDictionary,
    ) -> bool {
        let mut slots = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Slot(filled) => Some(filled.words(values, language, dictionary)),
        });
        let Some(first) = slots.next() else {
            return true;
        };
        let is_known = |words: &Option<String>| words.as_ref().is_some_and(|it| !it.is_empty());
        is_known(&first) || slots.any(|words| is_known(&words))
    }

    /// The sentence in pieces: its texts, and what its slots are filled with, in order.
    #[must_use]
    pub fn pieces(
        &self,
        values: &Values<'_>,
        language: Language,
        dictionary: &NameDictionary,
    ) -> Vec<String> {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Slot(filled) => filled
                .words(values, language, dictionary)
                .unwrap_or_default(),
        });
        pieces.collect()
    }
}

impl Filled {
    fn words(
        self,
        values: &Values<'_>,
        language: Language,
        dictionary: &NameDictionary,
    ) -> Option<String> {
        let readable = |name: String| match language {
            Language::Russian => name,
            Language::English => in_latin_letters(&name).into_owned(),
        };
        let name = |person: Option<Named<'_>>| {
            person.map(|person| readable(self.name(person, language, dictionary)))
        };
        match self.slot {
            Slot::Employee | Slot::EmployeeFirst | Slot::EmployeeLast | Slot::EmployeeMiddle => {
                name(values.employee)
            }
            Slot::Patient | Slot::PatientFirst | Slot::PatientLast | Slot::PatientMiddle => {
                name(values.patient)
            }
            Slot::Specialist => {
                let profession = || values.profession.map(|text| readable(text.to_owned()));
                name(values.specialist).or_else(profession)
            }
            Slot::Department => values.department.map(|name| readable(name.to_owned())),
            Slot::Caller => values.caller.map(|name| readable(name.to_owned())),
            Slot::EmployeeExtension | Slot::DepartmentExtension => values
                .extension
                .map(|extension| self.extension(extension, language)),
            Slot::Key => values.key.map(|key| key_words(key, language)),
            Slot::Time => values
                .time
                .map(|time| time_in_words(time, language, self.case)),
            Slot::Date => values
                .date
                .map(|date| date_in_words(date, language, self.case)),
            Slot::Attempt => values
                .attempt
                .map(|attempt| self.attempt(attempt, language)),
            Slot::Phone => values.phone.map(|phone| self.phone(phone, language)),
        }
    }

    fn name(self, person: Named<'_>, language: Language, dictionary: &NameDictionary) -> String {
        let declined = match language {
            Language::Russian => decline(person.name, person.gender, self.case, dictionary),
            Language::English => person.name.clone(),
        };
        let part = match self.slot {
            Slot::EmployeeFirst | Slot::PatientFirst => declined.first(),
            Slot::EmployeeLast | Slot::PatientLast => declined.last(),
            Slot::EmployeeMiddle | Slot::PatientMiddle => declined.middle(),
            Slot::Employee
            | Slot::EmployeeExtension
            | Slot::Department
            | Slot::DepartmentExtension
            | Slot::Key
            | Slot::Patient
            | Slot::Specialist
            | Slot::Time
            | Slot::Date
            | Slot::Attempt
            | Slot::Phone
            | Slot::Caller => {
                return match language {
                    Language::Russian => declined.last_first(),
                    Language::English => declined.first_last(),
                };
            }
        };
        part.unwrap_or_default().to_owned()
    }

    fn extension(self, extension: &Extension, language: Language) -> String {
        match self.way {
            Way::Digits => digits_in_words(extension.digits(), language),
            Way::Number => extension_as_number(extension.digits(), language),
            Way::Name | Way::Extension | Way::Ordinal | Way::Time | Way::Date | Way::Phone => {
                extension_in_words(extension, language)
            }
        }
    }

    fn attempt(self, attempt: u32, language: Language) -> String {
        let attempt = u64::from(attempt);
        match self.way {
            Way::Ordinal => ordinal(attempt, language, Agreement::Feminine, self.case),
            Way::Digits => digits_in_words(&attempt.to_string(), language),
            Way::Name | Way::Extension | Way::Number | Way::Time | Way::Date | Way::Phone => {
                cardinal(attempt, language, Agreement::Feminine, self.case)
            }
        }
    }

    fn phone(self, phone: &PhoneNumber, language: Language) -> String {
        match self.way {
            Way::Digits => digits_in_words(phone.as_str(), language),
            Way::Name
            | Way::Extension
            | Way::Number
            | Way::Ordinal
            | Way::Time
            | Way::Date
            | Way::Phone => phone_in_words(phone, language, PhoneStyle::default()),
        }
    }
}

/// Leading zeros one by one, then the number.
fn extension_as_number(digits: &str, language: Language) -> String {
    let number = digits.trim_start_matches('0');
    let zeros = digits_in_words(&digits[..digits.len() - number.len()], language);
    let number = number
        .parse::<u32>()
        .map(|number| number_in_words(number, language));
    let words = [Ok(zeros), number].into_iter().flatten();
    words
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn key_words(key: Key, language: Language) -> String {
    key_in_words(key.as_char(), language).unwrap_or_else(|| key.to_string())
}
