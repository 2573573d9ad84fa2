//! `[speech]`: what speaks, and where phrases are kept.

mod nature;
mod service;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use super::{unplaced, within};
use crate::speech::{COMMAND, CommandSettings, Served, ServiceSettings, Settings};
use crate::toml_file::{FileError, TomlFile};

use service::RawService;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawSpeech {
    directory: PathBuf,
    largest_megabytes: Spanned<u64>,
    listen: Spanned<String>,
    url: Spanned<String>,
    voices: RawVoices,
    command: RawCommands,
    service: BTreeMap<Spanned<String>, RawService>,
}

/// The names of services, the best first.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawVoices {
    ru: Spanned<Vec<Spanned<String>>>,
    en: Spanned<Vec<Spanned<String>>>,
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
            listen: unplaced(String::new()),
            url: unplaced(String::new()),
            voices: RawVoices::default(),
            command: RawCommands::default(),
            service: BTreeMap::new(),
        }
    }
}

impl Default for RawVoices {
    fn default() -> Self {
        let command = || unplaced(vec![unplaced(COMMAND.to_owned())]);
        Self {
            ru: command(),
            en: command(),
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
    pub(super) fn check(self, file: &TomlFile) -> Result<Settings, FileError> {
        let directory = file.path_beside(&self.directory);
        let mut settings = Settings::with_command(directory, self.command.check(file)?);
        let largest = within(
            file,
            "largest_megabytes",
            &self.largest_megabytes,
            16,
            1 << 20,
        )?;
        settings.largest = largest * 1024 * 1024;
        settings.served = served(file, &self.listen, &self.url)?;
        for (name, service) in self.service {
            let span = name.span();
            let name = name.into_inner();
            if let Some(problem) = unusable_name(&name) {
                return Err(file.mistake(&span, problem));
            }
            settings.services.push(service.check(file, name)?);
        }
        settings.russian = order(file, "ru", self.voices.ru, &settings.services)?;
        settings.english = order(file, "en", self.voices.en, &settings.services)?;
        Ok(settings)
    }
}

impl RawCommands {
    fn check(self, file: &TomlFile) -> Result<CommandSettings, FileError> {
        let Self { ru, en } = self;
        for (name, command) in [("command.ru", &ru), ("command.en", &en)] {
            if command.get_ref().is_empty() {
                let message = format!("{name} must name a program");
                return Err(file.mistake(&command.span(), message));
            }
        }
        Ok(CommandSettings {
            russian: ru.into_inner(),
            english: en.into_inner(),
        })
    }
}

/// Where Asterisk fetches clips, if it does.
fn served(
    file: &TomlFile,
    listen: &Spanned<String>,
    url: &Spanned<String>,
) -> Result<Option<Served>, FileError> {
    let said = url.get_ref().trim_end_matches('/');
    if listen.get_ref().is_empty() {
        if said.is_empty() {
            return Ok(None);
        }
        let message = "without listen nothing is there: set it to such as \"0.0.0.0:8089\"";
        return Err(file.mistake(&url.span(), message));
    }
    let Ok(address) = listen.get_ref().parse::<SocketAddr>() else {
        let message = format!(
            "{:?} is no address; write it as 10.0.0.5:8089",
            listen.get_ref()
        );
        return Err(file.mistake(&listen.span(), message));
    };
    let url = match said {
        "" if address.ip().is_unspecified() => {
            let message = "url must say how Asterisk gets here, such as \"http://10.0.0.5:8089\"";
            return Err(file.mistake(&listen.span(), message));
        }
        "" => format!("http://{address}"),
        said if is_usable_url(said) => said.to_owned(),
        _ => {
            let message = "it must be http:// or https://, a host, and nothing that a dialplan \
                           would read otherwise, such as \"http://10.0.0.5:8089\"";
            return Err(file.mistake(&url.span(), message));
        }
    };
    Ok(Some(Served {
        listen: address,
        url,
    }))
}

/// Asterisk separates sounds with `&`, and cuts at commas.
fn is_usable_url(url: &str) -> bool {
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"));
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:/[]".contains(c);
    rest.is_some_and(|rest| rest.starts_with(|c: char| c != '/') && rest.chars().all(plain))
}

fn unusable_name(name: &str) -> Option<String> {
    if name == COMMAND {
        let message = "the service \"command\" is there already: [speech] command.ru and command.en \
                       set it; give this one another name";
        return Some(message.to_owned());
    }
    let usable = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let fits = (1..=40).contains(&name.len()) && name.chars().all(usable);
    (!fits).then(|| format!("{name:?}: a service's name is 1 to 40 letters, digits, - and _"))
}

/// The services of a language, each of which must be there and speak it.
fn order(
    file: &TomlFile,
    language: &str,
    names: Spanned<Vec<Spanned<String>>>,
    services: &[ServiceSettings],
) -> Result<Vec<String>, FileError> {
    let span = names.span();
    let names = names.into_inner();
    if names.is_empty() {
        let message = format!("voices.{language} must name a service, such as \"command\"");
        return Err(file.mistake(&span, message));
    }
    let mut order: Vec<String> = Vec::new();
    for name in names {
        let mistake = |message: String| Err(file.mistake(&name.span(), message));
        let Some(service) = services
            .iter()
            .find(|service| service.name == *name.get_ref())
        else {
            let known: Vec<&str> = services
                .iter()
                .map(|service| service.name.as_str())
                .collect();
            return mistake(format!(
                "there is no service {:?}; there is {}, and [speech.service.NAME] makes another",
                name.get_ref(),
                known.join(", ")
            ));
        };
        if !service::speaks(&service.kind, language) {
            return mistake(format!(
                "the service {:?} does not speak {language:?}; set its voice.{language}",
                service.name
            ));
        }
        if order.contains(&service.name) {
            return mistake(format!("{:?} is named twice; leave one out", service.name));
        }
        order.push(service.name.clone());
    }
    Ok(order)
}

#[cfg(test)]
mod tests;
