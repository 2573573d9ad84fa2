//! One tree of sled. All writing goes through here, so that a copy in the making hears of it.

use std::collections::BTreeSet;
use std::ops::RangeBounds;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sled::{IVec, Tree};

use super::error::StoreError;

/// A key and its value.
pub(super) type Entry = (IVec, IVec);

/// The keys that were written since a copy was begun, each with the place of its tree; `None` while
/// nobody wants to know.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal(Arc<Mutex<Option<Noted>>>);

/// Places of trees, and keys.
type Noted = BTreeSet<(usize, Vec<u8>)>;

impl Journal {
    /// From now on, keys are noted.
    pub(super) fn begin(&self) {
        *self.lock() = Some(Noted::new());
    }

    pub(super) fn end(&self) {
        *self.lock() = None;
    }

    /// What was noted since the last time.
    pub(super) fn take(&self) -> Noted {
        self.lock().as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn note(&self, tree: usize, key: &[u8]) {
        if let Some(keys) = self.lock().as_mut() {
            keys.insert((tree, key.to_vec()));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Noted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A tree.
#[derive(Debug)]
pub(super) struct Keys {
    tree: Tree,
    /// Which of the trees it is.
    place: usize,
    journal: Journal,
}

impl Keys {
    pub(super) fn new(tree: Tree, place: usize, journal: Journal) -> Self {
        Self {
            tree,
            place,
            journal,
        }
    }

    pub(super) fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<IVec>, StoreError> {
        Ok(self.tree.get(key)?)
    }

    pub(super) fn insert(
        &self,
        key: impl AsRef<[u8]>,
        value: impl Into<IVec>,
    ) -> Result<(), StoreError> {
        let key = key.as_ref();
        self.tree.insert(key, value.into())?;
        self.journal.note(self.place, key);
        Ok(())
    }

    /// Whether it was there.
    pub(super) fn remove(&self, key: impl AsRef<[u8]>) -> Result<bool, StoreError> {
        let key = key.as_ref();
        let was_there = self.tree.remove(key)?.is_some();
        self.journal.note(self.place, key);
        Ok(was_there)
    }

    /// All entries whose keys begin with something.
    pub(super) fn beginning_with(
        &self,
        prefix: impl AsRef<[u8]>,
    ) -> impl Iterator<Item = Result<Entry, StoreError>> {
        let entries = self.tree.scan_prefix(prefix);
        entries.map(|entry| entry.map_err(StoreError::from))
    }

    /// Counts what is in it.
    pub(super) fn len(&self) -> usize {
        self.tree.len()
    }

    /// The first key.
    pub(super) fn first(&self) -> Result<Option<IVec>, StoreError> {
        Ok(self.tree.first()?.map(|(key, _)| key))
    }

    pub(super) fn range<K: AsRef<[u8]>>(
        &self,
        range: impl RangeBounds<K>,
    ) -> impl DoubleEndedIterator<Item = Result<Entry, StoreError>> {
        let entries = self.tree.range(range);
        entries.map(|entry| entry.map_err(StoreError::from))
    }
}
