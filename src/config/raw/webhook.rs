//! `[[webhook]]`: who is told what happens in calls.

use std::path::PathBuf;

use reqwest::Url;
use serde::Deserialize;
use toml::Spanned;

use crate::toml_file::{FileError, TomlFile};
use crate::webhooks::{Key, Kind, Settings, SigningSecret};

/// The longest name.
const LONGEST_NAME: usize = 50;

#[derive(Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWebhook {
    name: Spanned<String>,
    url: Spanned<String>,
    secret: Option<Spanned<String>>,
    secret_variable: Option<Spanned<String>>,
    events: Option<Vec<Spanned<String>>>,
    ca_file: Option<PathBuf>,
    #[serde(default)]
    allow_private: bool,
}

/// Without its address and secret.
impl std::fmt::Debug for RawWebhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawWebhook")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

pub(super) fn check(raw: Vec<RawWebhook>, file: &TomlFile) -> Result<Vec<Settings>, FileError> {
    let mut webhooks: Vec<Settings> = Vec::new();
    for one in raw {
        let webhook = one.check(file, &webhooks)?;
        webhooks.push(webhook);
    }
    Ok(webhooks)
}

impl RawWebhook {
    fn check(self, file: &TomlFile, others: &[Settings]) -> Result<Settings, FileError> {
        Ok(Settings {
            name: self.name(file, others)?,
            url: self.url(file)?,
            secret: self.secret(file)?,
            events: self.events(file)?,
            ca_file: self.ca_file.map(|path| file.path_beside(&path)),
            allow_private: self.allow_private,
        })
    }

    fn name(&self, file: &TomlFile, others: &[Settings]) -> Result<String, FileError> {
        let name = self.name.get_ref().trim();
        let mistake = |message: String| Err(file.mistake(&self.name.span(), message));
        let is_legible = name.chars().all(|c| !c.is_control());
        if name.is_empty() || name.chars().count() > LONGEST_NAME || !is_legible {
            return mistake(format!("a name has 1 to {LONGEST_NAME} characters"));
        }
        if others.iter().any(|other| other.name == name) {
            return mistake(format!("webhook {name:?} is given twice"));
        }
        Ok(name.to_owned())
    }

    fn url(&self, file: &TomlFile) -> Result<Url, FileError> {
        let url = Url::parse(self.url.get_ref().trim()).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
        url.ok_or_else(|| {
            let message = "url must begin with http:// or https://, and name a host";
            file.mistake(&self.url.span(), message)
        })
    }

    fn secret(&self, file: &TomlFile) -> Result<SigningSecret, FileError> {
        match (&self.secret, &self.secret_variable) {
            (Some(_), Some(variable)) => {
                let message = "secret and secret_variable exclude each other; keep one";
                Err(file.mistake(&variable.span(), message))
            }
            (Some(secret), None) => Key::parse(secret.get_ref())
                .map(SigningSecret::Given)
                .map_err(|error| file.mistake(&secret.span(), error.to_string())),
            (None, Some(variable)) => {
                let variable = variable.get_ref().trim().to_owned();
                Ok(SigningSecret::Variable(variable))
            }
            (None, None) => {
                let message = format!(
                    "webhook {:?} needs secret_variable, the environment variable with its secret, \
                     or secret itself",
                    self.name.get_ref()
                );
                Err(file.mistake(&self.name.span(), message))
            }
        }
    }

    fn events(&self, file: &TomlFile) -> Result<Vec<Kind>, FileError> {
        let Some(events) = &self.events else {
            return Ok(Kind::ALL.to_vec());
        };
        let kinds = events.iter().map(|event| {
            Kind::named(event.get_ref()).ok_or_else(|| {
                let message = format!(
                    "{:?} is not told; expected {}",
                    event.get_ref(),
                    Kind::ALL.map(Kind::name).join(", ")
                );
                file.mistake(&event.span(), message)
            })
        });
        kinds.collect()
    }
}
