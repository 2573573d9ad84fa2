//! Where good Russian differs from CLDR's cardinals: a few wrong forms, and the letter ё.

use super::rules::Written;
use crate::domain::language::Language;

/// Set of rules, base value, text. «двадцать» is no prepositional; zero keeps one stem, «нул-»;
/// what has only a plural is counted «двое, трое, четверо суток».
const RUSSIAN: [(&str, &str, &str); 19] = [
    ("masculine-prepositional", "20", "двадцати[ →→];"),
    ("masculine-prepositional", "30", "тридцати[ →→];"),
    ("masculine-genitive", "0", "нуля;"),
    ("feminine-genitive", "0", "нуля;"),
    ("plural-genitive", "0", "нуля;"),
    ("masculine-dative", "0", "нулю;"),
    ("feminine-dative", "0", "нулю;"),
    ("plural-dative", "0", "нулю;"),
    ("masculine-instrumental", "0", "нулём;"),
    ("feminine-instrumental", "0", "нулём;"),
    ("plural-instrumental", "0", "нулём;"),
    ("plural", "2", "двое;"),
    ("plural", "3", "трое;"),
    ("plural", "4", "четверо;"),
    ("plural", "5", "=%spellout-cardinal-masculine=;"),
    ("plural-accusative", "2", "двое;"),
    ("plural-accusative", "3", "трое;"),
    ("plural-accusative", "4", "четверо;"),
    (
        "plural-accusative",
        "5",
        "=%spellout-cardinal-masculine-accusative=;",
    ),
];

pub(super) fn apply(language: Language, written: &mut Written) {
    if language == Language::English {
        return;
    }
    for (set, base, text) in RUSSIAN {
        let rules = written
            .entry(format!("%spellout-cardinal-{set}"))
            .or_default();
        rules.retain(|(other, _)| other != base);
        rules.push((base.to_owned(), text.to_owned()));
    }
}

/// CLDR writes «трех», «четырем»; a voice needs «трёх», «четырём». «тремя» has no ё.
pub(super) fn with_yo(words: &str) -> String {
    let words: Vec<String> = words.split(' ').map(word_with_yo).collect();
    words.join(" ")
}

fn word_with_yo(word: &str) -> String {
    let plain_and_yo = [
        ("трех", "трёх"),
        ("трем", "трём"),
        ("четырех", "четырёх"),
        ("четырем", "четырём"),
    ];
    for (plain, yo) in plain_and_yo {
        if let Some(rest) = word.strip_prefix(plain)
            && !word.starts_with("тремя")
        {
            return format!("{yo}{rest}");
        }
    }
    word.to_owned()
}
