//! `[speech.service.NAME]`: one service. Which settings it may have depends on its kind.

mod kind;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::nature::RawKind;
use super::{unplaced, within};
use crate::speech::{CommandSettings, Kind, MonthlyBudget, ServiceSettings};
use crate::toml_file::{FileError, TomlFile};

type Setting<T> = Option<Spanned<T>>;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct RawService {
    kind: Spanned<RawKind>,
    base_url: Setting<String>,
    ca_file: Setting<PathBuf>,
    voice: Setting<RawVoice>,
    speed: Setting<f64>,
    key: Setting<String>,
    key_variable: Setting<String>,
    account_file: Setting<PathBuf>,
    sign_in_url: Setting<String>,
    folder: Setting<String>,
    role: Setting<String>,
    model: Setting<String>,
    scope: Setting<String>,
    user: Setting<String>,
    domain: Setting<u64>,
    command: Setting<RawProgram>,
    directory: Setting<PathBuf>,
    seconds: Setting<f64>,
    at_once: Setting<usize>,
    requests_a_second: Setting<usize>,
    characters_a_month: Setting<u64>,
    requests_a_month: Setting<u64>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawVoice {
    ru: Option<String>,
    en: Option<String>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawProgram {
    ru: Vec<String>,
    en: Vec<String>,
}

/// Whether a service has a voice for a language.
pub(super) fn speaks(kind: &Kind, language: &str) -> bool {
    let voices = match kind {
        Kind::YandexV3(yandex) | Kind::YandexV1(yandex) => &yandex.online.voices,
        Kind::OpenAi(openai) => &openai.online.voices,
        Kind::Salute(salute) => &salute.online.voices,
        Kind::VoiceFabric(online, _) => &online.voices,
        Kind::Crt(crt) => &crt.online.voices,
        Kind::Command(command) if language == "ru" => return !command.russian.is_empty(),
        Kind::Command(command) => return !command.english.is_empty(),
        Kind::Recordings(_) => return true,
    };
    let voice = if language == "ru" {
        &voices.russian
    } else {
        &voices.english
    };
    !voice.is_empty()
}

impl RawService {
    pub(super) fn check(self, file: &TomlFile, name: String) -> Result<ServiceSettings, FileError> {
        let kind = *self.kind.get_ref();
        self.refuse_strangers(file, kind)?;
        let nature = kind.nature();
        let most = nature.requests_a_second.map(unplaced);
        let limits = ServiceSettings {
            time_limit: self.time_limit(file, kind)?,
            requests_a_second: positive(
                file,
                "requests_a_second",
                self.requests_a_second.as_ref().or(most.as_ref()),
                1000,
            )?,
            budget: self.budget(file)?,
            ..ServiceSettings::command(name, CommandSettings::default())
        };
        let at_once = positive(file, "at_once", self.at_once.as_ref(), 100)?;
        let usual = if kind.is_local() {
            limits.at_once
        } else {
            NonZeroUsize::MIN.saturating_add(3)
        };
        Ok(ServiceSettings {
            at_once: at_once.unwrap_or(usual),
            kind: self.kind(file, kind, &nature)?,
            ..limits
        })
    }

    /// Settings of other kinds would do nothing.
    fn refuse_strangers(&self, file: &TomlFile, kind: RawKind) -> Result<(), FileError> {
        let known = kind.nature().settings;
        let stranger = self
            .special()
            .into_iter()
            .find(|(name, span)| span.is_some() && !known.contains(name));
        let Some((name, Some(span))) = stranger else {
            return Ok(());
        };
        let message = format!(
            "{name} is no setting of the kind {:?}; it has {}",
            kind.name(),
            known.join(", ")
        );
        Err(file.mistake(&span, message))
    }

    fn special(&self) -> [(&'static str, Option<Range<usize>>); 16] {
        fn span<T>(setting: &Setting<T>) -> Option<Range<usize>> {
            setting.as_ref().map(Spanned::span)
        }
        [
            ("base_url", span(&self.base_url)),
            ("ca_file", span(&self.ca_file)),
            ("voice", span(&self.voice)),
            ("speed", span(&self.speed)),
            ("key", span(&self.key)),
            ("key_variable", span(&self.key_variable)),
            ("account_file", span(&self.account_file)),
            ("sign_in_url", span(&self.sign_in_url)),
            ("folder", span(&self.folder)),
            ("role", span(&self.role)),
            ("model", span(&self.model)),
            ("scope", span(&self.scope)),
            ("user", span(&self.user)),
            ("domain", span(&self.domain)),
            ("command", span(&self.command)),
            ("directory", span(&self.directory)),
        ]
    }

    fn time_limit(&self, file: &TomlFile, kind: RawKind) -> Result<Duration, FileError> {
        let usual = unplaced(if kind.is_local() { 10.0 } else { 15.0 });
        let seconds = self.seconds.as_ref().unwrap_or(&usual);
        within(file, "seconds", seconds, 1.0, 120.0).map(Duration::from_secs_f64)
    }

    fn budget(&self, file: &TomlFile) -> Result<Option<MonthlyBudget>, FileError> {
        match (&self.characters_a_month, &self.requests_a_month) {
            (Some(_), Some(requests)) => {
                let message = "characters_a_month and requests_a_month exclude each other; keep \
                               what the service is billed by";
                Err(file.mistake(&requests.span(), message))
            }
            (Some(characters), None) => Ok(Some(MonthlyBudget::Characters(*characters.get_ref()))),
            (None, Some(requests)) => Ok(Some(MonthlyBudget::Requests(*requests.get_ref()))),
            (None, None) => Ok(None),
        }
    }
}

fn positive(
    file: &TomlFile,
    name: &str,
    setting: Option<&Spanned<usize>>,
    most: usize,
) -> Result<Option<NonZeroUsize>, FileError> {
    let number = setting.map(|setting| within(file, name, setting, 1, most));
    Ok(number.transpose()?.and_then(NonZeroUsize::new))
}
