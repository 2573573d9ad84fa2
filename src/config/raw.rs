//! The settings as the file has them, and the checks that make them [`Settings`].

use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::{LEASE_MARGIN, Log, PROMPT_TIME, Settings};
use crate::ari::{self, Secret};
use crate::domain::call::Policy;
use crate::domain::language::Language;
use crate::speech;
use crate::switchboard::Fallback;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    people: PathBuf,
    ari: RawAri,
    dialplan: RawDialplan,
    menu: RawMenu,
    speech: RawSpeech,
    log: RawLog,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawAri {
    url: Spanned<String>,
    user: String,
    password: String,
    application: Spanned<String>,
    ca_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawDialplan {
    context: String,
    fallback: String,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawMenu {
    language: RawLanguage,
    greeting: String,
    longest: Spanned<usize>,
    rounds: Spanned<u32>,
    key_seconds: Spanned<f64>,
    ring_seconds: Spanned<f64>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
enum RawLanguage {
    #[serde(rename = "ru")]
    Russian,
    #[serde(rename = "en")]
    English,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawSpeech {
    directory: PathBuf,
    command: RawCommands,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawCommands {
    ru: Spanned<Vec<String>>,
    en: Spanned<Vec<String>>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawLog {
    format: RawFormat,
    level: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawFormat {
    Lines,
    Json,
}

impl Default for Raw {
    fn default() -> Self {
        Self {
            people: "people.toml".into(),
            ari: RawAri::default(),
            dialplan: RawDialplan::default(),
            menu: RawMenu::default(),
            speech: RawSpeech::default(),
            log: RawLog::default(),
        }
    }
}

impl Default for RawAri {
    fn default() -> Self {
        Self {
            url: unplaced("http://127.0.0.1:8088/ari".to_owned()),
            user: "vizavi".to_owned(),
            password: String::new(),
            application: unplaced("vizavi".to_owned()),
            ca_file: None,
        }
    }
}

impl Default for RawDialplan {
    fn default() -> Self {
        Self {
            context: "vizavi".to_owned(),
            fallback: "fallback".to_owned(),
        }
    }
}

impl Default for RawMenu {
    fn default() -> Self {
        Self {
            language: RawLanguage::Russian,
            greeting: String::new(),
            longest: unplaced(3),
            rounds: unplaced(3),
            key_seconds: unplaced(5.0),
            ring_seconds: unplaced(20.0),
        }
    }
}

impl Default for RawSpeech {
    fn default() -> Self {
        Self {
            directory: "/var/lib/vizavi/phrases".into(),
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

impl Default for RawLog {
    fn default() -> Self {
        Self {
            format: RawFormat::Lines,
            level: "info".to_owned(),
        }
    }
}

impl Raw {
    pub(super) fn check(
        self,
        file: &TomlFile,
        password: Option<String>,
    ) -> Result<Settings, FileError> {
        let menu = self.menu;
        Ok(Settings {
            ari: self.ari.check(file, password)?,
            fallback: Fallback {
                context: self.dialplan.context,
                extension: self.dialplan.fallback,
            },
            language: match menu.language {
                RawLanguage::Russian => Language::Russian,
                RawLanguage::English => Language::English,
            },
            greeting: Some(menu.greeting).filter(|greeting| !greeting.trim().is_empty()),
            longest_menu: within(file, "longest", &menu.longest, 1, 9)?,
            policy: Policy {
                rounds: within(file, "rounds", &menu.rounds, 1, 10)?,
                key_time: seconds(file, "key_seconds", &menu.key_seconds, 60.0)?,
                ring_time: seconds(file, "ring_seconds", &menu.ring_seconds, 300.0)?,
                prompt_time: PROMPT_TIME,
                lease_margin: LEASE_MARGIN,
            },
            people: file.path_beside(&self.people),
            speech: self.speech.check(file)?,
            log: Log {
                json: self.log.format == RawFormat::Json,
                level: self.log.level,
            },
        })
    }
}

impl RawAri {
    fn check(self, file: &TomlFile, password: Option<String>) -> Result<ari::Settings, FileError> {
        let url = self.url.get_ref();
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(file.mistake(&self.url.span(), "url must begin with http:// or https://"));
        }
        let application = self.application.get_ref();
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if application.is_empty() || !application.chars().all(allowed) {
            let message = "application must be letters, digits, - and _, as in Stasis(…)";
            return Err(file.mistake(&self.application.span(), message));
        }
        let password = Secret::new(password.unwrap_or(self.password));
        let mut settings = ari::Settings::new(url.clone(), self.user, password);
        settings.application.clone_from(application);
        settings.ca_file = self.ca_file.map(|path| file.path_beside(&path));
        Ok(settings)
    }
}

impl RawSpeech {
    fn check(self, file: &TomlFile) -> Result<speech::Settings, FileError> {
        let RawCommands { ru, en } = self.command;
        for (name, command) in [("command.ru", &ru), ("command.en", &en)] {
            if command.get_ref().is_empty() {
                let message = format!("{name} must name a program");
                return Err(file.mistake(&command.span(), message));
            }
        }
        let mut settings = speech::Settings::new(file.path_beside(&self.directory));
        settings.command.russian = ru.into_inner();
        settings.command.english = en.into_inner();
        Ok(settings)
    }
}

fn within<T>(
    file: &TomlFile,
    name: &str,
    value: &Spanned<T>,
    least: T,
    most: T,
) -> Result<T, FileError>
where
    T: Copy + PartialOrd + Display,
{
    let given = *value.get_ref();
    if (least..=most).contains(&given) {
        return Ok(given);
    }
    let message = format!("{name} is {given}; it must be {least} to {most}");
    Err(file.mistake(&value.span(), message))
}

fn seconds(
    file: &TomlFile,
    name: &str,
    value: &Spanned<f64>,
    most: f64,
) -> Result<Duration, FileError> {
    within(file, name, value, 1.0, most).map(Duration::from_secs_f64)
}

/// A default has no place in any file.
fn unplaced<T>(value: T) -> Spanned<T> {
    Spanned::new(0..0, value)
}
