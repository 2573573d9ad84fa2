//! What tells a patronymic: its ending, or a word after the father's name.

use super::gender::is_first_name;
use super::letters::{folded, lower};
use crate::domain::person::Gender;

/// «Мамед оглы»: son, daughter of Mamed. Nothing in it is declined.
const SONS: [&str; 6] = ["оглы", "оглу", "огли", "улы", "уулу", "угли"];
const DAUGHTERS: [&str; 4] = ["кызы", "гызы", "кизи", "казы"];

/// «Ильич», «Кузьмич», «Никитич» have no -ович.
const SONS_ENDINGS: [&str; 9] = [
    "ович", "евич", "ёвич", "ьич", "мич", "кич", "тич", "ввич", "лич",
];
const DAUGHTERS_ENDINGS: [&str; 5] = ["овна", "евна", "ёвна", "ична", "инишна"];

/// What a patronymic adds to a father's name, with е for ё.
const ENDINGS: [&str; 13] = [
    "льевич",
    "льевна",
    "ьевич",
    "ьевна",
    "левич",
    "левна",
    "евич",
    "евна",
    "ович",
    "овна",
    "инична",
    "ична",
    "ич",
];
/// How the father's name goes on where its patronymic was cut: «Сергей», «Юрий», «Игорь», «Никита».
const OF_FATHERS: [&str; 11] = ["", "й", "ий", "ь", "а", "я", "ья", "ля", "лий", "иил", "ил"];

/// Whose patronymic it is; `None` if it is none.
pub(super) fn gender(text: &str) -> Option<Gender> {
    let text = lower(text);
    if let Some(gender) = text.split([' ', '-']).find_map(relation) {
        return Some(gender);
    }
    let has = |endings: &[&str]| endings.iter().any(|ending| text.ends_with(ending));
    if has(&SONS_ENDINGS) {
        return Some(Gender::Male);
    }
    has(&DAUGHTERS_ENDINGS).then_some(Gender::Female)
}

/// Whether it is a patronymic and no surname: «Шостакович» looks like one, but nobody is called
/// «Шостак».
pub(super) fn is_certain(word: &str) -> bool {
    let word = folded(word);
    if gender(&word).is_none() {
        return false;
    }
    let fathers = ENDINGS
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .flat_map(|stem| OF_FATHERS.map(|ending| format!("{stem}{ending}")));
    // «Лев» and «Павел» lose a vowel.
    ["льв", "павл"].iter().any(|stem| word.starts_with(stem))
        || word.contains(' ')
        || fathers.into_iter().any(|name| is_first_name(&name))
}

/// «оглы», «кызы».
pub(super) fn relation(word: &str) -> Option<Gender> {
    let word = lower(word);
    if SONS.contains(&word.as_str()) {
        return Some(Gender::Male);
    }
    DAUGHTERS.contains(&word.as_str()).then_some(Gender::Female)
}
