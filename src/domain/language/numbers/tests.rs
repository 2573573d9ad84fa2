use std::collections::HashSet;

use super::*;

/// Language, set of rules, number, words.
const BY_ICU: &str = include_str!("../../../../tests/data/icu_numbers.tsv");

struct Line {
    language: Language,
    set: &'static str,
    number: u64,
    words: &'static str,
}

fn by_icu() -> Vec<Line> {
    let lines = BY_ICU.lines().filter(|line| !line.starts_with('#'));
    lines.map(line).collect()
}

fn line(line: &'static str) -> Line {
    let fields: Vec<_> = line.split('\t').collect();
    let language = Language::ALL
        .into_iter()
        .find(|language| language.code() == fields[0]);
    Line {
        language: language.unwrap(),
        set: fields[1],
        number: fields[2].parse().unwrap(),
        words: fields[3],
    }
}

#[test]
fn the_rules_can_be_read() {
    for language in Language::ALL {
        let rules = rules(language);
        assert!(rules.is_ok(), "{:?}", rules.err());
    }
}

#[test]
fn the_published_rules_are_understood_as_icu_understands_them() {
    let [russian, english] = Language::ALL
        .map(|language| Rules::read(language, &as_published(language).unwrap()).unwrap());
    for line in by_icu() {
        let rules = match line.language {
            Language::Russian => &russian,
            Language::English => &english,
        };
        assert_eq!(rules.say(line.set, line.number), line.words, "{}", line.set);
    }
}

/// What `cardinal` or `ordinal` says where the line has ICU's words.
fn ours(line: &Line) -> Option<String> {
    for agreement in Agreement::ALL {
        for case in Case::ALL {
            if line.set == russian_set("cardinal", agreement, case) {
                return Some(cardinal(line.number, line.language, agreement, case));
            }
            if line.set == russian_set("ordinal", agreement, case) {
                return Some(ordinal(line.number, line.language, agreement, case));
            }
        }
    }
    None
}

/// Where CLDR is wrong, by a form that no Russian uses.
fn is_wrong_in_cldr(line: &Line) -> bool {
    let (set, number) = (line.set, line.number);
    if set.contains("cardinal") {
        let not_prepositional = ["двадцать", "тридцать"]
            .iter()
            .any(|word| line.words.contains(word));
        return number == 0
            || set.ends_with("prepositional") && not_prepositional
            || set.contains("plural") && matches!(number % 10, 2..=4);
    }
    // «сороковой» as an instrumental, «восемьдесятый», «двести» for «двухсотый», «одна
    // тысячпервый», «третьому», «ноль» for «нулевая»; and digits from twenty-one thousand on.
    matches!(number % 100, 40 | 80)
        || number % 100 == 0 && number % 1000 != 0
        || (1001..2000).contains(&number)
        || number % 10 == 3 && set.ends_with("dative")
        || number == 0
        || number > 21_000
}

#[test]
fn what_is_said_is_what_icu_says_but_for_known_mistakes() {
    let mut compared = 0;
    for line in by_icu() {
        let Some(words) = ours(&line) else { continue };
        if line.language == Language::English || is_wrong_in_cldr(&line) {
            continue;
        }
        assert_eq!(words.replace('ё', "е"), line.words, "{}", line.set);
        compared += 1;
    }
    assert!(compared > 1500, "{compared}");
}

#[test]
fn cardinals_are_declined() {
    use Agreement::{Feminine, Masculine, Neuter, Plural};
    let table = [
        (0, Masculine, Case::Nominative, "ноль"),
        (0, Feminine, Case::Genitive, "нуля"),
        (0, Neuter, Case::Instrumental, "нулём"),
        (1, Feminine, Case::Accusative, "одну"),
        (1, Neuter, Case::Nominative, "одно"),
        (2, Feminine, Case::Nominative, "две"),
        (3, Masculine, Case::Genitive, "трёх"),
        (3, Masculine, Case::Dative, "трём"),
        (3, Masculine, Case::Instrumental, "тремя"),
        (4, Masculine, Case::Genitive, "четырёх"),
        (4, Masculine, Case::Dative, "четырём"),
        (4, Masculine, Case::Instrumental, "четырьмя"),
        (3, Plural, Case::Nominative, "трое"),
        (22, Masculine, Case::Prepositional, "двадцати двух"),
        (30, Masculine, Case::Prepositional, "тридцати"),
        (40, Masculine, Case::Dative, "сорока"),
        (80, Masculine, Case::Instrumental, "восемьюдесятью"),
        (100, Masculine, Case::Genitive, "ста"),
        (200, Masculine, Case::Dative, "двумстам"),
        (300, Masculine, Case::Genitive, "трёхсот"),
        (300, Masculine, Case::Dative, "трёмстам"),
        (300, Masculine, Case::Instrumental, "тремястами"),
        (400, Masculine, Case::Prepositional, "четырёхстах"),
        (500, Masculine, Case::Instrumental, "пятьюстами"),
        (1001, Feminine, Case::Accusative, "одну тысячу одну"),
        (
            LARGEST_NUMBER,
            Masculine,
            Case::Nominative,
            "девятьсот девяносто девять миллиардов девятьсот девяносто девять миллионов девятьсот девяносто девять тысяч девятьсот девяносто девять",
        ),
    ];
    for (number, agreement, case, words) in table {
        assert_eq!(cardinal(number, Language::Russian, agreement, case), words);
    }
}

