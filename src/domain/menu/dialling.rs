//! What a caller means by the keys they press one after the other: a key of the menu, or digits of
//! an extension.

use super::super::directory::{Entry, Extensions};
use super::{Key, Menu};

/// What a caller wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To talk to somebody: chosen from the menu, or dialled.
    Reach(Box<Entry>),
    /// To be helped by whoever answers at the fallback.
    Fallback,
    /// To hear the menu again.
    Repeat,
    /// To hear it in another language.
    OtherLanguage,
    /// To be called back by the person of whom that was said.
    CallBack,
}

/// How far a caller has come with what they dial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialled {
    /// That is all: nothing longer is possible.
    Complete(Wish),
    /// More may come. If nothing does, it means this, or nothing.
    Incomplete(Option<Wish>),
    /// It leads nowhere.
    Invalid,
}

/// What a key means after the digits that were dialled before it.
///
/// A key of the menu goes before the same extension of one digit, and `0` too: those were read out.
/// An extension of somebody in the menu reaches whom the caller has heard of.
#[must_use]
pub fn dialled(digits: &str, key: Key, menu: &Menu, extensions: &Extensions) -> Dialled {
    match key {
        Key::REPEAT => Dialled::Complete(Wish::Repeat),
        Key::END => wish(digits, menu, extensions).map_or(Dialled::Invalid, Dialled::Complete),
        key if !key.as_char().is_ascii_digit() => Dialled::Invalid,
        key => {
            let digits = format!("{digits}{key}");
            let wish = wish(&digits, menu, extensions);
            if goes_on(&digits, menu, extensions) {
                return Dialled::Incomplete(wish);
            }
            wish.map_or(Dialled::Invalid, Dialled::Complete)
        }
    }
}

/// What exactly these digits mean.
fn wish(digits: &str, menu: &Menu, extensions: &Extensions) -> Option<Wish> {
    if let Some(key) = only_key(digits) {
        if let Some(choice) = menu.choice(key) {
            return Some(Wish::Reach(Box::new(choice.entry.clone())));
        }
        if key == Key::FALLBACK {
            return Some(Wish::Fallback);
        }
        if menu.language_key == Some(key) {
            return Some(Wish::OtherLanguage);
        }
        if menu.callback_key == Some(key) {
            return Some(Wish::CallBack);
        }
    }
    let mut offered = menu.choices.iter().map(|choice| &choice.entry);
    let offered = offered.find(|entry| entry.extension.digits() == digits);
    let entry = offered.cloned().or_else(|| extensions.reached_by(digits))?;
    Some(Wish::Reach(Box::new(entry)))
}

/// Whether there is anything that begins with these digits and is longer.
fn goes_on(digits: &str, menu: &Menu, extensions: &Extensions) -> bool {
    let mut offered = menu.choices.iter().map(|choice| &choice.entry.extension);
    offered.any(|extension| extension.goes_on_after(digits)) || extensions.go_on_after(digits)
}

