//! Text to sound: a prompt becomes a clip that Asterisk can play.
//!
//! [`Speech`] is the door. Behind it: `text` cleans what is said, `services` speak, `chain` says who
//! of them is asked, `sound` makes phrases and joins them, `formats` writes what Asterisk plays, `phrases` and
//! `clips` keep both, so that nothing is made twice; `serving` gives clips to an Asterisk elsewhere.

mod chain;
mod clips;
mod error;
mod files;
mod flights;
mod formats;
mod phrases;
mod services;
mod serving;
mod sound;
mod text;
mod upkeep;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::sync::Semaphore;

use crate::domain::language::Language;
use crate::domain::prompt::{Clip, Haste, Prompt};

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
use clips::Clips;
use files::{Files, Key};
use flights::Flights;
use phrases::{Phrases, Wanted};
use sound::{Part, RATE};

/// The most phrases of one prompt.
const MOST_PHRASES: usize = 100;
/// The longest silence after a phrase.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// The longest clip: five minutes, in samples.
const LONGEST_CLIP: usize = 5 * 60 * RATE as usize;
/// Clips that are made at once, waiting ones included.
const MOST_UNDER_WAY: usize = 500;

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
}

struct Workshop {
    files: Arc<Files>,
    phrases: Arc<Phrases>,
    clips: Clips,
    served: Option<Served>,
    /// By who waits for them: what may take longer is no use to who is in a hurry.
    now: Flights<Clip>,
    next: Flights<Clip>,
    ahead: Flights<Clip>,
    slots: Arc<Semaphore>,
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

/// A prompt as it will be made, and the name of the clip that the best voices would make.
struct Plan {
    key: Key,
    /// Each phrase with the samples of silence after it.
    phrases: Vec<(Wanted, usize)>,
}

impl Speech {
    /// Opens the directory of the clips, and creates what is missing in it.
    ///
    /// # Errors
    /// [`SpeechError::UnusableDirectory`], [`SpeechError::Unusable`].
    pub fn open(settings: Settings) -> Result<Self, SpeechError> {
        let files = Arc::new(Files::open(&settings.directory)?);
        let slots = Arc::new(Semaphore::new(settings.at_once.get()));
        let served = settings.served.clone();
        let chain = Chain::open(settings, Some(Arc::clone(&files)))?;
        let phrases = Phrases::new(Arc::clone(&files), chain);
        let workshop = Workshop {
            phrases: Arc::new(phrases),
            clips: Clips::new(Arc::clone(&files), served.clone()),
            served,
            files,
            now: Flights::new(MOST_UNDER_WAY),
            next: Flights::new(MOST_UNDER_WAY),
            ahead: Flights::new(MOST_UNDER_WAY),
            slots,
        };
        Ok(Self {
            workshop: Arc::new(workshop),
        })
    }

    /// The clip of a prompt, if it can be played at once. Quick: it neither waits nor makes one.
    #[must_use]
    pub fn ready(&self, prompt: &Prompt) -> Option<Clip> {
        let plan = self.workshop.plan(prompt).ok()?;
        self.workshop.ready(&plan)
    }

