//! Numbers, times, dates, telephones and names in words, and the fixed texts, in the languages
//! callers hear.

mod clock;
mod counting;
mod digits;
mod fixed;
mod grammar;
mod latin;
pub mod names;
mod numbers;
mod telephone;

pub use clock::{date_in_words, day_in_words, time_in_words, year_in_words};
pub use counting::{Noun, counted};
pub use digits::{digits_in_words, extension_in_words, key_in_words};
pub use fixed::{FixedPhrase, fixed_phrase};
pub use grammar::{Agreement, Case, NotACase};
pub use latin::in_latin_letters;
pub use numbers::{LARGEST_NUMBER, cardinal, number_in_words, ordinal};
pub use telephone::{PhoneStyle, phone_in_words};

/// A language that callers are spoken to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Russian.
    Russian,
    /// English.
    English,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Russian, Self::English];

    /// The two-letter code of ISO 639-1: `ru`, `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Russian => "ru",
            Self::English => "en",
        }
    }
}
