//! What the settings say about services.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use crate::domain::language::Language;
use crate::secret::Secret;

use super::CommandSettings;

/// A service, and how much it may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceSettings {
    /// How the settings and the log call it.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The longest that one phrase may take, all attempts together. One attempt has a third of it.
    pub time_limit: Duration,
    /// How many phrases are asked for at once.
    pub at_once: NonZeroUsize,
    /// How many requests it gets a second; `None` for any number.
    pub requests_a_second: Option<NonZeroUsize>,
    /// What it may be asked in a month; `None` for any number.
    pub budget: Option<MonthlyBudget>,
}

impl ServiceSettings {
    /// A program on this machine: as many at once as there are processors.
    #[must_use]
    pub fn command(name: impl Into<String>, command: CommandSettings) -> Self {
        Self {
            name: name.into(),
            time_limit: Duration::from_secs(10),
            at_once: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            kind: Kind::Command(command),
            requests_a_second: None,
            budget: None,
        }
    }
}

/// What a service may be asked in a calendar month (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthlyBudget {
    /// Characters of text.
    Characters(u64),
    /// Requests.
    Requests(u64),
}

/// What a service is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yandex SpeechKit, API v3.
    YandexV3(YandexSettings),
    /// Yandex SpeechKit, API v1.
    YandexV1(YandexSettings),
    /// Anything that answers as OpenAI's speech API does.
    OpenAi(OpenAiSettings),
    /// SaluteSpeech.
    Salute(SaluteSettings),
    /// VoiceFabric, the older generation.
    VoiceFabric(Online, Key),
    /// ЦРТ Cloud.
    Crt(CrtSettings),
    /// A program on this machine.
    Command(CommandSettings),
    /// A directory of recordings with their `manifest.tsv`.
    Recordings(PathBuf),
}

impl Kind {
    /// Whether one phrase costs nothing but a moment of this machine.
    pub(in crate::speech) fn is_local(&self) -> bool {
        matches!(self, Self::Command(_) | Self::Recordings(_))
    }
}

/// What all services on the net have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Online {
    /// Where it is, without a slash at the end.
    pub base_url: String,
    /// The authority that signed its certificate, if the system does not know it.
    pub ca_file: Option<PathBuf>,
    /// Its voices.
    pub voices: Voices,
    /// How fast it speaks, as a decimal number; `None` for its own default.
    pub speed: Option<String>,
}

impl Online {
    /// All that makes the voice.
    pub(super) fn voice(&self, kind: &str, language: Language) -> Option<Vec<String>> {
        let voice = self.voices.of(language)?;
        let speed = self.speed.as_deref().unwrap_or_default();
        Some(
            [kind, &self.base_url, voice, speed]
                .map(str::to_owned)
                .to_vec(),
        )
    }

    /// How fast it speaks, as a number.
    pub(super) fn speed(&self) -> Option<f64> {
        self.speed.as_deref()?.parse().ok()
    }
}

/// A voice for each language; empty where the service does not speak it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voices {
    /// The Russian one.
    pub russian: String,
    /// The English one.
    pub english: String,
}

impl Voices {
    /// The voice for a language, if there is one.
    pub(super) fn of(&self, language: Language) -> Option<&str> {
        let voice = match language {
            Language::Russian => &self.russian,
            Language::English => &self.english,
        };
        (!voice.is_empty()).then_some(voice)
    }
}

/// A key or a password, or where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// It stands in the file of settings.
    Given(Secret),
    /// It is in this environment variable.
    Variable(String),
}

impl Key {
    /// The key itself.
    pub(super) fn read(&self) -> Result<Secret, String> {
        let key = match self {
            Self::Given(key) => key.clone(),
            Self::Variable(name) => Secret::new(std::env::var(name).map_err(|_| {
                format!("the environment variable {name} is not set; put the key into it")
            })?),
        };
        let usable = !key.expose().is_empty() && key.expose().chars().all(|c| !c.is_control());
        if usable {
            return Ok(key);
        }
        Err("the key is empty or has control characters in it; set it anew".to_owned())
    }
}

/// Yandex SpeechKit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YandexSettings {
    /// Where, and which voices.
    pub online: Online,
    /// What it signs in with.
    pub key: YandexKey,
    /// The folder; needed for users' accounts only.
    pub folder: Option<String>,
    /// The role or emotion of the Russian voice.
    pub role: Option<String>,
}

/// What Yandex is signed in to with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YandexKey {
    /// An API key.
    Api(Key),
    /// A service account.
    Account(Account),
}

/// A service account of Yandex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its authorised key, as the console gives it: a JSON file.
    pub file: PathBuf,
    /// Where tokens are made.
    pub sign_in_url: String,
}

/// Anything that answers as OpenAI's speech API does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAiSettings {
    /// Where, and which voices.
    pub online: Online,
    /// What it signs in with; self-hosted ones often want none.
    pub key: Option<Key>,
    /// The model.
    pub model: String,
}

/// SaluteSpeech.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaluteSettings {
    /// Where, and which voices.
    pub online: Online,
    /// The authorisation key of the project.
    pub key: Key,
    /// `SALUTE_SPEECH_PERS` or `SALUTE_SPEECH_CORP`.
    pub scope: String,
    /// Where tokens are made.
    pub sign_in_url: String,
}

/// ЦРТ Cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrtSettings {
    /// Where, and which voices.
    pub online: Online,
    /// The user.
    pub user: String,
    /// The domain of the user.
    pub domain: u64,
    /// The user's password.
    pub password: Key,
}
