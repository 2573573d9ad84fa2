//! The phrases that clips were made of lately, in memory: names and "press one" are the same from call to call.
//!
//! A file says whether a phrase is there, also when its sound is at hand. What was deleted is not there any
//! more, and what was replaced or damaged is read again.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;

use super::coded::Coded;
use super::files::Key;
use super::formats::Codings;
use super::phrase_file::{self, Version};
use super::sound::Width;

/// So many bytes of phrases are at hand: a second of an ordinary call's sound is 8,000 of them, so that the
/// names of some 40 people find room, and the words around them. What was used longest ago goes first.
const MOST_BYTES: usize = 512 << 10;

/// Phrases that can be put into clips at once. Nothing is in it before the first clip is made.
pub(super) struct AtHand {
    memory: Mutex<Memory>,
}

struct Memory {
    phrases: LruCache<(Key, Codings), (Version, Arc<Coded>)>,
    bytes: usize,
    limit: usize,
}

impl AtHand {
    pub(super) fn new() -> Self {
        Self {
            memory: Mutex::new(Memory::new(MOST_BYTES)),
        }
    }

    /// A phrase for clips of these codings, which must be of ordinary calls, if its file is there. Looks at the
    /// file; reads it if the phrase is not at hand, or if that it was used has to be noted.
    pub(super) fn phrase(&self, key: Key, file: &Path, codings: Codings) -> Option<Arc<Coded>> {
        let version = phrase_file::version(file);
        let at_hand = version.and_then(|version| self.memory().get(key, codings, version));
        if at_hand.is_some() {
            return at_hand;
        }
        let (sound, version) = phrase_file::read_with_version(file, Some(Width::Narrow))?;
        let phrase = Arc::new(Coded::of(&sound, codings));
        self.memory()
            .keep(key, codings, version, Arc::clone(&phrase));
        Some(phrase)
    }

    /// No code panics while it holds this lock.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn new(limit: usize) -> Self {
        Self {
            phrases: LruCache::unbounded(),
            bytes: 0,
            limit,
        }
    }

    fn get(&mut self, key: Key, codings: Codings, version: Version) -> Option<Arc<Coded>> {
        let (of, phrase) = self.phrases.get(&(key, codings))?;
        (*of == version).then(|| Arc::clone(phrase))
    }

    fn keep(&mut self, key: Key, codings: Codings, version: Version, phrase: Arc<Coded>) {
        self.bytes += phrase.size();
        let before = self.phrases.put((key, codings), (version, phrase));
        self.bytes -= before.map_or(0, |(_, phrase)| phrase.size());
        while self.bytes > self.limit
            && let Some((_, (_, oldest))) = self.phrases.pop_lru()
        {
            self.bytes -= oldest.size();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::phrase_file;
    use super::super::sound::Sound;
    use super::*;

    const ALAW: Codings = Codings::Narrow {
        alaw: true,
        ulaw: false,
    };

    fn key(number: usize) -> Key {
        Key::of([number.to_le_bytes().as_slice()])
    }

    fn coded(length: usize) -> Arc<Coded> {
        Arc::new(Coded::of(&Sound::narrow(vec![77; length]), ALAW))
    }

    /// A file of this length has it.
    fn version(length: usize) -> Version {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), vec![0; length]).unwrap();
        phrase_file::version(file.path()).unwrap()
    }

    fn numbers(memory: &mut Memory, version: Version) -> Vec<usize> {
        let there = |number: &usize| memory.get(key(*number), ALAW, version).is_some();
        (0..100).filter(there).collect()
    }

    #[test]
    fn the_memory_stays_within_its_bound_and_what_was_used_longest_ago_goes_first() {
        let (version, size) = (version(1), coded(1000).size());
        let mut memory = Memory::new(size * 3 + size / 2);
        for number in 0..50 {
            memory.keep(key(number), ALAW, version, coded(1000));
            assert!(memory.get(key(0), ALAW, version).is_some(), "used again");
            assert!(memory.bytes <= memory.limit);
            assert_eq!(memory.bytes, memory.phrases.len() * size);
        }
        assert_eq!(numbers(&mut memory, version), [0, 48, 49]);
    }

    #[test]
    fn a_phrase_that_is_larger_than_all_the_memory_is_not_kept() {
        let version = version(1);
        let mut memory = Memory::new(10_000);
        memory.keep(key(1), ALAW, version, coded(10_001));
        assert!(memory.get(key(1), ALAW, version).is_none());
        assert_eq!((memory.bytes, memory.phrases.len()), (0, 0));
    }

    #[test]
    fn a_phrase_that_is_kept_again_counts_once() {
        let version = version(1);
        let mut memory = Memory::new(10_000);
        for length in [1000, 1000, 2000] {
            memory.keep(key(1), ALAW, version, coded(length));
        }
        assert_eq!(memory.bytes, coded(2000).size());
    }

    #[test]
    fn a_phrase_of_another_version_or_for_other_codings_is_not_given() {
        let (one, other) = (version(1), version(2));
        let mut memory = Memory::new(10_000);
        memory.keep(key(1), ALAW, one, coded(1000));
        assert!(memory.get(key(1), ALAW, one).is_some());
        assert!(memory.get(key(1), ALAW, other).is_none());
        assert!(
            memory
                .get(key(1), Codings::of_channel("(ulaw)"), one)
                .is_none()
        );
    }

    #[test]
    fn a_phrase_is_read_once_while_its_file_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        let file = |sample| phrase_file::to_file(&Sound::of(vec![sample; 1000]).unwrap());
        std::fs::write(&path, file(77)).unwrap();
        let at_hand = AtHand::new();
        let phrase = || at_hand.phrase(key(1), &path, ALAW);
        let first = phrase().unwrap();
        assert!(Arc::ptr_eq(&first, &phrase().unwrap()));

        let new = directory.path().join("b");
        std::fs::write(&new, file(78)).unwrap();
        std::fs::rename(&new, &path).unwrap();
        let second = phrase().unwrap();
        assert!(!Arc::ptr_eq(&first, &second), "it was replaced");
        assert!(Arc::ptr_eq(&second, &phrase().unwrap()));

        std::fs::remove_file(&path).unwrap();
        assert!(phrase().is_none(), "it is gone");
    }
}
