//! Text to sound: a prompt becomes a clip that Asterisk can play.
//!
//! [`Speech`] is the door. Behind it: `text` cleans what is said, `services` speak, `chain` says who
//! of them is asked, `sound` makes phrases and joins them, `formats` and `coded` make what Asterisk plays,
//! `phrases`, `at_hand`, `clips` and `workshop` keep both, so that nothing is made twice; `serving` gives clips to
//! an Asterisk elsewhere.

mod at_hand;
mod chain;
mod clips;
mod coded;
mod error;
mod files;
mod flights;
mod formats;
mod phrase_file;
mod phrases;
mod services;
mod serving;
mod sound;
mod text;
mod upkeep;
mod workshop;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::language::Language;
use crate::domain::prompt::{Clip, Haste, Prompt};
use crate::metrics;

pub use chain::Unspoken;
pub use error::SpeechError;
pub use services::{
    Account, CommandSettings, CrtSettings, Key as ServiceKey, Kind, MonthlyBudget, Online,
    OpenAiSettings, SaluteSettings, ServiceError, ServiceSettings, UnusableService, Voices,
    YandexKey, YandexSettings,
};
pub use serving::Served;
pub use sound::SoundError;
pub use upkeep::{Tidied, Usage};

use chain::Chain;
use formats::Codings;
use sound::RATE;
use workshop::Workshop;

/// How the settings call the service that is there without being named.
pub const COMMAND: &str = "command";

/// Where clips are kept and what speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The directory of the clips. Asterisk must be able to read it under the same name.
    pub directory: PathBuf,
    /// How large it may become, in bytes, for whoever keeps it so by [`Speech::tidy`].
    pub largest: u64,
    /// What can speak.
    pub services: Vec<ServiceSettings>,
    /// The names of those who speak Russian, the best first.
    pub russian: Vec<String>,
    /// The names of those who speak English, the best first.
    pub english: Vec<String>,
    /// Whether the built-in prompts speak when nobody else does.
    pub built_in: bool,
    /// Where Asterisk fetches clips, if it can't read the directory.
    pub served: Option<Served>,
    /// How many clips are made of their phrases at once.
    pub at_once: NonZeroUsize,
}

impl Settings {
    /// espeak-ng, and as many phrases at once as there are processors.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self::with_command(directory, CommandSettings::default())
    }

    /// The program of these settings alone speaks.
    #[must_use]
    pub fn with_command(directory: impl Into<PathBuf>, command: CommandSettings) -> Self {
        Self {
            directory: directory.into(),
            largest: 1 << 30,
            services: vec![ServiceSettings::command(COMMAND, command)],
            russian: vec![COMMAND.to_owned()],
            english: vec![COMMAND.to_owned()],
            built_in: true,
            served: None,
            at_once: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        }
    }
}

/// How far [`Speech::warm`] is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Warming {
    /// Prompts to prepare.
    pub total: usize,
    /// Prompts that are ready, whether they were before or not.
    pub ready: usize,
    /// Prompts that could not be made. The reasons are in the log.
    pub failed: usize,
}

/// Makes clips of prompts. Clones are the same one.
#[derive(Clone)]
pub struct Speech {
    workshop: Arc<Workshop>,
    codings: Codings,
}

/// A phrase that was spoken, for a person at the keyboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The name of the service that spoke.
    pub service: String,
    /// The samples, mono, [`Said::RATE`] a second.
    pub samples: Vec<i16>,
}

impl Said {
    /// Samples a second.
    pub const RATE: u32 = RATE;
}

impl Speech {
    /// Opens the directory of the clips, and creates what is missing in it.
    ///
    /// # Errors
    /// [`SpeechError::UnusableDirectory`], [`SpeechError::Unusable`].
    pub fn open(settings: Settings) -> Result<Self, SpeechError> {
        let workshop = Workshop::open(settings)?;
        Ok(Self {
            workshop: Arc::new(workshop),
            codings: Codings::All,
        })
    }

    /// The same, for a channel whose formats are known as Asterisk's `CHANNEL(audionativeformat)` names
    /// them, such as `(alaw)`: what its clips are made of need not be written for others too.
    #[must_use]
    pub fn for_channel(&self, formats: &str) -> Self {
        // Who fetches clips asks for the one that is there for everybody.
        let codings = match self.workshop.served {
            Some(_) => Codings::All,
            None => Codings::of_channel(formats),
        };
        Self {
            workshop: Arc::clone(&self.workshop),
            codings,
        }
    }

