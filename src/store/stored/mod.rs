//! What is written for each thing the store keeps. These shapes are our own, so that the rest of the
//! house can change without a word on disk becoming unreadable.
//!
//! The first byte of every value is the version of its shape.

mod block;
mod call;
mod callback;
mod client;
mod dictionary;
mod employee;
mod ids;
mod instant;
mod message;
mod observed;
mod token;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub(super) use block::{Block, Delivery};
pub(super) use call::{decode_call, encode_call};
pub(super) use callback::{decode_callback, encode_callback};
pub(super) use client::{Head, decode_block, encode_block, encode_card, mark};
pub(super) use dictionary::Dictionary;
pub(super) use employee::{decode_employee, encode_employee};
pub(super) use message::{decode_dead, decode_message, encode_dead, encode_message};
pub(super) use observed::{decode_observed, encode_observed};
pub(super) use token::{decode_token, encode_token};

use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;

/// The version of all shapes that is written now.
const SHAPE: u8 = 1;

/// Why a value can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    /// A later version of us has written it.
    #[error("it has shape {0}, and {SHAPE} is the latest that this program knows")]
    Newer(u8),
    /// It says nothing.
    #[error("it is damaged")]
    Damaged,
}

/// Whatever is on disk is a value, which is written as it was read, or an error.
///
/// # Panics
/// When a value that was read is not read again as it was.
#[cfg(fuzzing)]
pub fn fuzzed_record(bytes: &[u8]) {
    if let Ok(call) = decode_call(bytes) {
        let again = encode_call(&call).expect("it is written");
        assert_eq!(decode_call(&again).expect("it is read"), call);
    }
    if let Ok(message) = decode_message(bytes) {
        let again = encode_message(&message).expect("it is written");
        assert_eq!(decode_message(&again).expect("it is read"), message);
    }
    let _ = (
        decode_dead(bytes),
        decode_observed(bytes),
        decode_token("x", bytes),
    );
    if let Ok((version, Some(card))) = decode_employee(bytes) {
        let again = encode_employee(version, Some(&card)).expect("it is written");
        assert_eq!(
            decode_employee(&again).expect("it is read"),
            (version, Some(card))
        );
    }
    let words = Dictionary::default();
    if let Ok(head) = Head::decode(bytes) {
        let _ = (head.card(), head.events.read(&mut Vec::new(), &words));
    }
    let Ok(block) = decode_block(bytes) else {
        return;
    };
    let mut deliveries = Vec::new();
    if block.read(&mut deliveries, &words).is_err() {
        return;
    }
    let again =
        Block::of(&deliveries, &words).and_then(|block| encode_block(&block).map_err(damaged));
    let again = again.expect("it is written");
    let (block, mut read) = (decode_block(&again).expect("it is read"), Vec::new());
    block.read(&mut read, &words).expect("it is read");
    let ids = |all: &[Delivery]| {
        all.iter()
            .map(|(event, _)| event.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&read), ids(&deliveries));
}

/// Any value in the shape of today.
fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_extend(value, vec![SHAPE])
}

/// A value of any shape that we know.
fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Unreadable> {
    let (shape, value) = bytes.split_first().ok_or(Unreadable::Damaged)?;
    if *shape > SHAPE {
        return Err(Unreadable::Newer(*shape));
    }
    if *shape != SHAPE {
        return Err(Unreadable::Damaged);
    }
    match postcard::take_from_bytes(value) {
        Ok((value, [])) => Ok(value),
        Ok(_) | Err(_) => Err(Unreadable::Damaged),
    }
}

/// Anything that is not what the domain calls valid.
fn damaged<E>(_: E) -> Unreadable {
    Unreadable::Damaged
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum StoredLanguage {
    Russian,
    English,
}

impl From<Language> for StoredLanguage {
    fn from(language: Language) -> Self {
        match language {
            Language::Russian => Self::Russian,
            Language::English => Self::English,
        }
    }
}

impl From<StoredLanguage> for Language {
    fn from(language: StoredLanguage) -> Self {
        match language {
            StoredLanguage::Russian => Self::Russian,
            StoredLanguage::English => Self::English,
        }
    }
}

/// Each number with its digits, country code first.
fn all_digits<'a>(phones: impl IntoIterator<Item = &'a PhoneNumber>) -> Vec<u64> {
    phones.into_iter().map(PhoneNumber::digits).collect()
}

fn all_phones(digits: &[u64]) -> Vec<PhoneNumber> {
    digits.iter().copied().map(PhoneNumber::of_digits).collect()
}
