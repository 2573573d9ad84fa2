//! Russian names in the six cases.
//!
//! A name is declined by its gender; where nobody knows that, it stays in the nominative, and so
//! does what is not written in Russian letters. The operator's dictionary wins over everything.

mod dictionary;
mod gender;
mod letters;
mod patronymic;
mod read;
mod rules;

#[cfg(test)]
mod tests;

use super::Case;
use crate::domain::person::{Gender, PersonName};
use letters::{in_capitals_of, is_russian_word, lower, vowels};
use rules::Word;

pub use dictionary::{Forms, NameDictionary};
pub use gender::{gender_of, gender_of_part};
pub use read::{NameAsWritten, read};

/// A part of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NamePart {
    /// The surname.
    Last,
    /// The first name.
    First,
    /// The patronymic, or a middle name.
    Middle,
}

impl NamePart {
    /// Every part, in the order of Russian lists.
    pub const ALL: [Self; 3] = [Self::Last, Self::First, Self::Middle];
}

/// Parts of surnames that are never declined, as words of their own: «фон Браун», «Ван Гог».
const PARTICLES: [&str; 18] = [
    "фон", "ван", "де", "да", "ди", "дю", "дер", "ден", "цу", "ла", "ле", "лос", "аль", "эль",
    "ибн", "бен", "бин", "бинт",
];

/// A name in a case. Without a gender it is found out ([`gender_of`]); if that fails, only what is in
/// the dictionary is declined.
#[must_use]
pub fn decline(
    name: &PersonName,
    gender: Option<Gender>,
    case: Case,
    dictionary: &NameDictionary,
) -> PersonName {
    let gender = gender.or_else(|| gender_of(name));
    let form = |part, text: Option<&str>| {
        text.map(|text| decline_part(part, text, gender, case, dictionary))
            .unwrap_or_default()
    };
    let last = form(NamePart::Last, name.last());
    let first = form(NamePart::First, name.first());
    let middle = form(NamePart::Middle, name.middle());
    // A form may be longer than a name can be.
    PersonName::new(&last, &first, &middle).unwrap_or_else(|_| name.clone())
}

/// One part of a name in a case; as it is if the gender is unknown.
#[must_use]
pub fn decline_part(
    part: NamePart,
    text: &str,
    gender: Option<Gender>,
    case: Case,
    dictionary: &NameDictionary,
) -> String {
    if let Some(forms) = dictionary.get(part, text, gender) {
        return in_capitals_of(text, forms.get(case).to_owned());
    }
    let father_and_relation = || {
        text.split([' ', '-'])
            .any(|word| patronymic::relation(word).is_some())
    };
    match gender {
        Some(gender) if case != Case::Nominative && !father_and_relation() => {
            decline_words(part, text, gender, case)
        }
        _ => text.to_owned(),
    }
}

fn decline_words(part: NamePart, text: &str, gender: Gender, case: Case) -> String {
    let text = letters::composed(text);
    let last = text.matches([' ', '-']).count();
    let mut declined = String::new();
    for (index, piece) in text.split_inclusive([' ', '-']).enumerate() {
        let word = piece.trim_end_matches([' ', '-']);
        let separator = &piece[word.len()..];
        if index < last && stays(part, word) {
            declined.push_str(piece);
            continue;
        }
        let word_and_place = Word {
            part: rules_for(part, word),
            gender,
            text: &lower(word),
            is_first_of_several: index == 0 && separator == "-",
        };
        declined.push_str(&decline_word(word_and_place, word, case));
        declined.push_str(separator);
    }
    declined
}

/// Before another word: a particle, or a short name of a foreign double name («Жан-Поль»).
fn stays(part: NamePart, word: &str) -> bool {
    let word = lower(word);
    match part {
        NamePart::Last => PARTICLES.contains(&word.as_str()),
        NamePart::First | NamePart::Middle => vowels(&word) < 2 && !is_short_russian_name(&word),
    }
}

fn is_short_russian_name(word: &str) -> bool {
    ["ян", "лев", "пётр", "петр", "глеб", "марк", "яна"].contains(&word)
}

/// A middle name that is no patronymic is declined like a first name.
fn rules_for(part: NamePart, word: &str) -> NamePart {
    if part == NamePart::Middle
        && patronymic::gender(word).is_none()
        && !lower(word).ends_with("ич")
    {
        return NamePart::First;
    }
    part
}

fn decline_word(word: Word<'_>, as_written: &str, case: Case) -> String {
    if !is_russian_word(as_written) {
        return as_written.to_owned();
    }
    let Some((taken, added)) = rules::change(word, case) else {
        return as_written.to_owned();
    };
    let letters: Vec<char> = as_written.chars().collect();
    let stem: String = letters[..letters.len().saturating_sub(taken)]
        .iter()
        .collect();
    in_capitals_of(as_written, stem + added)
}
