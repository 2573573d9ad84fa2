//! From what is known about a caller to what they are offered: choices, keys, words.

mod announcement;
mod dialling;
mod fragments;
mod key;
mod known;
mod presence;
mod summons;
pub mod template;
mod wording;

pub use announcement::Announcement;
pub use dialling::{Dialled, Wish, dialled};
pub use key::Key;
pub use known::{CallerName, Known, Reasons};
pub use presence::{Asked, Presence, asked};
pub use summons::SummonsTemplates;
pub use wording::{Mode, Wording};

use super::directory::{Company, Entry};
use super::rating::{EmployeeId, Ranking};

/// The most choices that single keys can tell apart: 1 to 9.
pub const MOST_CHOICES: usize = 9;

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
    /// Whether they are talking at this moment, and the key is to wait for them.
    pub busy: bool,
}

/// What a caller is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// Whose menu it is.
    pub kind: MenuKind,
    /// The choices, in the order in which they are read out. May be empty.
    pub choices: Vec<Choice>,
    /// The key that leads to another language.
    pub language_key: Option<Key>,
    /// The key by which a caller asks to be called back, as long as that is offered.
    pub callback_key: Option<Key>,
}

impl Menu {
    /// Makes the menu for a caller: at most `longest` of those whom the ranking offers, as far as
    /// they can be reached; without any, what everybody is offered.
    #[must_use]
    pub fn for_caller(
        ranking: &Ranking,
        company: &Company,
        departments: &[Entry],
        longest: usize,
    ) -> Self {
        let wanted = wanted_of(ranking, company, longest);
        Self::personal(wanted, departments, longest)
    }

    /// A menu of these people, best first; without any, what everybody is offered. Whoever is alone in
    /// it has the first department beside them.
    #[must_use]
    pub fn personal(mut wanted: Vec<Entry>, departments: &[Entry], longest: usize) -> Self {
        if wanted.is_empty() {
            return Self::default_of(departments);
        }
        if let ([only], Some(first)) = (wanted.as_slice(), departments.first())
            && only.id != first.id
        {
            wanted.push(first.clone());
        }
        Self::of(MenuKind::Personal, wanted, longest)
    }

    /// What is offered to a caller about whom nothing is known.
    #[must_use]
    pub fn default_of(departments: &[Entry]) -> Self {
        Self::of(MenuKind::Default, departments.to_vec(), MOST_CHOICES)
    }

    fn of(kind: MenuKind, entries: Vec<Entry>, longest: usize) -> Self {
        let choices = entries
            .into_iter()
            .zip(Key::CHOICES)
            .take(longest)
            .map(|(entry, key)| Choice {
                key,
                entry,
                busy: false,
            })
            .collect();
        Self {
            kind,
            choices,
            language_key: None,
            callback_key: None,
        }
    }

    /// The choice behind a key.
    #[must_use]
    pub fn choice(&self, key: Key) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.key == key)
    }

    /// The same menu with a key that leads to another language. Nobody has it: from there on the choices
    /// have the next one, and a ninth has none.
    #[must_use]
    pub fn with_language_key(self, language: Key) -> Self {
        Self {
            language_key: Some(language),
            ..self
        }
        .leaving_free(language)
    }

    /// The same menu, in which nobody has this key, nor that of another language.
    #[must_use]
    pub fn leaving_free(self, free: Key) -> Self {
        let is_taken = |key: &Key| *key == free || Some(*key) == self.language_key;
        let keys = Key::CHOICES.into_iter().filter(|key| !is_taken(key));
        let choices = self.choices.into_iter().zip(keys);
        let choices = choices.map(|(choice, key)| Choice { key, ..choice });
        Self {
            choices: choices.collect(),
            ..self
        }
    }

    /// The same menu, in which it is said of these people that they are talking.
    #[must_use]
    pub fn saying_busy(mut self, busy: &[EmployeeId]) -> Self {
        for choice in &mut self.choices {
            choice.busy = busy.contains(&choice.entry.id);
        }
        self
    }

    /// Whether somebody in it is said to be talking.
    #[must_use]
    pub fn says_busy(&self, person: &EmployeeId) -> bool {
        let of = |choice: &&Choice| choice.entry.id == *person;
        self.choices.iter().find(of).is_some_and(|it| it.busy)
    }

    /// The same menu without one person. The others keep their keys: the caller has heard them.
    #[must_use]
    pub fn without(mut self, person: &EmployeeId) -> Self {
        self.choices.retain(|choice| choice.entry.id != *person);
        self
    }
}

