//! The one thread that writes. It takes all changes that wait, writes them as one group, and answers
//! when all of it is on disk.

mod clients;
mod erasing;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::{io, thread};

use tokio::sync::{mpsc, oneshot};

use super::calls;
use super::change::{Change, Done};
use super::error::StoreError;
use super::known::Known;
use super::shared::Shared;
use super::trees::Trees;

use clients::Clients;

/// How many requests may wait. Whoever comes then waits for a place.
const MAILBOX: usize = 1_024;
/// A group that has so many changes is closed.
const GROUP: usize = 4_096;

/// Changes, and where to say what became of them.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) changes: Vec<Change>,
    pub(super) answer: oneshot::Sender<Result<Vec<Done>, StoreError>>,
}

/// Begins to write. It ends when the last sender is dropped.
pub(super) fn start(
    shared: Arc<Shared>,
    known: Known,
) -> io::Result<(mpsc::Sender<Request>, JoinHandle<()>)> {
    let (sender, mailbox) = mpsc::channel(MAILBOX);
    let writer = Writer {
        shared,
        mailbox,
        known: Some(known),
    };
    let thread = thread::Builder::new().name("store".to_owned());
    Ok((sender, thread.spawn(move || writer.run())?))
}

struct Writer {
    shared: Arc<Shared>,
    mailbox: mpsc::Receiver<Request>,
    /// `None` after an error: then it may be ahead of the disk.
    known: Option<Known>,
}

impl Writer {
    fn run(mut self) {
        while let Some(first) = self.mailbox.blocking_recv() {
            let mut group = vec![first];
            let mut size = group[0].changes.len();
            while size < GROUP
                && let Ok(next) = self.mailbox.try_recv()
            {
                size += next.changes.len();
                group.push(next);
            }
            self.serve(group);
        }
    }

    /// A group of which one request can't be carried out is carried out request by request, so that
    /// the others don't suffer from it.
    fn serve(&mut self, group: Vec<Request>) {
        match self.write(&group) {
            Ok(done) => answer_all(group, done),
            Err(reason) if group.len() > 1 && is_of_a_single_request(&reason) => {
                for request in group {
                    self.serve(vec![request]);
                }
            }
            Err(reason) => {
                self.shared.has_failed(&reason);
                for request in group {
                    let _ = request.answer.send(Err(reason.clone()));
                }
            }
        }
    }

    fn write(&mut self, group: &[Request]) -> Result<Vec<Vec<Done>>, StoreError> {
        let known = self.known.take();
        let work = AssertUnwindSafe(|| write_group(&self.shared, known, group));
        let (known, done) = catch_unwind(work).unwrap_or(Err(StoreError::BrokeOff))?;
        self.known = Some(known);
        Ok(done)
    }
}

fn answer_all(group: Vec<Request>, done: Vec<Vec<Done>>) {
    for (request, done) in group.into_iter().zip(done) {
        // Whoever has stopped waiting does not need it.
        let _ = request.answer.send(Ok(done));
    }
}

fn is_of_a_single_request(reason: &StoreError) -> bool {
    match reason {
        StoreError::Value(_) | StoreError::Newer(_) | StoreError::BrokeOff => true,
        StoreError::Disk(_) | StoreError::Damaged(_) => false,
        StoreError::Reopening | StoreError::Closed => false,
    }
}

fn write_group(
    shared: &Shared,
    known: Option<Known>,
    requests: &[Request],
) -> Result<(Known, Vec<Vec<Done>>), StoreError> {
    let trees = shared.trees_to_write()?;
    let count = trees.client_count();
    let mut group = Group {
        known: match known {
            Some(known) => known,
            None => Known::load(&trees)?,
        },
        clients: Clients::new(&trees),
        trees: &trees,
        known_changed: false,
    };
    let mut done = Vec::with_capacity(requests.len());
    for request in requests {
        let changes = request.changes.iter().map(|change| group.apply(change));
        done.push(changes.collect::<Result<Vec<_>, _>>()?);
    }
    group.clients.settle()?;
    if trees.client_count() != count {
        trees.note_client_count()?;
    }
    #[cfg(test)]
    shared.fail_if_a_test_wants_it()?;
    trees.flush()?;
    if group.known_changed {
        shared.publish(&group.known);
    }
    Ok((group.known, done))
}

/// The changes that are written together.
struct Group<'a> {
    trees: &'a Trees,
    known: Known,
    known_changed: bool,
    clients: Clients<'a>,
}

impl Group<'_> {
    fn apply(&mut self, change: &Change) -> Result<Done, StoreError> {
        match change {
            Change::Event {
                client,
                event,
                arrived,
            } => {
                let applied = self.clients.event(client, event.clone(), *arrived)?;
                Ok(Done::Event(applied))
            }
            Change::PutClient { id, card, version } => self.clients.put(id, card, *version),
            Change::EraseClient(id) => {
                // What comes before it must be there to be erased.
                self.clients.settle()?;
                erasing::erase(self.trees, id)
            }
            Change::Observe { client, call } => calls::observe(self.trees, client, call),
            Change::PutEmployee { id, card, version } => {
                self.known_changed = true;
                self.known.put_employee(self.trees, id, card, *version)
            }
            Change::RemoveEmployee { id, version } => {
                self.known_changed = true;
                self.known.remove_employee(self.trees, id, *version)
            }
            Change::PutToken(token) => {
                self.known_changed = true;
                self.known.put_token(self.trees, token)
            }
            Change::RemoveToken(id) => {
                self.known_changed = true;
                self.known.remove_token(self.trees, id)
            }
        }
    }
}
