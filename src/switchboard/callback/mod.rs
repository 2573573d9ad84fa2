//! Priority callbacks beside the calls: one task an attempt, in the same loop and over the same socket.
//!
//! [`Callbacks`] is the door for whoever orders attempts; [`CallbackDesk`] hears what comes of them.

mod desk;
mod gap;
mod names;
mod originating;
mod performer;
mod registry;
mod supervision;
mod task;
mod translation;

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::{JoinError, JoinSet};

use super::names::CallIds;
use crate::ari::{self, Requests};
use crate::domain::callback::attempt::{Event, Order};
use crate::speech::Speech;

pub use desk::{AttemptReport, CallbackDesk};
pub use names::AttemptId;

pub(super) use gap::Beliefs;

use registry::Registry;
use supervision::Tools;
use translation::Meaning;

/// Whether a channel is an attempt's.
pub(super) fn is_leg(channel: &ari::Channel) -> bool {
    translation::leg(channel).is_some()
}

/// How many orders may wait for the switchboard's loop, which takes them at once.
const WAITING_ORDERS: usize = 64;

/// Why an attempt was not begun. It will not be: order it again, later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotStarted {
    /// The switchboard has stopped.
    #[error("the switchboard has stopped: no callbacks are made any more")]
    Stopped,
    /// More orders wait than the switchboard takes.
    #[error("{WAITING_ORDERS} callbacks are waiting to be begun: too many at once")]
    TooMany,
}

/// What is asked of the switchboard's loop.
enum Command {
    Start(AttemptId, Box<Order>),
    Cancel(AttemptId),
}

/// Orders attempts. Clones are the same one.
#[derive(Clone)]
pub struct Callbacks {
    commands: mpsc::Sender<Command>,
    ids: Arc<CallIds>,
}

impl Callbacks {
    /// Has an attempt begun. [`CallbackDesk::attempt_ended`] follows, whatever happens.
    ///
    /// # Errors
    /// [`NotStarted`]: nothing was begun, and nothing will be told.
    pub fn start_attempt(&self, order: Order) -> Result<AttemptId, NotStarted> {
        let id = AttemptId::next(&self.ids);
        let command = Command::Start(id.clone(), Box::new(order));
        self.commands
            .try_send(command)
            .map_err(|error| match error {
                TrySendError::Full(_) => NotStarted::TooMany,
                TrySendError::Closed(_) => NotStarted::Stopped,
            })?;
        Ok(id)
    }

    /// Ends an attempt, unless the two talk already. One that has ended is left as it is.
    ///
    /// # Errors
    /// [`NotStarted`]: the switchboard was not told.
    pub fn cancel(&self, attempt: &AttemptId) -> Result<(), NotStarted> {
        let command = Command::Cancel(attempt.clone());
        self.commands
            .try_send(command)
            .map_err(|error| match error {
                TrySendError::Full(_) => NotStarted::TooMany,
                TrySendError::Closed(_) => NotStarted::Stopped,
            })
    }
}

/// The attempts that are under way, as the switchboard's loop has them.
pub(super) struct Attempts {
    requests: Requests,
    speech: Speech,
    desk: Option<Arc<dyn CallbackDesk>>,
    commands: Option<mpsc::Receiver<Command>>,
    running: Registry,
    /// One for each attempt; gives the id of the one that ended.
    supervisors: JoinSet<AttemptId>,
}

impl Attempts {
    /// None, and nobody who could order any.
    pub(super) fn none(requests: Requests, speech: Speech) -> Self {
        Self {
            requests,
            speech,
            desk: None,
            commands: None,
            running: Registry::new(),
            supervisors: JoinSet::new(),
        }
    }

    /// Opens the door for orders.
    pub(super) fn open(&mut self, desk: Arc<dyn CallbackDesk>, ids: Arc<CallIds>) -> Callbacks {
        let (commands, received) = mpsc::channel(WAITING_ORDERS);
        self.desk = Some(desk);
        self.commands = Some(received);
        Callbacks { commands, ids }
    }

    /// Takes the next order or the next end, whichever comes first. Nothing is lost when the future
    /// is dropped.
    pub(super) async fn go_on(&mut self) {
        tokio::select! {
            command = next_command(&mut self.commands) => self.take(command),
            Some(ended) = self.supervisors.join_next() => self.ended(ended),
        }
    }

    /// Gives an event to the attempt that it is about; false if it is about none.
    pub(super) fn on_event(&self, event: &ari::Event) -> bool {
        let (id, news) = match translation::meaning(event) {
            Meaning::News(id, news) => (id, news),
            Meaning::Nothing => return true,
            Meaning::NotOurs => return false,
        };
        match self.running.get(&id) {
            Some(entry) => entry.tell(news),
            None => self.stranger(event),
        }
        true
    }

    pub(super) fn beliefs(&self) -> Beliefs {
        Beliefs::of(&self.running)
    }

    pub(super) fn len(&self) -> usize {
        self.running.len()
    }

    /// No more orders, and everybody who is not talking is let go. Whoever ordered one that has not
    /// begun yet was promised to be told of its end.
    pub(super) fn stop(&mut self) {
        if let Some(mut commands) = self.commands.take() {
            commands.close();
            while let Ok(command) = commands.try_recv() {
                self.take(command);
            }
        }
        for entry in self.running.values() {
            entry.tell(Event::Stop);
        }
    }

    fn take(&mut self, command: Command) {
        match command {
            Command::Start(id, order) => self.begin(id, *order),
            Command::Cancel(id) => {
                if let Some(entry) = self.running.get(&id) {
                    entry.tell(Event::Cancel);
                }
            }
        }
    }

    fn begin(&mut self, id: AttemptId, order: Order) {
        let Some(desk) = &self.desk else {
            return;
        };
        let tools = Tools {
            requests: self.requests.clone(),
            speech: self.speech.clone(),
            desk: Arc::clone(desk),
        };
        let entry = supervision::begin(tools, id.clone(), order, &mut self.supervisors);
        self.running.insert(id, entry);
    }

    fn ended(&mut self, ended: Result<AttemptId, JoinError>) {
        match ended {
            Ok(id) => drop(self.running.remove(&id)),
            Err(error) => {
                tracing::error!(%error, "an attempt's supervisor failed; the leases take its legs");
            }
        }
    }

    fn stranger(&self, event: &ari::Event) {
        if let ari::Event::StasisStart { channel, .. } = event
            && let Some((_, side)) = translation::leg(channel)
        {
            gap::stranger(&self.requests, channel, side);
        }
    }
}

/// The next order; never, where nobody can order any.
async fn next_command(commands: &mut Option<mpsc::Receiver<Command>>) -> Command {
    if let Some(received) = commands
        && let Some(command) = received.recv().await
    {
        return command;
    }
    std::future::pending().await
}
