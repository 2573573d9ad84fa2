//! sled: the trees, and their keys and values. Whatever sled does, it becomes a result here.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sled::{Db, IVec, Mode, Tree};

use crate::domain::rating::ClientId;

use super::client::Client;
use super::error::StoreError;
use super::stored::decode_client;

const FORMAT: &[u8] = b"format";
const CLIENT_COUNT: &[u8] = b"clients";
/// So long sled may take to let go of its files.
const LONGEST_RELEASE: Duration = Duration::from_secs(10);

/// The opened trees.
#[derive(Debug)]
pub(super) struct Trees {
    db: Db,
    /// Client's id → card and events.
    pub(super) clients: Tree,
    /// A number's digits and a client's id → nothing. Only a hint: whether the client has the number
    /// is in `clients`.
    pub(super) phones: Tree,
    /// Employee's id → card or tombstone.
    pub(super) employees: Tree,
    /// Token's id → token or tombstone.
    pub(super) tokens: Tree,
    /// Client's id, NUL, call's id → what came of the call.
    pub(super) calls: Tree,
    /// Client's id → a value of `clients` that could not be read.
    pub(super) unreadable: Tree,
    meta: Tree,
    /// How many clients there are.
    count: AtomicU64,
    /// sled hands its pages to the system, but does not wait until they are on the disk itself.
    file: File,
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
            let meta = db.open_tree("meta")?;
            Ok(Self {
                count: AtomicU64::new(number(&meta, CLIENT_COUNT)?.unwrap_or_default()),
                clients: db.open_tree("clients")?,
                phones: db.open_tree("phones")?,
                employees: db.open_tree("employees")?,
                tokens: db.open_tree("tokens")?,
                calls: db.open_tree("calls")?,
                unreadable: db.open_tree("unreadable")?,
                meta,
                file: File::open(path.join("db"))?,
                db,
            })
        })
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

    pub(super) fn client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        let Some(value) = caught(|| Ok(self.clients.get(id.as_str())?))? else {
            return Ok(None);
        };
        Ok(Some(decode_client(id.clone(), &value)?))
    }

    /// The client who comes after another one, or first. The client itself may be unreadable.
    pub(super) fn client_after(
        &self,
        after: Option<&ClientId>,
    ) -> Result<Option<(ClientId, Result<Option<Client>, StoreError>)>, StoreError> {
        let mut start = after.map_or(&[][..], |id| id.as_str().as_bytes()).to_vec();
        if after.is_some() {
            // The least key that is greater.
            start.push(0);
        }
        caught(|| {
            for entry in self.clients.range(start..) {
                let (key, value) = entry?;
                let Some(id) = client_id(&key) else {
                    tracing::error!("a client without a valid id is left out");
                    continue;
                };
                let client = decode_client(id.clone(), &value).map_err(StoreError::from);
                return Ok(Some((id, client.map(Some))));
            }
            Ok(None)
        })
    }

    pub(super) fn put_phone(&self, digits: u64, id: &ClientId) -> Result<(), StoreError> {
        self.phones.insert(phone_key(digits, id), IVec::default())?;
        Ok(())
    }

    pub(super) fn remove_phone(&self, digits: u64, id: &ClientId) -> Result<(), StoreError> {
        self.phones.remove(phone_key(digits, id))?;
        Ok(())
    }

    /// The clients who may have a number, at most so many.
    pub(super) fn with_phone(&self, digits: u64, most: usize) -> Result<Vec<ClientId>, StoreError> {
        caught(|| {
            let mut clients = Vec::new();
            for key in self
                .phones
                .scan_prefix(digits.to_be_bytes())
                .keys()
                .take(most)
            {
                let key = key?;
                clients.extend(key.get(8..).and_then(client_id));
            }
            Ok(clients)
        })
    }

    pub(super) fn format(&self) -> Result<Option<u64>, StoreError> {
        caught(|| number(&self.meta, FORMAT))
    }

    pub(super) fn set_format(&self, format: u64) -> Result<(), StoreError> {
        self.set_number(FORMAT, format)
    }

    /// Writes a client's value; `before` is what was there.
    pub(super) fn put_client(
        &self,
        id: &ClientId,
        value: Vec<u8>,
        before: Option<&IVec>,
    ) -> Result<(), StoreError> {
        self.clients.insert(id.as_str(), value)?;
        if before.is_none() {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Whether there was one to remove.
    pub(super) fn remove_client(&self, id: &ClientId) -> Result<bool, StoreError> {
        let was_there = self.clients.remove(id.as_str())?.is_some();
        if was_there {
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
        Ok(was_there)
    }

    /// How many clients there are. After a crash it may be off by those of the last group.
    pub(super) fn client_count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Writes down how many clients there are.
    pub(super) fn note_client_count(&self) -> Result<(), StoreError> {
        self.set_number(CLIENT_COUNT, self.client_count())
    }

    fn set_number(&self, key: &[u8], number: u64) -> Result<(), StoreError> {
        self.meta.insert(key, &number.to_be_bytes())?;
        Ok(())
    }
}

fn number(meta: &Tree, key: &[u8]) -> Result<Option<u64>, StoreError> {
    let Some(value) = meta.get(key)? else {
        return Ok(None);
    };
    let bytes = value.as_ref().try_into();
    let bytes = bytes.map_err(|_| StoreError::Damaged("its own notes are garbled".into()))?;
    Ok(Some(u64::from_be_bytes(bytes)))
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

fn phone_key(digits: u64, id: &ClientId) -> Vec<u8> {
    let mut key = digits.to_be_bytes().to_vec();
    key.extend_from_slice(id.as_str().as_bytes());
    key
}

/// The id that a key has; `None` if it is none.
pub(super) fn client_id(key: &[u8]) -> Option<ClientId> {
    ClientId::parse(std::str::from_utf8(key).ok()?).ok()
}
