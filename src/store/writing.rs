//! Writing, for everybody: changes go to the writer, and who watches hears of them.

use tokio::sync::{mpsc, oneshot};

use crate::domain::rating::ClientId;

use super::writer::Request;
use super::{Change, Done, Store, StoreError};

impl Store {
    /// Writes changes in their order, and says for each of them what became of it when all of them
    /// are on disk.
    ///
    /// # Errors
    /// [`StoreError`]: then nothing is acknowledged. Part of it may have been written and may be seen
    /// by readers; to write all of it once more is right in any case.
    pub async fn write(&self, changes: Vec<Change>) -> Result<Vec<Done>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let mailbox = self.open.mailbox.as_ref().ok_or(StoreError::Closed)?;
        let watched = self.open.watcher.get();
        let clients = watched.map(|_| clients_of_events(&changes));
        let request = Request { changes, answer };
        let sent = mailbox.send(request).await;
        sent.map_err(|_| StoreError::Closed)?;
        let done = answered.await.unwrap_or(Err(StoreError::BrokeOff))?;
        for client in clients.into_iter().flatten() {
            // Whoever watches has enough to do if there is no room.
            let _ = watched.map(|watcher| watcher.try_send(client));
        }
        Ok(done)
    }

    /// From now on, tells of clients to whom something happens, as far as there is room for so many
    /// and they come by [`Store::write`]. Once for a store: the second one hears nothing.
    #[must_use]
    pub fn watch(&self, room: usize) -> mpsc::Receiver<ClientId> {
        let (watcher, watching) = mpsc::channel(room);
        let _ = self.open.watcher.set(watcher);
        watching
    }

    /// [`Store::write`] for a thread that may wait.
    ///
    /// # Errors
    /// As of [`Store::write`].
    ///
    /// # Panics
    /// In an async task: there it has to be [`Store::write`].
    pub fn write_blocking(&self, changes: Vec<Change>) -> Result<Vec<Done>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let mailbox = self.open.mailbox.as_ref().ok_or(StoreError::Closed)?;
        let sent = mailbox.blocking_send(Request { changes, answer });
        sent.map_err(|_| StoreError::Closed)?;
        let answered = answered.blocking_recv();
        answered.unwrap_or(Err(StoreError::BrokeOff))
    }
}

fn clients_of_events(changes: &[Change]) -> Vec<ClientId> {
    let client = |change: &Change| {
        let Change::Event { client, .. } = change else {
            return None;
        };
        Some(client.clone())
    };
    changes.iter().filter_map(client).collect()
}