/// The first so many of those whom a ranking offers, as far as they have a telephone.
#[must_use]
pub fn wanted_of(ranking: &Ranking, company: &Company, most: usize) -> Vec<Entry> {
    let offered = ranking.offered().map(|candidate| &candidate.employee);
    let entries = offered.filter_map(|employee| company.entry(employee));
    entries.take(most).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::directory::{Endpoint, Extension, Name};
    use crate::domain::person::PersonName;

    pub(crate) fn employee(id: &str, extension: &str) -> Entry {
        Entry {
            id: EmployeeId::parse(id).unwrap(),
            name: Name::Person(
                PersonName::new(&format!("Last-{id}"), &format!("First-{id}"), "").unwrap(),
            ),
            gender: None,
            extension: Extension::parse(extension).unwrap(),
            endpoint: Endpoint::parse(&format!("PJSIP/{extension}")).unwrap(),
            more_endpoints: Vec::new(),
        }
    }

    fn sales() -> Vec<Entry> {
        vec![employee("sales", "90")]
    }

    #[test]
    fn a_known_caller_is_offered_the_best_first() {
        let wanted = vec![employee("e", "34"), employee("d", "02")];
        let menu = Menu::personal(wanted, &sales(), 3);
        assert_eq!(menu.kind, MenuKind::Personal);
        assert_eq!(menu.choices[0].key, Key::digit(1).unwrap());
        assert_eq!(menu.choices[0].entry.extension.digits(), "34");
        assert_eq!(menu.choices[1].key, Key::digit(2).unwrap());
        assert_eq!(menu.choices.len(), 2);
    }

    #[test]
    fn whoever_is_alone_in_a_menu_has_a_department_beside_them() {
        let extensions = |wanted: Vec<Entry>, longest| -> Vec<String> {
            let menu = Menu::personal(wanted, &sales(), longest);
            assert_eq!(menu.kind, MenuKind::Personal);
            let extensions = menu.choices.iter().map(|choice| &choice.entry.extension);
            extensions.map(ToString::to_string).collect()
        };
        assert_eq!(extensions(vec![employee("e", "34")], 3), ["34", "90"]);
        assert_eq!(extensions(vec![employee("e", "34")], 1), ["34"]);
        assert_eq!(extensions(sales(), 3), ["90"]);
    }

    #[test]
    fn a_menu_is_no_longer_than_set() {
        let wanted: Vec<_> = (0..12).map(|n| employee("x", &format!("{n}"))).collect();
        let menu = |longest| Menu::personal(wanted.clone(), &sales(), longest);
        assert_eq!(menu(3).choices.len(), 3);
        assert_eq!(menu(50).choices.len(), 9);
    }

    #[test]
    fn who_wants_nobody_in_particular_gets_the_default_menu() {
        let menu = Menu::personal(Vec::new(), &sales(), 3);
        assert_eq!(menu.kind, MenuKind::Default);
        assert_eq!(menu.choices[0].entry.extension.digits(), "90");
    }

    #[test]
    fn the_key_of_the_other_language_is_nobodys() {
        let menu = |people: u32, key| {
            let wanted = (0..people)
                .map(|n| employee("x", &format!("{n}")))
                .collect();
            let menu = Menu::personal(wanted, &[], 9).with_language_key(Key::digit(key).unwrap());
            let keys = menu.choices.iter().map(|choice| choice.key.to_string());
            keys.collect::<String>()
        };
        assert_eq!(menu(3, 9), "123");
        assert_eq!(menu(3, 2), "134");
        assert_eq!(menu(9, 9), "12345678");
        assert_eq!(menu(9, 1), "23456789");
    }

    #[test]
    fn two_keys_can_be_nobodys() {
        let key = |digit| Key::digit(digit).unwrap();
        let wanted = (0..9).map(|n| employee("x", &format!("{n}"))).collect();
        let menu = Menu::personal(wanted, &[], 9).with_language_key(key(2));
        let menu = menu.leaving_free(key(5));
        let keys = menu.choices.iter().map(|choice| choice.key.to_string());
        assert_eq!(keys.collect::<String>(), "1346789");
    }

    #[test]
    fn who_did_not_answer_leaves_the_menu_and_the_others_keep_their_keys() {
        let wanted = vec![employee("e", "34"), employee("d", "02")];
        let wanted_id = wanted[0].id.clone();
        let menu = Menu::personal(wanted, &sales(), 3).without(&wanted_id);
        assert_eq!(menu.choices.len(), 1);
        assert_eq!(menu.choices[0].key, Key::digit(2).unwrap());
    }
}
