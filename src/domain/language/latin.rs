//! Names in Latin letters, for a voice that speaks English and a name that the CRM has in Cyrillic ones.

use std::borrow::Cow;

/// What no Latin letter stands for, and endings as they are written in English.
const BEFORE: [(&str, &str); 6] = [
    ("ь", ""),
    ("Ь", ""),
    ("ъ", ""),
    ("Ъ", ""),
    ("ё", "йо"),
    ("Ё", "Йо"),
];
const ENDINGS: [&str; 2] = ["ий", "ый"];

/// The text as an English voice can read it: «Масленников Дмитрий» is "Maslennikov Dmitry". A text
/// without Cyrillic letters stays as it is.
#[must_use]
pub fn in_latin_letters(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_cyrillic) {
        return Cow::Borrowed(text);
    }
    let words: Vec<String> = text.split(' ').map(word).collect();
    Cow::Owned(words.join(" "))
}

fn is_cyrillic(letter: char) -> bool {
    ('\u{0400}'..='\u{052F}').contains(&letter)
}

fn word(word: &str) -> String {
    let ending = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending));
    let mut word = ending.map_or_else(|| word.to_owned(), |stem| format!("{stem}й"));
    for (letter, instead) in BEFORE {
        word = word.replace(letter, instead);
    }
    any_ascii::any_ascii(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_spelt_as_an_english_voice_reads_it() {
        let names = [
            ("Чулкова Евгения", "Chulkova Evgeniya"),
            ("Масленников Дмитрий", "Maslennikov Dmitry"),
            ("Грозный Илья", "Grozny Ilya"),
            ("Ёлкина-Объедкова Юлия", "Yolkina-Obedkova Yuliya"),
            ("Цой", "Tsoy"),
            ("Отдел продаж", "Otdel prodazh"),
        ];
        for (name, latin) in names {
            assert_eq!(in_latin_letters(name), latin);
        }
    }

    #[test]
    fn what_has_no_cyrillic_letter_stays() {
        for name in ["Zoë O'Neil", "Müller", "", "李"] {
            assert_eq!(in_latin_letters(name), name);
        }
    }
}
