//! Messages to webhooks: those that wait, and those that were given up. Each has a number, and they
//! are kept in the order of their numbers.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use sled::IVec;
use tokio::sync::watch;

use crate::domain::delivery::{DeadLetter, Message};
use crate::domain::phone::PhoneNumber;

use super::Store;
use super::change::Done;
use super::error::StoreError;
use super::keys::{Entry, Keys};
use super::stored::{Unreadable, decode_dead, decode_message, encode_dead, encode_message};
use super::trees::{Trees, caught};

/// The most messages that were given up and are kept.
pub(super) const MOST_DEAD: usize = 10_000;

/// What is kept under numbers, with its number.
pub type Numbered<T> = (u64, T);

impl Store {
    /// A message that waits for its webhook.
    ///
    /// # Errors
    /// [`StoreError`] if it can't be read.
    pub fn message(&self, number: u64) -> Result<Option<Message>, StoreError> {
        self.read(|trees| message(trees, number))
    }

    /// The number of the oldest message that waits for a webhook.
    ///
    /// # Errors
    /// [`StoreError`] if it can't be read.
    pub fn oldest_message(&self) -> Result<Option<u64>, StoreError> {
        self.read(oldest)
    }

    /// The next messages that wait for a webhook, by their numbers, at most so many. It ends where
    /// none is returned.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn messages_after(
        &self,
        after: u64,
        most: usize,
    ) -> Result<Vec<Numbered<Message>>, StoreError> {
        self.read(|trees| waiting(trees, after, most))
    }

    /// The next messages that were given up, as [`Store::messages_after`].
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn dead_letters_after(
        &self,
        after: u64,
        most: usize,
    ) -> Result<Vec<Numbered<DeadLetter>>, StoreError> {
        self.read(|trees| dead(trees, after, most))
    }

    /// Changes whenever there are new messages to webhooks.
    #[must_use]
    pub fn messages_come(&self) -> watch::Receiver<()> {
        self.open.shared.messages()
    }
}

/// How messages are added.
#[derive(Debug)]
pub(super) struct Outbox {
    /// The most of them that wait.
    most: usize,
    /// The last number that was given. Also after files that had failed were opened anew, none is
    /// given twice: somebody may have seen the message.
    last: AtomicU64,
}

impl Outbox {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            last: AtomicU64::new(0),
        }
    }

    fn next_number(&self, trees: &Trees) -> Result<u64, StoreError> {
        let last = trees.last_message_number()?;
        let next = last.max(self.last.load(Ordering::Relaxed)) + 1;
        self.last.store(next, Ordering::Relaxed);
        trees.note_last_message_number(next)?;
        Ok(next)
    }
}

/// Adds a message. If there are too many, the oldest goes.
pub(super) fn tell(trees: &Trees, message: &Message, outbox: &Outbox) -> Result<Done, StoreError> {
    let number = outbox.next_number(trees)?;
    let most = outbox.most;
    trees
        .messages
        .insert(number.to_be_bytes(), encode_message(message)?)?;
    if trees.messages.keep_latest(most)? {
        tracing::warn!(
            most,
            "too many messages wait for webhooks; the oldest are not delivered any more"
        );
    }
    Ok(Done::Stored)
}

/// A message was taken.
pub(super) fn told(trees: &Trees, number: u64) -> Result<Done, StoreError> {
    Ok(if trees.messages.remove(number.to_be_bytes())? {
        Done::Stored
    } else {
        Done::NotThere
    })
}

/// A message was tried and is to be tried again.
pub(super) fn put_off(
    trees: &Trees,
    number: u64,
    attempts: u32,
    due: Timestamp,
) -> Result<Done, StoreError> {
    let Some(message) = message(trees, number)? else {
        return Ok(Done::NotThere);
    };
    let message = Message {
        attempts,
        due,
        ..message
    };
    let value = encode_message(&message)?;
    trees.messages.insert(number.to_be_bytes(), value)?;
    Ok(Done::Stored)
}

