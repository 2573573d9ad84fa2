//! The built-in prompts: rendered beforehand, and part of the program. They speak when nothing else
//! does, and at once. A sentence that was not rendered is put together of fragments, if there are
//! recordings of all its words: numbers, days, times.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::language::Language;
use crate::speech::sound::{Decoded, RATE};
use crate::speech::text;

use super::{Service, ServiceError, samples_of_file};

/// What is said in each file.
const RUSSIAN: &str = include_str!("../../../sounds/ru/manifest.tsv");
const ENGLISH: &str = include_str!("../../../sounds/en/manifest.tsv");

/// Samples of silence between two fragments, at a comma or a colon, and between two sentences.
const BETWEEN_FRAGMENTS: usize = RATE as usize * 60 / 1000;
const AT_A_COMMA: usize = RATE as usize * 200 / 1000;
const BETWEEN_SENTENCES: usize = RATE as usize * 350 / 1000;
/// Samples in which a fragment begins, and ends.
const SOFT: usize = RATE as usize * 5 / 1000;

/// The files of a language, in the order of their names.
type Sounds = &'static [&'static [u8]];

// The names are one text: a name of its own for each would lie between two sounds, and whoever reads the
// names would have the system keep megabytes of sound in memory with them.
macro_rules! sounds {
    ($($name:literal)*) => {
        (
            concat!($($name, ".wav "),*),
            &[$(include_bytes!(concat!("../../../sounds/ru/", $name, ".wav"))),*],
            &[$(include_bytes!(concat!("../../../sounds/en/", $name, ".wav"))),*],
        )
    };
}

/// Their names, those in Russian, and those in English.
const SOUNDS: (&str, Sounds, Sounds) = sounds! {
    "greeting" "wrong_key" "nothing_pressed" "no_answer" "busy" "wait" "operator" "connecting" "all_busy"
    "goodbye" "recorded" "summons" "summons_keys" "callback_connect" "callback_postpone" "callback_done"
    "callback_repeat" "callback_sorry" "callback_apology" "callback_stay" "language" "callback_attempt"
    "appointment" "time" "digit_0" "digit_1" "digit_2" "digit_3" "digit_4" "digit_5" "digit_6" "digit_7"
    "digit_8" "digit_9" "number_10" "number_11" "number_12" "number_13" "number_14" "number_15" "number_16"
    "number_17" "number_18" "number_19" "number_20" "number_30" "number_40" "number_50" "clock_1" "clock_2"
    "clock_3" "clock_4" "clock_5" "day_1" "day_2" "day_3" "day_4" "day_5" "day_6" "day_7" "day_8" "day_9"
    "day_10" "day_11" "day_12" "day_13" "day_14" "day_15" "day_16" "day_17" "day_18" "day_19" "day_20"
    "day_21" "day_22" "day_23" "day_24" "day_25" "day_26" "day_27" "day_28" "day_29" "day_30" "day_31"
    "month_1" "month_2" "month_3" "month_4" "month_5" "month_6" "month_7" "month_8" "month_9" "month_10"
    "month_11" "month_12"
};

/// A word as it is compared, and the silence after it.
type Word = (String, usize);

/// The recordings of one language.
struct Recordings {
    whole: HashMap<String, &'static [u8]>,
    fragments: HashMap<Vec<String>, &'static [u8]>,
    /// The words of the longest fragment.
    longest: usize,
}

