//! Cases and genders: what the form of a word depends on.

use std::fmt;
use std::str::FromStr;

/// A grammatical case of Russian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Case {
    /// Who? — the form of a dictionary.
    Nominative,
    /// Of whom?
    Genitive,
    /// To whom?
    Dative,
    /// Whom?
    Accusative,
    /// With whom?
    Instrumental,
    /// About whom?
    Prepositional,
}

impl Case {
    /// Every case, in the order of Russian grammars.
    pub const ALL: [Self; 6] = [
        Self::Nominative,
        Self::Genitive,
        Self::Dative,
        Self::Accusative,
        Self::Instrumental,
        Self::Prepositional,
    ];

    /// The English name, in lower case: `genitive`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nominative => "nominative",
            Self::Genitive => "genitive",
            Self::Dative => "dative",
            Self::Accusative => "accusative",
            Self::Instrumental => "instrumental",
            Self::Prepositional => "prepositional",
        }
    }

    /// Where the case stands in [`Case::ALL`].
    pub(super) fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a case; the cases are nominative, genitive, dative, accusative, instrumental and prepositional"
)]
pub struct NotACase;

impl FromStr for Case {
    type Err = NotACase;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|case| case.name() == text)
            .ok_or(NotACase)
    }
}

/// What a number agrees with: the gender of the thing counted, or a word that has only a plural.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Agreement {
    /// «один час», «первый час».
    Masculine,
    /// «одна минута», «первая минута».
    Feminine,
    /// «одно сообщение», «первое сообщение».
    Neuter,
    /// «одни сутки», «первые сутки».
    Plural,
}

impl Agreement {
    /// Every one of them.
    pub const ALL: [Self; 4] = [Self::Masculine, Self::Feminine, Self::Neuter, Self::Plural];

    /// The English name, in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Masculine => "masculine",
            Self::Feminine => "feminine",
            Self::Neuter => "neuter",
            Self::Plural => "plural",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_read_by_its_name() {
        for case in Case::ALL {
            assert_eq!(case.name().parse(), Ok(case));
        }
        assert_eq!("vocative".parse::<Case>(), Err(NotACase));
    }
}
