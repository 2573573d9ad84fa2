//! Rules of declension: the first that fits a word says what its six forms are.
//!
//! They are those of petrovich-rules (`data/petrovich`), each group after ours (`data/names`).

use std::sync::LazyLock;

use serde::Deserialize;

use super::NamePart;
use super::letters::{is_consonant, is_vowel, vowels};
use crate::domain::language::Case;
use crate::domain::person::Gender;

/// The data is part of the program: nothing is read when it runs.
const OURS: &str = include_str!("../../../../data/names/rules.toml");
const PETROVICH: &str = include_str!("../../../../data/petrovich/rules.json");

/// A word of a name, in lower case.
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) part: NamePart,
    pub(super) gender: Gender,
    pub(super) text: &'a str,
    /// Whether others follow it, joined by hyphens.
    pub(super) is_first_of_several: bool,
}

/// A form of the word, as letters to take away from its end and to add. `None` leaves it as it is.
pub(super) fn change(word: Word<'_>, case: Case) -> Option<(usize, &'static str)> {
    let index = case.index().checked_sub(1)?;
    let change = rule(word)?.mods[index].as_str();
    if change == "." {
        return None;
    }
    let added = change.trim_start_matches('-');
    Some((change.len() - added.len(), added))
}

fn rule(word: Word<'_>) -> Option<&'static Rule> {
    static RULES: LazyLock<[Rules; 2]> = LazyLock::new(|| {
        // The tests prove that both can be read, so no name is left undeclined for that.
        let ours = toml::from_str(OURS).unwrap_or_default();
        let theirs = serde_json::from_str(PETROVICH).unwrap_or_default();
        [ours, theirs]
    });
    let rules: &'static [Rules; 2] = &RULES;
    let groups = rules.each_ref().map(|rules| rules.group(word.part));
    let mut whole = groups.iter().flat_map(|group| &group.exceptions);
    let mut endings = groups.iter().flat_map(|group| &group.suffixes);
    let is = |test: &String| test == word.text;
    let ends = |test: &String| ends_with(word.text, test);
    whole
        .find(|rule| rule.fits(word) && rule.test.iter().any(is))
        .or_else(|| endings.find(|rule| rule.fits(word) && rule.test.iter().any(ends)))
}

#[derive(Default, Deserialize)]
struct Rules {
    lastname: Group,
    firstname: Group,
    middlename: Group,
}

#[derive(Default, Deserialize)]
struct Group {
    #[serde(default)]
    exceptions: Vec<Rule>,
    #[serde(default)]
    suffixes: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    gender: For,
    test: Vec<String>,
    mods: [String; 5],
    #[serde(default)]
    tags: Vec<Tag>,
    vowels: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum For {
    Male,
    Female,
    Androgynous,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tag {
    FirstWord,
}

impl Rules {
    fn group(&self, part: NamePart) -> &Group {
        match part {
            NamePart::Last => &self.lastname,
            NamePart::First => &self.firstname,
            NamePart::Middle => &self.middlename,
        }
    }
}

impl Rule {
    /// Whether it is for such a word, whatever its letters.
    fn fits(&self, word: Word<'_>) -> bool {
        let gender = match self.gender {
            For::Male => word.gender == Gender::Male,
            For::Female => word.gender == Gender::Female,
            For::Androgynous => true,
        };
        let place = self.tags.is_empty() || word.is_first_of_several;
        let length = self.vowels.is_none_or(|count| count == vowels(word.text));
        gender && place && length
    }
}

/// Whether a word has an ending, in which V stands for a vowel and C for a consonant.
fn ends_with(word: &str, ending: &str) -> bool {
    let mut letters = word.chars().rev();
    ending.chars().rev().all(|wanted| {
        letters.next().is_some_and(|letter| match wanted {
            'V' => is_vowel(letter),
            'C' => is_consonant(letter),
            _ => letter == wanted,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sets_of_rules_can_be_read() {
        let ours: Result<Rules, _> = toml::from_str(OURS);
        assert!(ours.is_ok(), "{:?}", ours.err());
        let theirs: Result<Rules, _> = serde_json::from_str(PETROVICH);
        assert!(theirs.is_ok(), "{:?}", theirs.err());
    }

    #[test]
    fn no_rule_takes_more_letters_than_its_test_has() {
        let ours: Rules = toml::from_str(OURS).unwrap();
        for part in NamePart::ALL {
            let group = ours.group(part);
            for rule in group.exceptions.iter().chain(&group.suffixes) {
                for change in &rule.mods {
                    let taken = change.chars().take_while(|c| *c == '-').count();
                    assert!(rule.test.iter().all(|test| test.chars().count() >= taken));
                }
            }
        }
    }
}