    /// The clip of a prompt, if it can be played at once. Quick: it neither waits nor makes one.
    #[must_use]
    pub fn ready(&self, prompt: &Prompt) -> Option<Clip> {
        let plan = self.workshop.plan(prompt).ok()?;
        let clip = self.workshop.ready(&plan, self.codings)?;
        // Who does not find one here prepares it next, and that counts.
        metrics::clip(true);
        Some(clip)
    }

    /// The clip of a prompt; what is missing of it is made now.
    ///
    /// Dropping the future stops the waiting, not the work: the clip will be there the next time.
    ///
    /// # Errors
    /// Nothing to say, too much to say, or what the synthesiser and the file system say.
    pub async fn prepare(&self, prompt: &Prompt, haste: Haste) -> Result<Clip, SpeechError> {
        self.workshop.prepare(prompt, haste, self.codings).await
    }

    /// Prepares prompts ahead, one after the other, so that callers are served in between.
    /// `progress` is told after each. A prompt that fails is logged, without its text.
    pub async fn warm(
        &self,
        prompts: impl IntoIterator<Item = Prompt>,
        mut progress: impl FnMut(Warming),
    ) -> Warming {
        let prompts: Vec<Prompt> = prompts.into_iter().collect();
        let mut warming = Warming {
            total: prompts.len(),
            ..Warming::default()
        };
        for (number, prompt) in prompts.iter().enumerate() {
            match self.prepare(prompt, Haste::Ahead).await {
                Ok(_) => warming.ready += 1,
                Err(error) => {
                    warming.failed += 1;
                    tracing::warn!(number, %error, "a prompt can't be made ahead");
                }
            }
            progress(warming);
        }
        warming
    }
}

impl Speech {
    /// What the directory holds.
    ///
    /// # Errors
    /// [`SpeechError::File`] if it can't be listed.
    pub async fn usage(&self) -> Result<Usage, SpeechError> {
        let workshop = Arc::clone(&self.workshop);
        heavy(move || {
            let files = &workshop.files;
            upkeep::usage(files).map_err(SpeechError::file("list", &files.clips()))
        })
        .await
    }

    /// Keeps the directory below a size, in bytes: what was used longest ago goes first, never what
    /// was used within the last hours.
    ///
    /// # Errors
    /// [`SpeechError::File`] if the directory can't be listed.
    pub async fn tidy(&self, limit: u64) -> Result<Tidied, SpeechError> {
        let workshop = Arc::clone(&self.workshop);
        heavy(move || {
            let tidied = workshop.clips.tidy(limit);
            tidied.map_err(SpeechError::file("list", &workshop.files.clips()))
        })
        .await
    }
}

/// Speaks a text anew: nothing is kept, and nothing is counted.
///
/// # Errors
/// Nothing to say, settings that can't be used, or everybody's reason not to speak.
pub async fn say(settings: &Settings, text: &str, language: Language) -> Result<Said, SpeechError> {
    let chain = Chain::open(settings.clone(), None)?;
    let text = text::clean(text, language)?;
    let (station, samples) = chain.say(&text, language).await?;
    Ok(Said {
        service: station.name().to_owned(),
        samples,
    })
}

/// Whatever a service answers as a sound becomes a phrase that can be joined to others, or is refused.
///
/// # Panics
/// When a phrase has samples that no such sound can have.
#[cfg(fuzzing)]
pub fn fuzzed_sound(answer: &[u8]) {
    let bare = sound::from_bytes(answer, RATE);
    for decoded in [sound::decode(answer.to_vec()), bare].into_iter().flatten() {
        let seconds = decoded.samples.len() as u32 / decoded.rate;
        let Ok(samples) = sound::phrase(decoded) else {
            continue;
        };
        assert!(!samples.is_empty(), "a phrase without a sound");
        assert!(
            samples.len() as u32 / RATE <= seconds + 1,
            "it became longer"
        );
        let pause = RATE as usize;
        assert!(sound::Sound::of(samples).is_ok_and(|sound| {
            let sound = Arc::new(sound);
            let clip = formats::encode(&[sound::Part { sound, pause }], Codings::All);
            clip.iter().all(|coding| !coding.bytes.is_empty())
        }));
    }
}

/// Runs arithmetic and file access where they hold up no task.
async fn heavy<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SpeechError> + Send + 'static,
) -> Result<T, SpeechError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(SpeechError::BrokenOff))
}

#[cfg(test)]
mod tests;
