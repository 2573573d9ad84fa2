//! The phrase cache: each phrase is synthesised once, and its samples are kept in a file.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::time::timeout;

use crate::domain::prompt::{Haste, Phrase};

use super::at_hand::AtHand;
use super::chain::{self, Chain, Station, Unspoken};
use super::coded::Coded;
use super::files::{Files, Key};
use super::flights::Flights;
use super::formats::Codings;
use super::services::ServiceError;
use super::sound::{PROCESSING_VERSION, Sound};
use super::{SpeechError, heavy, phrase_file, text};

/// Phrases that are made at once, waiting ones included.
const MOST_UNDER_WAY: usize = 1000;

/// How long a caller who hears something else waits for a voice before the next one is asked too.
const CALLERS_PATIENCE: Duration = Duration::from_millis(700);
/// How long one who hears nothing waits for a program of this machine.
const IN_SILENCE: Duration = Duration::from_millis(40);

/// A text that a voice has refused is not asked of it for this time.
const REFUSED_FOR: Duration = Duration::from_secs(60);
/// So many of them are remembered.
const MOST_REFUSED: usize = 10_000;

/// A phrase as it will be spoken, and who would do it best. The others are looked for when they are needed,
/// which is seldom.
#[derive(Clone)]
pub(super) struct Wanted {
    /// The phrase with its text cleaned.
    phrase: Arc<Phrase>,
    best: Candidate,
    /// How many voices of the chain are before the others.
    tried: usize,
}

/// A voice, and the name of the sound that it makes of the phrase.
#[derive(Clone)]
struct Candidate {
    key: Key,
    station: Arc<Station>,
}

/// A phrase that is there.
#[derive(Clone)]
pub(super) struct Spoken {
    /// The name of its sound: another voice has another.
    pub(super) key: Key,
    pub(super) sound: Arc<Sound>,
}

/// Phrases in files, and the services for those that are missing.
pub(super) struct Phrases {
    files: Arc<Files>,
    at_hand: AtHand,
    chain: Chain,
    flights: Flights<Key, Arc<Sound>>,
    /// What a voice has refused to say, and until when it is not asked for it again.
    refused: Mutex<HashMap<Key, Instant>>,
}

type Speaking = FuturesUnordered<BoxFuture<'static, Result<Spoken, SpeechError>>>;

impl Phrases {
    pub(super) fn new(files: Arc<Files>, chain: Chain) -> Self {
        Self {
            files,
            at_hand: AtHand::new(),
            chain,
            flights: Flights::new(MOST_UNDER_WAY),
            refused: Mutex::default(),
        }
    }

    /// Cleans a phrase, and names its sound in the best voice that could say it.
    ///
    /// # Errors
    /// [`SpeechError::NothingToSay`], [`SpeechError::PhraseTooLong`], [`SpeechError::NoVoice`].
    pub(super) fn wanted(&self, phrase: &Phrase) -> Result<Wanted, SpeechError> {
        let language = phrase.language;
        let phrase = Phrase {
            text: text::clean(&phrase.text, language)?,
            language,
            pause: phrase.pause,
        };
        let mut stations = self.chain.of(language).iter().zip(1..);
        let best =
            stations.find_map(|(station, tried)| Some((Candidate::of(station, &phrase)?, tried)));
        let (best, tried) = best.ok_or_else(|| chain::no_voice(language, &[]))?;
        Ok(Wanted {
            phrase: Arc::new(phrase),
            best,
            tried,
        })
    }

    /// Who could speak a phrase, the best first.
    fn candidates<'a>(&'a self, wanted: &'a Wanted) -> impl Iterator<Item = Candidate> + 'a {
        let stations = self.chain.of(wanted.phrase.language).iter();
        let others = stations
            .skip(wanted.tried)
            .filter_map(|station| Candidate::of(station, &wanted.phrase));
        std::iter::once(wanted.best.clone()).chain(others)
    }

    /// The sound that would be taken now: the best voice's, unless that can't be asked and has not
    /// said it before. A few looks at the file system, no waiting.
    pub(super) fn likely(&self, wanted: &Wanted) -> Option<Key> {
        let likely = self.candidates(wanted).find(|candidate| {
            let may_speak = candidate.station.is_open() && !self.is_refused(candidate.key);
            may_speak || self.files.phrase(&candidate.key).is_file()
        });
        likely.map(|candidate| candidate.key)
    }

    /// The samples of a phrase: from its file, or made now, by the best voice that does it.
    ///
    /// # Errors
    /// What the services, the sound or the file system say.
    pub(super) async fn samples(
        self: &Arc<Self>,
        wanted: Wanted,
        haste: Haste,
    ) -> Result<Spoken, SpeechError> {
        let mut speaking = Speaking::new();
        let mut failures = Vec::new();
        let candidates: Vec<Candidate> = self.candidates(&wanted).collect();
        for (place, candidate) in candidates.iter().enumerate() {
            let others = &candidates[place + 1..];
            if let Some(sound) = self.read(candidate.key).await? {
                let key = candidate.key;
                return Ok(Spoken { key, sound });
            }
            if !others.is_empty() && self.is_refused(candidate.key) {
                continue;
            }
            speaking.push(self.start(&wanted.phrase, candidate));
            let waiting = first_to_speak(&mut speaking, &mut failures);
            let spoken = match patience(haste, candidate, others) {
                None => waiting.await,
                Some(patience) => timeout(patience, waiting).await.unwrap_or(None),
            };
            if let Some(spoken) = spoken {
                return Ok(spoken);
            }
        }
        if let Some(spoken) = first_to_speak(&mut speaking, &mut failures).await {
            return Ok(spoken);
        }
        if failures.len() == 1
            && let Some(failure) = failures.pop()
        {
            return Err(failure);
        }
        let reasons: Vec<String> = failures.iter().map(ToString::to_string).collect();
        Err(chain::no_voice(wanted.phrase.language, &reasons))
    }