#[test]
fn ordinals_are_declined() {
    use Agreement::{Feminine, Masculine, Neuter, Plural};
    let table = [
        (0, Feminine, Case::Nominative, "нулевая"),
        (1, Masculine, Case::Nominative, "первый"),
        (2, Masculine, Case::Accusative, "второй"),
        (3, Masculine, Case::Nominative, "третий"),
        (3, Feminine, Case::Accusative, "третью"),
        (3, Neuter, Case::Nominative, "третье"),
        (3, Plural, Case::Instrumental, "третьими"),
        (23, Masculine, Case::Dative, "двадцать третьему"),
        (4, Masculine, Case::Genitive, "четвёртого"),
        (40, Masculine, Case::Prepositional, "сороковом"),
        (40, Plural, Case::Instrumental, "сороковыми"),
        (80, Neuter, Case::Nominative, "восьмидесятое"),
        (90, Feminine, Case::Accusative, "девяностую"),
        (100, Masculine, Case::Nominative, "сотый"),
        (118, Masculine, Case::Dative, "сто восемнадцатому"),
        (200, Masculine, Case::Nominative, "двухсотый"),
        (300, Feminine, Case::Genitive, "трёхсотой"),
        (1000, Masculine, Case::Nominative, "тысячный"),
        (1001, Masculine, Case::Nominative, "одна тысяча первый"),
        (2000, Masculine, Case::Genitive, "двухтысячного"),
        (
            2026,
            Masculine,
            Case::Prepositional,
            "две тысячи двадцать шестом",
        ),
        (21_000, Masculine, Case::Nominative, "двадцатиоднотысячный"),
        (90_000, Masculine, Case::Nominative, "девяностотысячный"),
        (40_000, Masculine, Case::Nominative, "сорокатысячный"),
        (
            143_000,
            Masculine,
            Case::Nominative,
            "стосорокатрёхтысячный",
        ),
        (1_000_000, Masculine, Case::Nominative, "миллионный"),
        (
            5_003_000,
            Masculine,
            Case::Nominative,
            "пять миллионов трёхтысячный",
        ),
        (100_000_000, Masculine, Case::Nominative, "стомиллионный"),
        (
            2_000_000_000,
            Masculine,
            Case::Nominative,
            "двухмиллиардный",
        ),
    ];
    for (number, agreement, case, words) in table {
        assert_eq!(ordinal(number, Language::Russian, agreement, case), words);
    }
}

#[test]
fn english_is_counted_the_british_way() {
    let table = [
        (0, "zero", "zeroth"),
        (12, "twelve", "twelfth"),
        (34, "thirty-four", "thirty-fourth"),
        (101, "one hundred and one", "one hundred and first"),
        (2005, "two thousand and five", "two thousand and fifth"),
        (
            999_999,
            "nine hundred and ninety-nine thousand nine hundred and ninety-nine",
            "nine hundred and ninety-nine thousand nine hundred and ninety-ninth",
        ),
    ];
    for (number, first, second) in table {
        let form = (Agreement::Neuter, Case::Nominative);
        assert_eq!(cardinal(number, Language::English, form.0, form.1), first);
        assert_eq!(ordinal(number, Language::English, form.0, form.1), second);
    }
}

#[test]
fn no_two_numbers_have_the_same_words() {
    for language in Language::ALL {
        let numbers = (0..20_000_u64).chain((1..50_000).map(|n| n * 19_999_999));
        let all: HashSet<u64> = numbers.collect();
        for say in [cardinal, ordinal] {
            let form = (Agreement::Masculine, Case::Nominative);
            let words: HashSet<_> = all
                .iter()
                .map(|number| say(*number, language, form.0, form.1))
                .collect();
            assert_eq!(words.len(), all.len());
        }
    }
}
