//! Who can be reached, and under which extension.

use std::fmt;

/// An internal number: one to six digits, kept as text because `02` is not `2`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Extension(String);

/// The text is not an extension.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("an extension is one to six digits, such as \"34\" or \"02\"")]
pub struct NotAnExtension;

impl Extension {
    /// Reads an extension.
    ///
    /// # Errors
    /// [`NotAnExtension`] for anything but one to six ASCII digits.
    pub fn parse(text: &str) -> Result<Self, NotAnExtension> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || text.is_empty() || text.len() > 6 {
            return Err(NotAnExtension);
        }
        Ok(Self(text.to_owned()))
    }

    /// The digits, with leading zeros.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
