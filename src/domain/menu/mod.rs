//! From what is known about a caller to what they are offered: choices, keys, words.

mod key;
mod wording;

pub use key::Key;
pub use wording::Wording;

use super::directory::Entry;
use super::phone::PhoneNumber;

/// The most choices that single keys can tell apart: 1 to 9.
pub const MOST_CHOICES: usize = 9;

/// Knows whom a caller most likely wants.
///
/// Asked once at the start of a call, and must answer from memory: a caller is waiting.
pub trait Rating: Send + Sync {
    /// The people this caller may want, best first. Empty when nothing is known about the caller,
    /// or the number is withheld (`None`): they get the default menu.
    fn wanted_by(&self, caller: Option<&PhoneNumber>) -> Vec<Entry>;

    /// What a caller about whom nothing is known is offered, in order.
    fn default_choices(&self) -> Vec<Entry>;
}

/// Whose menu it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuKind {
    /// Made for this caller.
    Personal,
    /// For everybody about whom nothing is known.
    Default,
}

/// One line of a menu: press this key, reach this person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The key to press.
    pub key: Key,
    /// Who is reached.
    pub entry: Entry,
}

/// What a caller is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// Whose menu it is.
    pub kind: MenuKind,
    /// The choices, in the order in which they are read out. May be empty.
    pub choices: Vec<Choice>,
}

impl Menu {
    /// Makes the menu for a caller: at most `longest` of the people they want, otherwise the default.
    #[must_use]
    pub fn for_caller(rating: &dyn Rating, caller: Option<&PhoneNumber>, longest: usize) -> Self {
        let wanted = rating.wanted_by(caller);
        if wanted.is_empty() {
            return Self::of(MenuKind::Default, rating.default_choices(), MOST_CHOICES);
        }
        Self::of(MenuKind::Personal, wanted, longest)
    }

    fn of(kind: MenuKind, entries: Vec<Entry>, longest: usize) -> Self {
        let choices = entries
            .into_iter()
            .zip(Key::CHOICES)
            .take(longest)
            .map(|(entry, key)| Choice { key, entry })
            .collect();
        Self { kind, choices }
    }

    /// The choice behind a key.
    #[must_use]
    pub fn choice(&self, key: Key) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.key == key)
    }

    /// The same menu without one choice. The others keep their keys: the caller has heard them.
    #[must_use]
    pub fn without(mut self, key: Key) -> Self {
        self.choices.retain(|choice| choice.key != key);
        self
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::directory::{Endpoint, Extension, Name};
    use crate::domain::person::PersonName;
    use crate::domain::rating::EmployeeId;

    pub(crate) fn employee(id: &str, extension: &str) -> Entry {
        Entry {
            id: EmployeeId::parse(id).unwrap(),
            name: Name::Person(
                PersonName::new(&format!("Last-{id}"), &format!("First-{id}"), "").unwrap(),
            ),
            extension: Extension::parse(extension).unwrap(),
            endpoint: Endpoint::parse(&format!("PJSIP/{extension}")).unwrap(),
        }
    }

    struct Known(Vec<Entry>);

    impl Rating for Known {
        fn wanted_by(&self, caller: Option<&PhoneNumber>) -> Vec<Entry> {
            caller.map(|_| self.0.clone()).unwrap_or_default()
        }

        fn default_choices(&self) -> Vec<Entry> {
            vec![employee("sales", "90")]
        }
    }

    fn caller() -> PhoneNumber {
        PhoneNumber::parse("+74959262644").unwrap()
    }

    #[test]
    fn a_known_caller_is_offered_the_best_first() {
        let rating = Known(vec![employee("e", "34"), employee("d", "02")]);
        let menu = Menu::for_caller(&rating, Some(&caller()), 3);
        assert_eq!(menu.kind, MenuKind::Personal);
        assert_eq!(menu.choices[0].key, Key::digit(1).unwrap());
        assert_eq!(menu.choices[0].entry.extension.digits(), "34");
        assert_eq!(menu.choices[1].key, Key::digit(2).unwrap());
        assert_eq!(menu.choices.len(), 2);
    }

    #[test]
    fn a_menu_is_no_longer_than_set() {
        let rating = Known((0..12).map(|n| employee("x", &format!("{n}"))).collect());
        assert_eq!(
            Menu::for_caller(&rating, Some(&caller()), 3).choices.len(),
            3
        );
        assert_eq!(
            Menu::for_caller(&rating, Some(&caller()), 50).choices.len(),
            9
        );
    }

    #[test]
    fn who_is_unknown_or_withholds_the_number_gets_the_default_menu() {
        let nobody_wanted = Known(Vec::new());
        for (rating, number) in [
            (nobody_wanted, Some(caller())),
            (Known(vec![employee("e", "34")]), None),
        ] {
            let menu = Menu::for_caller(&rating, number.as_ref(), 3);
            assert_eq!(menu.kind, MenuKind::Default);
            assert_eq!(menu.choices[0].entry.extension.digits(), "90");
        }
    }

    #[test]
    fn who_did_not_answer_leaves_the_menu_and_the_others_keep_their_keys() {
        let rating = Known(vec![employee("e", "34"), employee("d", "02")]);
        let menu = Menu::for_caller(&rating, Some(&caller()), 3).without(Key::digit(1).unwrap());
        assert_eq!(menu.choices.len(), 1);
        assert_eq!(menu.choices[0].key, Key::digit(2).unwrap());
    }
}
