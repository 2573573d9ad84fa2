//! Which word of a name is the surname, the first name, the patronymic.

use super::gender::{is_first_name, of_surname};
use super::letters::lower;
use super::{NamePart, PARTICLES, patronymic};
use crate::domain::person::{NotAName, PersonName};

/// A name, and in which order its parts were written.
#[derive(Clone, PartialEq, Eq)]
pub struct NameAsWritten {
    /// The parts.
    pub name: PersonName,
    /// Their order.
    pub order: Vec<NamePart>,
}

impl NameAsWritten {
    /// The parts of a name, one after another, in this order.
    #[must_use]
    pub fn in_order(&self, name: &PersonName) -> String {
        let parts = self.order.iter().filter_map(|part| match part {
            NamePart::Last => name.last(),
            NamePart::First => name.first(),
            NamePart::Middle => name.middle(),
        });
        parts.collect::<Vec<_>>().join(" ")
    }
}

/// Endings of surnames that no first name has.
const ENDINGS_OF_SURNAMES: [&str; 16] = [
    "ский",
    "цкий",
    "ская",
    "цкая",
    "дзе",
    "швили",
    "ян",
    "янц",
    "ых",
    "их",
    "ович",
    "евич",
    "ко",
    "ук",
    "юк",
    "берг",
];

/// Reads a name of one to three words («оглы» and the like go with the word before them).
///
/// # Errors
/// [`NotAName`] if nothing is left of it, or it can be no name.
pub fn read(text: &str) -> Result<NameAsWritten, NotAName> {
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let order = order(&words);
    let of = |wanted| {
        let of_part = words
            .iter()
            .zip(&order)
            .filter(|(_, part)| **part == wanted);
        of_part.map(|(word, _)| *word).collect::<Vec<_>>().join(" ")
    };
    let name = PersonName::new(
        &of(NamePart::Last),
        &of(NamePart::First),
        &of(NamePart::Middle),
    )?;
    let mut order = order;
    order.dedup();
    Ok(NameAsWritten { name, order })
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(before) if patronymic::relation(word).is_some() || is_particle(before) => {
                before.push(' ');
                before.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// «фон», «де» in small letters: the surname goes on.
fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

fn order(words: &[&str]) -> Vec<NamePart> {
    use NamePart::{First, Last, Middle};
    let is_patronymic = |word: &str| patronymic::gender(word).is_some();
    match words {
        [] => Vec::new(),
        [one] if is_first_name(one) => vec![First],
        [_] => vec![Last],
        [first, second] if is_first_name(first) && patronymic::is_certain(second) => {
            vec![First, Middle]
        }
        [first, second] if comes_first(first, second) => vec![First, Last],
        [_, _] => vec![Last, First],
        [_, second, third] if is_patronymic(second) && !is_patronymic(third) => {
            vec![First, Middle, Last]
        }
        [first, _, third] if comes_first(first, third) && !is_patronymic(third) => {
            vec![First, Middle, Last]
        }
        [_, _, _] => vec![Last, First, Middle],
        // More words than a name has: a surname of several, and the rest as usual.
        [surname @ .., _, last] if is_patronymic(last) => {
            let mut order = vec![Last; surname.len()];
            order.extend([First, Middle]);
            order
        }
        [surname @ .., _] => {
            let mut order = vec![Last; surname.len()];
            order.push(First);
            order
        }
    }
}

/// Whether the first of two words is the first name. Russian lists have the surname first, so it must
/// be known.
fn comes_first(first: &str, second: &str) -> bool {
    if is_first_name(first) {
        return !is_first_name(second);
    }
    !is_first_name(second) && is_surname(second) && !is_surname(first)
}

fn is_surname(word: &str) -> bool {
    let lower = lower(word);
    of_surname(word).is_some()
        || ENDINGS_OF_SURNAMES
            .iter()
            .any(|ending| lower.ends_with(ending))
}
