//! sled: the trees, opened. Whatever sled does, it becomes a result here.

mod counts;

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sled::{Db, Mode};

use super::bounded::Bounded;
use super::error::StoreError;
use super::keys::{Journal, Keys};
use super::stored::Dictionary;

/// The names of all trees, in the order of [`Trees::all`].
const NAMES: [&str; 14] = [
    "clients",
    "phones",
    "employees",
    "tokens",
    "calls",
    "unreadable",
    "meta",
    "kind-words",
    "employee-words",
    "messages",
    "dead-letters",
    "journal",
    "call-index",
    "callbacks",
];

const FORMAT: &[u8] = b"format";
const ERASED: &[u8] = b"erased";
const COMPACT_BYTES: &[u8] = b"compact";
const LAST_MESSAGE: &[u8] = b"message";
/// So long sled may take to let go of its files.
const LONGEST_RELEASE: Duration = Duration::from_secs(10);

/// The opened trees.
#[derive(Debug)]
pub(super) struct Trees {
    path: PathBuf,
    /// Client's id → card and latest events. Client's id, NUL, number of a block → older events: in
    /// one tree, because sled makes room again mainly where it writes often.
    pub(super) clients: Keys,
    /// A number's digits and a client's id → nothing. Only a hint: whether the client has the number
    /// is in `clients`.
    pub(super) phones: Keys,
    /// Employee's id → card or tombstone.
    pub(super) employees: Keys,
    /// Token's id → token or tombstone.
    pub(super) tokens: Keys,
    /// Client's id, NUL, call's id → what came of the call.
    pub(super) calls: Keys,
    /// Client's id → a value of `clients` that could not be read.
    pub(super) unreadable: Keys,
    meta: Keys,
    /// Type of event → its number.
    pub(super) kind_words: Keys,
    /// Employee's id → its number.
    pub(super) employee_words: Keys,
    /// Number → a message that waits for its webhook.
    pub(super) messages: Bounded,
    /// Number → a message that was given up.
    pub(super) dead_letters: Bounded,
    /// Moment and call's id → a call that is over.
    pub(super) journal_of_calls: Keys,
    /// What a call is found by and where it is in the journal: see `journal.rs`.
    pub(super) call_index: Keys,
    /// A callback job's id → the job.
    pub(super) callbacks: Keys,
    /// What is in the two of words, for reading. Replaced when there is a new word.
    dictionary: RwLock<Arc<Dictionary>>,
    pub(super) journal: Journal,
    /// How many clients there are.
    count: AtomicU64,
    /// How many calls are in the journal.
    calls_kept: AtomicU64,
    /// sled hands its pages to the system, but does not wait until they are on the disk itself.
    file: File,
    db: Db,
}

/// Whatever sled panics over becomes an error.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let panicked = |_| Err(StoreError::Damaged("sled panicked".to_owned()));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked)
}

impl Trees {
    pub(super) fn open(path: &Path, cache_bytes: u64) -> Result<Self, StoreError> {
        caught(|| {
            let config = sled::Config::new()
                .path(path)
                .cache_capacity(cache_bytes)
                .mode(Mode::HighThroughput)
                .flush_every_ms(None);
            let db = open_when_released(&config)?;
            let journal = Journal::default();
            let keys = |place: usize| -> Result<Keys, StoreError> {
                let tree = db.open_tree(NAMES[place])?;
                Ok(Keys::new(tree, place, journal.clone()))
            };
            let trees = Self {
                path: path.to_owned(),
                clients: keys(0)?,
                phones: keys(1)?,
                employees: keys(2)?,
                tokens: keys(3)?,
                calls: keys(4)?,
                unreadable: keys(5)?,
                meta: keys(6)?,
                kind_words: keys(7)?,
                employee_words: keys(8)?,
                messages: Bounded::new(keys(9)?),
                dead_letters: Bounded::new(keys(10)?),
                journal_of_calls: keys(11)?,
                call_index: keys(12)?,
                callbacks: keys(13)?,
                dictionary: RwLock::default(),
                calls_kept: AtomicU64::default(),
                count: AtomicU64::default(),
                file: File::open(path.join("db"))?,
                journal,
                db,
            };
            trees.read_client_count()?;
            trees.read_call_count()?;
            trees.read_dictionary()?;
            Ok(trees)
        })
    }

