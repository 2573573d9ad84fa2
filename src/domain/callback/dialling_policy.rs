//! Which numbers are dialled, whoever asks for it.
//!
//! A job comes from a program, and a robot that dials costs money and can do harm. So only what is
//! allowed is dialled; emergency services and numbers with a higher price never are.

use std::ops::RangeInclusive;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType};

use crate::domain::phone::PhoneNumber;

/// The longest number, in digits, that can be an extension or a service of the local exchange.
const SHORT: usize = 6;

/// Emergency services, as they are dialled in Russia and elsewhere.
const EMERGENCY: [&str; 21] = [
    "01", "02", "03", "04", "010", "020", "030", "040", "101", "102", "103", "104", "112", "911",
    "999", "000", "110", "113", "115", "118", "119",
];

/// What begins like this is no place and no mobile: free calls, televoting, services with a price.
const SERVICES: &str = "+780";

/// Of these, those that always cost whoever calls.
const PREMIUM: [&str; 2] = ["+7803", "+7809"];

/// Why a number is not dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDialled {
    /// An emergency service.
    #[error("an emergency number is never dialled")]
    Emergency,
    /// It is as short as an extension.
    #[error("this is as short as an extension; if it is one, give it as \"extension\"")]
    Extension,
    /// It is no telephone number.
    #[error("not a telephone number; write it as +74959262644 or 8 (495) 926-26-44")]
    NotANumber,
    /// Whoever calls it pays more than for a call.
    #[error("a number with a higher price is never dialled")]
    Premium,
    /// A number of a service, not of a person.
    #[error(
        "this is the number of a service, not of a person; [callbacks] allowed names what is dialled"
    )]
    Service,
    /// It does not begin as an allowed one does.
    #[error(
        "numbers that begin like this are not dialled; [callbacks] allowed names those that are"
    )]
    NotAllowed,
    /// It has more or fewer digits than the settings allow.
    #[error("numbers of this length are not dialled; [callbacks] digits says how long they may be")]
    Length,
    /// It is blocked.
    #[error("this number is blocked: see [callbacks] blocked")]
    Blocked,
}

/// The text is not the beginning of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the beginning of a number is written as \"+7\" or \"+7495\": a plus, and 1 to 15 digits")]
pub struct NotAPrefix;

/// The beginning of numbers, or a whole one: `+7495`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    /// Reads one.
    ///
    /// # Errors
    /// [`NotAPrefix`].
    pub fn parse(text: &str) -> Result<Self, NotAPrefix> {
        let digits = text.strip_prefix('+').ok_or(NotAPrefix)?;
        let are_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits || !(1..=15).contains(&digits.len()) {
            return Err(NotAPrefix);
        }
        Ok(Self(text.to_owned()))
    }

    fn begins(&self, phone: &PhoneNumber) -> bool {
        phone.as_str().starts_with(&self.0)
    }
}

/// Which numbers are dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiallingPolicy {
    /// How they begin. Services (`+780…`) are only dialled if they are named themselves.
    pub allowed: Vec<Prefix>,
    /// What is not dialled even so.
    pub blocked: Vec<Prefix>,
    /// How many digits they have, the country code included.
    pub digits: RangeInclusive<usize>,
}

/// Places and mobiles of the home country.
impl Default for DiallingPolicy {
    fn default() -> Self {
        let home = ["+73", "+74", "+78", "+79"];
        Self {
            allowed: home.map(|prefix| Prefix(prefix.to_owned())).to_vec(),
            blocked: Vec::new(),
            digits: 7..=15,
        }
    }
}

impl DiallingPolicy {
    /// Reads a number that somebody wants dialled.
    ///
    /// # Errors
    /// [`NotDialled`] with the reason.
    pub fn read(&self, text: &str) -> Result<PhoneNumber, NotDialled> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if EMERGENCY.contains(&digits.as_str()) {
            return Err(NotDialled::Emergency);
        }
        let is_bare = text
            .trim()
            .chars()
            .all(|c| c.is_ascii_digit() || c == ' ' || c == '-');
        if is_bare && (1..=SHORT).contains(&digits.len()) {
            return Err(NotDialled::Extension);
        }
        if text.trim().chars().any(char::is_control) {
            return Err(NotDialled::NotANumber);
        }
        let phone = PhoneNumber::parse(text).map_err(|_| NotDialled::NotANumber)?;
        self.check(&phone)?;
        Ok(phone)
    }

    /// Whether a number may be dialled.
    ///
    /// # Errors
    /// [`NotDialled`] with the first reason that speaks against it.
    pub fn check(&self, phone: &PhoneNumber) -> Result<(), NotDialled> {
        if costs_more(phone) {
            return Err(NotDialled::Premium);
        }
        if self.blocked.iter().any(|prefix| prefix.begins(phone)) {
            return Err(NotDialled::Blocked);
        }
        let mut allowed = self.allowed.iter().filter(|prefix| prefix.begins(phone));
        if phone.as_str().starts_with(SERVICES) {
            if !allowed.any(|prefix| prefix.0.starts_with(SERVICES)) {
                return Err(NotDialled::Service);
            }
        } else if allowed.next().is_none() {
            return Err(NotDialled::NotAllowed);
        }
        let digits = phone.as_str().len() - 1;
        if !self.digits.contains(&digits) {
            return Err(NotDialled::Length);
        }
        Ok(())
    }
}

