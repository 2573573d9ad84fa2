//! A tree that has no more than so many entries: the oldest, which have the least keys, go.

use std::ops::RangeBounds;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use sled::IVec;

use super::error::StoreError;
use super::keys::{Entry, Keys};

/// A tree that knows how much is in it.
#[derive(Debug)]
pub(super) struct Bounded {
    keys: Keys,
    count: AtomicUsize,
    /// Something had to go, and there has not been much room since.
    is_full: AtomicBool,
}

impl Bounded {
    pub(super) fn new(keys: Keys) -> Self {
        Self {
            count: AtomicUsize::new(keys.len()),
            keys,
            is_full: AtomicBool::new(false),
        }
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(super) fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Adds something new, or replaces what is there.
    pub(super) fn insert(&self, key: [u8; 8], value: Vec<u8>) -> Result<(), StoreError> {
        if self.keys.get(key)?.is_none() {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
        self.keys.insert(key, value)
    }

    pub(super) fn get(&self, key: [u8; 8]) -> Result<Option<IVec>, StoreError> {
        self.keys.get(key)
    }

    /// Whether it was there.
    pub(super) fn remove(&self, key: impl AsRef<[u8]>) -> Result<bool, StoreError> {
        let was_there = self.keys.remove(key)?;
        if was_there {
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
        Ok(was_there)
    }

    /// Removes the oldest until there are only so many. True if this is news: there was room until
    /// now.
    pub(super) fn keep_latest(&self, most: usize) -> Result<bool, StoreError> {
        if self.count() <= most {
            // Not at every message that is taken while there are about as many as there may be.
            if self.count() < most / 2 {
                self.is_full.store(false, Ordering::Relaxed);
            }
            return Ok(false);
        }
        while self.count() > most
            && let Some(oldest) = self.keys.first()?
        {
            self.remove(oldest)?;
        }
        Ok(!self.is_full.swap(true, Ordering::Relaxed))
    }

    pub(super) fn range<K: AsRef<[u8]>>(
        &self,
        range: impl RangeBounds<K>,
    ) -> impl Iterator<Item = Result<Entry, StoreError>> {
        self.keys.range(range)
    }
}
