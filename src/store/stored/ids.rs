//! Ids, made short: most of them are a UUID or end in a number.

use serde::{Deserialize, Serialize};

use super::Unreadable;

/// The length of a UUID in its usual spelling.
const UUID_LENGTH: usize = 36;
/// Numbers that are shorter than this are left as they are.
const SHORTEST_NUMBER: usize = 4;
/// Numbers that are longer than this may not fit.
const LONGEST_NUMBER: usize = 18;

/// An id in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parts<'a> {
    /// As it is.
    Text(&'a str),
    /// A beginning and a decimal number without leading zeros.
    Number(&'a str, u64),
    /// A beginning and a UUID in small letters.
    Uuid(&'a str, [u8; 16]),
}

/// One id on disk. What it begins with is an index into a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum StoredId<'a> {
    Text(&'a str),
    Number(u32, u64),
    Uuid(u32, [u8; 16]),
}

/// Short texts that occur again and again, each of them once.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Table<'a>(#[serde(borrow)] pub(super) Vec<&'a str>);

impl<'a> Table<'a> {
    /// Where a text is; it is added if it is new.
    pub(super) fn index(&mut self, text: &'a str) -> u32 {
        index(&mut self.0, |other| *other == text, || text)
    }

    fn get(&self, index: u32) -> Result<&'a str, Unreadable> {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        self.0.get(index).copied().ok_or(Unreadable::Damaged)
    }
}

/// Where something is in a table; it is added if it is new.
pub(super) fn index<T>(
    table: &mut Vec<T>,
    is_it: impl FnMut(&T) -> bool,
    new: impl FnOnce() -> T,
) -> u32 {
    let there = table.iter().position(is_it);
    let index = there.unwrap_or_else(|| {
        table.push(new());
        table.len() - 1
    });
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl<'a> Parts<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        if let Some((beginning, uuid)) = ending_in_uuid(text) {
            return Self::Uuid(beginning, uuid);
        }
        if let Some((beginning, number)) = ending_in_number(text) {
            return Self::Number(beginning, number);
        }
        Self::Text(text)
    }

    /// The same with its beginning in the table.
    pub(super) fn stored(self, beginnings: &mut Table<'a>) -> StoredId<'a> {
        match self {
            Self::Text(text) => StoredId::Text(text),
            Self::Number(beginning, number) => {
                StoredId::Number(beginnings.index(beginning), number)
            }
            Self::Uuid(beginning, uuid) => StoredId::Uuid(beginnings.index(beginning), uuid),
        }
    }
}

impl<'a> StoredId<'a> {
    pub(super) fn parts(&self, beginnings: &Table<'a>) -> Result<Parts<'a>, Unreadable> {
        Ok(match self {
            Self::Text(text) => Parts::Text(text),
            Self::Number(beginning, number) => Parts::Number(beginnings.get(*beginning)?, *number),
            Self::Uuid(beginning, uuid) => Parts::Uuid(beginnings.get(*beginning)?, *uuid),
        })
    }

    /// Whether it is the id with these parts.
    pub(super) fn is(&self, wanted: &Parts<'_>, beginnings: &Table<'a>) -> bool {
        let begins = |index: u32, wanted: &str| beginnings.get(index) == Ok(wanted);
        match (self, wanted) {
            (Self::Text(text), Parts::Text(wanted)) => text == wanted,
            (Self::Number(index, number), Parts::Number(beginning, wanted)) => {
                number == wanted && begins(*index, beginning)
            }
            (Self::Uuid(index, uuid), Parts::Uuid(beginning, wanted)) => {
                uuid == wanted && begins(*index, beginning)
            }
            (Self::Text(_) | Self::Number(..) | Self::Uuid(..), _) => false,
        }
    }

    /// Puts the id as it was given into `text`, which is cleared.
    pub(super) fn put(&self, beginnings: &Table<'a>, text: &mut String) -> Result<(), Unreadable> {
        text.clear();
        match self.parts(beginnings)? {
            Parts::Text(whole) => text.push_str(whole),
            Parts::Number(beginning, number) => {
                text.push_str(beginning);
                push_number(text, number);
            }
            Parts::Uuid(beginning, uuid) => {
                text.push_str(beginning);
                push_uuid(text, &uuid);
            }
        }
        Ok(())
    }
}

fn ending_in_number(text: &str) -> Option<(&str, u64)> {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let tail = &text[text.len() - digits.min(LONGEST_NUMBER)..];
    let number = tail.trim_start_matches('0');
    if number.len() < SHORTEST_NUMBER {
        return None;
    }
    let beginning = &text[..text.len() - number.len()];
    Some((beginning, number.parse().ok()?))
}

fn push_number(text: &mut String, mut number: u64) {
    let mut digits = [0_u8; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        // The rest of a division by ten is a digit.
        digits[first] = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
        if number == 0 {
            break;
        }
    }
    text.push_str(std::str::from_utf8(&digits[first..]).unwrap_or_default());
}

fn ending_in_uuid(text: &str) -> Option<(&str, [u8; 16])> {
    let start = text.len().checked_sub(UUID_LENGTH)?;
    let (beginning, uuid) = (text.get(..start)?, text.get(start..)?.as_bytes());
    let mut bytes = [0; 16];
    let mut position = 0;
    for (index, byte) in bytes.iter_mut().enumerate() {
        if is_after_hyphen(index) {
            if uuid[position] != b'-' {
                return None;
            }
            position += 1;
        }
        *byte = nibble(uuid[position])? << 4 | nibble(uuid[position + 1])?;
        position += 2;
    }
    Some((beginning, bytes))
}

fn push_uuid(text: &mut String, uuid: &[u8; 16]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut written = [b'-'; UUID_LENGTH];
    let mut position = 0;
    for (index, byte) in uuid.iter().enumerate() {
        if is_after_hyphen(index) {
            position += 1;
        }
        written[position] = DIGITS[usize::from(byte >> 4)];
        written[position + 1] = DIGITS[usize::from(byte & 15)];
        position += 2;
    }
    text.push_str(std::str::from_utf8(&written).unwrap_or_default());
}

/// Whether a hyphen stands before this byte of a UUID.
fn is_after_hyphen(index: usize) -> bool {
    matches!(index, 4 | 6 | 8 | 10)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
