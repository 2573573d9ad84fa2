//! What each kind of service needs, and has if nothing is set.

use toml::Spanned;

use super::super::nature::{Nature, RawKind};
use super::super::within;
use super::{RawService, Setting};
use crate::secret::Secret;
use crate::speech::{
    Account, CommandSettings, CrtSettings, Kind, Online, OpenAiSettings, SaluteSettings,
    ServiceKey, Voices, YandexKey, YandexSettings,
};
use crate::toml_file::{FileError, TomlFile};

impl RawService {
    pub(super) fn kind(
        &self,
        file: &TomlFile,
        kind: RawKind,
        nature: &Nature,
    ) -> Result<Kind, FileError> {
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
