//! English cardinal numbers, as the British say them: "one hundred and one".

const BELOW_TWENTY: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

/// Indexed by the tens digit; the first two are never used.
const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// A number up to 999,999.
pub(super) fn number(number: u32) -> String {
    let (thousands, units) = (number / 1000, number % 1000);
    if thousands == 0 {
        return below_thousand(units);
    }
    let thousands = below_thousand(thousands);
    match units {
        0 => format!("{thousands} thousand"),
        1..=99 => format!("{thousands} thousand and {}", below_hundred(units)),
        _ => format!("{thousands} thousand {}", below_thousand(units)),
    }
}

fn below_thousand(number: u32) -> String {
    let (hundreds, rest) = (number / 100, number % 100);
    if hundreds == 0 {
        return below_hundred(rest);
    }
    let hundreds = BELOW_TWENTY[hundreds as usize % 20];
    if rest == 0 {
        return format!("{hundreds} hundred");
    }
    format!("{hundreds} hundred and {}", below_hundred(rest))
}

fn below_hundred(number: u32) -> String {
    if number < 20 {
        return BELOW_TWENTY[number as usize].to_owned();
    }
    let tens = TENS[number as usize / 10 % 10];
    match number % 10 {
        0 => tens.to_owned(),
        units => format!("{tens}-{}", BELOW_TWENTY[units as usize]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_the_british_way() {
        let table = [
            (0, "zero"),
            (7, "seven"),
            (13, "thirteen"),
            (20, "twenty"),
            (34, "thirty-four"),
            (40, "forty"),
            (99, "ninety-nine"),
            (100, "one hundred"),
            (101, "one hundred and one"),
            (120, "one hundred and twenty"),
            (1000, "one thousand"),
            (2005, "two thousand and five"),
            (1100, "one thousand one hundred"),
            (12_345, "twelve thousand three hundred and forty-five"),
            (100_000, "one hundred thousand"),
            (
                999_999,
                "nine hundred and ninety-nine thousand nine hundred and ninety-nine",
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
