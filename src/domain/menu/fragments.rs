//! Sentences in pieces that are bought once: "extension", "thirty-four", "press", "one".

use std::time::Duration;

use super::super::language::Language;
use super::super::prompt::Phrase;

/// The silence at a comma or a colon inside a sentence.
const AT_A_COMMA: Duration = Duration::from_millis(150);

/// The fragments of one sentence, without punctuation: where it was, there is a silence. `pieces` are
/// the sentence's texts and what its slots are filled with, in order; `after` is the silence that
/// follows the sentence.
pub(super) fn fragments<'a>(
    pieces: impl IntoIterator<Item = &'a str>,
    language: Language,
    after: Duration,
) -> Vec<Phrase> {
    let mut fragments: Vec<Phrase> = Vec::new();
    for piece in pieces {
        let mut rest = piece;
        while !rest.is_empty() {
            let end = rest.find(is_punctuation).unwrap_or(rest.len());
            let (words, tail) = rest.split_at(end);
            push(&mut fragments, words, language);
            let mut marks = tail.chars();
            if let (Some(mark), Some(last)) = (marks.next(), fragments.last_mut()) {
                last.pause = last.pause.max(pause_of(mark, after));
            }
            rest = marks.as_str();
        }
    }
    if let Some(last) = fragments.last_mut() {
        last.pause = after;
    }
    fragments
}

fn push(fragments: &mut Vec<Phrase>, words: &str, language: Language) {
    let words: Vec<&str> = words.split_whitespace().collect();
    if words.is_empty() {
        return;
    }
    fragments.push(Phrase {
        text: words.join(" "),
        language,
        pause: Duration::ZERO,
    });
}

fn is_punctuation(letter: char) -> bool {
    ",:;.!?…—".contains(letter)
}

fn pause_of(mark: char, after: Duration) -> Duration {
    match mark {
        '.' | '!' | '?' | '…' => after,
        _ => AT_A_COMMA,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFTER: Duration = Duration::from_millis(350);

    fn of(pieces: &[&str]) -> Vec<(String, u128)> {
        let fragments = fragments(pieces.iter().copied(), Language::Russian, AFTER);
        let told = fragments
            .into_iter()
            .map(|one| (one.text, one.pause.as_millis()));
        told.collect()
    }

    #[test]
    fn a_sentence_becomes_words_and_silences() {
        let pieces = [
            "Чулкова Евгения",
            ", добавочный ",
            "тридцать четыре",
            ": нажмите ",
            "один",
            ".",
        ];
        let expected = [
            ("Чулкова Евгения", 150),
            ("добавочный", 0),
            ("тридцать четыре", 150),
            ("нажмите", 0),
            ("один", 350),
        ];
        assert_eq!(
            of(&pieces),
            expected.map(|(text, pause)| (text.to_owned(), pause))
        );
    }

    #[test]
    fn a_name_with_a_hyphen_is_one_fragment() {
        assert_eq!(
            of(&["Салтыков-Щедрин"]),
            [("Салтыков-Щедрин".to_owned(), 350)]
        );
    }

    #[test]
    fn several_marks_are_one_silence_the_longest() {
        let expected = [("Да".to_owned(), 350), ("нет".to_owned(), 350)];
        assert_eq!(of(&["Да, !..", " нет"]), expected);
    }

    #[test]
    fn of_nothing_there_are_no_fragments() {
        assert_eq!(of(&[]), []);
        assert_eq!(of(&["", " ,", "."]), []);
    }
}
