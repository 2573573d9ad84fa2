//! The fixed texts: what is said in every call alike, by name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Language;

/// The texts are part of the program: nothing is read when it runs.
const MANIFEST: &str = include_str!("../../../sounds/prompts.toml");

/// A text that every call says alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FixedPhrase {
    /// Said first, unless the configuration has a greeting of its own.
    Greeting,
    /// The key is not one of the menu's.
    WrongKey,
    /// No key came in time.
    NothingPressed,
    /// The chosen phone rang out.
    NoAnswer,
    /// The chosen phone is busy.
    Busy,
    /// The caller waits for somebody who is talking.
    Wait,
}

impl FixedPhrase {
    /// What the manifest calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::WrongKey => "wrong_key",
            Self::NothingPressed => "nothing_pressed",
            Self::NoAnswer => "no_answer",
            Self::Busy => "busy",
            Self::Wait => "wait",
        }
    }

    /// Every fixed text.
    pub const ALL: [Self; 6] = [
        Self::Greeting,
        Self::WrongKey,
        Self::NothingPressed,
        Self::NoAnswer,
        Self::Busy,
        Self::Wait,
    ];
}

/// The words of a fixed text.
#[must_use]
pub fn fixed_phrase(phrase: FixedPhrase, language: Language) -> &'static str {
    // The tests prove that the manifest can be read, so the empty default is never heard.
    static TEXTS: LazyLock<Manifest> =
        LazyLock::new(|| toml::from_str(MANIFEST).unwrap_or_default());
    let texts: &'static Manifest = &TEXTS;
    let Some(text) = texts.get(phrase.name()) else {
        return "";
    };
    match language {
        Language::Russian => &text.russian,
        Language::English => &text.english,
    }
}

type Manifest = BTreeMap<String, Text>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    russian: String,
    english: String,
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_manifest_can_be_read() {
        let manifest: Result<Manifest, _> = toml::from_str(MANIFEST);
        assert!(manifest.is_ok(), "{:?}", manifest.err());
    }

    #[test]
    fn every_name_has_its_own_text_in_both_languages() {
        let mut texts = HashSet::new();
        for language in Language::ALL {
            for phrase in FixedPhrase::ALL {
                let text = fixed_phrase(phrase, language);
                assert!(
                    text.ends_with(['.', '?', '!']),
                    "{phrase:?} in {language:?}: {text}"
                );
                assert!(
                    texts.insert(text),
                    "{phrase:?} in {language:?} is said twice: {text}"
                );
            }
        }
    }

    #[test]
    fn a_text_is_in_the_letters_of_its_language_and_has_no_digits() {
        for phrase in FixedPhrase::ALL {
            let russian = fixed_phrase(phrase, Language::Russian);
            assert!(
                !russian.contains(|c: char| c.is_ascii_alphanumeric()),
                "{russian}"
            );
            let english = fixed_phrase(phrase, Language::English);
            assert!(english.is_ascii(), "{english}");
            assert!(!english.contains(|c: char| c.is_ascii_digit()), "{english}");
        }
    }
}
