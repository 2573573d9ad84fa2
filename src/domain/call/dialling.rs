//! Dialling: digits were pressed that may be the beginning of an extension, or all of it.

use std::time::Instant;

use super::super::menu::{Key, Wish};
use super::action::Note;
use super::policy::DIALLING_TIME;
use super::turn::{Deadline, Turn};

/// What a caller has dialled so far.
#[derive(Debug)]
pub(super) struct Dialling {
    /// Fewer than the longest extension has: as many as that are complete, or lead nowhere.
    pub(super) digits: String,
    /// What they mean if no more come. It was decided when the last of them was pressed: a better
    /// menu that comes afterwards changes nothing.
    pub(super) wish: Option<Wish>,
    /// When it must be over, even if digits keep coming.
    until: Instant,
}

impl Dialling {
    /// Nothing yet.
    pub(super) fn begin(turn: &Turn<'_>) -> Self {
        Self {
            digits: String::new(),
            wish: None,
            until: turn.now + DIALLING_TIME,
        }
    }

    /// One more digit.
    pub(super) fn and(mut self, key: Key, wish: Option<Wish>) -> Self {
        self.digits.push(key.as_char());
        Self { wish, ..self }
    }

    /// Until when the next digit is awaited. A lease covers that: nothing plays meanwhile.
    pub(super) fn await_digit(&self, turn: &mut Turn<'_>) -> Deadline {
        let left = self.until.saturating_duration_since(turn.now);
        let wait = turn.policy.digit_time.min(left);
        turn.note(Note::Lease(wait + turn.policy.lease_margin));
        turn.deadline(wait, "a digit")
    }
}
