//! Telephone numbers as they are compared: one spelling for one line.

use std::fmt;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

/// The country that a number without its country code belongs to.
const HOME_COUNTRY: Region = Region::RU;

/// A public telephone number in E.164 form (`+74959262644`).
///
/// `Debug` and `Display` mask all but the last two digits, so that a number can't reach a log by
/// accident; [`PhoneNumber::as_str`] gives the number itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(String);

/// The text is not a telephone number.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a telephone number; write it as +74959262644 or 8 (495) 926-26-44")]
pub struct NotAPhoneNumber;

impl PhoneNumber {
    /// Reads a number in any usual Russian or international spelling.
    ///
    /// # Errors
    /// [`NotAPhoneNumber`] for anything that can't be a public number: an extension, a withheld
    /// number's text, letters.
    pub fn parse(text: &str) -> Result<Self, NotAPhoneNumber> {
        if let Some(national) = plain_home_number(text) {
            return Ok(Self(format!("+7{national}")));
        }
        Self::parse_any(text)
    }

    fn parse_any(text: &str) -> Result<Self, NotAPhoneNumber> {
        let number = PHONE_NUMBER_UTIL
            .parse(text, Some(HOME_COUNTRY))
            .map_err(|_| NotAPhoneNumber)?;
        if !PHONE_NUMBER_UTIL.is_possible_number(&number) {
            return Err(NotAPhoneNumber);
        }
        Ok(Self(number.format_as(PhoneNumberFormat::E164).into_owned()))
    }

    /// The number whose [`digits`](Self::digits) these are. They are not checked.
    #[must_use]
    pub fn of_digits(digits: u64) -> Self {
        Self(format!("+{digits}"))
    }

    /// The digits as a number, country code first.
    #[must_use]
    pub fn digits(&self) -> u64 {
        let digits = self.0.bytes().filter(u8::is_ascii_digit);
        digits.fold(0, |number, digit| {
            number
                .wrapping_mul(10)
                .wrapping_add(u64::from(digit - b'0'))
        })
    }

    /// Reads a number for the first time in this process, which takes much longer than later ones:
    /// the rules of numbering are set up then. For before the first call.
    pub fn warm_up() {
        let _ = Self::parse("+44 20 7946 0958");
    }

    /// The number in E.164 form. Personal data: not for a log above DEBUG.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The ten national digits of `+7XXXXXXXXXX`, `8XXXXXXXXXX` or `7XXXXXXXXXX`. CRMs send nearly all
/// numbers like this, and reading them by the rules of all countries takes a hundred times as long.
///
/// Only of area codes and mobiles (3, 4, 9): the other beginnings can be meant in more ways than one.
fn plain_home_number(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('+');
    let national = match rest {
        Some(rest) => rest.strip_prefix('7'),
        None => text.strip_prefix(['8', '7']),
    }?;
    let digits = national.bytes().all(|byte| byte.is_ascii_digit());
    let known = national.starts_with(['3', '4', '9']);
    (national.len() == 10 && digits && known).then_some(national)
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.len().saturating_sub(2);
        write!(f, "…{}", &self.0[shown..])
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_has_one_spelling() {
        let spellings = [
            "+74959262644",
            "8 (495) 926-26-44",
            "+7 495 926 26 44",
            "84959262644",
            "74959262644",
            "4959262644",
        ];
        for spelling in spellings {
            let number = PhoneNumber::parse(spelling).unwrap();
            assert_eq!(number.as_str(), "+74959262644", "{spelling}");
        }
    }

    /// Every three digits that a national number can begin with, and ends of all kinds.
    #[test]
    fn the_fast_way_gives_what_the_rules_of_all_countries_give() {
        for begin in 0..1000 {
            for end in ["0000000", "1234567", "8926264", "9999999"] {
                for country in ["+7", "8", "7", "+", "", "+8"] {
                    let text = format!("{country}{begin:03}{end}");
                    assert_eq!(
                        PhoneNumber::parse(&text),
                        PhoneNumber::parse_any(&text),
                        "{text}"
                    );
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn the_fast_way_gives_the_same_for_any_digits(text in "(\\+?[78])?[0-9+ ]{9,12}") {
            proptest::prop_assert_eq!(PhoneNumber::parse(&text), PhoneNumber::parse_any(&text));
        }
    }

    #[test]
    fn a_freephone_number_keeps_all_its_digits() {
        let number = PhoneNumber::parse("8-800-555-35-35").unwrap();
        assert_eq!(number.as_str(), "+78005553535");
    }

    #[test]
    fn a_number_is_its_digits() {
        for text in ["+78005553535", "+390612345678", "+4930123456"] {
            let number = PhoneNumber::parse(text).unwrap();
            assert_eq!(PhoneNumber::of_digits(number.digits()), number);
        }
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in [
            "",
            "34",
            "anonymous",
            "Restricted",
            "12",
            "+",
            "\0",
            "8 495",
        ] {
            assert_eq!(PhoneNumber::parse(text), Err(NotAPhoneNumber), "{text}");
        }
    }

    #[test]
    fn a_number_in_a_log_is_masked() {
        let number = PhoneNumber::parse("+74959262644").unwrap();
        assert_eq!(format!("{number} {number:?}"), "…44 …44");
    }
}
