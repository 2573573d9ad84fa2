//! The number that a caller dialled.

use super::super::phone::PhoneNumber;

/// A number of the company's own, as it is compared: a public number in any spelling is one line, and
/// what is none (an extension, say) is itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Called(String);

impl Called {
    /// Reads a number; `None` if there is nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let public = PhoneNumber::parse(text).ok();
        let line = public.map_or_else(|| text.to_owned(), |number| number.as_str().to_owned());
        Some(Self(line))
    }

    /// The number: a public one as `+74951234567`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_called_number_is_the_same_in_any_spelling() {
        let called = Called::parse("+74951234567").unwrap();
        for spelling in [
            "84951234567",
            "8 (495) 123-45-67",
            "74951234567",
            "4951234567",
        ] {
            assert_eq!(
                Called::parse(spelling).as_ref(),
                Some(&called),
                "{spelling}"
            );
        }
    }

    #[test]
    fn an_extension_is_called_as_it_is_written() {
        assert_eq!(Called::parse(" 100 ").unwrap().as_str(), "100");
        assert_ne!(Called::parse("100"), Called::parse("0100"));
        assert_eq!(Called::parse("  "), None);
    }
}
