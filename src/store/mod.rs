//! What must survive a restart: clients with their events, employees, tokens, calls, callback jobs,
//! messages to webhooks. On sled.
//!
//! One thread writes, in groups; what it has acknowledged is on disk. Everybody reads, and waits for
//! nobody. What a caller's lookup needs of employees is in memory.

mod bounded;
mod callbacks;
mod calls;
mod change;
mod client;
mod client_keys;
mod error;
mod journal;
mod keys;
mod known;
mod lock;
mod opening;
mod outbox;
mod place;
mod rewrite;
mod settings;
mod shared;
mod stored;
mod trees;
mod words;
mod writer;
mod writing;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use tokio::sync::mpsc;

use crate::domain::access::Token;
use crate::domain::directory::{Company, EmployeeCard};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{ClientId, EmployeeId, Observed};

pub use callbacks::{
    CallbackChange, CallbackCounts, CallbackFilter, CallbackPlace, MOST_WAITING_CALLBACKS, Phase,
};
pub use change::{Change, Done};
pub use client::Client;
pub use error::{OpenError, StoreError};
pub use journal::{CallFilter, CallPage, CallPlace};
pub use outbox::Numbered;
pub use settings::Settings;
pub use shared::Condition;

use lock::Lock;
use place::Place;
use shared::Shared;
use trees::Trees;
use writer::Request;

/// The most clients that are looked at for one telephone.
pub const MOST_CLIENTS_OF_A_PHONE: usize = 200;

#[cfg(fuzzing)]
pub use stored::fuzzed_record;

/// All that must survive. Clones are one store; it is closed when the last one is dropped.
#[derive(Clone, Debug)]
pub struct Store {
    open: Arc<Open>,
}

/// A store that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// A damaged store was found and put there, and an empty one begun.
    pub moved_aside: Option<PathBuf>,
}

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Clients, those included who are only a telephone number.
    pub clients: u64,
    /// Employees and departments.
    pub employees: usize,
    /// What the files take.
    pub bytes_on_disk: u64,
    /// Messages that wait for webhooks.
    pub messages: usize,
    /// Messages to webhooks that were given up.
    pub dead_letters: usize,
}

/// The fields are dropped in their order: the lock goes last.
#[derive(Debug)]
struct Open {
    mailbox: Option<mpsc::Sender<Request>>,
    writer: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    /// Who wants to hear of clients with new events.
    watcher: OnceLock<mpsc::Sender<ClientId>>,
    _lock: Lock,
}

impl Store {
    /// Opens the store in a directory, or begins one there.
    ///
    /// Files that are damaged are put aside: see [`Opened::moved_aside`].
    ///
    /// # Errors
    /// [`OpenError`] if somebody else has it open, if a later version has written it, or if the
    /// directory can't be used.
    pub fn open(settings: &Settings) -> Result<Opened, OpenError> {
        let directory = &settings.directory;
        let place = Place::prepare(directory)?;
        let lock = Lock::take(directory)?;
        let ready = opening::open(&place, settings)?;
        let settings = settings.clone();
        let (trees, known) = (ready.trees, ready.known);
        let callbacks = ready.callbacks;
        let shared = Shared::new(settings, place.clone(), trees, &known, callbacks);
        let shared = Arc::new(shared);
        let (mailbox, writer) = writer::start(shared.clone(), known)
            .map_err(|reason| OpenError::unusable(place.directory(), &reason))?;
        let open = Open {
            mailbox: Some(mailbox),
            writer: Some(writer),
            shared,
            watcher: OnceLock::new(),
            _lock: lock,
        };
        Ok(Opened {
            store: Self {
                open: Arc::new(open),
            },
            moved_aside: ready.moved_aside,
        })
    }

    /// Everybody who works in the company, as of the last group of writes.
    #[must_use]
    pub fn company(&self) -> Arc<Company> {
        self.open.shared.published().company
    }

