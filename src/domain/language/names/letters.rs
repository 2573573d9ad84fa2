//! Letters: which words can be declined, and how capitals are kept.

/// The same letters in one spelling: a letter and its mark written apart become one.
pub(super) fn composed(text: &str) -> String {
    let pairs = [
        ("е\u{308}", "ё"),
        ("Е\u{308}", "Ё"),
        ("и\u{306}", "й"),
        ("И\u{306}", "Й"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (apart, one)| {
        text.replace(apart, one)
    })
}

pub(super) fn lower(text: &str) -> String {
    composed(text).to_lowercase()
}

/// Lower case, with е for ё: for looking up.
pub(super) fn folded(text: &str) -> String {
    lower(text).replace('ё', "е")
}

pub(super) fn is_vowel(letter: char) -> bool {
    "аеёиоуыэюя".contains(letter)
}

pub(super) fn is_consonant(letter: char) -> bool {
    "бвгджзйклмнпрстфхцчшщ".contains(letter)
}

/// How many vowels a word in lower case has.
pub(super) fn vowels(word: &str) -> usize {
    word.chars().filter(|letter| is_vowel(*letter)).count()
}

/// Whether Russian can decline it: at least two letters with a vowel among them, all Russian.
pub(super) fn is_russian_word(word: &str) -> bool {
    let letters = lower(word);
    let russian = |letter: char| matches!(letter, 'а'..='я' | 'ё' | '\'' | '’');
    letters.chars().all(russian) && letters.chars().count() > 1 && vowels(&letters) > 0
}

/// The form in the capitals of the word that it was made from: «ИВАНОВ», «Ёж» and «Ежа».
pub(super) fn in_capitals_of(word: &str, form: String) -> String {
    let mut letters = word.chars().filter(|letter| letter.is_alphabetic());
    let first = letters.next().is_some_and(char::is_uppercase);
    let mut others = letters.peekable();
    if first && others.peek().is_some() && others.all(char::is_uppercase) {
        return form.to_uppercase();
    }
    if !first {
        return form;
    }
    let mut rest = form.chars();
    rest.next().map_or_else(String::new, |letter| {
        letter.to_uppercase().chain(rest).collect()
    })
}
