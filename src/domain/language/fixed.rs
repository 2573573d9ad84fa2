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
    /// Before somebody's telephone rings.
    Connecting,
    /// The talk may be recorded.
    Recorded,
    /// A client calls, of whom no more can be said.
    Summons,
    /// Which keys take and decline a call.
    SummonsKeys,
    /// An operator's key: call them.
    CallbackConnect,
    /// An operator's key: later.
    CallbackPostpone,
    /// An operator's key: nothing is left to do.
    CallbackDone,
    /// An operator's key: once more.
    CallbackRepeat,
    /// An operator can't be served.
    CallbackSorry,
    /// Somebody was called, and the operator has gone.
    CallbackApology,
    /// They are asked to wait for another one.
    CallbackStay,
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
            Self::Connecting => "connecting",
            Self::Recorded => "recorded",
            Self::Summons => "summons",
            Self::SummonsKeys => "summons_keys",
            Self::CallbackConnect => "callback_connect",
            Self::CallbackPostpone => "callback_postpone",
            Self::CallbackDone => "callback_done",
            Self::CallbackRepeat => "callback_repeat",
            Self::CallbackSorry => "callback_sorry",
            Self::CallbackApology => "callback_apology",
            Self::CallbackStay => "callback_stay",
        }
    }

    /// Every fixed text.
    pub const ALL: [Self; 17] = [
        Self::Greeting,
        Self::WrongKey,
        Self::NothingPressed,
        Self::NoAnswer,
        Self::Busy,
        Self::Wait,
        Self::Connecting,
        Self::Recorded,
        Self::Summons,
        Self::SummonsKeys,
        Self::CallbackConnect,
        Self::CallbackPostpone,
        Self::CallbackDone,
        Self::CallbackRepeat,
        Self::CallbackSorry,
        Self::CallbackApology,
        Self::CallbackStay,
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
