//! `[recording]`: whether talks are recorded, where, and what callers are told of it.

use serde::Deserialize;
use toml::Spanned;

use super::{said, unplaced};
use crate::domain::language::Language;
use crate::domain::menu::Announcement;
use crate::switchboard::Recording;
use crate::toml_file::{FileError, TomlFile};

/// The longest directory, in bytes: with a call's id it is the name of a file.
const LONGEST_DIRECTORY: usize = 200;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRecording {
    mode: RawMode,
    announce: bool,
    announcement: String,
    directory: Spanned<String>,
    format: RawFormat,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawMode {
    Off,
    All,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawFormat {
    Wav,
    Alaw,
    Ulaw,
    Gsm,
}

impl RawFormat {
    fn name(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Alaw => "alaw",
            Self::Ulaw => "ulaw",
            Self::Gsm => "gsm",
        }
    }
}

impl Default for RawRecording {
    fn default() -> Self {
        Self {
            mode: RawMode::Off,
            announce: true,
            announcement: String::new(),
            directory: unplaced("vizavi".to_owned()),
            format: RawFormat::Wav,
        }
    }
}

impl RawRecording {
    pub(super) fn is_on(&self) -> bool {
        self.mode == RawMode::All
    }

    /// What callers are told; their own words are in the menu's language.
    pub(super) fn announcement(&self, language: Language) -> Announcement {
        match (self.mode, self.announce, said(&self.announcement)) {
            (RawMode::Off, ..) | (_, false, _) => Announcement::None,
            (RawMode::All, true, Some(text)) => Announcement::Own(text, language),
            (RawMode::All, true, None) => Announcement::Usual,
        }
    }

    pub(super) fn check(self, file: &TomlFile) -> Result<Option<Recording>, FileError> {
        let directory = self.directory.get_ref();
        let named = |part: &str| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !part.is_empty() && !part.starts_with('.') && part.chars().all(allowed)
        };
        let is_good = directory.is_empty() || directory.split('/').all(named);
        if !is_good || directory.len() > LONGEST_DIRECTORY {
            let message = format!(
                "directory is below Asterisk's directory of recordings: names of letters, digits, \".\", \
                 \"-\" and \"_\" with \"/\" between them, {LONGEST_DIRECTORY} at most"
            );
            return Err(file.mistake(&self.directory.span(), message));
        }
        Ok(match self.mode {
            RawMode::Off => None,
            RawMode::All => Some(Recording {
                directory: directory.clone(),
                format: self.format.name().to_owned(),
            }),
        })
    }
}