    /// The directory it is in.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn all(&self) -> [&Keys; NAMES.len()] {
        [
            &self.clients,
            &self.phones,
            &self.employees,
            &self.tokens,
            &self.calls,
            &self.unreadable,
            &self.meta,
            &self.kind_words,
            &self.employee_words,
            self.messages.keys(),
            self.dead_letters.keys(),
            &self.journal_of_calls,
            &self.call_index,
            &self.callbacks,
        ]
    }

    /// The words by which events are written.
    pub(super) fn dictionary(&self) -> Arc<Dictionary> {
        let dictionary = self.dictionary.read();
        dictionary.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_dictionary(&self, new: Dictionary) {
        let dictionary = self.dictionary.write();
        *dictionary.unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
    }

    /// Returns when all that was written before is on the disk.
    pub(super) fn flush(&self) -> Result<(), StoreError> {
        self.db.flush()?;
        self.file.sync_data()?;
        Ok(())
    }

    pub(super) fn bytes_on_disk(&self) -> Result<u64, StoreError> {
        caught(|| Ok(self.db.size_on_disk()?))
    }

    pub(super) fn bytes_in_main_file(&self) -> Result<u64, StoreError> {
        Ok(self.file.metadata()?.len())
    }

    pub(super) fn format(&self) -> Result<Option<u64>, StoreError> {
        caught(|| self.number(FORMAT))
    }

    pub(super) fn set_format(&self, format: u64) -> Result<(), StoreError> {
        self.set_number(FORMAT, format)
    }

    /// When the first one was erased whose bytes may still be in the files.
    pub(super) fn erased(&self) -> Result<Option<Timestamp>, StoreError> {
        let second = self.number(ERASED)?.unwrap_or_default();
        let second = i64::try_from(second).ok().filter(|second| *second > 0);
        Ok(second.and_then(|second| Timestamp::from_second(second).ok()))
    }

    pub(super) fn note_erased(&self, when: Option<Timestamp>) -> Result<(), StoreError> {
        let second = when.map_or(0, Timestamp::as_second);
        self.set_number(ERASED, second.unsigned_abs())
    }

    /// What the files took when they were new; 0 if they have never been rewritten.
    pub(super) fn compact_bytes(&self) -> Result<u64, StoreError> {
        Ok(self.number(COMPACT_BYTES)?.unwrap_or_default())
    }

    pub(super) fn note_compact_bytes(&self, bytes: u64) -> Result<(), StoreError> {
        self.set_number(COMPACT_BYTES, bytes)
    }

    /// The last number that a message was given.
    pub(super) fn last_message_number(&self) -> Result<u64, StoreError> {
        Ok(self.number(LAST_MESSAGE)?.unwrap_or_default())
    }

    pub(super) fn note_last_message_number(&self, number: u64) -> Result<(), StoreError> {
        self.set_number(LAST_MESSAGE, number)
    }

    fn number(&self, key: &[u8]) -> Result<Option<u64>, StoreError> {
        let Some(value) = self.meta.get(key)? else {
            return Ok(None);
        };
        let bytes = value.as_ref().try_into();
        let bytes = bytes.map_err(|_| StoreError::Damaged("its own notes are garbled".into()))?;
        Ok(Some(u64::from_be_bytes(bytes)))
    }

    fn set_number(&self, key: &[u8], number: u64) -> Result<(), StoreError> {
        self.meta.insert(key, &number.to_be_bytes())
    }
}

/// sled lets go of its files a moment after it was dropped. Nobody else can have them: the whole
/// directory is locked.
fn open_when_released(config: &sled::Config) -> sled::Result<Db> {
    let patience = Instant::now() + LONGEST_RELEASE;
    loop {
        match config.open() {
            Err(sled::Error::Io(reason))
                if reason.to_string().contains("could not acquire lock")
                    && Instant::now() < patience =>
            {
                thread::sleep(Duration::from_millis(5));
            }
            outcome => return outcome,
        }
    }
}
