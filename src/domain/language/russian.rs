//! Russian cardinal numbers: nominative, masculine.

const BELOW_TWENTY: [&str; 20] = [
    "ноль",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
];

/// Indexed by the tens digit; the first two are never used.
const TENS: [&str; 10] = [
    "",
    "",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
];

/// Indexed by the hundreds digit; the first is never used.
const HUNDREDS: [&str; 10] = [
    "",
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
];

/// A number up to 999,999.
pub(super) fn number(number: u32) -> String {
    if number == 0 {
        return BELOW_TWENTY[0].to_owned();
    }
    let (thousands, units) = (number / 1000, number % 1000);
    let mut words = Vec::new();
    if thousands > 0 {
        below_thousand(thousands, Gender::Feminine, &mut words);
        words.push(thousand_after(thousands));
    }
    below_thousand(units, Gender::Masculine, &mut words);
    words.join(" ")
}

#[derive(Clone, Copy, PartialEq)]
enum Gender {
    Masculine,
    Feminine,
}

fn below_thousand(number: u32, gender: Gender, words: &mut Vec<&'static str>) {
    let (hundreds, rest) = (number / 100, number % 100);
    if hundreds > 0 {
        words.push(HUNDREDS[hundreds as usize % 10]);
    }
    let (tens, units) = if rest < 20 {
        (0, rest)
    } else {
        (rest / 10, rest % 10)
    };
    if tens > 0 {
        words.push(TENS[tens as usize]);
    }
    match (units, gender) {
        (0, _) => {}
        (1, Gender::Feminine) => words.push("одна"),
        (2, Gender::Feminine) => words.push("две"),
        (_, _) => words.push(BELOW_TWENTY[units as usize]),
    }
}

/// The form of «тысяча» that follows a number.
fn thousand_after(number: u32) -> &'static str {
    match (number % 100, number % 10) {
        (11..=14, _) => "тысяч",
        (_, 1) => "тысяча",
        (_, 2..=4) => "тысячи",
        (_, _) => "тысяч",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_in_the_nominative() {
        let table = [
            (0, "ноль"),
            (1, "один"),
            (9, "девять"),
            (10, "десять"),
            (11, "одиннадцать"),
            (19, "девятнадцать"),
            (20, "двадцать"),
            (34, "тридцать четыре"),
            (40, "сорок"),
            (90, "девяносто"),
            (99, "девяносто девять"),
            (100, "сто"),
            (101, "сто один"),
            (112, "сто двенадцать"),
            (250, "двести пятьдесят"),
            (666, "шестьсот шестьдесят шесть"),
            (1000, "одна тысяча"),
            (2005, "две тысячи пять"),
            (5000, "пять тысяч"),
            (11_011, "одиннадцать тысяч одиннадцать"),
            (12_000, "двенадцать тысяч"),
            (21_001, "двадцать одна тысяча один"),
            (42_002, "сорок две тысячи два"),
            (100_000, "сто тысяч"),
            (111_000, "сто одиннадцать тысяч"),
            (
                999_999,
                "девятьсот девяносто девять тысяч девятьсот девяносто девять",
            ),
        ];
        for (value, words) in table {
            assert_eq!(number(value), words, "{value}");
        }
    }

    #[test]
    fn no_two_numbers_have_the_same_words() {
        let words: std::collections::HashSet<_> = (0..=999_999).map(number).collect();
        assert_eq!(words.len(), 1_000_000);
    }
}
