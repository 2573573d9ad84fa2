//! Rule-based number formats, in the notation of Unicode's CLDR: numbers to words.
//!
//! A rule holds from its base value up to the next rule's. `←←` is the number divided by the rule's
//! divisor, `→→` the remainder, `=%x=` the same number by another set of rules, `[…]` is left out
//! when nothing remains, and `$(cardinal,…)$` is a form of plural that agrees with the quotient.

use std::collections::HashMap;

use super::notation;
use super::plural::Plural;
use crate::domain::language::Language;

/// The rules of one language, by the name of their set.
pub(super) struct Rules {
    language: Language,
    sets: HashMap<String, Vec<Rule>>,
}

/// How a range of numbers is said.
#[derive(Debug, PartialEq)]
pub(super) struct Rule {
    /// The smallest number that it is for.
    pub(super) base: u64,
    /// What the number is divided by.
    pub(super) divisor: u64,
    pub(super) pieces: Vec<Piece>,
}

/// What a rule is made of. A set without a name is the one that the rule is in.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Quotient(Option<String>),
    Remainder(Option<String>),
    Same(String),
    Digits,
    Plural(Vec<(Plural, String)>),
    UnlessNothingRemains(Vec<Piece>),
}

/// The rules can't be used.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("rule {base} of {set}: {reason}")]
pub(super) struct BadRule {
    pub(super) set: String,
    pub(super) base: String,
    pub(super) reason: &'static str,
}

/// Rules as their file has them: for each set, pairs of a base value and a text.
pub(super) type Written = HashMap<String, Vec<(String, String)>>;

impl Rules {
    pub(super) fn none(language: Language) -> Self {
        Self {
            language,
            sets: HashMap::new(),
        }
    }

    pub(super) fn read(language: Language, written: &Written) -> Result<Self, BadRule> {
        let mut sets = HashMap::new();
        for (name, lines) in written {
            let rules = lines
                .iter()
                .filter(|(base, _)| notation::is_of_whole_numbers(base))
                .map(|(base, text)| notation::rule(name, base, text));
            let mut rules = rules.collect::<Result<Vec<_>, _>>()?;
            rules.sort_by_key(|rule| rule.base);
            sets.insert(name.clone(), rules);
        }
        Ok(Self { language, sets })
    }

    /// A number in words; in digits if there are no rules for it.
    pub(super) fn say(&self, set: &str, number: u64) -> String {
        let mut words = String::new();
        self.write(set, number, &mut words);
        words
    }

    fn write(&self, set: &str, number: u64, words: &mut String) {
        let rules = self.sets.get(set).map(Vec::as_slice).unwrap_or_default();
        match chosen(rules, number) {
            Some(rule) => self.write_pieces(&rule.pieces, rule.divisor, set, number, words),
            None => words.push_str(&number.to_string()),
        }
    }

    fn write_pieces(
        &self,
        pieces: &[Piece],
        divisor: u64,
        set: &str,
        number: u64,
        words: &mut String,
    ) {
        let (quotient, remainder) = (number / divisor, number % divisor);
        for piece in pieces {
            match piece {
                Piece::Text(text) => words.push_str(text),
                Piece::Quotient(of) => self.write(of.as_deref().unwrap_or(set), quotient, words),
                Piece::Remainder(of) => self.write(of.as_deref().unwrap_or(set), remainder, words),
                Piece::Same(of) => self.write(of, number, words),
                Piece::Digits => words.push_str(&number.to_string()),
                Piece::Plural(forms) => words.push_str(self.plural(forms, quotient)),
                Piece::UnlessNothingRemains(_) if remainder == 0 => {}
                Piece::UnlessNothingRemains(pieces) => {
                    self.write_pieces(pieces, divisor, set, number, words);
                }
            }
        }
    }

    fn plural<'a>(&self, forms: &'a [(Plural, String)], number: u64) -> &'a str {
        let of = |wanted| forms.iter().find(|(plural, _)| *plural == wanted);
        of(Plural::of(number, self.language))
            .or_else(|| of(Plural::Other))
            .map_or("", |(_, form)| form)
    }
}

/// The last rule that begins at or below the number. If it is about a remainder and nothing remains,
/// the rule before it is meant: «двадцать первый» is from 21 on, and 30 is «тридцатый».
fn chosen(rules: &[Rule], number: u64) -> Option<&Rule> {
    let after = rules.partition_point(|rule| rule.base <= number);
    let rule = rules.get(after.checked_sub(1)?)?;
    let nothing_remains =
        number.is_multiple_of(rule.divisor) && !rule.base.is_multiple_of(rule.divisor);
    if about_remainder(&rule.pieces) && nothing_remains && after >= 2 {
        return rules.get(after - 2);
    }
    Some(rule)
}

fn about_remainder(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Remainder(_) => true,
        Piece::UnlessNothingRemains(pieces) => about_remainder(pieces),
        Piece::Text(_) | Piece::Quotient(_) | Piece::Same(_) | Piece::Digits | Piece::Plural(_) => {
            false
        }
    })
}
