//! Asterisk's clock, as it writes it.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// A moment on Asterisk's clock, in milliseconds since 1970 (UTC).
///
/// It is compared with other moments of the same Asterisk, not with our own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment that is `milliseconds` after 1970 (UTC).
    #[must_use]
    pub const fn from_milliseconds(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since 1970 (UTC).
    #[must_use]
    pub const fn milliseconds(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let moment: jiff::Timestamp = text
            .parse()
            .map_err(|_| de::Error::custom("a timestamp is not a date and time"))?;
        Ok(Self(moment.as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<i64> {
        let json = format!("\"{text}\"");
        let moment: Timestamp = serde_json::from_str(&json).ok()?;
        Some(moment.milliseconds())
    }

    #[test]
    fn a_moment_is_read_to_the_millisecond() {
        assert_eq!(
            read("2026-11-21T02:03:31.123+0000"),
            Some(1_795_226_611_123)
        );
    }

    #[test]
    fn the_zone_of_asterisk_is_taken_into_account() {
        assert_eq!(
            read("2026-11-21T05:03:31.123+0300"),
            Some(1_795_226_611_123)
        );
        assert_eq!(
            read("2026-11-20T23:33:31.123-0230"),
            Some(1_795_226_611_123)
        );
    }

    #[test]
    fn what_is_not_a_moment_is_refused() {
        for text in ["", "yesterday", "2026-11-21", "2026-11-21T02:03:31.123"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
