//! Whether a name is a man's or a woman's.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::letters::{folded, is_russian_word, lower, vowels};
use super::{NamePart, patronymic};
use crate::domain::person::{Gender, PersonName};

/// The data is part of the program: nothing is read when it runs.
const FIRST_NAMES: &str = include_str!("../../../../data/names/first_names.toml");
const PETROVICH: &str = include_str!("../../../../data/petrovich/gender.json");

/// Surnames that end like a woman's or a man's and are both.
const SURNAMES_OF_BOTH: [&str; 14] = [
    "голова",
    "корова",
    "подкова",
    "дуброва",
    "основа",
    "обнова",
    "полова",
    "калина",
    "щербина",
    "дубина",
    "рябина",
    "година",
    "литвин",
    "чаплин",
];

/// The gender of a name: from the patronymic, else the first name, else the surname. `None` if they
/// don't tell.
#[must_use]
pub fn gender_of(name: &PersonName) -> Option<Gender> {
    let of = |part, text: Option<&str>| text.and_then(|text| gender_of_part(part, text));
    of(NamePart::Middle, name.middle())
        .or_else(|| of(NamePart::First, name.first()))
        .or_else(|| of(NamePart::Last, name.last()))
}

/// What one part of a name tells about the gender.
#[must_use]
pub fn gender_of_part(part: NamePart, text: &str) -> Option<Gender> {
    match part {
        NamePart::Middle => patronymic::gender(text),
        NamePart::First => of_first_name(text),
        NamePart::Last => of_surname(text),
    }
}

/// Whether it is in our list of first names.
pub(super) fn is_first_name(word: &str) -> bool {
    let word = folded(word);
    NAMES.male.contains(&word) || NAMES.female.contains(&word)
}

fn of_first_name(name: &str) -> Option<Gender> {
    let word = name.split(['-', ' ']).next().unwrap_or_default();
    if !is_russian_word(word) {
        return None;
    }
    let key = folded(word);
    match (NAMES.male.contains(&key), NAMES.female.contains(&key)) {
        (true, true) => None,
        (true, false) => Some(Gender::Male),
        (false, true) => Some(Gender::Female),
        (false, false) => HINTS.firstname.of(&lower(word)),
    }
}

pub(super) fn of_surname(name: &str) -> Option<Gender> {
    let word = name.rsplit(['-', ' ']).next().unwrap_or_default();
    let word = lower(word);
    // «Цой», «Мин», «Кова» are too short to have an ending of a gender.
    let tells =
        is_russian_word(&word) && (vowels(&word) > 1 && !SURNAMES_OF_BOTH.contains(&word.as_str()));
    tells.then(|| HINTS.lastname.of(&word)).flatten()
}

struct FirstNames {
    male: HashSet<String>,
    female: HashSet<String>,
}

static NAMES: LazyLock<FirstNames> = LazyLock::new(|| {
    // The tests prove that both files can be read, so the empty defaults are never used.
    let lists: Lists = toml::from_str(FIRST_NAMES).unwrap_or_default();
    let set = |list: &str| list.split_whitespace().map(folded).collect();
    FirstNames {
        male: set(&lists.male),
        female: set(&lists.female),
    }
});

static HINTS: LazyLock<Kinds> = LazyLock::new(|| {
    let file: File = serde_json::from_str(PETROVICH).unwrap_or_default();
    file.gender
});

#[derive(Default, Deserialize)]
struct Lists {
    male: String,
    female: String,
}

#[derive(Default, Deserialize)]
struct File {
    gender: Kinds,
}

#[derive(Default, Deserialize)]
struct Kinds {
    lastname: Hints,
    firstname: Hints,
}

#[derive(Default, Deserialize)]
struct Hints {
    exceptions: HashMap<For, Vec<String>>,
    suffixes: HashMap<For, Vec<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
enum For {
    Male,
    Female,
    Androgynous,
}

impl Hints {
    /// By the whole name, else by the longest ending.
    fn of(&self, word: &str) -> Option<Gender> {
        let whole = self
            .exceptions
            .iter()
            .find(|(_, names)| names.iter().any(|name| name == word));
        let by_ending = || {
            let endings = self
                .suffixes
                .iter()
                .flat_map(|(gender, endings)| endings.iter().map(move |ending| (gender, ending)));
            endings
                .filter(|(_, ending)| word.ends_with(ending.as_str()))
                .max_by_key(|(_, ending)| ending.len())
                .map(|(gender, _)| gender)
        };
        match whole.map(|(gender, _)| gender).or_else(by_ending)? {
            For::Male => Some(Gender::Male),
            For::Female => Some(Gender::Female),
            For::Androgynous => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_can_be_read() {
        let lists: Result<Lists, _> = toml::from_str(FIRST_NAMES);
        assert!(lists.is_ok(), "{:?}", lists.err());
        let hints: Result<File, _> = serde_json::from_str(PETROVICH);
        assert!(hints.is_ok(), "{:?}", hints.err());
    }

    fn gender(last: &str, first: &str, middle: &str) -> Option<Gender> {
        gender_of(&PersonName::new(last, first, middle).unwrap())
    }

    #[test]
    fn the_patronymic_tells_before_the_first_name_and_that_before_the_surname() {
        let table = [
            (("Шевченко", "Женя", "Петровна"), Some(Gender::Female)),
            (("Шевченко", "Женя", "Ильич"), Some(Gender::Male)),
            (("Алиева", "Саша", ""), Some(Gender::Female)),
            (("Ковальчук", "Никита", ""), Some(Gender::Male)),
            (("Ковальчук", "Любовь", ""), Some(Gender::Female)),
            (("Мамедов", "Саша", "Али кызы"), Some(Gender::Female)),
            (("Толстой", "", ""), Some(Gender::Male)),
            (("Чулкова", "", ""), Some(Gender::Female)),
            (("Шевченко", "Саша", ""), None),
            (("Smith", "Zoë", ""), None),
            (("Ким", "", ""), None),
            (("Голова", "", ""), None),
        ];
        for ((last, first, middle), expected) in table {
            assert_eq!(gender(last, first, middle), expected, "{last} {first}");
        }
    }

    #[test]
    fn a_first_name_that_is_not_in_the_list_tells_by_its_ending() {
        assert_eq!(gender("", "Гульшат", ""), Some(Gender::Female));
        assert_eq!(gender("", "Бахтияр", ""), Some(Gender::Male));
        assert_eq!(gender("", "Златослава", ""), Some(Gender::Female));
    }
}