/// A message is not tried any more, and kept where it can be looked at.
pub(super) fn give_up(
    trees: &Trees,
    number: u64,
    attempts: u32,
    died: Timestamp,
    why: &str,
) -> Result<Done, StoreError> {
    let Some(message) = message(trees, number)? else {
        return Ok(Done::NotThere);
    };
    let letter = DeadLetter {
        message: Message {
            attempts,
            ..message
        },
        died,
        why: why.to_owned(),
    };
    trees
        .dead_letters
        .insert(number.to_be_bytes(), encode_dead(&letter)?)?;
    trees.messages.remove(number.to_be_bytes())?;
    if trees.dead_letters.keep_latest(MOST_DEAD)? {
        tracing::warn!(
            most = MOST_DEAD,
            "too many messages to webhooks were given up; the oldest of them are deleted"
        );
    }
    Ok(Done::Stored)
}

/// A message that was given up waits again, after all others.
pub(super) fn tell_again(
    trees: &Trees,
    number: u64,
    due: Timestamp,
    outbox: &Outbox,
) -> Result<Done, StoreError> {
    let key = number.to_be_bytes();
    let Some(value) = trees.dead_letters.get(key)? else {
        return Ok(Done::NotThere);
    };
    let message = Message {
        attempts: 0,
        due,
        ..decode_dead(&value)?.message
    };
    tell(trees, &message, outbox)?;
    trees.dead_letters.remove(key)?;
    Ok(Done::Stored)
}

/// Removes all messages that tell of these callers; whether there were any.
pub(super) fn forget(trees: &Trees, callers: &BTreeSet<PhoneNumber>) -> Result<bool, StoreError> {
    let is_of_them = |message: &Message| {
        let caller = message.caller.as_ref();
        caller.is_some_and(|caller| callers.contains(caller))
    };
    let mut any = false;
    for entry in trees.messages.range::<&[u8]>(..) {
        let (key, value) = entry?;
        if decode_message(&value).is_ok_and(|message| is_of_them(&message)) {
            any |= trees.messages.remove(key)?;
        }
    }
    for entry in trees.dead_letters.range::<&[u8]>(..) {
        let (key, value) = entry?;
        if decode_dead(&value).is_ok_and(|letter| is_of_them(&letter.message)) {
            any |= trees.dead_letters.remove(key)?;
        }
    }
    Ok(any)
}

/// A message that waits.
pub(super) fn message(trees: &Trees, number: u64) -> Result<Option<Message>, StoreError> {
    caught(|| {
        let value = trees.messages.get(number.to_be_bytes())?;
        Ok(value.map(|value| decode_message(&value)).transpose()?)
    })
}

/// The number of the oldest message that waits.
pub(super) fn oldest(trees: &Trees) -> Result<Option<u64>, StoreError> {
    caught(|| Ok(trees.messages.keys().first()?.as_ref().and_then(number)))
}

/// The next messages that wait, by their numbers, at most so many.
pub(super) fn waiting(
    trees: &Trees,
    after: u64,
    most: usize,
) -> Result<Vec<Numbered<Message>>, StoreError> {
    page(trees.messages.keys(), after, most, decode_message)
}

/// The next messages that were given up, by their numbers, at most so many.
pub(super) fn dead(
    trees: &Trees,
    after: u64,
    most: usize,
) -> Result<Vec<Numbered<DeadLetter>>, StoreError> {
    page(trees.dead_letters.keys(), after, most, decode_dead)
}

/// Those that can't be read are left out.
fn page<T>(
    keys: &Keys,
    after: u64,
    most: usize,
    decode: impl Fn(&[u8]) -> Result<T, Unreadable>,
) -> Result<Vec<Numbered<T>>, StoreError> {
    caught(|| {
        let mut page = Vec::new();
        let start = (
            Bound::Excluded(after.to_be_bytes()),
            Bound::<[u8; 8]>::Unbounded,
        );
        for entry in keys.range(start) {
            let (key, value): Entry = entry?;
            match (number(&key), decode(&value)) {
                (Some(number), Ok(value)) => page.push((number, value)),
                (_, Err(reason)) => tracing::error!(%reason, "a message to a webhook is left out"),
                (None, Ok(_)) => {}
            }
            if page.len() >= most {
                break;
            }
        }
        Ok(page)
    })
}

fn number(key: &IVec) -> Option<u64> {
    Some(u64::from_be_bytes(key.as_ref().try_into().ok()?))
}
