//! What a caller is spoken to in, and the other language, to which a key leads.

use super::super::menu::{Key, Wording};

/// How often one call may change its language: nobody listens for ever.
pub(super) const MOST_CHANGES: u32 = 10;

/// Another language in which the same can be said.
#[derive(Clone, Debug)]
pub struct OtherLanguage {
    /// The key that leads to it, which nobody in the menu has.
    pub key: Key,
    /// Its words.
    pub wording: Wording,
}

/// The languages of one call.
#[derive(Debug)]
pub(super) struct Languages {
    pub(super) spoken: Wording,
    pub(super) other: Option<OtherLanguage>,
    pub(super) changes: u32,
}

impl Languages {
    pub(super) fn only(spoken: Wording) -> Self {
        Self {
            spoken,
            other: None,
            changes: 0,
        }
    }

    /// From now on the other one is spoken, and the key leads back.
    pub(super) fn change(&mut self) {
        if let Some(other) = &mut self.other {
            std::mem::swap(&mut self.spoken, &mut other.wording);
            self.changes += 1;
        }
    }
}
