//! What tells a patronymic: its ending, or a word after the father's name.

use super::gender::is_first_name;
use super::letters::{folded, lower};
use crate::domain::person::Gender;

/// «Мамед оглы»: son, daughter of Mamed. Nothing in it is declined.
const SONS: [&str; 6] = ["оглы", "оглу", "огли", "улы", "уулу", "угли"];
const DAUGHTERS: [&str; 4] = ["кызы", "гызы", "кизи", "казы"];

/// Whose patronymic it is; `None` if it is none.
pub(super) fn gender(text: &str) -> Option<Gender> {
    let text = lower(text);
    if let Some(gender) = text.split([' ', '-']).find_map(relation) {
        return Some(gender);
    }
    let has = |endings: &[&str]| endings.iter().any(|ending| text.ends_with(ending));
    // «Ильич», «Кузьмич», «Никитич» have no -ович.
    if has(&[
        "ович",
        "евич",
        "ёвич",
        "ьич",
        "мич",
        "кич",
        "тич",
        "ввич",
        "лич",
        "вович",
    ]) {
        return Some(Gender::Male);
    }
    if has(&["овна", "евна", "ёвна", "ична", "инишна"]) {
        return Some(Gender::Female);
    }
    None
}

/// Whether it is a patronymic and no surname: «Шостакович» looks like one, but nobody is called
/// «Шостак».
pub(super) fn is_certain(word: &str) -> bool {
    let word = folded(word);
    if gender(&word).is_none() {
        return false;
    }
    let endings = [
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
    let stems = endings
        .iter()
        .filter_map(|ending| word.strip_suffix(ending));
    // «Сергей», «Юрий», «Игорь», «Илья», «Никита»; «Лев», «Павел», «Пётр».
    let mut stems = stems.flat_map(|stem| {
        ["", "й", "ий", "ь", "а", "я", "ья", "ля", "лий", "иил", "ил"]
            .map(|ending| format!("{stem}{ending}"))
    });
    word.starts_with("льв")
        || word.starts_with("павл")
        || word.contains(' ')
        || stems.any(|name| is_first_name(&name))
}

/// «оглы», «кызы».
pub(super) fn relation(word: &str) -> Option<Gender> {
    let word = lower(word);
    if SONS.contains(&word.as_str()) {
        return Some(Gender::Male);
    }
    DAUGHTERS.contains(&word.as_str()).then_some(Gender::Female)
}