impl Recordings {
    fn of(language: Language) -> &'static Self {
        static RECORDINGS: LazyLock<[Recordings; 2]> = LazyLock::new(|| {
            [
                Recordings::read(RUSSIAN, SOUNDS.1, Language::Russian),
                Recordings::read(ENGLISH, SOUNDS.2, Language::English),
            ]
        });
        let [russian, english] = &*RECORDINGS;
        match language {
            Language::Russian => russian,
            Language::English => english,
        }
    }

    fn read(manifest: &'static str, sounds: Sounds, language: Language) -> Self {
        let names = SOUNDS.0.split_whitespace();
        let sounds: HashMap<&str, &[u8]> = names.zip(sounds.iter().copied()).collect();
        let mut recordings = Self {
            whole: HashMap::new(),
            fragments: HashMap::new(),
            longest: 0,
        };
        for (file, said) in manifest.lines().filter_map(|line| line.split_once('\t')) {
            let Some(sound) = sounds.get(file).copied() else {
                continue;
            };
            if let Ok(said) = text::clean(said, language) {
                recordings.whole.insert(said, sound);
            }
            let words: Vec<String> = words(said).into_iter().map(|(word, _)| word).collect();
            if !is_sentence(said) {
                recordings.longest = recordings.longest.max(words.len());
                recordings.fragments.insert(words, sound);
            }
        }
        recordings
    }

    /// The files that say a cleaned text, with the silence after each; empty if something of it is
    /// in none.
    fn say(&self, text: &str) -> Vec<(&'static [u8], usize)> {
        if let Some(sound) = self.whole.get(text) {
            return vec![(sound, 0)];
        }
        let words = words(text);
        let mut said = Vec::new();
        let mut rest = words.as_slice();
        while !rest.is_empty() {
            let Some((sound, length)) = self.longest_of(rest) else {
                return Vec::new();
            };
            said.push((sound, rest[length - 1].1));
            rest = &rest[length..];
        }
        said
    }

    /// The longest fragment with which these words begin.
    fn longest_of(&self, words: &[Word]) -> Option<(&'static [u8], usize)> {
        let longest = self.longest.min(words.len());
        (1..=longest).rev().find_map(|length| {
            let beginning = words[..length].iter().map(|(word, _)| word.clone());
            let sound = self.fragments.get(&beginning.collect::<Vec<_>>())?;
            Some((*sound, length))
        })
    }
}

/// The voice falls at the end of a sentence: it is no part of another one. "a.m." is none.
fn is_sentence(said: &str) -> bool {
    said.starts_with(char::is_uppercase) && said.ends_with(['.', '!', '?'])
}

/// The words of a text without punctuation; "twenty-one" is two.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for group in text.split([' ', '-']) {
        let after = match group.chars().last() {
            Some('.' | '!' | '?' | '…') => BETWEEN_SENTENCES,
            Some(',' | ':' | ';' | '—') => AT_A_COMMA,
            _ => BETWEEN_FRAGMENTS,
        };
        let word = group.trim_matches(|letter: char| !letter.is_alphanumeric());
        if !word.is_empty() {
            words.push((word.to_lowercase(), after));
        }
    }
    words
}

/// Says what there is a sound of.
pub(in crate::speech) struct Builtin;

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
        !Recordings::of(language).say(text).is_empty()
    }

    async fn speak(&self, text: &str, language: Language) -> Result<Decoded, ServiceError> {
        let files = Recordings::of(language).say(text);
        if let [(file, _)] = files.as_slice() {
            return samples_of_file(file.to_vec()).await;
        }
        if files.is_empty() {
            return Err(ServiceError::NotRecorded);
        }
        let mut samples = Vec::new();
        let last = files.len() - 1;
        for (at, (file, pause)) in files.into_iter().enumerate() {
            let mut fragment = samples_of_file(file.to_vec()).await?.samples;
            soften(&mut fragment);
            samples.append(&mut fragment);
            if at < last {
                samples.resize(samples.len() + pause, 0.0);
            }
        }
        Ok(Decoded {
            samples,
            rate: RATE,
        })
    }
}

/// Lets a fragment come out of silence and go into it: a cut would click.
fn soften(fragment: &mut [f32]) {
    let steps = SOFT.min(fragment.len());
    for step in 0..steps {
        let weight = step as f32 / steps as f32;
        fragment[step] *= weight;
        let end = fragment.len() - 1 - step;
        fragment[end] *= weight;
    }
}

#[cfg(test)]
mod tests;