fn only_key(digits: &str) -> Option<Key> {
    let mut keys = digits.chars();
    let key = Key::parse(keys.next()?)?;
    keys.next().is_none().then_some(key)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::super::MenuKind;
    use super::super::tests::employee;
    use super::*;
    use crate::domain::directory::{Company, EmployeeCard, Extension};
    use crate::domain::menu::Choice;
    use crate::domain::rating::{Employee, EmployeeId};

    /// A company in which everybody's id is `e` and their extension.
    fn company(extensions: &[&str]) -> Extensions {
        let mut company = Company::new(TimeZone::UTC);
        for digits in extensions {
            let card = EmployeeCard {
                name: employee("x", digits).name,
                gender: None,
                extension: Some(Extension::parse(digits).unwrap()),
                endpoints: Vec::new(),
                language: None,
                duty: Employee::default(),
            };
            company.put(EmployeeId::parse(&format!("e{digits}")).unwrap(), card);
        }
        Extensions::new(Arc::new(company), Arc::new([]), Timestamp::UNIX_EPOCH)
    }

    /// A menu in which everybody's id is `c` and their key.
    fn menu(choices: &[(u32, &str)]) -> Menu {
        let choices = choices.iter().map(|(digit, extension)| Choice {
            key: Key::digit(*digit).unwrap(),
            entry: employee(&format!("c{digit}"), extension),
            busy: false,
        });
        Menu {
            kind: MenuKind::Personal,
            choices: choices.collect(),
            language_key: None,
            callback_key: None,
        }
    }

    fn told(wish: &Wish) -> String {
        match wish {
            Wish::Reach(entry) => entry.id.as_str().to_owned(),
            Wish::Fallback => "fallback".to_owned(),
            Wish::Repeat => "repeat".to_owned(),
            Wish::OtherLanguage => "language".to_owned(),
            Wish::CallBack => "call back".to_owned(),
        }
    }

    /// After the last of these keys: `=x` is complete, `?x` may go on, `!` leads nowhere.
    fn after(keys: &str, menu: &Menu, extensions: &Extensions) -> String {
        let (last, before) = keys.char_indices().next_back().unwrap();
        let key = Key::parse(before).unwrap();
        match dialled(&keys[..last], key, menu, extensions) {
            Dialled::Complete(wish) => format!("={}", told(&wish)),
            Dialled::Incomplete(wish) => {
                format!("?{}", wish.as_ref().map(told).unwrap_or_default())
            }
            Dialled::Invalid => "!".to_owned(),
        }
    }

    #[track_caller]
    fn assert_all(menu: &Menu, extensions: &Extensions, expected: &[(&str, &str)]) {
        for (keys, meaning) in expected {
            assert_eq!(after(keys, menu, extensions), *meaning, "{keys}");
        }
    }

    #[test]
    fn of_extensions_that_go_on_each_other_the_longest_is_complete() {
        let extensions = company(&["3", "34", "345"]);
        let expected = [
            ("3", "?e3"),
            ("34", "?e34"),
            ("345", "=e345"),
            ("35", "!"),
            ("346", "!"),
            ("4", "!"),
        ];
        assert_all(&menu(&[]), &extensions, &expected);
    }

    #[test]
    fn a_key_of_the_menu_waits_only_if_an_extension_begins_with_it() {
        let tens: Vec<String> = (10..20).map(|n| n.to_string()).collect();
        let tens: Vec<&str> = tens.iter().map(String::as_str).collect();
        let menu = menu(&[(1, "70"), (2, "71"), (3, "72")]);
        let expected = [
            ("1", "?c1"),
            ("2", "=c2"),
            ("3", "=c3"),
            ("10", "=e10"),
            ("19", "=e19"),
            ("4", "!"),
            ("7", "?"),
            ("71", "=c2"),
        ];
        assert_all(&menu, &company(&tens), &expected);
    }

    #[test]
    fn zero_is_the_fallback_unless_an_extension_follows() {
        let expected = [("0", "?fallback"), ("02", "=e02"), ("01", "!"), ("00", "!")];
        assert_all(&menu(&[]), &company(&["02", "34"]), &expected);
        assert_all(&menu(&[]), &company(&["34"]), &[("0", "=fallback")]);
    }

    #[test]
    fn what_was_read_out_goes_before_an_extension_of_one_digit() {
        let expected = [("1", "=c1"), ("0", "=fallback"), ("2", "=e2")];
        assert_all(&menu(&[(1, "34")]), &company(&["0", "1", "2"]), &expected);
    }

    #[test]
    fn an_extension_that_is_only_in_the_menu_can_be_dialled_too() {
        let expected = [("3", "?"), ("34", "=c1"), ("1", "=c1")];
        assert_all(&menu(&[(1, "34")]), &company(&[]), &expected);
    }

    #[test]
    fn an_extension_of_somebody_in_the_menu_is_whom_the_caller_heard_of() {
        assert_all(&menu(&[(1, "34")]), &company(&["34"]), &[("34", "=c1")]);
    }

    #[test]
    fn the_key_of_the_other_language_waits_only_if_an_extension_begins_with_it() {
        let menu = menu(&[(1, "34")]).with_language_key(Key::digit(9).unwrap());
        assert_all(
            &menu,
            &company(&["34"]),
            &[("9", "=language"), ("9#", "=language")],
        );
        assert_all(
            &menu,
            &company(&["90"]),
            &[("9", "?language"), ("90", "=e90")],
        );
        assert_all(&menu, &company(&["9"]), &[("9", "=language")]);
    }

    #[test]
    fn the_key_of_a_callback_waits_only_if_an_extension_begins_with_it() {
        let mut menu = menu(&[(1, "34")]);
        assert_all(&menu, &company(&["34"]), &[("5", "!")]);
        menu.callback_key = Key::digit(5);
        let expected = [("5", "=call back"), ("5#", "=call back")];
        assert_all(&menu, &company(&["34"]), &expected);
        let expected = [("5", "?call back"), ("50", "=e50")];
        assert_all(&menu, &company(&["50"]), &expected);
    }

    #[test]
    fn a_hash_ends_what_was_dialled() {
        let extensions = company(&["3", "345", "02"]);
        let expected = [
            ("3#", "=e3"),
            ("34#", "!"),
            ("0#", "=fallback"),
            ("1#", "=c1"),
            ("#", "!"),
        ];
        assert_all(&menu(&[(1, "12")]), &extensions, &expected);
    }

    #[test]
    fn a_star_reads_the_menu_out_again_at_any_moment_and_letters_lead_nowhere() {
        let expected = [
            ("*", "=repeat"),
            ("3*", "=repeat"),
            ("A", "!"),
            ("3B", "!"),
            ("D", "!"),
        ];
        assert_all(&menu(&[]), &company(&["345"]), &expected);
    }

    fn some_extensions() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[0-9]{1,6}", 0..40)
    }

    proptest! {
        #[test]
        fn whatever_is_pressed_it_is_decided_after_as_many_digits_as_the_longest_extension(
            extensions in some_extensions(),
            offered in prop::collection::vec("[0-9]{1,6}", 0..9),
            keys in "[0-9*#A-D]{1,60}",
        ) {
            let directory: Vec<&str> = extensions.iter().map(String::as_str).collect();
            let choices: Vec<(u32, &str)> = (1..).zip(offered.iter().map(String::as_str)).collect();
            let (menu, directory) = (menu(&choices), company(&directory));
            let all = || extensions.iter().chain(&offered);
            let longest = all().map(String::len).max().unwrap_or(1);
            let mut digits = String::new();
            for key in keys.chars() {
                match dialled(&digits, Key::parse(key).unwrap(), &menu, &directory) {
                    // Only what may go on depends on whether more comes in time.
                    Dialled::Incomplete(_) => {
                        digits.push(key);
                        prop_assert!(all().any(|one| one.len() > digits.len() && one.starts_with(&digits)));
                        prop_assert!(digits.len() < longest);
                    }
                    Dialled::Complete(Wish::Reach(entry)) => {
                        if key != '#' {
                            digits.push(key);
                            prop_assert!(!all().any(|one| one.len() > digits.len() && one.starts_with(&digits)));
                        }
                        let by_key = only_key(&digits).and_then(|key| menu.choice(key));
                        let reached = by_key.map_or(digits.as_str(), |choice| choice.entry.extension.digits());
                        prop_assert_eq!(entry.extension.digits(), reached);
                        digits.clear();
                    }
                    Dialled::Complete(Wish::Fallback | Wish::Repeat | Wish::OtherLanguage | Wish::CallBack) | Dialled::Invalid => digits.clear(),
                }
            }
        }

        #[test]
        fn every_extension_can_be_dialled_to_its_end(extensions in some_extensions()) {
            let directory: Vec<&str> = extensions.iter().map(String::as_str).collect();
            let directory = company(&directory);
            for extension in extensions.iter().filter(|extension| *extension != "0") {
                let mut digits = String::new();
                for key in extension.chars().chain(['#']) {
                    match dialled(&digits, Key::parse(key).unwrap(), &menu(&[]), &directory) {
                        Dialled::Incomplete(_) => digits.push(key),
                        Dialled::Complete(Wish::Reach(entry)) => {
                            prop_assert_eq!(entry.extension.digits(), extension);
                            break;
                        }
                        other @ (Dialled::Complete(_) | Dialled::Invalid) => {
                            prop_assert!(false, "{}{} is {:?}", digits, key, other);
                        }
                    }
                }
            }
        }
    }
}
