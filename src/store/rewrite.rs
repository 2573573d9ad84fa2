//! Rewriting the files. sled leaves what was removed in its files for an unknown time, and takes up
//! ever more room where much is written. So from time to time all that there is goes into new files,
//! and the old ones are deleted.
//!
//! It goes on piece by piece, between groups of writes. These are written to the old files, and their
//! keys are copied once more. A copy that does not get finished is deleted.

use std::fs;
use std::ops::Bound;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::error::StoreError;
use super::place::Place;
use super::shared::{Shared, unused};
use super::trees::{Trees, caught};

/// What is kept in memory of a copy in the making, in bytes: it is written in order, and hardly read.
const CACHE_OF_COPY: u64 = 8 << 20;

/// A copy in the making.
#[derive(Debug)]
pub(super) struct Rewrite {
    from: Arc<Trees>,
    /// `None` once all is copied.
    to: Option<Trees>,
    path: PathBuf,
    /// The tree that is being copied, and the last key of it that was.
    tree: usize,
    last: Option<Vec<u8>>,
}

impl Rewrite {
    pub(super) fn begin(shared: &Shared) -> Result<Self, StoreError> {
        let from = shared.trees()?;
        shared.place.tidy(from.path())?;
        let path = Place::after(from.path());
        let to = Trees::open(&path, CACHE_OF_COPY)?;
        from.journal.begin();
        Ok(Self {
            from,
            to: Some(to),
            path,
            tree: 0,
            last: None,
        })
    }

    /// Copies the next piece, which takes so long. Whether that was the last one.
    pub(super) fn go_on(&mut self, piece: Duration) -> Result<bool, StoreError> {
        let end = Instant::now() + piece;
        caught(|| {
            let to = self.to.as_ref().ok_or(StoreError::Closed)?;
            self.copy_noted(to)?;
            while self.tree < self.from.all().len() {
                let last = self.last.clone();
                let start = last.map_or(Bound::Unbounded, Bound::Excluded);
                for entry in self.from.all()[self.tree].range((start, Bound::Unbounded)) {
                    let (key, value) = entry?;
                    to.all()[self.tree].insert(&key, value)?;
                    if Instant::now() > end {
                        self.last = Some(key.to_vec());
                        return Ok(false);
                    }
                }
                self.tree += 1;
                self.last = None;
            }
            Ok(true)
        })
    }

    /// Lets everybody have the new files, and deletes the old ones. `erased` is when somebody was
    /// erased of whom something may be in the new ones. If it fails before, the old files stay; what
    /// is left of the new ones is deleted before the next copy is begun.
    pub(super) fn finish(
        mut self,
        shared: &Shared,
        erased: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.complete(erased)?;
        // Closed, and opened with all the memory it may have. Until then the old files are read.
        self.to = None;
        let to = Trees::open(&self.path, shared.settings.cache_bytes)?;
        shared.place.set_current(&self.path)?;
        let old = shared.set_trees(Some(Arc::new(to)));
        let old_path = self.from.path().to_owned();
        drop(self);
        if old.is_some_and(|old| unused(old).is_err()) {
            tracing::warn!("the store's old files are still in use; the next start deletes them");
            return Ok(());
        }
        fs::remove_dir_all(old_path)?;
        Ok(())
    }

    fn complete(&self, erased: Option<Timestamp>) -> Result<(), StoreError> {
        let to = self.to.as_ref().ok_or(StoreError::Closed)?;
        self.copy_noted(to)?;
        to.note_erased(erased)?;
        to.take_client_count(&self.from)?;
        to.note_compact_bytes(to.bytes_on_disk()?)?;
        to.flush()
    }

    /// Copies what was written since the last time, as far as it would not be copied anyway.
    fn copy_noted(&self, to: &Trees) -> Result<(), StoreError> {
        for (tree, key) in self.from.journal.take() {
            let last = self.last.as_deref().unwrap_or_default();
            let is_to_come = tree > self.tree || tree == self.tree && key.as_slice() > last;
            if is_to_come {
                continue;
            }
            match self.from.all()[tree].get(&key)? {
                Some(value) => to.all()[tree].insert(&key, value)?,
                None => drop(to.all()[tree].remove(&key)?),
            }
        }
        Ok(())
    }
}

impl Drop for Rewrite {
    fn drop(&mut self) {
        self.from.journal.end();
        if let Some(to) = self.to.take() {
            drop(to);
            if let Err(reason) = fs::remove_dir_all(&self.path) {
                tracing::warn!(%reason, "half a copy of the store is left; the next start deletes it");
            }
        }
    }
}
