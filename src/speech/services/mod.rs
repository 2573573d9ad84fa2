//! What speaks: one file for each kind of service. All take a text and a language, and give samples
//! or the reason why not. When to ask, how often and whom next is the chain's business.
//!
//! None of the services on the net was tried live: each was written from its description, and is
//! tested against a server of our own that behaves as described.

mod builtin;
mod command;
mod crt_cloud;
mod error;
mod http;
mod kept_token;
mod openai;
mod recordings;
mod salute;
mod settings;
mod voicefabric;
mod yandex;
mod yandex_v1;
mod yandex_v3;

use futures_util::future::BoxFuture;

use crate::domain::language::Language;

use super::sound::{self, Decoded};

use yandex::Yandex;
use yandex_v1::YandexV1;
use yandex_v3::YandexV3;

pub(super) use builtin::Builtin;
pub use command::CommandSettings;
pub use error::{ServiceError, UnusableService};
pub use settings::{
    Account, CrtSettings, Key, Kind, MonthlyBudget, Online, OpenAiSettings, SaluteSettings,
    ServiceSettings, Voices, YandexKey, YandexSettings,
};

/// The most that is read of one answer, in bytes: over a minute of any usual sound, in base64.
const LARGEST_ANSWER: usize = 24 * 1024 * 1024;

/// How much of a complaint is shown, in characters.
const SHOWN_COMPLAINT: usize = 200;

/// A service that speaks.
pub(super) trait Service: Send + Sync {
    /// All that makes its voice: whatever is changed in it makes another sound of the same text.
    /// `None` if it does not speak the language.
    fn voice(&self, language: Language) -> Option<Vec<String>>;

    /// Whether it is worth asking at all.
    fn can_say(&self, _text: &str, language: Language) -> bool {
        self.voice(language).is_some()
    }

    /// Speaks a cleaned text. Dropping the future ends the work.
    fn speak(
        &self,
        text: &str,
        language: Language,
    ) -> impl Future<Output = Result<Decoded, ServiceError>> + Send;
}

/// Any [`Service`]: what can be kept in a box.
pub(super) trait AnyService: Send + Sync {
    /// See [`Service::voice`].
    fn voice(&self, language: Language) -> Option<Vec<String>>;

    /// See [`Service::can_say`].
    fn can_say(&self, text: &str, language: Language) -> bool;

    /// See [`Service::speak`].
    fn speak<'a>(
        &'a self,
        text: &'a str,
        language: Language,
    ) -> BoxFuture<'a, Result<Decoded, ServiceError>>;
}

impl<S: Service> AnyService for S {
    fn voice(&self, language: Language) -> Option<Vec<String>> {
        Service::voice(self, language)
    }

    fn can_say(&self, text: &str, language: Language) -> bool {
        Service::can_say(self, text, language)
    }

    fn speak<'a>(
        &'a self,
        text: &'a str,
        language: Language,
    ) -> BoxFuture<'a, Result<Decoded, ServiceError>> {
        Box::pin(Service::speak(self, text, language))
    }
}

/// Makes a service; opens no connection yet.
///
/// # Errors
/// A key, a certificate or a manifest that can't be used.
pub(super) fn open(settings: &ServiceSettings) -> Result<Box<dyn AnyService>, UnusableService> {
    let opened: Result<Box<dyn AnyService>, String> = match &settings.kind {
        Kind::YandexV3(yandex) => boxed(Yandex::open(yandex).map(YandexV3)),
        Kind::YandexV1(yandex) => boxed(Yandex::open(yandex).map(YandexV1)),
        Kind::OpenAi(openai) => boxed(openai::OpenAi::open(openai)),
        Kind::Salute(salute) => boxed(salute::Salute::open(salute)),
        Kind::VoiceFabric(online, key) => boxed(voicefabric::VoiceFabric::open(online, key)),
        Kind::Crt(crt) => boxed(crt_cloud::CrtCloud::open(crt)),
        Kind::Command(command) => Ok(Box::new(command::CommandSynthesiser::new(command.clone()))),
        Kind::Recordings(directory) => boxed(recordings::Recordings::open(directory)),
    };
    opened.map_err(|reason| UnusableService {
        service: settings.name.clone(),
        reason,
    })
}

fn boxed<S: Service + 'static>(service: Result<S, String>) -> Result<Box<dyn AnyService>, String> {
    Ok(Box::new(service?))
}

/// A sound file's samples.
async fn samples_of_file(file: Vec<u8>) -> Result<Decoded, ServiceError> {
    let decoded = tokio::task::spawn_blocking(move || sound::decode(file)).await;
    decoded
        .map_err(|_| ServiceError::BadAnswer("decoding it failed".to_owned()))?
        .map_err(ServiceError::BadSound)
}

/// The samples of headerless sound: 16 bits each, little-endian, mono.
fn samples_of_bytes(bytes: &[u8], rate: u32) -> Result<Decoded, ServiceError> {
    sound::from_bytes(bytes, rate).map_err(ServiceError::BadSound)
}

/// The first line of a complaint, unless it repeats words of what is private: the text or a key.
fn presentable(complaint: &str, private: &[&str]) -> String {
    let Some(line) = complaint
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
    else {
        return "it gave no reason".to_owned();
    };
    let lowercase = line.to_lowercase();
    let repeats = private
        .iter()
        .flat_map(|private| private.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() >= 3)
        .any(|word| lowercase.contains(&word.to_lowercase()));
    if repeats {
        return "its reason repeats the text or a key and is not shown".to_owned();
    }
    line.chars()
        .filter(|c| !c.is_control())
        .take(SHOWN_COMPLAINT)
        .collect()
}

#[cfg(test)]
mod tests;
