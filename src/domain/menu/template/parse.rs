//! Reads a template, and names what is wrong in it.

use super::slot::{Filter, Slot, filters_of};
use super::{Filled, Piece, Place, Template};

/// A template that can't be used. Characters are counted from one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTemplate {
    /// A `{` has no `}`.
    #[error("character {at}: the brace is not closed; write {{slot}}, or {{{{ for the sign itself")]
    NotClosed {
        /// Where the brace is.
        at: usize,
    },
    /// A `}` has no `{`.
    #[error("character {at}: no brace was opened; write }}}} for the sign itself")]
    NotOpened {
        /// Where the brace is.
        at: usize,
    },
    /// Nothing, or nothing that can be said here, has this name.
    #[error("character {at}: {{{name}}} can't be said here; expected one of {expected}")]
    UnknownSlot {
        /// Where the name is.
        at: usize,
        /// What is written there.
        name: String,
        /// What could be.
        expected: String,
    },
    /// The slot can't be said like this.
    #[error("character {at}: {slot} can't be said with \"{filter}\"; expected {expected}")]
    UnfitFilter {
        /// Where the filter is.
        at: usize,
        /// What is to be said.
        slot: Slot,
        /// What is written there.
        filter: String,
        /// What could be.
        expected: String,
    },
}

impl Template {
    /// Reads a template for a place: text with slots such as `{employee|instrumental}`.
    ///
    /// # Errors
    /// [`BadTemplate`] names the character and what was expected there.
    pub fn parse(text: &str, place: Place) -> Result<Self, BadTemplate> {
        let letters: Vec<char> = text.chars().collect();
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut index = 0;
        while let Some(letter) = letters.get(index).copied() {
            let doubled = letters.get(index + 1) == Some(&letter);
            match letter {
                '{' | '}' if doubled => {
                    plain.push(letter);
                    index += 2;
                }
                '}' => return Err(BadTemplate::NotOpened { at: index + 1 }),
                '{' => {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    let inner = inner(&letters, index)?;
                    pieces.push(Piece::Slot(filled(inner, index + 2, place)?));
                    index += inner.len() + 2;
                }
                _ => {
                    plain.push(letter);
                    index += 1;
                }
            }
        }
        pieces.push(Piece::Text(plain));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        Ok(Self { pieces })
    }
}

/// What is between the brace at an index and the next closing one.
fn inner(letters: &[char], open: usize) -> Result<&[char], BadTemplate> {
    let rest = &letters[open + 1..];
    let end = rest.iter().position(|letter| matches!(letter, '{' | '}'));
    match end {
        Some(end) if rest[end] == '}' => Ok(&rest[..end]),
        _ => Err(BadTemplate::NotClosed { at: open + 1 }),
    }
}

/// A slot and its filters; `at` is the character that they begin at.
fn filled(inner: &[char], at: usize, place: Place) -> Result<Filled, BadTemplate> {
    let mut at = at;
    let mut fields = inner.split(|letter| *letter == '|').map(|field| {
        let begins = at + field.iter().take_while(|letter| **letter == ' ').count();
        at += field.len() + 1;
        let text: String = field.iter().collect();
        (begins, text.trim().to_owned())
    });
    let (begins, name) = fields.next().unwrap_or_default();
    let slot = slot(&name, begins, place)?;
    let mut way = None;
    let mut case = None;
    for (at, text) in fields {
        let unfit = || BadTemplate::UnfitFilter {
            at,
            slot,
            filter: text.clone(),
            expected: filters_of(slot),
        };
        match Filter::parse(&text).ok_or_else(unfit)? {
            Filter::Way(new) if way.is_none() && case.is_none() && slot.ways().contains(&new) => {
                way = Some(new);
            }
            Filter::Case(new) if case.is_none() && way_of(slot, way).has_cases(slot) => {
                case = Some(new);
            }
            Filter::Way(_) | Filter::Case(_) => return Err(unfit()),
        }
    }
    let way = way_of(slot, way);
    let case = case.unwrap_or_else(|| way.usual_case());
    Ok(Filled { slot, way, case })
}

fn way_of(slot: Slot, named: Option<super::slot::Way>) -> super::slot::Way {
    named.unwrap_or(slot.ways()[0])
}

fn slot(name: &str, at: usize, place: Place) -> Result<Slot, BadTemplate> {
    let slots = place.slots();
    let slot = slots.iter().find(|slot| slot.name() == name);
    slot.copied().ok_or_else(|| {
        let names: Vec<String> = slots.iter().map(Slot::to_string).collect();
        BadTemplate::UnknownSlot {
            at,
            name: name.to_owned(),
            expected: match names.as_slice() {
                [] => "no slot at all".to_owned(),
                names => names.join(", "),
            },
        }
    })
}
