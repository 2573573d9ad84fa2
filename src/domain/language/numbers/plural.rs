//! Which form of a noun goes with a number.

use crate::domain::language::Language;

/// The plural forms of CLDR that Russian and English have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain::language) enum Plural {
    /// «одна минута», «двадцать одна минута»; "one minute".
    One,
    /// «две минуты», «двадцать четыре минуты».
    Few,
    /// «пять минут», «одиннадцать минут»; "five minutes".
    Other,
}

impl Plural {
    pub(in crate::domain::language) fn of(number: u64, language: Language) -> Self {
        match (language, number % 100, number % 10) {
            (Language::English, _, _) if number == 1 => Self::One,
            (Language::English, _, _) | (Language::Russian, 11..=14, _) => Self::Other,
            (Language::Russian, _, 1) => Self::One,
            (Language::Russian, _, 2..=4) => Self::Few,
            (Language::Russian, _, _) => Self::Other,
        }
    }
}
