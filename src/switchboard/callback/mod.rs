//! Priority callbacks beside the calls: one task an attempt, in the same loop and over the same socket.
//!
//! [`Callbacks`] is the door for whoever orders attempts; [`CallbackDesk`] hears what comes of them.

mod desk;
mod early_media;
mod gap;
mod names;
mod originating;
mod performer;
mod registry;
mod resuming;
mod supervision;
mod task;
mod translation;

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::{JoinError, JoinSet};

use super::names::CallIds;
use crate::ari::{self, Requests};
use crate::domain::callback::attempt::{Event, Order, Side};
use crate::speech::Speech;

pub use desk::{AttemptReport, CallbackDesk};
pub use names::AttemptId;

pub(super) use gap::Beliefs;

pub(super) use resuming::Looked;

use registry::Registry;
use resuming::Sought;
use supervision::{Ended, Talk, Tools};
use translation::Meaning;

/// Whether a channel is an attempt's.
pub(super) fn is_own(channel: &ari::Channel) -> bool {
    names::parse(channel.id.as_str()).is_some()
}

/// Whether a channel is nobody: it hears somebody's network for an operator, and goes with them.
pub(super) fn is_listener(channel: &ari::ChannelId) -> bool {
    matches!(
        names::parse(channel.as_str()),
        Some((_, names::Part::Listener))
    )
}

/// Whether a channel is the operator's leg of an attempt, and nobody has picked up.
#[must_use]
pub fn waits_for_an_operator(channel: &ari::Channel) -> bool {
    matches!(translation::leg(channel), Some((_, Side::Operator)))
        && channel.state != ari::ChannelState::Up
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
    Resume(AttemptId, Box<Order>),
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
        self.give(Command::Start(id.clone(), Box::new(order)))?;
        Ok(id)
    }

    /// Has an attempt looked for that a process before this one has begun, by its job and its number, as
    /// soon as Asterisk answers. If the two talk, it goes on under the id that is given here; whatever
    /// else is left of it is brought home. [`CallbackDesk::attempt_ended`] follows.
    ///
    /// # Errors
    /// [`NotStarted`]: nobody looks for it, and nothing will be told.
    pub fn resume_attempt(&self, order: Order) -> Result<AttemptId, NotStarted> {
        let id = AttemptId::next(&self.ids);
        self.give(Command::Resume(id.clone(), Box::new(order)))?;
        Ok(id)
    }

    /// Ends an attempt, unless the two talk already. One that has ended is left as it is.
    ///
    /// # Errors
    /// [`NotStarted`]: the switchboard was not told.
    pub fn cancel(&self, attempt: &AttemptId) -> Result<(), NotStarted> {
        self.give(Command::Cancel(attempt.clone()))
    }

    fn give(&self, command: Command) -> Result<(), NotStarted> {
        let given = self.commands.try_send(command);
        given.map_err(|error| match error {
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
    /// Attempts of a process before this one that are looked for.
    sought: Sought,
    /// Asterisk is to be compared with what we believe, as after a gap.
    wants_a_look: bool,
    /// One for each attempt.
    supervisors: JoinSet<Ended>,
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
            sought: Sought::default(),
            wants_a_look: false,
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

    /// Whether there may be any.
    pub(super) fn are_open(&self) -> bool {
        self.desk.is_some()
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
        Beliefs::of(&self.running, &self.sought)
    }

    /// Whether somebody has to look what Asterisk has; asked once for each time.
    pub(super) fn takes_a_look(&mut self) -> bool {
        std::mem::take(&mut self.wants_a_look)
    }

    /// What Asterisk had of the attempts that were looked for.
    pub(super) fn on_looked(&mut self, looked: Looked) {
        for (job, found) in looked.0 {
            let Some((id, order)) = self.sought.remove(&job) else {
                continue;
            };
            let Some(tools) = self.tools() else {
                return;
            };
            match found {
                Some(found) if found.number == order.number && found.talks() => {
                    self.take_over(tools, found.talk(id, *order));
                }
                Some(found) if found.number == order.number => found.told(&tools, id, &order),
                Some(_) | None => resuming::lost(&tools, id, &order),
            }
        }
    }

    fn take_over(&mut self, tools: Tools, talk: Talk) {
        let leg = talk.watch.leg.clone();
        if self.running.contains_key(&leg) {
            return;
        }
        let entry = supervision::take_over(tools, talk, &mut self.supervisors);
        self.running.insert(leg, entry);
        // Whoever has hung up meanwhile is missed.
        self.wants_a_look = true;
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
            Command::Resume(id, order) => {
                self.sought.insert(order.job.clone(), (id, order));
                self.wants_a_look = true;
            }
            Command::Cancel(id) => {
                if let Some(entry) = self.running.get(&id) {
                    entry.tell(Event::Cancel);
                }
            }
        }
    }

    fn begin(&mut self, id: AttemptId, order: Order) {
        let Some(tools) = self.tools() else {
            return;
        };
        let entry = supervision::begin(tools, id.clone(), order, &mut self.supervisors);
        self.running.insert(id, entry);
    }

    fn tools(&self) -> Option<Tools> {
        Some(Tools {
            requests: self.requests.clone(),
            speech: self.speech.clone(),
            desk: Arc::clone(self.desk.as_ref()?),
        })
    }

    fn ended(&mut self, ended: Result<Ended, JoinError>) {
        match ended {
            Ok(Ended { leg, failed, talk }) => {
                self.running.remove(&leg);
                // A request of its last moment may have made a leg that nobody knows.
                self.wants_a_look |= failed;
                if let (Some(talk), Some(tools)) = (talk, self.tools()) {
                    self.take_over(tools, *talk);
                }
            }
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
