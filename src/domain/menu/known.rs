//! What is known about a caller at the moment of the call.

use std::fmt;

use super::super::directory::Extensions;
use super::Menu;

/// What is known about a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What they are offered.
    pub menu: Menu,
    /// What they are called.
    pub name: Option<CallerName>,
    /// Whom they can dial.
    pub extensions: Extensions,
}

/// What an employee's telephone shows of a caller. Personal data: `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct CallerName(String);

/// The longest name that a telephone is sent, in characters.
const LONGEST: usize = 60;

impl CallerName {
    /// A name in one line; `None` if nothing is left of it. What is too long is cut.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let words = text.split(|c: char| c.is_control() || c.is_whitespace());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let line: String = words.join(" ").chars().take(LONGEST).collect();
        (!line.is_empty()).then_some(Self(line))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CallerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallerName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_fits_a_telephone() {
        let name = CallerName::new(" Петров\r\n Иван\0 ").unwrap();
        assert_eq!(name.as_str(), "Петров Иван");
        assert_eq!(CallerName::new(" \n "), None);
        let long = CallerName::new(&"я".repeat(1000)).unwrap();
        assert_eq!(long.as_str().chars().count(), LONGEST);
    }

    #[test]
    fn a_name_is_not_shown_in_a_log() {
        let name = CallerName::new("Петров").unwrap();
        assert_eq!(format!("{name:?}"), "CallerName(…)");
    }
}
