//! The door, with a real synthesiser: espeak-ng must be installed.

mod at_hand;
mod built_in;
mod chained;
mod heard;
mod kept;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use audio_codec_algorithms::{decode_alaw, decode_ulaw};
use tempfile::TempDir;

use crate::domain::directory::Extension;
use crate::domain::language::{
    FixedPhrase, Language, extension_in_words, fixed_phrase, key_in_words,
};
use crate::domain::prompt::Phrase;

use super::*;

/// A directory for clips, and a count of the syntheses made for it.
struct Studio {
    directory: TempDir,
}

impl Studio {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn clips(&self) -> PathBuf {
        self.directory.path().join("clips")
    }

    fn tally(&self) -> PathBuf {
        self.directory.path().join("tally")
    }

    /// How often the synthesiser was started.
    fn syntheses(&self) -> usize {
        fs::read_to_string(self.tally()).unwrap_or_default().len()
    }

    fn open(&self) -> Speech {
        self.open_with("exec espeak-ng -v {language} -b 1 --stdin --stdout")
    }

    /// The synthesiser is this shell script, after it was counted.
    fn open_with(&self, script: &str) -> Speech {
        let script = format!("printf x >> {}; {script}", self.tally().display());
        let list = vec!["sh".to_owned(), "-c".to_owned(), script];
        let command = CommandSettings {
            russian: list.clone(),
            english: list,
        };
        let mut settings = Settings::with_command(self.clips(), command);
        settings.built_in = false;
        Speech::open(settings).unwrap()
    }

    async fn open_and_prepare(self, prompt: &Prompt) -> (Self, Clip) {
        let clip = self.open().prepare(prompt, Haste::Next).await.unwrap();
        (self, clip)
    }

    fn files(&self, ending: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        find(&self.clips(), ending, &mut found);
        found
    }
}

fn find(directory: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, ending, found);
        } else if path.to_str().unwrap().ends_with(ending) {
            found.push(path);
        }
    }
}

fn phrase(text: &str, pause: u64) -> Phrase {
    Phrase {
        text: text.to_owned(),
        language: Language::Russian,
        pause: Duration::from_millis(pause),
    }
}

fn prompt(phrases: &[(&str, u64)]) -> Prompt {
    Prompt {
        phrases: phrases
            .iter()
            .map(|(text, pause)| phrase(text, *pause))
            .collect(),
    }
}

/// A menu as callers hear it.
fn menu() -> Prompt {
    let people = [
        ("Чулкова Евгения", "34", '1'),
        ("Петров Андрей", "120", '2'),
        ("Ёлкина Анна", "02", '3'),
    ];
    let greeting = fixed_phrase(FixedPhrase::Greeting, Language::Russian);
    let mut phrases = vec![phrase(greeting, 300)];
    for (name, extension, key) in people {
        let extension = Extension::parse(extension).unwrap();
        let extension = extension_in_words(&extension, Language::Russian);
        let key = key_in_words(key, Language::Russian).unwrap();
        let text = format!("{name}, добавочный {extension}: нажмите {key}.");
        phrases.push(phrase(&text, 400));
    }
    Prompt { phrases }
}

fn base(clip: &Clip) -> PathBuf {
    let path = clip.media.strip_prefix("sound:").unwrap();
    assert!(Path::new(path).is_absolute(), "{path}");
    PathBuf::from(path)
}

fn file(clip: &Clip, ending: &str) -> Vec<u8> {
    fs::read(formats::with_ending(&base(clip), ending)).unwrap()
}

fn master(clip: &Clip) -> Vec<i16> {
    let file = file(clip, "sln16");
    let (samples, rest) = file.as_chunks::<2>();
    assert!(rest.is_empty());
    samples
        .iter()
        .map(|bytes| i16::from_le_bytes(*bytes))
        .collect()
}

fn rms(samples: &[i16]) -> f64 {
    let energy: f64 = samples
        .iter()
        .map(|sample| f64::from(*sample).powi(2))
        .sum();
    (energy / samples.len() as f64).sqrt()
}

/// Decibels of full scale.
fn loudness(samples: &[i16]) -> f64 {
    20.0 * (rms(samples).max(0.1) / 32_768.0).log10()
}
