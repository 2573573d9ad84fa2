//! Cardinal and ordinal numbers in words.
//!
//! Cardinals, and the ordinals of English, come from Unicode's CLDR (see `data/README.md`). Its
//! Russian ordinals end at twenty-one thousand and have mistakes, so those are made here.

mod corrections;
mod notation;
mod ordinals;
mod plural;
mod rules;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Deserialize;

use super::Language;
use super::grammar::{Agreement, Case};
use rules::{BadRule, Rules, Written};

pub(super) use plural::Plural;

/// The largest number that is said as a number: one less than a trillion (10¹²).
pub const LARGEST_NUMBER: u64 = 999_999_999_999;

/// The data is part of the program: nothing is read when it runs.
const RUSSIAN: &str = include_str!("../../../../data/cldr/ru.json");
const ENGLISH: &str = include_str!("../../../../data/cldr/en.json");

/// A number as one counts: «двадцать одна», «двадцатью одной», "twenty-one".
///
/// English has one form. The accusative is the one of things without life («вижу два дома»). A
/// number above [`LARGEST_NUMBER`] is said digit by digit.
#[must_use]
pub fn cardinal(number: u64, language: Language, agreement: Agreement, case: Case) -> String {
    if number > LARGEST_NUMBER {
        return digit_by_digit(number, language);
    }
    match language {
        Language::English => english("%spellout-cardinal-verbose", number),
        Language::Russian => corrections::with_yo(
            &RULES
                .russian
                .say(&russian_set("cardinal", agreement, case), number),
        ),
    }
}

/// Which one of several: «двадцать первая», «двадцать первой», "twenty-first".
///
/// English has one form. A number above [`LARGEST_NUMBER`] is said digit by digit.
#[must_use]
pub fn ordinal(number: u64, language: Language, agreement: Agreement, case: Case) -> String {
    if number > LARGEST_NUMBER {
        return digit_by_digit(number, language);
    }
    match language {
        Language::English => english("%spellout-ordinal-verbose", number),
        Language::Russian => ordinals::russian(number, agreement, case),
    }
}

/// A number in words, as one counts: «тридцать четыре», "thirty-four".
///
/// Russian is in the nominative, masculine. A number above [`LARGEST_NUMBER`] is said digit by
/// digit.
#[must_use]
pub fn number_in_words(number: impl Into<u64>, language: Language) -> String {
    cardinal(
        number.into(),
        language,
        Agreement::Masculine,
        Case::Nominative,
    )
}

fn digit_by_digit(number: u64, language: Language) -> String {
    super::digits::digits_in_words(&number.to_string(), language)
}

/// The commas after thousands would be heard as pauses.
fn english(set: &str, number: u64) -> String {
    RULES.english.say(set, number).replace(',', "")
}

fn russian_set(kind: &str, agreement: Agreement, case: Case) -> String {
    let gender = agreement.name();
    match case {
        Case::Nominative => format!("%spellout-{kind}-{gender}"),
        Case::Genitive
        | Case::Dative
        | Case::Accusative
        | Case::Instrumental
        | Case::Prepositional => format!("%spellout-{kind}-{gender}-{case}"),
    }
}

struct BothLanguages {
    russian: Rules,
    english: Rules,
}

// The tests prove that the data can be read, so numbers are never said in digits.
static RULES: LazyLock<BothLanguages> = LazyLock::new(|| BothLanguages {
    russian: rules(Language::Russian).unwrap_or_else(|_| Rules::none(Language::Russian)),
    english: rules(Language::English).unwrap_or_else(|_| Rules::none(Language::English)),
});

fn rules(language: Language) -> Result<Rules, BadRules> {
    let mut written = as_published(language)?;
    corrections::apply(language, &mut written);
    Ok(Rules::read(language, &written)?)
}

/// The rules as Unicode has published them.
fn as_published(language: Language) -> Result<Written, serde_json::Error> {
    let text = match language {
        Language::Russian => RUSSIAN,
        Language::English => ENGLISH,
    };
    let file: File = serde_json::from_str(text)?;
    let sets = file.rbnf.rbnf.spellout;
    let sets = sets.into_iter().filter_map(|(name, set)| match set {
        Set::Rules(rules) => Some((name, rules)),
        Set::NameOfFile(_) => None,
    });
    Ok(sets.collect())
}

#[derive(Debug, thiserror::Error)]
enum BadRules {
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Rule(#[from] BadRule),
}

#[derive(Deserialize)]
struct File {
    rbnf: Groups,
}

#[derive(Deserialize)]
struct Groups {
    rbnf: Kinds,
}

#[derive(Deserialize)]
struct Kinds {
    #[serde(rename = "SpelloutRules")]
    spellout: std::collections::HashMap<String, Set>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Set {
    Rules(Vec<(String, String)>),
    NameOfFile(serde::de::IgnoredAny),
}
