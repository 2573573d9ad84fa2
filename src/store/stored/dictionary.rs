//! Types of event and employees: there are few of them, and each event has one of both. On disk, an
//! event has their number here.

use std::collections::HashMap;
use std::hash::Hash;

use crate::domain::rating::{EmployeeId, KindName};

/// With more words than this, new ones are written out wherever they occur.
const MOST: usize = 20_000;

/// Both lists.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Dictionary {
    pub(in crate::store) kinds: Words<KindName>,
    pub(in crate::store) employees: Words<EmployeeId>,
}

/// A list that only grows: a number never gets another word.
#[derive(Clone, Debug)]
pub(in crate::store) struct Words<T> {
    /// `None`: no word has this number.
    words: Vec<Option<T>>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self {
            words: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Words<T> {
    pub(in crate::store) fn number(&self, word: &T) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    pub(in crate::store) fn word(&self, number: u32) -> Option<&T> {
        self.words.get(usize::try_from(number).ok()?)?.as_ref()
    }

    /// The number for a new word; `None` if there are too many.
    pub(in crate::store) fn next(&self) -> Option<u32> {
        let next = u32::try_from(self.words.len()).ok();
        next.filter(|_| self.words.len() < MOST)
    }

    /// Adds a word with its number. A number that can't be one is left out.
    pub(in crate::store) fn add(&mut self, word: T, number: u32) {
        let Ok(index) = usize::try_from(number) else {
            return;
        };
        if index >= MOST {
            return;
        }
        if index >= self.words.len() {
            self.words.resize(index + 1, None);
        }
        self.words[index] = Some(word.clone());
        self.numbers.insert(word, number);
    }
}
