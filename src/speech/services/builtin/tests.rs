//! What can be said without any service, and of what it is put together.

use jiff::Span;
use jiff::civil::{DateTime, date};

use super::*;
use crate::domain::callback::briefing::{BriefingWording, Subject};
use crate::domain::language::{FixedPhrase, fixed_phrase};

#[tokio::test]
async fn whatever_is_said_in_every_call_alike_is_built_in() {
    for language in Language::ALL {
        for phrase in FixedPhrase::ALL {
            let text = text::clean(fixed_phrase(phrase, language), language).unwrap();
            assert!(
                Builtin.can_say(&text, language),
                "{phrase:?} in {language:?}"
            );
            let sound = Builtin.speak(&text, language).await.unwrap();
            let seconds = sound.samples.len() as f64 / f64::from(sound.rate);
            assert!((0.3..8.0).contains(&seconds), "{phrase:?}: {seconds} s");
        }
    }
}

/// The words of a callback without names, as [`BriefingWording`] puts them.
fn plain(language: Language, attempt: u32, appointment: DateTime) -> Vec<String> {
    let subject = Subject {
        patient: None,
        appointment: Some(appointment),
        profession: None,
        specialist: None,
        reason: None,
        attempt,
    };
    let prompts = BriefingWording::new(language).prompts(&subject);
    let fixed = [prompts.plain, prompts.connecting, prompts.busy];
    let fixed = fixed.into_iter().chain([prompts.no_answer]);
    let prompts = fixed.chain([prompts.sorry, prompts.apology]);
    let phrases = prompts.flat_map(|prompt| prompt.phrases);
    phrases.map(|phrase| phrase.text).collect()
}

#[test]
fn a_callback_of_any_day_and_time_can_be_told_without_names() {
    for language in Language::ALL {
        for minute in 0..24 * 60_u32 {
            let (day, attempt) = (1 + minute % 366, 1 + minute % 70);
            let at = date(2028, 1, 1).at(0, 0, 0, 0) + Span::new().days(i64::from(day) - 1);
            let at = at + Span::new().minutes(i64::from(minute));
            for text in plain(language, attempt, at) {
                let text = text::clean(&text, language).unwrap();
                assert!(Builtin.can_say(&text, language), "{text}");
            }
        }
    }
}

#[test]
fn nothing_is_put_together_of_sentences_or_with_a_word_missing() {
    for (text, language) in [
        ("Соединяю два.", Language::Russian),
        ("Запись на двенадцатое число.", Language::Russian),
        ("Анна, добавочный один.", Language::Russian),
        ("The line is busy, press one", Language::English),
        ("…", Language::English),
    ] {
        assert!(!Builtin.can_say(text, language), "{text}");
    }
}

#[tokio::test]
async fn a_sentence_of_fragments_is_as_long_as_they_and_the_silences_are() {
    let length = async |text: &str| {
        let sound = Builtin.speak(text, Language::English).await.unwrap();
        sound.samples.len()
    };
    let fragments = length("thirty").await + length("five").await + length("noon").await;
    let silences = BETWEEN_FRAGMENTS + AT_A_COMMA;
    assert_eq!(length("Thirty-five: noon.").await, fragments + silences);
    assert_eq!(
        length("For English, press nine.").await,
        length("For English, press").await + BETWEEN_FRAGMENTS + length("nine").await
    );
}

#[test]
fn every_sound_was_rendered_from_the_text_that_the_manifest_has_now() {
    let manifest = include_str!("../../../../sounds/prompts.toml");
    let manifest: toml::Table = toml::from_str(manifest).unwrap();
    for (language, rendered, sounds) in [
        ("russian", RUSSIAN, SOUNDS.1),
        ("english", ENGLISH, SOUNDS.2),
    ] {
        assert_eq!(rendered.lines().count(), manifest.len(), "run make sounds");
        assert_eq!(sounds.len(), manifest.len(), "the list above lacks some");
        for (name, texts) in &manifest {
            let line = format!("{name}.wav\t{}", texts[language].as_str().unwrap());
            assert!(
                rendered.lines().any(|said| said == line),
                "{name}: run make sounds"
            );
        }
    }
}