    /// The clip of a prompt; what is missing of it is made now.
    ///
    /// Dropping the future stops the waiting, not the work: the clip will be there the next time.
    ///
    /// # Errors
    /// Nothing to say, too much to say, or what the synthesiser and the file system say.
    pub async fn prepare(&self, prompt: &Prompt, haste: Haste) -> Result<Clip, SpeechError> {
        self.workshop.prepare(prompt, haste).await
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
            match self.workshop.prepare(prompt, Haste::Ahead).await {
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

impl Workshop {
    fn ready(&self, plan: &Plan) -> Option<Clip> {
        if let Some(clip) = self.clips.ready(&plan.key) {
            return Some(clip);
        }
        // The best voice may be out of order: what the next one said is good enough then.
        let likely = plan.phrases.iter().map(|(wanted, pause)| {
            let key = self.phrases.likely(wanted)?;
            Some((key, *pause))
        });
        let likely = clip_key(&likely.collect::<Option<Vec<_>>>()?);
        if likely == plan.key {
            return None;
        }
        self.clips.ready(&likely)
    }

    async fn prepare(self: &Arc<Self>, prompt: &Prompt, haste: Haste) -> Result<Clip, SpeechError> {
        let plan = self.plan(prompt)?;
        if let Some(clip) = self.ready(&plan) {
            return Ok(clip);
        }
        let workshop = Arc::clone(self);
        let flights = match haste {
            Haste::Now => &self.now,
            Haste::Next => &self.next,
            Haste::Ahead => &self.ahead,
        };
        flights
            .join(plan.key, async move { workshop.make(plan, haste).await })
            .await
    }

    fn plan(&self, prompt: &Prompt) -> Result<Plan, SpeechError> {
        let count = prompt.phrases.len();
        if count == 0 {
            return Err(SpeechError::NothingToSay);
        }
        if count > MOST_PHRASES {
            return Err(too_long(
                format!("{count} phrases"),
                format!("{MOST_PHRASES} phrases"),
            ));
        }
        let mut phrases = Vec::with_capacity(count);
        for phrase in &prompt.phrases {
            phrases.push((
                self.phrases.wanted(phrase)?,
                pause_in_samples(phrase.pause)?,
            ));
        }
        // What follows the last phrase is not part of the clip, so it is not part of its name.
        if let Some((_, pause)) = phrases.last_mut() {
            *pause = 0;
        }
        let best = phrases
            .iter()
            .filter_map(|(wanted, pause): &(Wanted, usize)| Some((wanted.best()?, *pause)));
        Ok(Plan {
            key: clip_key(&best.collect::<Vec<_>>()),
            phrases,
        })
    }

    async fn make(self: Arc<Self>, plan: Plan, haste: Haste) -> Result<Clip, SpeechError> {
        let (wanted, pauses): (Vec<Wanted>, Vec<usize>) = plan.phrases.into_iter().unzip();
        let spoken = wanted
            .into_iter()
            .map(|wanted| self.phrases.samples(wanted, haste));
        let spoken = try_join_all(spoken).await?;
        let keys: Vec<(Key, usize)> = spoken
            .iter()
            .zip(&pauses)
            .map(|(spoken, pause)| (spoken.key, *pause))
            .collect();
        // Not always the planned one: another voice may have spoken.
        let key = clip_key(&keys);
        if let Some(clip) = self.clips.ready(&key) {
            return Ok(clip);
        }
        let parts: Vec<Part> = spoken
            .into_iter()
            .zip(pauses)
            .map(|(spoken, pause)| Part {
                samples: spoken.samples,
                pause,
            })
            .collect();
        check_length(&parts)?;
        let slots = Arc::clone(&self.slots);
        let _slot = slots.acquire().await.map_err(|_| SpeechError::BrokenOff)?;
        heavy(move || self.clips.make(key, &parts)).await
    }
}

fn clip_key(phrases: &[(Key, usize)]) -> Key {
    let pauses: Vec<[u8; 8]> = phrases
        .iter()
        .map(|(_, pause)| (*pause as u64).to_le_bytes())
        .collect();
    let keys = phrases.iter().map(|(key, _)| key.as_bytes());
    Key::of(
        keys.zip(&pauses)
            .flat_map(|(key, pause)| [key, pause.as_slice()]),
    )
}

fn pause_in_samples(pause: Duration) -> Result<usize, SpeechError> {
    if pause > LONGEST_PAUSE {
        return Err(too_long(
            format!("a pause of {pause:?}"),
            format!("{LONGEST_PAUSE:?}"),
        ));
    }
    Ok((pause.as_secs_f64() * f64::from(RATE)).round() as usize)
}

fn check_length(parts: &[Part]) -> Result<(), SpeechError> {
    let samples: usize = parts
        .iter()
        .map(|part| part.samples.len() + part.pause)
        .sum();
    if samples > LONGEST_CLIP {
        let seconds = |samples| format!("{} seconds", samples / RATE as usize);
        return Err(too_long(seconds(samples), seconds(LONGEST_CLIP)));
    }
    Ok(())
}

fn too_long(what: String, limit: String) -> SpeechError {
    SpeechError::PromptTooLong { what, limit }
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