/// Whether whoever calls pays more than for a call, by the rules of the number's country.
fn costs_more(phone: &PhoneNumber) -> bool {
    if PREMIUM
        .iter()
        .any(|premium| phone.as_str().starts_with(premium))
    {
        return true;
    }
    // Of places and mobiles of the home country that is known without looking at the rules, which
    // takes a hundred times as long.
    if phone.as_str().starts_with("+7") && !phone.as_str().starts_with(SERVICES) {
        return false;
    }
    let Ok(number) = PHONE_NUMBER_UTIL.parse(phone.as_str(), None) else {
        return true;
    };
    matches!(
        number.get_type(),
        PhoneNumberType::PremiumRate | PhoneNumberType::SharedCost
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allowed: &[&str], blocked: &[&str]) -> DiallingPolicy {
        let prefixes = |texts: &[&str]| {
            let prefixes = texts.iter().map(|text| Prefix::parse(text).unwrap());
            prefixes.collect()
        };
        DiallingPolicy {
            allowed: prefixes(allowed),
            blocked: prefixes(blocked),
            ..DiallingPolicy::default()
        }
    }

    #[test]
    fn places_and_mobiles_at_home_are_dialled() {
        let policy = DiallingPolicy::default();
        for text in [
            "+74959262644",
            "8 (812) 320-00-00",
            "8 831 200-00-00",
            "8-916-123-45-67",
            "89991234567",
            "3832000000",
        ] {
            assert!(policy.read(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_what_it_probably_is() {
        let policy = DiallingPolicy::default();
        for (text, reason) in [
            ("", NotDialled::NotANumber),
            ("нет телефона", NotDialled::NotANumber),
            ("+7 495", NotDialled::NotANumber),
            ("+7 112", NotDialled::NotANumber),
            ("8 495 1", NotDialled::Extension),
            ("34", NotDialled::Extension),
            ("12-34", NotDialled::Extension),
            ("123456", NotDialled::Extension),
            ("PJSIP/34", NotDialled::NotANumber),
            ("+74959262644\0", NotDialled::NotANumber),
        ] {
            assert_eq!(policy.read(text), Err(reason), "{text:?}");
        }
    }

    #[test]
    fn emergency_services_are_never_called_however_they_are_written() {
        let anything = policy(&["+1", "+2", "+3", "+4", "+5", "+6", "+7", "+8", "+9"], &[]);
        for text in [
            "101", "102", "103", "104", "112", "911", "01", "02", "03", "04", " 112 ", "1-1-2",
            "tel:112", "+112", "112#",
        ] {
            assert_eq!(anything.read(text), Err(NotDialled::Emergency), "{text:?}");
        }
    }

    #[test]
    fn what_costs_more_is_never_called_also_if_it_is_allowed() {
        let anything = policy(
            &[
                "+1", "+2", "+3", "+4", "+5", "+6", "+7", "+7803", "+7809", "+8", "+9",
            ],
            &[],
        );
        for text in [
            "+7 809 123-45-67",
            "8-803-123-45-67",
            "8 809 123 45 67",
            "+1 900 234 5678",
            "+44 909 879 0000",
            "+49 900 1 234567",
        ] {
            assert_eq!(anything.read(text), Err(NotDialled::Premium), "{text}");
        }
    }

    #[test]
    fn a_service_is_called_only_if_it_is_named_itself() {
        for text in ["8 800 555-35-35", "+78045553535", "8-801-123-45-67"] {
            assert_eq!(
                DiallingPolicy::default().read(text),
                Err(NotDialled::Service),
                "{text}"
            );
            assert_eq!(
                policy(&["+7"], &[]).read(text),
                Err(NotDialled::Service),
                "{text}"
            );
        }
        assert!(policy(&["+7800"], &[]).read("8 800 555-35-35").is_ok());
    }

    #[test]
    fn other_countries_are_called_only_if_they_are_allowed() {
        for text in ["+374 10 123456", "+49 30 123456", "+7 701 234 56 78"] {
            assert_eq!(
                DiallingPolicy::default().read(text),
                Err(NotDialled::NotAllowed),
                "{text}"
            );
        }
        assert!(policy(&["+374"], &[]).read("+374 10 123456").is_ok());
        assert!(policy(&["+77"], &[]).read("+7 701 234 56 78").is_ok());
    }

    #[test]
    fn what_is_blocked_is_not_called_and_what_is_too_long_is_not_either() {
        let policy = DiallingPolicy {
            digits: 11..=11,
            ..policy(&["+7", "+49"], &["+7495", "+79161234567"])
        };
        for (text, expected) in [
            ("+74959262644", Some(NotDialled::Blocked)),
            ("+79161234567", Some(NotDialled::Blocked)),
            ("+79161234568", None),
            ("+49 30 12345678", Some(NotDialled::Length)),
        ] {
            assert_eq!(policy.read(text).err(), expected, "{text}");
        }
    }

    #[test]
    fn the_beginning_of_a_number_is_a_plus_and_digits() {
        for text in ["", "+", "7", "8495", "+7 495", "+1234567890123456", "+٧"] {
            assert_eq!(Prefix::parse(text), Err(NotAPrefix), "{text:?}");
        }
    }
}
