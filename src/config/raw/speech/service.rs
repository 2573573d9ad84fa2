//! `[speech.service.NAME]`: one service. Which settings it may have depends on its kind.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::nature::{Nature, RawKind};
use super::{unplaced, within};
use crate::secret::Secret;
use crate::speech::{
    Account, CommandSettings, CrtSettings, Kind, MonthlyBudget, Online, OpenAiSettings,
    SaluteSettings, ServiceKey, ServiceSettings, Voices, YandexKey, YandexSettings,
};
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

    fn kind(&self, file: &TomlFile, kind: RawKind, nature: &Nature) -> Result<Kind, FileError> {
        Ok(match kind {
            RawKind::YandexV3 => Kind::YandexV3(self.yandex(file, nature)?),
            RawKind::YandexV1 => Kind::YandexV1(self.yandex(file, nature)?),
            RawKind::Openai => Kind::OpenAi(OpenAiSettings {
                online: self.online(file, nature)?,
                key: self.key(file)?,
                model: text(&self.model).unwrap_or_else(|| "tts-1".to_owned()),
            }),
            RawKind::Salute => Kind::Salute(SaluteSettings {
                online: self.online(file, nature)?,
                key: self.needed_key(file)?,
                scope: text(&self.scope).unwrap_or_else(|| "SALUTE_SPEECH_PERS".to_owned()),
                sign_in_url: url(file, "sign_in_url", &self.sign_in_url, nature.sign_in_url)?,
            }),
            RawKind::Voicefabric => {
                Kind::VoiceFabric(self.online(file, nature)?, self.needed_key(file)?)
            }
            RawKind::CrtCloud => Kind::Crt(CrtSettings {
                online: self.online(file, nature)?,
                user: text(&self.user).ok_or_else(|| {
                    self.missing(file, "user, the name that it is signed in with")
                })?,
                domain: self.domain.as_ref().map_or(200, |domain| *domain.get_ref()),
                password: self.needed_key(file)?,
            }),
            RawKind::Command => {
                let programs = self.command.as_ref().map(Spanned::get_ref);
                let programs = programs.filter(|list| !(list.ru.is_empty() && list.en.is_empty()));
                let programs = programs.ok_or_else(|| {
                    self.missing(
                        file,
                        "command.ru or command.en, a program and its arguments",
                    )
                })?;
                Kind::Command(CommandSettings {
                    russian: programs.ru.clone(),
                    english: programs.en.clone(),
                })
            }
            RawKind::Recordings => {
                let directory = self.directory.as_ref().ok_or_else(|| {
                    self.missing(file, "directory, where the recordings and manifest.tsv are")
                })?;
                Kind::Recordings(file.path_beside(directory.get_ref()))
            }
        })
    }

    fn yandex(&self, file: &TomlFile, nature: &Nature) -> Result<YandexSettings, FileError> {
        let key = match (&self.account_file, self.key(file)?) {
            (Some(account), Some(_)) => {
                let message = "account_file and key exclude each other; keep one";
                return Err(file.mistake(&account.span(), message));
            }
            (Some(account), None) => YandexKey::Account(Account {
                file: file.path_beside(account.get_ref()),
                sign_in_url: url(file, "sign_in_url", &self.sign_in_url, nature.sign_in_url)?,
            }),
            (None, _) => YandexKey::Api(self.needed_key(file)?),
        };
        Ok(YandexSettings {
            online: self.online(file, nature)?,
            key,
            folder: text(&self.folder),
            role: text(&self.role),
        })
    }

    fn online(&self, file: &TomlFile, nature: &Nature) -> Result<Online, FileError> {
        let voice = self.voice.as_ref().map(Spanned::get_ref);
        let named = |own: Option<&Option<String>>, usual: &str| {
            own.and_then(Clone::clone)
                .unwrap_or_else(|| usual.to_owned())
        };
        let speed = self.speed.as_ref();
        let speed = speed.map(|speed| within(file, "speed", speed, 0.1, 4.0));
        let ca_file = self.ca_file.as_ref();
        Ok(Online {
            base_url: url(file, "base_url", &self.base_url, nature.base_url)?,
            ca_file: ca_file.map(|path| file.path_beside(path.get_ref())),
            voices: Voices {
                russian: named(voice.map(|voice| &voice.ru), nature.russian),
                english: named(voice.map(|voice| &voice.en), nature.english),
            },
            speed: speed.transpose()?.map(|speed| speed.to_string()),
        })
    }

    fn needed_key(&self, file: &TomlFile) -> Result<ServiceKey, FileError> {
        let message = "key_variable, the environment variable with its key, or key itself";
        self.key(file)?.ok_or_else(|| self.missing(file, message))
    }

    fn key(&self, file: &TomlFile) -> Result<Option<ServiceKey>, FileError> {
        match (text(&self.key), &self.key_variable) {
            (Some(_), Some(variable)) => {
                let message = "key and key_variable exclude each other; keep one";
                Err(file.mistake(&variable.span(), message))
            }
            (Some(key), None) => Ok(Some(ServiceKey::Given(Secret::new(key)))),
            (None, Some(variable)) => Ok(Some(ServiceKey::Variable(
                variable.get_ref().trim().to_owned(),
            ))),
            (None, None) => Ok(None),
        }
    }

    fn missing(&self, file: &TomlFile, what: &str) -> FileError {
        let kind = self.kind.get_ref().name();
        file.mistake(
            &self.kind.span(),
            format!("a service of the kind {kind:?} needs {what}"),
        )
    }
}

/// What was set; nothing if it is empty.
fn text(setting: &Setting<String>) -> Option<String> {
    let text = setting.as_ref()?.get_ref().trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn url(
    file: &TomlFile,
    name: &str,
    setting: &Setting<String>,
    usual: &str,
) -> Result<String, FileError> {
    let Some(given) = setting else {
        return Ok(usual.to_owned());
    };
    let url = given.get_ref().trim();
    let rest = url.strip_prefix("https://").or(url.strip_prefix("http://"));
    if rest.is_none_or(str::is_empty) || reqwest::Url::parse(url).is_err() {
        let message = format!("{name} must be an address that begins with http:// or https://");
        return Err(file.mistake(&given.span(), message));
    }
    Ok(url.trim_end_matches('/').to_owned())
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
