//! The built-in prompts: rendered beforehand, and part of the program. They speak when nothing else
//! does, and at once.

use crate::domain::language::Language;
use crate::speech::sound::Decoded;
use crate::speech::text;

use super::{Service, ServiceError, samples_of_file};

/// What is said in each file.
const RUSSIAN: &str = include_str!("../../../sounds/ru/manifest.tsv");
const ENGLISH: &str = include_str!("../../../sounds/en/manifest.tsv");

/// A file by its name, and its bytes.
type Sound = (&'static str, &'static [u8]);

macro_rules! sounds {
    ($($name:literal)*) => {
        (
            &[$((concat!($name, ".wav"), include_bytes!(concat!("../../../sounds/ru/", $name, ".wav")))),*],
            &[$((concat!($name, ".wav"), include_bytes!(concat!("../../../sounds/en/", $name, ".wav")))),*],
        )
    };
}

/// Those in Russian, and those in English.
const SOUNDS: (&[Sound], &[Sound]) = sounds! {
    "greeting" "wrong_key" "nothing_pressed" "no_answer" "busy" "wait" "operator" "connecting" "all_busy" "goodbye"
    "digit_0" "digit_1" "digit_2" "digit_3" "digit_4" "digit_5" "digit_6" "digit_7" "digit_8" "digit_9"
};

/// Says what there is a sound of.
pub(in crate::speech) struct Builtin;

impl Builtin {
    /// The file in which a cleaned text is said.
    fn file(text: &str, language: Language) -> Option<&'static [u8]> {
        let (manifest, sounds) = match language {
            Language::Russian => (RUSSIAN, SOUNDS.0),
            Language::English => (ENGLISH, SOUNDS.1),
        };
        let mut lines = manifest.lines().filter_map(|line| line.split_once('\t'));
        let (name, _) = lines.find(|(_, said)| is_said(said, text, language))?;
        let sound = sounds.iter().find(|(file, _)| *file == name);
        sound.map(|(_, bytes)| *bytes)
    }
}

fn is_said(said: &str, text: &str, language: Language) -> bool {
    said == text || text::clean(said, language).is_ok_and(|said| said == text)
}

impl Service for Builtin {
    fn voice(&self, language: Language) -> Option<Vec<String>> {
        // Another rendering is another program.
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Some(vec![
            "built-in".to_owned(),
            version,
            language.code().to_owned(),
        ])
    }

    fn can_say(&self, text: &str, language: Language) -> bool {
        Self::file(text, language).is_some()
    }

    async fn speak(&self, text: &str, language: Language) -> Result<Decoded, ServiceError> {
        let file = Self::file(text, language).ok_or(ServiceError::NotRecorded)?;
        samples_of_file(file.to_vec()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[test]
    fn every_sound_was_rendered_from_the_text_that_the_manifest_has_now() {
        let manifest = include_str!("../../../sounds/prompts.toml");
        let manifest: toml::Table = toml::from_str(manifest).unwrap();
        for (language, rendered, sounds) in [
            ("russian", RUSSIAN, SOUNDS.0),
            ("english", ENGLISH, SOUNDS.1),
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
}