    /// What is known about an employee, and its version.
    #[must_use]
    pub fn employee(&self, id: &EmployeeId) -> Option<(EmployeeCard, u64)> {
        let published = self.open.shared.published();
        let card = published.company.card(id)?.clone();
        Some((card, *published.versions.get(id)?))
    }

    /// All tokens that are not revoked.
    #[must_use]
    pub fn tokens(&self) -> Arc<Vec<Token>> {
        self.open.shared.published().tokens
    }

    /// A client, if anything is known about them.
    ///
    /// # Errors
    /// [`StoreError`] if they can't be read.
    pub fn client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        self.read(|trees| trees.client(id))
    }

    /// All clients who have a telephone number, by their ids; last the one who is only this number,
    /// if there is one. At most [`MOST_CLIENTS_OF_A_PHONE`] are looked at. A single client who can't
    /// be read is left out and reported.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn clients_of(&self, phone: &PhoneNumber) -> Result<Vec<Client>, StoreError> {
        self.read(|trees| {
            let mut ids = trees.with_phone(phone.digits(), MOST_CLIENTS_OF_A_PHONE)?;
            ids.push(ClientId::of_phone(phone));
            let mut clients = Vec::with_capacity(ids.len());
            for id in &ids {
                let client = self.unless_unreadable(trees.client(id))?;
                clients.extend(client.filter(|client| client.has_phone(phone)));
            }
            Ok(clients)
        })
    }

    /// The next clients by their ids, at most so many: a page. It ends where fewer are returned.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn clients_after(
        &self,
        after: Option<&ClientId>,
        most: usize,
    ) -> Result<Vec<Client>, StoreError> {
        self.read(|trees| {
            let mut clients = Vec::new();
            let mut after = after.cloned();
            while clients.len() < most {
                let Some((id, client)) = trees.client_after(after.as_ref())? else {
                    break;
                };
                clients.extend(self.unless_unreadable(client)?);
                after = Some(id);
            }
            Ok(clients)
        })
    }

    /// What came of a client's calls, oldest first; of the latest 100.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn observed(&self, client: &ClientId) -> Result<Vec<Observed>, StoreError> {
        self.read(|trees| calls::observed(trees, client))
    }

    /// How much there is.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let shared = &self.open.shared;
        let trees = shared.trees().ok();
        let trees = trees.as_deref();
        let bytes = trees.and_then(|trees| trees.bytes_on_disk().ok());
        Counts {
            clients: trees.map_or(0, Trees::client_count),
            employees: shared.published().company.len(),
            bytes_on_disk: bytes.unwrap_or_default(),
            messages: trees.map_or(0, |trees| trees.messages.count()),
            dead_letters: trees.map_or(0, |trees| trees.dead_letters.count()),
        }
    }

    /// How writing goes.
    #[must_use]
    pub fn condition(&self) -> Condition {
        self.open.shared.condition()
    }

    /// Closes the store, unless there are other clones of it: then the last one closes it. Returns
    /// when all is on disk and another process may open it. Dropping it does the same.
    pub fn close(self) {
        drop(self);
    }

    /// Reads, and takes note of it if the store fails.
    fn read<T>(&self, work: impl FnOnce(&Trees) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let shared = &self.open.shared;
        let trees = shared.trees()?;
        let outcome = trees::caught(|| work(&trees));
        outcome.inspect_err(|reason| shared.has_failed(reason))
    }

    /// `None`, and a report, if a single value can't be read.
    fn unless_unreadable(
        &self,
        client: Result<Option<Client>, StoreError>,
    ) -> Result<Option<Client>, StoreError> {
        match client {
            Err(reason @ (StoreError::Value(_) | StoreError::Newer(_))) => {
                self.open.shared.has_failed(&reason);
                Ok(None)
            }
            client => client,
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // Without a sender, the writer ends after what still waits.
        self.mailbox = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}
