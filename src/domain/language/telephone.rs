//! Telephone numbers in words.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

use super::super::phone::PhoneNumber;
use super::Language;
use super::digits::{digits_in_words, grouped};

/// How a number begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PhoneStyle {
    /// With the code of the country: «плюс семь, четыреста девяносто пять …».
    #[default]
    International,
    /// As it is dialled within its country: «восемь, восемьсот …».
    National,
}

/// A telephone number in the groups in which it is written, a comma after each: «плюс семь, четыреста
/// девяносто пять, девятьсот двадцать шесть, двадцать шесть, сорок четыре».
///
/// English says digit by digit: "plus seven, four nine five, …". Personal data.
#[must_use]
pub fn phone_in_words(phone: &PhoneNumber, language: Language, style: PhoneStyle) -> String {
    let written = written(phone, style);
    let groups = written
        .split(|c: char| !c.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .map(|group| match language {
            Language::Russian => grouped(group, language),
            Language::English => digits_in_words(group, language),
        });
    let groups: Vec<String> = groups.collect();
    let plus = match (written.starts_with('+'), language) {
        (false, _) => "",
        (true, Language::Russian) => "плюс ",
        (true, Language::English) => "plus ",
    };
    format!("{plus}{}", groups.join(", "))
}

/// As the number's country writes it; as it is if that is unknown.
fn written(phone: &PhoneNumber, style: PhoneStyle) -> String {
    let format = match style {
        PhoneStyle::International => PhoneNumberFormat::International,
        PhoneStyle::National => PhoneNumberFormat::National,
    };
    match PHONE_NUMBER_UTIL.parse(phone.as_str(), None) {
        Ok(number) => number.format_as(format).into_owned(),
        Err(_) => phone.as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(number: &str, language: Language, style: PhoneStyle) -> String {
        phone_in_words(&PhoneNumber::parse(number).unwrap(), language, style)
    }

    #[test]
    fn a_number_is_said_in_its_groups() {
        assert_eq!(
            say("+74959262644", Language::Russian, PhoneStyle::International),
            "плюс семь, четыреста девяносто пять, девятьсот двадцать шесть, двадцать шесть, сорок четыре"
        );
        assert_eq!(
            say("88005553535", Language::Russian, PhoneStyle::National),
            "восемь, восемьсот, пятьсот пятьдесят пять, тридцать пять, тридцать пять"
        );
        assert_eq!(
            say("+74959262644", Language::English, PhoneStyle::International),
            "plus seven, four nine five, nine two six, two six, four four"
        );
    }

    #[test]
    fn no_digit_is_lost() {
        assert_eq!(
            say("+79160000507", Language::Russian, PhoneStyle::International),
            "плюс семь, девятьсот шестнадцать, ноль ноль ноль, ноль пять, ноль семь"
        );
    }

    #[test]
    fn a_foreign_number_has_the_groups_of_its_country() {
        assert_eq!(
            say(
                "+442079460018",
                Language::Russian,
                PhoneStyle::International
            ),
            "плюс сорок четыре, двадцать, семьдесят девять сорок шесть, ноль ноль восемнадцать"
        );
    }
}
