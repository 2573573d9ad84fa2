//! Russian ordinals: all words but the last stay cardinal, and the last is declined like an
//! adjective («две тысячи двадцать шестого»).

use super::{Agreement, Case, cardinal};
use crate::domain::language::Language;

/// The stems of 0 to 20.
const BELOW_TWENTY_ONE: [&str; 21] = [
    "нулев",
    "перв",
    "втор",
    "трет",
    "четвёрт",
    "пят",
    "шест",
    "седьм",
    "восьм",
    "девят",
    "десят",
    "одиннадцат",
    "двенадцат",
    "тринадцат",
    "четырнадцат",
    "пятнадцат",
    "шестнадцат",
    "семнадцат",
    "восемнадцат",
    "девятнадцат",
    "двадцат",
];

/// The stems of the tens; indexed by the tens digit, the first two are never used.
const TENS: [&str; 10] = [
    "",
    "",
    "двадцат",
    "тридцат",
    "сороков",
    "пятидесят",
    "шестидесят",
    "семидесят",
    "восьмидесят",
    "девяност",
];

/// How an adjective is declined.
#[derive(Clone, Copy)]
enum Declension {
    /// «первый».
    Plain,
    /// «второй»: the stress is on the ending.
    Stressed,
    /// «третий».
    Third,
}

/// An ordinal up to the largest number that is said as one.
pub(super) fn russian(number: u64, agreement: Agreement, case: Case) -> String {
    let (before, last) = split(number);
    let (stem, declension) = stem(last);
    let word = format!("{stem}{}", ending(declension, agreement, case));
    if before == 0 {
        return word;
    }
    let before = cardinal(
        before,
        Language::Russian,
        Agreement::Masculine,
        Case::Nominative,
    );
    format!("{before} {word}")
}

/// What stays cardinal, and the number behind the last word.
fn split(number: u64) -> (u64, u64) {
    let last = match number {
        0 => 0,
        _ if number.is_multiple_of(1000) => return split_round(number),
        _ if number.is_multiple_of(100) => number % 1000,
        _ if number % 100 <= 20 || number.is_multiple_of(10) => number % 100,
        _ => number % 10,
    };
    (number - last, last)
}

/// «пять миллионов двадцатитысячный»: all thousands, or all millions, are in the last word.
fn split_round(number: u64) -> (u64, u64) {
    let unit = round_unit(number);
    let last = number % (unit * 1000);
    (number - last, last)
}

/// The largest of a thousand, a million and a milliard that divides the number.
fn round_unit(number: u64) -> u64 {
    [1_000_000_000, 1_000_000]
        .into_iter()
        .find(|unit| number.is_multiple_of(*unit))
        .unwrap_or(1000)
}

fn stem(last: u64) -> (String, Declension) {
    if last >= 1000 {
        let unit = round_unit(last);
        return (round_stem(last / unit, unit), Declension::Plain);
    }
    if last == 100 {
        return ("сот".to_owned(), Declension::Plain);
    }
    if last > 100 {
        return (format!("{}сот", joined(last / 100)), Declension::Plain);
    }
    let (tens, units) = ((last / 10) as usize, last as usize);
    let stem = BELOW_TWENTY_ONE.get(units).unwrap_or(&TENS[tens % 10]);
    let declension = match last {
        3 => Declension::Third,
        0 | 2 | 6 | 7 | 8 | 40 => Declension::Stressed,
        _ => Declension::Plain,
    };
    ((*stem).to_owned(), declension)
}

/// «двадцатиоднотысячн-», «миллионн-».
fn round_stem(count: u64, unit: u64) -> String {
    let unit = match unit {
        1000 => "тысячн",
        1_000_000 => "миллионн",
        _ => "миллиардн",
    };
    if count == 1 {
        return unit.to_owned();
    }
    format!("{}{unit}", joined(count))
}

/// A number below a thousand as the first part of a word: the genitive, but «сто», «девяносто»,
/// «одно».
fn joined(count: u64) -> String {
    let (hundreds, rest) = (count / 100 * 100, count % 100);
    let (tens, units) = if rest < 20 {
        (0, rest)
    } else {
        (rest / 10 * 10, rest % 10)
    };
    [hundreds, tens, units]
        .into_iter()
        .filter(|part| *part > 0)
        .map(joined_part)
        .collect()
}

fn joined_part(number: u64) -> String {
    match number {
        1 => "одно".to_owned(),
        90 => "девяносто".to_owned(),
        100 => "сто".to_owned(),
        _ => cardinal(
            number,
            Language::Russian,
            Agreement::Masculine,
            Case::Genitive,
        ),
    }
}

fn ending(declension: Declension, agreement: Agreement, case: Case) -> &'static str {
    let hard = hard_ending(agreement, case);
    match declension {
        Declension::Plain => hard,
        Declension::Stressed if hard == "ый" => "ой",
        Declension::Stressed => hard,
        Declension::Third => third_ending(hard),
    }
}

fn hard_ending(agreement: Agreement, case: Case) -> &'static str {
    use Agreement::{Feminine, Masculine, Neuter, Plural};
    match (agreement, case) {
        (Masculine, Case::Nominative | Case::Accusative) => "ый",
        (Neuter, Case::Nominative | Case::Accusative) => "ое",
        (Masculine | Neuter, Case::Genitive) => "ого",
        (Masculine | Neuter, Case::Dative) => "ому",
        (Masculine | Neuter, Case::Instrumental) => "ым",
        (Masculine | Neuter, Case::Prepositional) => "ом",
        (Feminine, Case::Nominative) => "ая",
        (Feminine, Case::Accusative) => "ую",
        (Feminine, Case::Genitive | Case::Dative | Case::Instrumental | Case::Prepositional) => {
            "ой"
        }
        (Plural, Case::Nominative | Case::Accusative) => "ые",
        (Plural, Case::Genitive | Case::Prepositional) => "ых",
        (Plural, Case::Dative) => "ым",
        (Plural, Case::Instrumental) => "ыми",
    }
}

/// What «третий» has where «первый» has a hard ending.
fn third_ending(hard: &'static str) -> &'static str {
    match hard {
        "ый" => "ий",
        "ое" => "ье",
        "ого" => "ьего",
        "ому" => "ьему",
        "ым" => "ьим",
        "ом" => "ьем",
        "ая" => "ья",
        "ую" => "ью",
        "ой" => "ьей",
        "ые" => "ьи",
        "ых" => "ьих",
        "ыми" => "ьими",
        other => other,
    }
}
