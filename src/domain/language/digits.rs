//! What is read off a telephone: keys, extensions, digits one by one.

use super::super::directory::Extension;
use super::{Language, number_in_words};

/// An extension as people say it.
///
/// Up to three digits are a number («сто двадцать»), four and six are pairs («двенадцать
/// тридцать четыре»), five are a pair and three. Leading zeros, of the whole or of a piece, are
/// said one by one («ноль два»).
#[must_use]
pub fn extension_in_words(extension: &Extension, language: Language) -> String {
    grouped(extension.digits(), language)
}

/// A key of the telephone in words: «один», «звёздочка», "hash". `None` if it is no such key.
#[must_use]
pub fn key_in_words(key: char, language: Language) -> Option<String> {
    let word = match (key, language) {
        ('*', Language::Russian) => "звёздочка",
        ('#', Language::Russian) => "решётка",
        ('*', Language::English) => "star",
        ('#', Language::English) => "hash",
        _ => {
            return key
                .to_digit(10)
                .map(|digit| number_in_words(digit, language));
        }
    };
    Some(word.to_owned())
}

/// Digits and keys, each said alone: «три четыре». Anything else is passed over.
#[must_use]
pub fn digits_in_words(digits: &str, language: Language) -> String {
    let words: Vec<String> = digits
        .chars()
        .filter_map(|digit| key_in_words(digit, language))
        .collect();
    words.join(" ")
}

/// Digits in groups, as an extension is said.
pub(super) fn grouped(digits: &str, language: Language) -> String {
    let rest = digits.trim_start_matches('0');
    let zeros = &digits[..digits.len() - rest.len()];
    let mut words: Vec<String> = Vec::new();
    if !zeros.is_empty() {
        words.push(digits_in_words(zeros, language));
    }
    for piece in pieces(rest) {
        words.push(piece_in_words(piece, language));
    }
    words.join(" ")
}

/// Where an extension without leading zeros is cut.
fn pieces(digits: &str) -> Vec<&str> {
    let mut rest = digits;
    let mut pieces = Vec::new();
    while rest.len() > 3 {
        let (pair, after) = rest.split_at(2);
        pieces.push(pair);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// At most three digits: leading zeros one by one, then the number.
fn piece_in_words(piece: &str, language: Language) -> String {
    let number = piece.trim_start_matches('0');
    let zeros = digits_in_words(&piece[..piece.len() - number.len()], language);
    let Ok(number) = number.parse::<u32>() else {
        return zeros;
    };
    let number = number_in_words(number, language);
    if zeros.is_empty() {
        number
    } else {
        format!("{zeros} {number}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extension(digits: &str, language: Language) -> String {
        extension_in_words(&Extension::parse(digits).unwrap(), language)
    }

    #[test]
    fn an_extension_is_said_as_people_say_it() {
        let table = [
            ("3", "три", "three"),
            ("34", "тридцать четыре", "thirty-four"),
            ("120", "сто двадцать", "one hundred and twenty"),
            ("101", "сто один", "one hundred and one"),
            ("0", "ноль", "zero"),
            ("00", "ноль ноль", "zero zero"),
            ("02", "ноль два", "zero two"),
            ("034", "ноль тридцать четыре", "zero thirty-four"),
            ("0034", "ноль ноль тридцать четыре", "zero zero thirty-four"),
            ("1234", "двенадцать тридцать четыре", "twelve thirty-four"),
            ("1204", "двенадцать ноль четыре", "twelve zero four"),
            ("1200", "двенадцать ноль ноль", "twelve zero zero"),
            (
                "01234",
                "ноль двенадцать тридцать четыре",
                "zero twelve thirty-four",
            ),
            (
                "12345",
                "двенадцать триста сорок пять",
                "twelve three hundred and forty-five",
            ),
            (
                "12005",
                "двенадцать ноль ноль пять",
                "twelve zero zero five",
            ),
            (
                "123456",
                "двенадцать тридцать четыре пятьдесят шесть",
                "twelve thirty-four fifty-six",
            ),
            (
                "100000",
                "десять ноль ноль ноль ноль",
                "ten zero zero zero zero",
            ),
            (
                "000000",
                "ноль ноль ноль ноль ноль ноль",
                "zero zero zero zero zero zero",
            ),
        ];
        for (digits, russian, english) in table {
            assert_eq!(extension(digits, Language::Russian), russian, "{digits}");
            assert_eq!(extension(digits, Language::English), english, "{digits}");
        }
    }

    #[test]
    fn two_extensions_of_one_length_never_sound_alike() {
        for language in Language::ALL {
            for length in 1..=4 {
                let mut heard = std::collections::HashMap::new();
                for number in 0..10_u32.pow(length) {
                    let digits = format!("{number:0width$}", width = length as usize);
                    let other = heard.insert(extension(&digits, language), digits.clone());
                    assert_eq!(other, None, "{digits} in {language:?}");
                }
            }
        }
    }

    #[test]
    fn a_key_has_a_word() {
        let table = [
            ('1', "один", "one"),
            ('0', "ноль", "zero"),
            ('*', "звёздочка", "star"),
            ('#', "решётка", "hash"),
        ];
        for (key, russian, english) in table {
            assert_eq!(
                key_in_words(key, Language::Russian).as_deref(),
                Some(russian)
            );
            assert_eq!(
                key_in_words(key, Language::English).as_deref(),
                Some(english)
            );
        }
    }

    #[test]
    fn a_letter_is_not_a_key() {
        assert_eq!(key_in_words('A', Language::English), None);
    }

    #[test]
    fn a_number_too_large_for_words_is_said_digit_by_digit() {
        assert_eq!(
            number_in_words(1_000_000_000_000_u64, Language::English),
            "one zero zero zero zero zero zero zero zero zero zero zero zero"
        );
    }
}
