//! The text as a speech program may see it: words and punctuation, nothing that it would obey.

use crate::domain::language::Language;

use super::SpeechError;

/// The longest phrase that is spoken, in characters.
pub(super) const LONGEST_PHRASE: usize = 1000;

/// Punctuation that guides the voice. All else that is not a letter or a digit is a blank.
const PUNCTUATION: &str = ".,:;!?-–—…'’\"«»“”„()/%№";

/// A phrase, cleaned: one line without markup, phoneme codes and control characters.
///
/// # Errors
/// [`SpeechError::NothingToSay`] when no letter or digit is left, [`SpeechError::PhraseTooLong`]
/// above [`LONGEST_PHRASE`] characters.
pub(super) fn clean(text: &str, language: Language) -> Result<String, SpeechError> {
    // Measured first, so that no work is done on an endless text.
    let characters = text.chars().count();
    if characters > LONGEST_PHRASE {
        return Err(SpeechError::PhraseTooLong {
            characters,
            limit: LONGEST_PHRASE,
        });
    }
    let without_codes = without(text, "[[", "]]", |_| true);
    let without_markup = without(&without_codes, "<", ">", looks_like_a_tag);
    let plain: String = without_markup
        .chars()
        .filter(|c| !is_invisible(*c))
        .collect();
    let spoken = speakable(&plain, language);
    if !spoken.contains(char::is_alphanumeric) {
        return Err(SpeechError::NothingToSay);
    }
    Ok(spoken)
}

/// The text with a blank for everything between `open` and the next `close`, both included, where
/// `matches` holds for what is between.
fn without(text: &str, open: &str, close: &str, matches: fn(&str) -> bool) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        kept.push(' ');
        rest = match after.split_once(close) {
            Some((inside, behind)) if matches(inside) => behind,
            Some(_) | None => after,
        };
    }
    kept.push_str(rest);
    kept
}

fn looks_like_a_tag(inside: &str) -> bool {
    inside.starts_with(|c: char| c.is_alphabetic() || "/!?".contains(c))
}

/// Stress marks and joiners are inside words: a blank in their place would cut the word.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '+' | '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
    )
}

fn speakable(text: &str, language: Language) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' if language == Language::Russian => line.push_str(" и "),
            '&' => line.push_str(" and "),
            _ if is_spoken(character) => line.push(character),
            _ => line.push(' '),
        }
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    words.join(" ")
}

fn is_spoken(character: char) -> bool {
    let part_of_a_letter = ('\u{0300}'..='\u{036F}').contains(&character);
    // Nearly all that is said; for other letters a table is searched.
    let russian = ('А'..='я').contains(&character);
    russian || character.is_alphanumeric() || part_of_a_letter || PUNCTUATION.contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn russian(text: &str) -> String {
        clean(text, Language::Russian).unwrap()
    }

    #[test]
    fn ordinary_sentences_are_left_as_they_are() {
        for text in [
            "Чулкова Евгения, добавочный тридцать четыре: нажмите один.",
            "К сожалению, никто не ответил…",
            "ООО «Ромашка» — Петров/Иванов (50%)",
            "I'm sorry, that isn’t in the menu!",
        ] {
            assert_eq!(russian(text), text);
        }
    }

    #[test]
    fn what_a_program_would_obey_is_taken_out() {
        let table = [
            ("Евг+ения", "Евгения"),
            ("Анна [[h@'l@U]] Петрова", "Анна Петрова"),
            ("Анна <break time='9s'/> Петрова", "Анна Петрова"),
            ("<speak>Анна</speak>", "Анна"),
            ("Анна <!-- x --> Петрова", "Анна Петрова"),
            ("[[[[Анна]]]] Петрова", "Петрова"),
            ("Анна [[Петрова", "Анна Петрова"),
            ("5 < 6 и 7 > 2", "5 6 и 7 2"),
            ("Анна\nПетрова\r\n\tи\0другие", "Анна Петрова и другие"),
            ("Анна\u{1b}[31m", "Анна 31m"),
            ("а sil<[300]> б", "а sil 300 б"),
            ("Рога & Копыта", "Рога и Копыта"),
            ("`rm -rf` $(x) {а} |б| \\в", "rm -rf (x) а б в"),
            ("Ан\u{AD}на\u{200D}", "Анна"),
        ];
        for (text, cleaned) in table {
            let heard = clean(text, Language::Russian).ok();
            let expected = (!cleaned.is_empty()).then(|| cleaned.to_owned());
            assert_eq!(heard, expected, "{text:?}");
        }
    }

    #[test]
    fn cleaning_twice_changes_nothing_more() {
        for text in [
            "[<[[a]]>[b]]",
            "<<b>i>Анна",
            "[[a]]]]x",
            "a+&+b",
            "<a <b> c> d",
        ] {
            let once = russian(text);
            assert_eq!(russian(&once), once, "{text}");
        }
    }

    #[test]
    fn an_accented_letter_written_as_two_characters_stays() {
        assert_eq!(russian("Андреи\u{306}"), "Андреи\u{306}");
    }

    #[test]
    fn a_text_without_words_is_refused() {
        for text in ["", "  ", "...", "<b></b>", "+", "[[a]]", "—"] {
            let refused = clean(text, Language::Russian);
            assert!(
                matches!(refused, Err(SpeechError::NothingToSay)),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_text_above_a_thousand_characters_is_refused() {
        assert!(clean(&"я".repeat(LONGEST_PHRASE), Language::Russian).is_ok());
        let refused = clean(&"я".repeat(LONGEST_PHRASE + 1), Language::Russian);
        assert!(matches!(
            refused,
            Err(SpeechError::PhraseTooLong {
                characters: 1001,
                ..
            })
        ));
    }
}
