//! Hearing what happens in Asterisk: one WebSocket that is kept up.

use std::time::Duration;

use fastrand::Rng;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::connection::{Connection, End};
use super::{Backoff, Event, LostReason, Requests};

/// How many events may wait to be taken before the connection is given up.
pub(super) const WAITING_EVENTS: usize = 4096;

/// What comes from the socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// Asterisk sends events from now on. What happened before is not told: ask for the channels
    /// and bridges.
    Connected,
    /// Something happened.
    Event(Box<Event>),
    /// The connection was lost, or an attempt failed. The next attempt follows by itself.
    Lost {
        /// Why, and what to do about it.
        reason: LostReason,
    },
    /// Another program connected under our application's name and gets the events now. The socket
    /// has ended, because two that reconnect would take the name from each other for ever. The
    /// program should end too, with an error; a supervisor may start it again after some seconds.
    Replaced,
}

/// Asterisk's events. Reconnects by itself until it is dropped.
///
/// Events wait in a bounded queue, and the connection is never kept waiting for its reader: with
/// 4096 events untaken the reader is sick, the connection is given up as
/// [`LostReason::ReaderTooSlow`] and made anew once there is room. Subscribes to nothing: what
/// enters the application is heard of.
#[derive(Debug)]
pub struct Socket {
    incoming: mpsc::Receiver<Incoming>,
    task: JoinHandle<()>,
}

impl Socket {
    /// Starts to connect. Must be called within a tokio runtime.
    #[must_use]
    pub fn open(requests: &Requests) -> Self {
        let (sender, incoming) = mpsc::channel(WAITING_EVENTS);
        let task = tokio::spawn(keep_up(requests.clone(), sender));
        Self { incoming, task }
    }

    /// The next thing that happened, or `None` after [`Incoming::Replaced`]. Safe to cancel.
    pub async fn next(&mut self) -> Option<Incoming> {
        self.incoming.recv().await
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep_up(requests: Requests, sender: mpsc::Sender<Incoming>) {
    let settings = requests.settings();
    let longest = settings.longest_backoff;
    let mut backoff = Backoff::new(settings.first_backoff, longest, Rng::new());
    loop {
        let (end, lived) = one_connection(&requests, &sender).await;
        let incoming = match end {
            End::NobodyListens => return,
            End::Replaced => Incoming::Replaced,
            End::Lost(reason) => Incoming::Lost { reason },
        };
        // There is no connection now that could be kept waiting.
        let replaced = incoming == Incoming::Replaced;
        if sender.send(incoming).await.is_err() || replaced {
            return;
        }
        // One that is closed again and again right after the handshake must not be tried at once.
        if lived >= longest {
            backoff.reset();
        }
        sleep(backoff.next_wait()).await;
    }
}

/// Connects, and reads until the end. Also says how long the connection held.
async fn one_connection(requests: &Requests, sender: &mpsc::Sender<Incoming>) -> (End, Duration) {
    let mut connection = match Connection::make(requests).await {
        Ok(connection) => connection,
        Err(reason) => return (End::Lost(reason), Duration::ZERO),
    };
    let began = Instant::now();
    if sender.send(Incoming::Connected).await.is_err() {
        return (End::NobodyListens, Duration::ZERO);
    }
    let end = connection.read(sender).await;
    (end, began.elapsed())
}

#[cfg(test)]
mod tests;
