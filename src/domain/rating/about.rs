//! What an event is about, in words for people.

use std::fmt;
use std::sync::Arc;

/// The longest such text, in characters: a telephone shows no more.
pub const LONGEST_ABOUT: usize = 60;

/// What an event is about, as the CRM would tell a colleague: "invoice 1042". Personal data: `Debug`
/// does not show it. Cloning one is cheap.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct About(Arc<str>);

impl About {
    /// A text in one line; `None` if nothing is left of it. What is too long is cut.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let words = text.split(|c: char| c.is_control() || c.is_whitespace());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let line: String = words.join(" ").chars().take(LONGEST_ABOUT).collect();
        (!line.is_empty()).then(|| Self(Arc::from(line.trim_end())))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("About(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_line_that_fits_a_telephone_and_no_log_shows_it() {
        let about = About::new(" счёт\r\n 1042\0 ").unwrap();
        assert_eq!(about.as_str(), "счёт 1042");
        assert_eq!(format!("{about:?}"), "About(…)");
        assert_eq!(About::new(" \n "), None);
        let long = About::new(&"я".repeat(1000)).unwrap();
        assert_eq!(long.as_str().chars().count(), LONGEST_ABOUT);
    }

    #[test]
    fn what_was_cut_reads_the_same_again() {
        let text = format!("{} {}", "a".repeat(LONGEST_ABOUT - 1), "b");
        let about = About::new(&text).unwrap();
        assert_eq!(About::new(about.as_str()), Some(about));
    }
}
