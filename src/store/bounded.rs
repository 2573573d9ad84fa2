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

    /// What is counted can be read, and what is counted no more is gone.
    pub(super) fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// Adds something new, or replaces what is there.
    pub(super) fn insert(&self, key: [u8; 8], value: Vec<u8>) -> Result<(), StoreError> {
        let is_new = self.keys.get(key)?.is_none();
        self.keys.insert(key, value)?;
        if is_new {
            self.count.fetch_add(1, Ordering::Release);
        }
        Ok(())
    }

    pub(super) fn get(&self, key: [u8; 8]) -> Result<Option<IVec>, StoreError> {
        self.keys.get(key)
    }

    /// Whether it was there.
    pub(super) fn remove(&self, key: impl AsRef<[u8]>) -> Result<bool, StoreError> {
        let was_there = self.keys.remove(key)?;
        if was_there {
            self.count.fetch_sub(1, Ordering::Release);
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

#[cfg(test)]
mod tests {
    use std::panic::resume_unwind;
    use std::thread;

    use super::*;
    use crate::store::keys::Journal;

    const MANY: u64 = 20_000;

    #[test]
    fn what_is_counted_can_be_read() -> Result<(), StoreError> {
        let db = sled::Config::new().temporary(true).open()?;
        let bounded = Bounded::new(Keys::new(db.open_tree("bounded")?, 0, Journal::default()));
        thread::scope(|scope| {
            let writer = scope.spawn(|| {
                (0..MANY).try_for_each(|number| bounded.insert(number.to_be_bytes(), Vec::new()))
            });
            while !writer.is_finished() {
                if let Some(latest) = (bounded.count() as u64).checked_sub(1) {
                    assert!(bounded.get(latest.to_be_bytes())?.is_some(), "{latest}");
                }
            }
            writer
                .join()
                .unwrap_or_else(|panicked| resume_unwind(panicked))
        })
    }
}
