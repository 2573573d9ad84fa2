//! What readers and the writer share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::error::StoreError;
use super::known::{Known, Published};
use super::place::Place;
use super::settings::Settings;
use super::trees::Trees;

/// The opened trees and what is kept in memory of them.
#[derive(Debug)]
pub(super) struct Shared {
    settings: Settings,
    place: Place,
    /// Where the trees are.
    data: PathBuf,
    /// `None` while they are being opened anew.
    trees: RwLock<Option<Arc<Trees>>>,
    published: RwLock<Published>,
    /// sled writes nothing more after an error of the disk: it has to be opened anew.
    has_failed: AtomicBool,
    /// A value that can't be read was reported.
    reported: AtomicBool,
    #[cfg(test)]
    pub(super) faults: std::sync::Mutex<std::collections::VecDeque<Fault>>,
}

/// What a test lets go wrong when a group is about to be flushed.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    Panic,
    Disk,
}

impl Shared {
    pub(super) fn new(
        settings: Settings,
        place: Place,
        data: PathBuf,
        trees: Trees,
        known: &Known,
    ) -> Self {
        Self {
            published: RwLock::new(known.published(&settings.zone)),
            trees: RwLock::new(Some(Arc::new(trees))),
            settings,
            place,
            data,
            has_failed: AtomicBool::new(false),
            reported: AtomicBool::new(false),
            #[cfg(test)]
            faults: std::sync::Mutex::default(),
        }
    }

    pub(super) fn trees(&self) -> Result<Arc<Trees>, StoreError> {
        let trees = self.trees.read().unwrap_or_else(PoisonError::into_inner);
        trees.clone().ok_or(StoreError::Reopening)
    }

    pub(super) fn published(&self) -> Published {
        let published = self.published.read();
        published.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was written is on disk: from now on it is what everybody sees.
    pub(super) fn publish(&self, known: &Known) {
        let new = known.published(&self.settings.zone);
        let mut published = self
            .published
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *published = new;
    }

    /// Takes note of what a reader or the writer has come upon, and reports it.
    pub(super) fn has_failed(&self, reason: &StoreError) {
        match reason {
            StoreError::Disk(_) => self.has_failed.store(true, Ordering::Relaxed),
            StoreError::Damaged(what) => {
                self.has_failed.store(true, Ordering::Relaxed);
                if let Err(reason) = self.place.mark_damaged(what) {
                    tracing::error!(%reason, "can't leave word that the store is damaged");
                }
            }
            StoreError::Value(_) | StoreError::Newer(_) => {}
            StoreError::BrokeOff | StoreError::Reopening | StoreError::Closed => {}
        }
        if !self.reported.swap(true, Ordering::Relaxed) {
            tracing::error!(%reason, "the store has failed");
        }
    }

    /// The trees, opened anew if they have failed.
    pub(super) fn trees_to_write(&self) -> Result<Arc<Trees>, StoreError> {
        self.trees()
    }

    #[cfg(test)]
    pub(super) fn fail_if_a_test_wants_it(&self) -> Result<(), StoreError> {
        let fault = self.faults.lock().unwrap().pop_front();
        match fault {
            Some(Fault::Panic) => panic!("a test wants it"),
            Some(Fault::Disk) => Err(StoreError::Disk("a test wants it".to_owned())),
            None => Ok(()),
        }
    }
}
