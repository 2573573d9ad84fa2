//! What readers and the writer share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::callbacks::Index;
use super::error::StoreError;
use super::known::{Known, Published};
use super::outbox::Outbox;
use super::place::Place;
use super::settings::Settings;
use super::trees::Trees;

/// Readers have the trees no longer than this: longer than any lookup takes.
const LONGEST_LOOKUP: Duration = Duration::from_secs(5);
/// After an error of the disk, the trees are opened anew this often at most.
const BETWEEN_OPENINGS: Duration = Duration::from_secs(10);

/// A group that is written for longer hangs: an exchange of files takes three seconds at most.
const SLOW_WRITE: Duration = Duration::from_secs(5);

/// The opened trees and what is kept in memory of them.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) place: Place,
    /// `None` while they are being opened anew.
    trees: RwLock<Option<Arc<Trees>>>,
    published: RwLock<Published>,
    /// sled writes nothing more after an error of the disk: it has to be opened anew.
    has_failed: AtomicBool,
    /// When that was last tried.
    opened_anew: Mutex<Option<Instant>>,
    /// A failure was reported, and nothing has been written since.
    reported: AtomicBool,
    /// How writing goes.
    writing: Mutex<Writing>,
    /// A value that can't be read was reported. Whoever looks for it finds it again and again.
    value_reported: AtomicBool,
    pub(super) outbox: Outbox,
    /// Changes whenever there are new messages to webhooks.
    messages: watch::Sender<()>,
    callbacks: Mutex<Index>,
    /// Changes whenever something has happened to callback jobs.
    callback_news: watch::Sender<()>,
    #[cfg(test)]
    pub(super) faults: Mutex<std::collections::VecDeque<Fault>>,
}

/// How writing goes.
#[derive(Debug, Default)]
struct Writing {
    since: Option<Instant>,
    failed: bool,
}

/// How the store is, as far as its last writing tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// What was written last is on disk, or nothing was written yet.
    Works,
    /// The last group could not be written.
    Fails,
    /// A group has been under way for longer than a disk takes.
    Hangs,
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
        trees: Trees,
        known: &Known,
        callbacks: Index,
    ) -> Self {
        Self {
            published: RwLock::new(known.published(&settings.zone)),
            trees: RwLock::new(Some(Arc::new(trees))),
            outbox: Outbox::new(settings.most_messages),
            settings,
            place,
            has_failed: AtomicBool::new(false),
            opened_anew: Mutex::default(),
            reported: AtomicBool::new(false),
            writing: Mutex::default(),
            value_reported: AtomicBool::new(false),
            messages: watch::Sender::new(()),
            callbacks: Mutex::new(callbacks),
            callback_news: watch::Sender::new(()),
            #[cfg(test)]
            faults: Mutex::default(),
        }
    }

    pub(super) fn trees(&self) -> Result<Arc<Trees>, StoreError> {
        let trees = self.trees.read().unwrap_or_else(PoisonError::into_inner);
        trees.clone().ok_or(StoreError::Reopening)
    }

    /// What was there until now.
    pub(super) fn set_trees(&self, trees: Option<Arc<Trees>>) -> Option<Arc<Trees>> {
        let mut current = self.trees.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, trees)
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

    /// Changes whenever there are new messages to webhooks.
    pub(super) fn messages(&self) -> watch::Receiver<()> {
        self.messages.subscribe()
    }

    /// There are new messages to webhooks.
    pub(super) fn tell_of_messages(&self) {
        self.messages.send_replace(());
    }

    /// What is in memory of callback jobs, as of the last group of writes.
    pub(super) fn callbacks(&self) -> MutexGuard<'_, Index> {
        let index = self.callbacks.lock();
        index.unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes whenever something has happened to callback jobs.
    pub(super) fn callback_news(&self) -> watch::Receiver<()> {
        self.callback_news.subscribe()
    }

    /// Something has happened to callback jobs.
    pub(super) fn tell_of_callbacks(&self) {
        self.callback_news.send_replace(());
    }

    /// Takes note of what a reader or the writer has come upon, and reports the first of them.
    pub(super) fn has_failed(&self, reason: &StoreError) {
        match reason {
            StoreError::Disk(_) => self.has_failed.store(true, Ordering::Relaxed),
            StoreError::Damaged(what) => {
                if let Err(reason) = self.place.mark_damaged(what) {
                    tracing::error!(%reason, "can't leave word that the store is damaged");
                }
            }
            StoreError::BrokeOff => {}
            StoreError::Value(_) | StoreError::Newer(_) => {
                if !self.value_reported.swap(true, Ordering::Relaxed) {
                    tracing::error!(%reason, "a value of the store is left out; others may follow");
                }
                return;
            }
            // That is no news.
            StoreError::Reopening | StoreError::Closed => return,
        }
        if !self.reported.swap(true, Ordering::Relaxed) {
            tracing::error!(%reason, "the store has failed");
        }
    }

    /// A group is being written from now on.
    pub(super) fn begins_to_write(&self) {
        self.writing().since = Some(Instant::now());
    }

    /// It was, or could not be.
    pub(super) fn has_written(&self, well: bool) {
        let mut writing = self.writing();
        writing.since = None;
        writing.failed = !well;
    }

    /// How writing goes.
    pub(super) fn condition(&self) -> Condition {
        let writing = self.writing();
        let stuck = writing.since.map(|since| since.elapsed());
        match stuck.filter(|stuck| *stuck > SLOW_WRITE) {
            Some(_) => Condition::Hangs,
            None if writing.failed => Condition::Fails,
            None => Condition::Works,
        }
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A group was written: the next failure is news again.
    pub(super) fn has_worked(&self) {
        self.reported.store(false, Ordering::Relaxed);
    }

    /// The trees, opened anew if they have failed.
    pub(super) fn trees_to_write(&self) -> Result<Arc<Trees>, StoreError> {
        if !self.has_failed.load(Ordering::Relaxed) {
            return self.trees();
        }
        let mut last = self
            .opened_anew
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|last| last.elapsed() < BETWEEN_OPENINGS) {
            return Err(StoreError::Reopening);
        }
        // As long as the disk is full, reading goes on with what there is.
        self.place.try_to_write()?;
        *last = Some(Instant::now());
        if let Some(old) = self.set_trees(None)
            && let Err(old) = unused(old)
        {
            self.set_trees(Some(old));
            return Err(StoreError::Reopening);
        }
        let data = self.place.current()?.unwrap_or_else(|| self.place.first());
        let trees = Arc::new(Trees::open(&data, self.settings.cache_bytes)?);
        self.set_trees(Some(trees.clone()));
        self.has_failed.store(false, Ordering::Relaxed);
        tracing::info!("the store was opened anew");
        Ok(trees)
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

/// Closes trees that nobody gets any more, as soon as the last reader is done with them. Gives them
/// back if somebody is not.
pub(super) fn unused(mut trees: Arc<Trees>) -> Result<(), Arc<Trees>> {
    let patience = Instant::now() + LONGEST_LOOKUP;
    loop {
        match Arc::try_unwrap(trees) {
            Ok(trees) => {
                drop(trees);
                return Ok(());
            }
            Err(used) if Instant::now() > patience => return Err(used),
            Err(used) => trees = used,
        }
        thread::sleep(Duration::from_millis(1));
    }
}
