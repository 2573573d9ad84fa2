//! The keys of a telephone.

use std::fmt;

/// A DTMF key: `0`–`9`, `*`, `#`, `A`–`D`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(char);

impl Key {
    /// The keys that choices are given, in order.
    pub const CHOICES: [Self; 9] = [
        Self('1'),
        Self('2'),
        Self('3'),
        Self('4'),
        Self('5'),
        Self('6'),
        Self('7'),
        Self('8'),
        Self('9'),
    ];
    /// Leads to the fallback at any moment of a menu.
    pub const FALLBACK: Self = Self('0');
    /// Reads the menu out again.
    pub const REPEAT: Self = Self('*');
    /// Ends what is dialled, without a wait for more.
    pub const END: Self = Self('#');

    /// Reads a key; `None` if telephones have no such key.
    #[must_use]
    pub fn parse(key: char) -> Option<Self> {
        let key = key.to_ascii_uppercase();
        matches!(key, '0'..='9' | '*' | '#' | 'A'..='D').then_some(Self(key))
    }

    /// The key with this digit, 0 to 9.
    #[must_use]
    pub fn digit(digit: u32) -> Option<Self> {
        char::from_digit(digit, 10).map(Self)
    }

    /// What is printed on the key.
    #[must_use]
    pub fn as_char(self) -> char {
        self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.0)
    }
}
