//! The clients that a group of changes is about: each is read once and written once.

use std::collections::HashMap;
use std::thread::{self, ScopedJoinHandle};

use jiff::Timestamp;

use crate::domain::directory::ClientCard;
use crate::domain::rating::{ClientId, Event};
use crate::store::change::Done;
use crate::store::error::StoreError;
use crate::store::stored::Head;
use crate::store::trees::Trees;

use super::added::{Added, Outcome};
use super::rewritten::Rewritten;

/// So many clients are worth a second thread: finding them on disk is most of the work.
const MANY: usize = 200;
/// So many threads work on one group; others have calls to look after.
const THREADS: usize = 2;

/// A change of one client.
#[derive(Clone, Copy, Debug)]
pub(super) enum ClientChange<'a> {
    Event {
        event: &'a Event,
        arrived: Timestamp,
    },
    Put {
        card: &'a ClientCard,
        version: u64,
    },
}

/// Changes that wait to be carried out, by client and in their order, each with its place among the
/// answers.
#[derive(Debug)]
pub(super) struct Clients<'a> {
    trees: &'a Trees,
    waiting: HashMap<&'a ClientId, Vec<(usize, ClientChange<'a>)>>,
}

impl<'a> Clients<'a> {
    pub(super) fn new(trees: &'a Trees) -> Self {
        Self {
            trees,
            waiting: HashMap::new(),
        }
    }

    pub(super) fn wait(&mut self, place: usize, client: &'a ClientId, change: ClientChange<'a>) {
        let waiting = self.waiting.entry(client).or_default();
        waiting.push((place, change));
    }

    /// Carries out all that waits and hands it to sled.
    pub(super) fn settle(&mut self, done: &mut [Done]) -> Result<(), StoreError> {
        let mut clients: Vec<Waiting<'_>> = self.waiting.drain().collect();
        // Neighbours are in one page of sled's.
        clients.sort_unstable_by_key(|(id, _)| *id);
        let threads = thread::available_parallelism().map_or(1, |cores| cores.get().min(THREADS));
        if clients.len() < MANY || threads == 1 {
            return all_of(self.trees, &clients).map(|answers| put_in(done, answers));
        }
        let trees = self.trees;
        let parts = clients.chunks(clients.len().div_ceil(threads));
        let outcomes = thread::scope(|scope| {
            let parts = parts.map(|part| scope.spawn(|| all_of(trees, part)));
            let parts: Vec<_> = parts.collect();
            let outcomes = parts.into_iter().map(ScopedJoinHandle::join);
            outcomes.collect::<Vec<_>>()
        });
        for outcome in outcomes {
            put_in(done, outcome.unwrap_or(Err(StoreError::BrokeOff))?);
        }
        Ok(())
    }
}

/// A client and the changes that wait.
type Waiting<'a> = (&'a ClientId, Vec<(usize, ClientChange<'a>)>);

/// What became of changes, each with its place among the answers.
type Answers = Vec<(usize, Done)>;

fn put_in(done: &mut [Done], answers: Answers) {
    for (place, what) in answers {
        done[place] = what;
    }
}

fn all_of(trees: &Trees, clients: &[Waiting<'_>]) -> Result<Answers, StoreError> {
    let mut done = Vec::new();
    for (id, changes) in clients {
        let before = done.len();
        match one_client(trees, id, changes, &mut done) {
            Err(StoreError::Value(reason)) => {
                tracing::error!(reason, "a client is put aside and begun anew");
                done.truncate(before);
                trees.put_client_aside(id)?;
                one_client(trees, id, changes, &mut done)?;
            }
            outcome => outcome?,
        }
    }
    Ok(done)
}

/// Most changes are a new event: it is added to what is on disk. Once there is a change that is more
/// than that, the client is read as a whole and written as a whole.
fn one_client(
    trees: &Trees,
    id: &ClientId,
    changes: &[(usize, ClientChange<'_>)],
    done: &mut Answers,
) -> Result<(), StoreError> {
    let before = trees.client_value(id)?;
    let head = before.as_deref().map(Head::decode).transpose()?;
    let head = head.unwrap_or_default();
    let mut added = Added::new(trees, id, head);
    for (index, (place, change)) in changes.iter().enumerate() {
        match added.carry_out(*change)? {
            Outcome::Done(what) => done.push((*place, what)),
            Outcome::MoreThanThat => {
                added.write(before.is_some())?;
                return whole_client(trees, id, &changes[index..], done);
            }
        }
    }
    added.write(before.is_some())
}

fn whole_client(
    trees: &Trees,
    id: &ClientId,
    changes: &[(usize, ClientChange<'_>)],
    done: &mut Answers,
) -> Result<(), StoreError> {
    let mut client = Rewritten::read(trees, id)?;
    for (place, change) in changes {
        done.push((*place, client.carry_out(*change)?));
    }
    client.write(trees)
}
