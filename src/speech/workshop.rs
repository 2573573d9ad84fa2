//! Where clips are made: the phrases of a prompt are fetched or spoken, and joined.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::sync::Semaphore;

use crate::domain::prompt::{Clip, Haste, Prompt};
use crate::metrics;

use super::chain::Chain;
use super::clips::Clips;
use super::coded::{self, Coded};
use super::files::{Files, Key};
use super::flights::Flights;
use super::formats::{self, Codings, Encoded};
use super::phrases::{Phrases, Wanted};
use super::serving::Served;
use super::sound::{Part, RATE, Width};
use super::{Settings, SpeechError, heavy};

/// The most phrases of one prompt.
pub(super) const MOST_PHRASES: usize = 100;
/// The longest silence after a phrase.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// The longest clip: five minutes, in samples.
const LONGEST_CLIP: usize = 5 * 60 * RATE as usize;
/// Clips that are made at once, waiting ones included.
const MOST_UNDER_WAY: usize = 500;

/// What all clones of a [`super::Speech`] share.
pub(super) struct Workshop {
    pub(super) files: Arc<Files>,
    phrases: Arc<Phrases>,
    pub(super) clips: Clips,
    pub(super) served: Option<Served>,
    /// By who waits for them: what may take longer is no use to who is in a hurry.
    now: Flights<(Key, Codings), Clip>,
    next: Flights<(Key, Codings), Clip>,
    ahead: Flights<(Key, Codings), Clip>,
    slots: Arc<Semaphore>,
}

/// A prompt as it will be made, and the name of the clip that the best voices would make.
pub(super) struct Plan {
    key: Key,
    /// Each phrase with the samples of silence after it.
    phrases: Vec<(Wanted, usize)>,
}

impl Workshop {
    /// # Errors
    /// As of [`super::Speech::open`].
    pub(super) fn open(settings: Settings) -> Result<Self, SpeechError> {
        let files = Arc::new(Files::open(&settings.directory)?);
        let slots = Arc::new(Semaphore::new(settings.at_once.get()));
        let served = settings.served.clone();
        let chain = Chain::open(settings, Some(Arc::clone(&files)))?;
        let phrases = Phrases::new(Arc::clone(&files), chain);
        Ok(Self {
            phrases: Arc::new(phrases),
            clips: Clips::new(Arc::clone(&files), served.clone()),
            served,
            files,
            now: Flights::new(MOST_UNDER_WAY),
            next: Flights::new(MOST_UNDER_WAY),
            ahead: Flights::new(MOST_UNDER_WAY),
            slots,
        })
    }

    pub(super) fn ready(&self, plan: &Plan, codings: Codings) -> Option<Clip> {
        if let Some(clip) = self.clips.ready(&plan.key, codings) {
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
        self.clips.ready(&likely, codings)
    }

    pub(super) async fn prepare(
        self: &Arc<Self>,
        prompt: &Prompt,
        haste: Haste,
        codings: Codings,
    ) -> Result<Clip, SpeechError> {
        let plan = self.plan(prompt)?;
        let ready = self.ready(&plan, codings);
        if haste != Haste::Ahead {
            metrics::clip(ready.is_some());
        }
        if let Some(clip) = ready {
            return Ok(clip);
        }
        let workshop = Arc::clone(self);
        let flights = match haste {
            Haste::Now => &self.now,
            Haste::Next => &self.next,
            Haste::Ahead => &self.ahead,
        };
        flights
            .join((plan.key, codings), async move {
                workshop.make(plan, haste, codings).await
            })
            .await
    }

    pub(super) fn plan(&self, prompt: &Prompt) -> Result<Plan, SpeechError> {
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
            .map(|(wanted, pause): &(Wanted, usize)| (wanted.best(), *pause));
        Ok(Plan {
            key: clip_key(&best.collect::<Vec<_>>()),
            phrases,
        })
    }

    async fn make(
        self: Arc<Self>,
        plan: Plan,
        haste: Haste,
        codings: Codings,
    ) -> Result<Clip, SpeechError> {
        // As a rule all phrases are there, and the clip is made at one go.
        let slots = Arc::clone(&self.slots);
        let slot = slots.acquire().await.map_err(|_| SpeechError::BrokenOff)?;
        let workshop = Arc::clone(&self);
        let (plan, made) = heavy(move || {
            let made = workshop.join_kept(&plan, codings);
            Ok((plan, made))
        })
        .await?;
        drop(slot);
        if let Some(made) = made {
            return made;
        }
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
        if let Some(clip) = self.clips.ready(&key, codings) {
            return Ok(clip);
        }
        let parts: Vec<Part> = spoken
            .into_iter()
            .zip(pauses)
            .map(|(spoken, pause)| Part {
                sound: spoken.sound,
                pause,
            })
            .collect();
        check_length(parts.iter().map(|part| (part.sound.length(), part.pause)))?;
        let slots = Arc::clone(&self.slots);
        let _slot = slots.acquire().await.map_err(|_| SpeechError::BrokenOff)?;
        heavy(move || {
            let encoded = formats::encode(&parts, codings);
            self.clips.keep(key, &encoded, codings)
        })
        .await
    }
}

impl Workshop {
    /// The clip of phrases that are all kept in their best voices; `None` if one is missing. Heavy.
    fn join_kept(&self, plan: &Plan, codings: Codings) -> Option<Result<Clip, SpeechError>> {
        let encoded = if codings.are_narrow() {
            self.coded(plan, codings)?
        } else {
            self.encoded(plan, codings)?
        };
        Some(encoded.and_then(|encoded| self.clips.keep(plan.key, &encoded, codings)))
    }

    /// For ordinary calls, of phrases that need not be coded anew for each clip.
    fn coded(&self, plan: &Plan, codings: Codings) -> Option<Result<Vec<Encoded>, SpeechError>> {
        let phrases = plan.phrases.iter();
        let coded =
            phrases.map(|(wanted, pause)| Some((self.phrases.coded(wanted, codings)?, *pause)));
        let coded: Vec<(Arc<Coded>, usize)> = coded.collect::<Option<_>>()?;
        let lengths = coded
            .iter()
            .map(|(phrase, pause)| (phrase.length(), *pause));
        Some(check_length(lengths).map(|()| coded::join(&coded, codings)))
    }

    /// For all calls.
    fn encoded(&self, plan: &Plan, codings: Codings) -> Option<Result<Vec<Encoded>, SpeechError>> {
        let phrases = plan.phrases.iter();
        let parts = phrases.map(|(wanted, pause)| {
            let sound = self.phrases.kept(wanted)?;
            Some(Part {
                sound,
                pause: *pause,
            })
        });
        let parts: Vec<Part> = parts.collect::<Option<_>>()?;
        let lengths = parts.iter().map(|part| (part.sound.length(), part.pause));
        Some(check_length(lengths).map(|()| formats::encode(&parts, codings)))
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

/// Of each phrase its samples in an ordinary call, and those of the silence after it.
fn check_length(lengths: impl Iterator<Item = (usize, usize)>) -> Result<(), SpeechError> {
    let samples: usize = lengths
        .map(|(sound, pause)| sound * Width::Wide.scale() + pause)
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
