//! What somebody is called, in parts.

use std::fmt;

/// The longest part of a name, in characters.
pub const LONGEST_PART: usize = 100;

/// The gender that a name and the words about it agree with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// A person's name. Personal data: `Debug` does not show it.
///
/// Any part may be missing, but not all of them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PersonName {
    last: Option<String>,
    first: Option<String>,
    middle: Option<String>,
}

/// The parts are not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// Nothing is left of it.
    #[error("a name has at least a first or a last name")]
    Empty,
    /// More than [`LONGEST_PART`] characters in one part.
    #[error("a part of a name has at most {LONGEST_PART} characters")]
    TooLong,
    /// A line break, a NUL or the like.
    #[error("a name has no control characters")]
    ControlCharacter,
}

impl PersonName {
    /// A name from its parts; those that are blank are missing.
    ///
    /// # Errors
    /// [`NotAName`] without a first and a last name, and for what nobody is called.
    pub fn new(last: &str, first: &str, middle: &str) -> Result<Self, NotAName> {
        let name = Self {
            last: part(last)?,
            first: part(first)?,
            middle: part(middle)?,
        };
        if name.last.is_none() && name.first.is_none() {
            return Err(NotAName::Empty);
        }
        Ok(name)
    }

    /// The surname.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// The first name.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        self.first.as_deref()
    }

    /// The patronymic, or a middle name.
    #[must_use]
    pub fn middle(&self) -> Option<&str> {
        self.middle.as_deref()
    }

    /// Surname and first name, as Russian lists have them: «Чулкова Евгения».
    #[must_use]
    pub fn last_first(&self) -> String {
        joined([self.last(), self.first()])
    }

    /// First name and surname: "Eugenia Chulkova".
    #[must_use]
    pub fn first_last(&self) -> String {
        joined([self.first(), self.last()])
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

/// One part of a name, or a whole name in one piece: trimmed, with single blanks.
///
/// # Errors
/// [`NotAName`] if it is too long or has control characters. A blank one is `None`.
pub fn part(text: &str) -> Result<Option<String>, NotAName> {
    if text.trim().chars().any(char::is_control) {
        return Err(NotAName::ControlCharacter);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if text.chars().count() > LONGEST_PART {
        return Err(NotAName::TooLong);
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn joined(parts: [Option<&str>; 2]) -> String {
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_order() {
        let name = PersonName::new("Чулкова", " Евгения ", "").unwrap();
        assert_eq!(name.last_first(), "Чулкова Евгения");
        assert_eq!(name.first_last(), "Евгения Чулкова");
        assert_eq!(name.middle(), None);
    }

    #[test]
    fn one_word_is_enough() {
        let name = PersonName::new("", "Zoë", "").unwrap();
        assert_eq!(name.last_first(), "Zoë");
        assert_eq!(name.last(), None);
    }

    #[test]
    fn what_nobody_is_called_is_refused() {
        assert_eq!(PersonName::new(" ", "", "Ivanovich"), Err(NotAName::Empty));
        let nul = PersonName::new("Iva\0nov", "", "");
        assert_eq!(nul, Err(NotAName::ControlCharacter));
        let long = PersonName::new(&"я".repeat(101), "", "");
        assert_eq!(long, Err(NotAName::TooLong));
    }

    #[test]
    fn a_name_is_not_shown_in_a_log() {
        let name = PersonName::new("Чулкова", "Евгения", "").unwrap();
        assert_eq!(format!("{name:?}"), "PersonName(…)");
    }
}
