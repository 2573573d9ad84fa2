//! `[speech]`: what speaks, and where phrases are kept.

use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use super::{unplaced, within};
use crate::speech;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawSpeech {
    directory: PathBuf,
    largest_megabytes: Spanned<u64>,
    command: RawCommands,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCommands {
    ru: Spanned<Vec<String>>,
    en: Spanned<Vec<String>>,
}

impl Default for RawSpeech {
    fn default() -> Self {
        Self {
            directory: "/var/lib/vizavi/phrases".into(),
            largest_megabytes: unplaced(1024),
            command: RawCommands::default(),
        }
    }
}

impl Default for RawCommands {
    fn default() -> Self {
        let command = |words: &str| unplaced(words.split(' ').map(str::to_owned).collect());
        Self {
            ru: command("espeak-ng -v ru -s 150 -b 1 --stdin --stdout"),
            en: command("espeak-ng -v en-gb -s 155 -b 1 --stdin --stdout"),
        }
    }
}

impl RawSpeech {
    pub(super) fn check(self, file: &TomlFile) -> Result<speech::Settings, FileError> {
        let RawCommands { ru, en } = self.command;
        for (name, command) in [("command.ru", &ru), ("command.en", &en)] {
            if command.get_ref().is_empty() {
                let message = format!("{name} must name a program");
                return Err(file.mistake(&command.span(), message));
            }
        }
        let mut settings = speech::Settings::new(file.path_beside(&self.directory));
        let largest = within(
            file,
            "largest_megabytes",
            &self.largest_megabytes,
            16,
            1 << 20,
        )?;
        settings.largest = largest * 1024 * 1024;
        settings.command.russian = ru.into_inner();
        settings.command.english = en.into_inner();
        Ok(settings)
    }
}
