//! Names whose forms the operator has written down.

use std::collections::HashMap;
use std::fmt;

use super::NamePart;
use super::letters::lower;
use crate::domain::language::Case;
use crate::domain::person::Gender;

/// The six forms of a part of a name, in the order of [`Case::ALL`].
#[derive(Clone, PartialEq, Eq)]
pub struct Forms([String; 6]);

impl Forms {
    /// Nominative, genitive, dative, accusative, instrumental, prepositional.
    #[must_use]
    pub fn new(forms: [String; 6]) -> Self {
        Self(forms)
    }

    /// The form in a case.
    #[must_use]
    pub fn get(&self, case: Case) -> &str {
        &self.0[case.index()]
    }
}

impl fmt::Debug for Forms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Forms(…)")
    }
}

/// What an operator has written about the names of their own people; it wins over every rule.
///
/// Names are found whatever their capitals. Personal data: `Debug` does not show it.
#[derive(Clone, Default)]
pub struct NameDictionary {
    entries: HashMap<(NamePart, String, Option<Gender>), Forms>,
}

impl NameDictionary {
    /// An empty dictionary.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a name under its nominative, for one gender or, with `None`, for all. The last entry
    /// about a name holds.
    pub fn insert(&mut self, part: NamePart, gender: Option<Gender>, forms: Forms) {
        let name = lower(forms.get(Case::Nominative));
        self.entries.insert((part, name, gender), forms);
    }

    /// What is written about a name: for this gender, otherwise for all.
    #[must_use]
    pub fn get(&self, part: NamePart, name: &str, gender: Option<Gender>) -> Option<&Forms> {
        let name = lower(name);
        self.entries
            .get(&(part, name.clone(), gender))
            .or_else(|| self.entries.get(&(part, name, None)))
    }
}

impl fmt::Debug for NameDictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NameDictionary({} names)", self.entries.len())
    }
}
