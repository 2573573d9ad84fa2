//! The clips: whole prompts in files that Asterisk plays, and the memory of which are there.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::prompt::Clip;

use super::SpeechError;
use super::files::{Files, Key};
use super::formats::{self, Codings, Encoded};
use super::serving::Served;
use super::upkeep::{self, Tidied};

/// Clips that are remembered. The rest are found by looking at their files.
const REMEMBERED: usize = 10_000;

/// Used clips of which note is taken at once.
const MOST_USED: usize = 100_000;

/// Clips in files.
pub(super) struct Clips {
    files: Arc<Files>,
    memory: Mutex<Memory>,
    /// Those that were asked for since somebody last took note of it.
    used: Mutex<HashSet<Key>>,
    served: Option<Served>,
}

impl Clips {
    pub(super) fn new(files: Arc<Files>, served: Option<Served>) -> Self {
        Self {
            files,
            memory: Mutex::new(Memory::new(REMEMBERED)),
            used: Mutex::default(),
            served,
        }
    }

    /// The clip, if all its files are there. A few looks at the file system, no waiting.
    pub(super) fn ready(&self, key: &Key, codings: Codings) -> Option<Clip> {
        let base = self.files.clip(key);
        let remembered = self.memory().samples(key, codings);
        if let Some(samples) = remembered
            && formats::is_as_long(&base, codings, samples)
        {
            return self.clip(key, samples);
        }
        let samples = formats::written_samples(&base, codings)?;
        self.memory().remember((*key, codings), samples);
        self.clip(key, samples)
    }

    /// Writes and remembers. Heavy: not for an asynchronous task.
    ///
    /// # Errors
    /// [`SpeechError::File`]; the files that were there before are untouched or whole.
    pub(super) fn keep(
        &self,
        key: Key,
        encoded: &[Encoded],
        codings: Codings,
    ) -> Result<Clip, SpeechError> {
        let base = self.files.clip(&key);
        for format in encoded {
            self.files
                .write(&formats::with_ending(&base, format.ending), &format.bytes)?;
        }
        let samples = encoded.last().and_then(Encoded::samples);
        let samples = samples.ok_or(SpeechError::BrokenOff)?;
        self.memory().remember((key, codings), samples);
        self.clip(&key, samples).ok_or(SpeechError::BrokenOff)
    }

    /// Takes note of what was used, and keeps the directory below a size. Heavy.
    ///
    /// # Errors
    /// What the system says when the directory can't be listed.
    pub(super) fn tidy(&self, limit: u64) -> io::Result<Tidied> {
        upkeep::touch(&self.files, std::mem::take(&mut *lock(&self.used)));
        upkeep::tidy(&self.files, limit, |name| {
            lock(&self.used).iter().any(|key| key.to_string() == name)
        })
    }

    fn clip(&self, key: &Key, samples: u64) -> Option<Clip> {
        let mut used = lock(&self.used);
        if used.len() < MOST_USED {
            used.insert(*key);
        }
        drop(used);
        let media = match &self.served {
            Some(served) => served.media(key),
            // The directory's name was found to be UTF-8 when it was opened.
            None => format!("sound:{}", self.files.clip(key).to_str()?),
        };
        Some(Clip {
            media,
            length: formats::length(samples),
        })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        lock(&self.memory)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A clip, and the codings in which it is there.
type Known = (Key, Codings);

/// How many samples each known clip has. When it is full, what came first goes first: a forgotten
/// clip costs two more looks at the file system, nothing else.
struct Memory {
    samples: HashMap<Known, u64>,
    order: VecDeque<Known>,
    limit: usize,
}

impl Memory {
    fn new(limit: usize) -> Self {
        Self {
            samples: HashMap::new(),
            order: VecDeque::new(),
            limit,
        }
    }

    fn samples(&self, key: &Key, codings: Codings) -> Option<u64> {
        self.samples.get(&(*key, codings)).copied()
    }

    fn remember(&mut self, key: Known, samples: u64) {
        if self.samples.insert(key, samples).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > self.limit
            && let Some(oldest) = self.order.pop_front()
        {
            self.samples.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u8) -> Key {
        Key::of([[number].as_slice()])
    }

    #[test]
    fn a_full_memory_forgets_what_came_first() {
        let mut memory = Memory::new(2);
        for number in [1, 2, 1, 1, 3] {
            memory.remember((key(number), Codings::All), u64::from(number));
        }
        assert_eq!(memory.samples(&key(1), Codings::All), None);
        assert_eq!(memory.samples(&key(2), Codings::All), Some(2));
        assert_eq!(memory.samples(&key(3), Codings::All), Some(3));
        assert_eq!(memory.order.len(), 2);
    }

    #[test]
    fn a_clip_made_anew_is_remembered_with_its_new_length() {
        let mut memory = Memory::new(2);
        memory.remember((key(1), Codings::All), 10);
        memory.remember((key(1), Codings::All), 20);
        assert_eq!(memory.samples(&key(1), Codings::All), Some(20));
    }
}
