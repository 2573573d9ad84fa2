//! Text to sound: a prompt becomes a clip that Asterisk can play.
//!
//! [`Speech`] is the door. Behind it: `text` cleans what is said, `command` runs the synthesiser,
//! `sound` makes phrases and joins them, `formats` writes what Asterisk plays, `phrases` and
//! `clips` keep both, so that nothing is made twice.

mod clips;
mod command;
mod error;
mod files;
mod flights;
mod formats;
mod phrases;
mod sound;
mod text;
mod upkeep;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::sync::Semaphore;

use crate::domain::prompt::{Clip, Prompt};

pub use command::CommandSettings;
pub use error::SpeechError;
pub use sound::SoundError;
pub use upkeep::{Tidied, Usage};

use clips::Clips;
use command::CommandSynthesiser;
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

/// Where clips are kept and what speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The directory of the clips. Asterisk must be able to read it under the same name.
    pub directory: PathBuf,
    /// How large it may become, in bytes, for whoever keeps it so by [`Speech::tidy`].
    pub largest: u64,
    /// The program that speaks.
    pub command: CommandSettings,
    /// How many phrases are synthesised at once.
    pub at_once: NonZeroUsize,
}

impl Settings {
    /// espeak-ng, and as many phrases at once as there are processors.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            largest: 1 << 30,
            command: CommandSettings::default(),
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
    flights: Flights<Clip>,
    slots: Arc<Semaphore>,
}

/// A prompt as it will be made, and the name of its clip.
struct Plan {
    key: Key,
    /// Each phrase with the samples of silence after it.
    phrases: Vec<(Wanted, usize)>,
}

impl Speech {
    /// Opens the directory of the clips, and creates what is missing in it.
    ///
    /// # Errors
    /// [`SpeechError::UnusableDirectory`].
    pub fn open(settings: Settings) -> Result<Self, SpeechError> {
        let files = Arc::new(Files::open(&settings.directory)?);
        let slots = Arc::new(Semaphore::new(settings.at_once.get()));
        let synthesiser = CommandSynthesiser::new(settings.command);
        let phrases = Phrases::new(Arc::clone(&files), synthesiser, Arc::clone(&slots));
        let workshop = Workshop {
            phrases: Arc::new(phrases),
            clips: Clips::new(Arc::clone(&files)),
            files,
            flights: Flights::new(MOST_UNDER_WAY),
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
        self.workshop.clips.ready(&plan.key)
    }

    /// The clip of a prompt; what is missing of it is made now.
    ///
    /// Dropping the future stops the waiting, not the work: the clip will be there the next time.
    ///
    /// # Errors
    /// Nothing to say, too much to say, or what the synthesiser and the file system say.
    pub async fn prepare(&self, prompt: &Prompt) -> Result<Clip, SpeechError> {
        let plan = self.workshop.plan(prompt)?;
        if let Some(clip) = self.workshop.clips.ready(&plan.key) {
            return Ok(clip);
        }
        let workshop = Arc::clone(&self.workshop);
        self.workshop
            .flights
            .join(plan.key, async move { workshop.make(plan).await })
            .await
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
            match self.prepare(prompt).await {
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

impl Workshop {
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
        Ok(Plan {
            key: clip_key(&phrases),
            phrases,
        })
    }

    async fn make(self: Arc<Self>, plan: Plan) -> Result<Clip, SpeechError> {
        let samples = plan
            .phrases
            .iter()
            .map(|(wanted, _)| self.phrases.samples(wanted.clone()));
        let samples = try_join_all(samples).await?;
        let pauses = plan.phrases.iter().map(|(_, pause)| *pause);
        let parts: Vec<Part> = samples
            .into_iter()
            .zip(pauses)
            .map(|(samples, pause)| Part { samples, pause })
            .collect();
        check_length(&parts)?;
        let slots = Arc::clone(&self.slots);
        let _slot = slots.acquire().await.map_err(|_| SpeechError::BrokenOff)?;
        heavy(move || self.clips.make(plan.key, &parts)).await
    }
}

fn clip_key(phrases: &[(Wanted, usize)]) -> Key {
    let pauses: Vec<[u8; 8]> = phrases
        .iter()
        .map(|(_, pause)| (*pause as u64).to_le_bytes())
        .collect();
    let keys = phrases.iter().map(|(wanted, _)| wanted.key.as_bytes());
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
