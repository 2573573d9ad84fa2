//! `[menu]`: what callers hear, and how patient a call is.

use std::collections::HashSet;

use serde::Deserialize;
use toml::Spanned;

use super::names::RawName;
use super::recording::RawRecording;
use super::texts::RawTexts;
use super::{said, seconds, unplaced, within};
use crate::config::{LEASE_MARGIN, Menu, PROMPT_TIME, Wait};
use crate::domain::call::{Accepting, Answering, Policy, Ringing};
use crate::domain::language::Language;
use crate::domain::language::names::NameDictionary;
use crate::domain::menu::{Key, Mode};
use crate::domain::phone::PhoneNumber;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMenu {
    language: RawLanguage,
    language_key: Spanned<String>,
    callback_key: Spanned<String>,
    mode: RawMode,
    texts: RawTexts,
    #[serde(rename = "name")]
    names: Vec<RawName>,
    greeting: String,
    answer: RawAnswer,
    direct: Vec<Spanned<String>>,
    longest: Spanned<usize>,
    rounds: Spanned<u32>,
    key_seconds: Spanned<f64>,
    digit_seconds: Spanned<f64>,
    ring_seconds: Spanned<f64>,
    ring: RawRinging,
    accept: RawAccepting,
    accept_seconds: Spanned<f64>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub(super) enum RawLanguage {
    #[serde(rename = "ru")]
    Russian,
    #[serde(rename = "en")]
    English,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawMode {
    Quality,
    Economy,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum RawAnswer {
    AtOnce,
    WhenConnected,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum RawRinging {
    Together,
    InTurn,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawAccepting {
    Never,
    Mobiles,
    Always,
}

impl Default for RawMenu {
    fn default() -> Self {
        Self {
            language: RawLanguage::Russian,
            language_key: unplaced(String::new()),
            callback_key: unplaced("5".to_owned()),
            mode: RawMode::Quality,
            texts: RawTexts::default(),
            names: Vec::new(),
            greeting: String::new(),
            answer: RawAnswer::AtOnce,
            direct: Vec::new(),
            longest: unplaced(3),
            rounds: unplaced(3),
            key_seconds: unplaced(5.0),
            digit_seconds: unplaced(1.5),
            ring_seconds: unplaced(20.0),
            ring: RawRinging::Together,
            accept: RawAccepting::Mobiles,
            accept_seconds: unplaced(6.0),
        }
    }
}

impl RawLanguage {
    pub(super) fn check(self) -> Language {
        match self {
            Self::Russian => Language::Russian,
            Self::English => Language::English,
        }
    }
}

impl RawMenu {
    /// Who gets no menu.
    pub(super) fn direct(&self, file: &TomlFile) -> Result<HashSet<PhoneNumber>, FileError> {
        let numbers = self.direct.iter().map(|text| {
            PhoneNumber::parse(text.get_ref()).map_err(|error| {
                let message = format!("{:?}: {error}", text.get_ref());
                file.mistake(&text.span(), message)
            })
        });
        numbers.collect()
    }

    /// The key that leads to the other language, if there is one.
    pub(super) fn language_key(&self, file: &TomlFile) -> Result<Option<Key>, FileError> {
        free_key(file, "language_key", &self.language_key)
    }

    /// The key by which a caller asks to be called back, if there is one, and somebody who calls back.
    fn callback_key(&self, calls_back: bool, file: &TomlFile) -> Result<Option<Key>, FileError> {
        let key = free_key(file, "callback_key", &self.callback_key)?;
        if !calls_back {
            return Ok(None);
        }
        if key.is_some() && key == self.language_key(file)? {
            let message = "callback_key is the language_key, too; give one of them another key";
            let place = match self.callback_key.span() {
                // It is the default.
                place if place.is_empty() => self.language_key.span(),
                place => place,
            };
            return Err(file.mistake(&place, message));
        }
        Ok(key)
    }

    /// `calls_back`: there is somebody to make callbacks.
    pub(super) fn check(
        self,
        wait: Wait,
        recording: &RawRecording,
        calls_back: bool,
        file: &TomlFile,
    ) -> Result<Menu, FileError> {
        let language = self.language.check();
        let callback_key = self.callback_key(calls_back, file)?;
        let mut names = NameDictionary::new();
        for name in self.names {
            name.check(&mut names, file)?;
        }
        let texts = self.texts.check(language, file)?;
        Ok(Menu {
            language,
            mode: match self.mode {
                RawMode::Quality => Mode::Quality,
                RawMode::Economy => Mode::Economy,
            },
            templates: texts.templates,
            other_language: texts.other_language,
            summons: texts.summons,
            names,
            greeting: said(&self.greeting),
            announcement: recording.announcement(language),
            longest: within(file, "longest", &self.longest, 1, 9)?,
            policy: Policy {
                answering: match self.answer {
                    RawAnswer::AtOnce => Answering::AtOnce,
                    RawAnswer::WhenConnected => Answering::WhenConnected,
                },
                rounds: within(file, "rounds", &self.rounds, 1, 10)?,
                key_time: seconds(file, "key_seconds", &self.key_seconds, 60.0)?,
                digit_time: seconds(file, "digit_seconds", &self.digit_seconds, 10.0)?,
                ring_time: seconds(file, "ring_seconds", &self.ring_seconds, 300.0)?,
                ringing: match self.ring {
                    RawRinging::Together => Ringing::Together,
                    RawRinging::InTurn => Ringing::InTurn,
                },
                accept: match self.accept {
                    RawAccepting::Never => Accepting::Never,
                    RawAccepting::Mobiles => Accepting::Mobiles,
                    RawAccepting::Always => Accepting::Always,
                },
                accept_time: seconds(file, "accept_seconds", &self.accept_seconds, 30.0)?,
                record: recording.is_on(),
                wait_time: wait.time,
                wait_sound: wait.sound,
                callback_key,
                prompt_time: PROMPT_TIME,
                lease_margin: LEASE_MARGIN,
            },
        })
    }
}

/// A key that nobody in the menu has then; an empty one is none.
fn free_key(
    file: &TomlFile,
    name: &str,
    value: &Spanned<String>,
) -> Result<Option<Key>, FileError> {
    let text = value.get_ref().trim();
    if text.is_empty() {
        return Ok(None);
    }
    let mut keys = Key::CHOICES.into_iter();
    let key = keys.find(|key| key.to_string() == text);
    key.map(Some).ok_or_else(|| {
        let message = format!("{name} is {text:?}; it must be a key from 1 to 9");
        file.mistake(&value.span(), message)
    })
}
