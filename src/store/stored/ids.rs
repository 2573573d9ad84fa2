//! Ids, made short: most of them are a UUID or end in a number.

use serde::{Deserialize, Serialize};

use super::Unreadable;

/// The length of a UUID in its usual spelling.
const UUID_LENGTH: usize = 36;
/// Numbers that are shorter than this are left as they are.
const SHORTEST_NUMBER: usize = 4;
/// Numbers that are longer than this may not fit.
const LONGEST_NUMBER: usize = 18;

/// One id. What it begins with is an index into a table of its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum StoredId<'a> {
    /// As it is.
    Text(&'a str),
    /// A beginning and a decimal number without leading zeros.
    Number(u32, u64),
    /// A beginning and a UUID in small letters.
    Uuid(u32, [u8; 16]),
}

/// Short texts that occur again and again, each of them once.
#[derive(Default)]
pub(super) struct Table<'a> {
    pub(super) texts: Vec<&'a str>,
}

impl<'a> Table<'a> {
    /// Where a text is; it is added if it is new.
    pub(super) fn index(&mut self, text: &'a str) -> u32 {
        let there = self.texts.iter().position(|other| *other == text);
        let index = there.unwrap_or_else(|| {
            self.texts.push(text);
            self.texts.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }
}

/// An id in the shortest way; what it begins with goes into the table.
pub(super) fn shortened<'a>(text: &'a str, beginnings: &mut Table<'a>) -> StoredId<'a> {
    if let Some((beginning, uuid)) = ending_in_uuid(text) {
        return StoredId::Uuid(beginnings.index(beginning), uuid);
    }
    if let Some((beginning, number)) = ending_in_number(text) {
        return StoredId::Number(beginnings.index(beginning), number);
    }
    StoredId::Text(text)
}

/// Puts the id as it was given into `text`, which is cleared.
pub(super) fn lengthened(
    id: &StoredId<'_>,
    beginnings: &[&str],
    text: &mut String,
) -> Result<(), Unreadable> {
    text.clear();
    let beginning = |index: &u32| {
        let beginning = beginnings.get(usize::try_from(*index).ok()?)?;
        Some(*beginning)
    };
    match id {
        StoredId::Text(whole) => text.push_str(whole),
        StoredId::Number(index, number) => {
            text.push_str(beginning(index).ok_or(Unreadable::Damaged)?);
            push_number(text, *number);
        }
        StoredId::Uuid(index, uuid) => {
            text.push_str(beginning(index).ok_or(Unreadable::Damaged)?);
            push_uuid(text, uuid);
        }
    }
    Ok(())
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
    text.extend(digits[first..].iter().map(|digit| char::from(*digit)));
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
    for (index, byte) in uuid.iter().enumerate() {
        if is_after_hyphen(index) {
            text.push('-');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
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