    /// Somebody speaks; it goes on when nobody waits any more, so that it is there the next time.
    fn start(
        self: &Arc<Self>,
        phrase: &Arc<Phrase>,
        candidate: &Candidate,
    ) -> BoxFuture<'static, Result<Spoken, SpeechError>> {
        let (phrases, phrase) = (Arc::clone(self), Arc::clone(phrase));
        let (key, station) = (candidate.key, Arc::clone(&candidate.station));
        Box::pin(async move {
            let making = Arc::clone(&phrases);
            let work = async move { making.make(&phrase, key, &station).await };
            let sound = phrases.flights.join(key, work).await?;
            Ok(Spoken { key, sound })
        })
    }

    async fn make(
        &self,
        phrase: &Phrase,
        key: Key,
        station: &Station,
    ) -> Result<Arc<Sound>, SpeechError> {
        // Somebody may have made it since it was looked for.
        if let Some(sound) = self.read(key).await? {
            return Ok(sound);
        }
        let started = Instant::now();
        let spoken = station.speak(&phrase.text, phrase.language).await;
        let samples = spoken.map_err(|reason| {
            if reason.is_about_the_text() {
                self.note_refused(key);
            }
            SpeechError::NotSpoken {
                service: station.name().to_owned(),
                reason,
            }
        })?;
        let took = started.elapsed();
        tracing::debug!(%key, service = station.name(), ?took, "a phrase was synthesised");
        let (files, path) = (Arc::clone(&self.files), self.files.phrase(&key));
        let service = station.name().to_owned();
        heavy(move || {
            let sound = Sound::of(samples).map_err(|reason| SpeechError::NotSpoken {
                service,
                reason: Unspoken::Failed(ServiceError::BadSound(reason)),
            })?;
            files.write(&path, &phrase_file::to_file(&sound))?;
            Ok(Arc::new(sound))
        })
        .await
    }

    fn is_refused(&self, key: Key) -> bool {
        let until = lock(&self.refused).get(&key).copied();
        until.is_some_and(|until| Instant::now() < until)
    }

    fn note_refused(&self, key: Key) {
        let now = Instant::now();
        let mut refused = lock(&self.refused);
        if refused.len() >= MOST_REFUSED {
            refused.retain(|_, until| now < *until);
        }
        if refused.len() < MOST_REFUSED {
            refused.insert(key, now + REFUSED_FOR);
        }
    }

    async fn read(&self, key: Key) -> Result<Option<Arc<Sound>>, SpeechError> {
        let path = self.files.phrase(&key);
        heavy(move || Ok(phrase_file::read(&path, None).map(Arc::new))).await
    }

    /// The sound of a phrase in its best voice, if it is kept. Reads a file: not for an asynchronous task.
    pub(super) fn kept(&self, wanted: &Wanted) -> Option<Arc<Sound>> {
        phrase_file::read(&self.files.phrase(&wanted.best()), None).map(Arc::new)
    }

    /// The same for ordinary calls, in these codings. Looks at a file, and reads it if need be.
    pub(super) fn coded(&self, wanted: &Wanted, codings: Codings) -> Option<Arc<Coded>> {
        let key = wanted.best();
        self.at_hand.phrase(key, &self.files.phrase(&key), codings)
    }
}

impl Wanted {
    /// The best voice's sound.
    pub(super) fn best(&self) -> Key {
        self.best.key
    }
}

impl Candidate {
    /// `None` if this voice can't say it.
    fn of(station: &Arc<Station>, phrase: &Phrase) -> Option<Self> {
        let voice = station.voice(&phrase.text, phrase.language)?;
        Some(Self {
            key: key(phrase.language.code(), &phrase.text, voice),
            station: Arc::clone(station),
        })
    }
}

/// How long a voice is waited for before the next one is asked too; `None`: as long as it takes.
fn patience(haste: Haste, candidate: &Candidate, others: &[Candidate]) -> Option<Duration> {
    let has_local = others.iter().any(|other| other.station.is_local());
    match haste {
        Haste::Ahead => None,
        Haste::Now if has_local && !candidate.station.is_local() => Some(Duration::ZERO),
        // The built-in prompts come last, and are there at once.
        Haste::Now if has_local => Some(IN_SILENCE),
        Haste::Now | Haste::Next => Some(CALLERS_PATIENCE),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whoever speaks first of those who were asked; `None` when all have failed.
async fn first_to_speak(
    speaking: &mut Speaking,
    failures: &mut Vec<SpeechError>,
) -> Option<Spoken> {
    while let Some(answer) = speaking.next().await {
        match answer {
            Ok(spoken) => return Some(spoken),
            Err(failure) => failures.push(failure),
        }
    }
    None
}

fn key(language: &str, text: &str, voice: &[String]) -> Key {
    let version = PROCESSING_VERSION.to_le_bytes();
    let mut parts: Vec<&[u8]> = vec![&version, language.as_bytes(), text.as_bytes()];
    parts.extend(voice.iter().map(String::as_bytes));
    Key::of(parts)
}
