//! The clients that a group of changes is about: each is read once and written once.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::directory::ClientCard;
use crate::domain::rating::{ClientId, Event};
use crate::store::change::Done;
use crate::store::error::StoreError;
use crate::store::stored::Head;
use crate::store::trees::Trees;

use super::added::{Added, Outcome};
use super::rewritten::Rewritten;

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
        for (id, changes) in self.waiting.drain() {
            match one_client(self.trees, id, &changes, done) {
                Err(StoreError::Value(reason)) => {
                    tracing::error!(reason, "a client is put aside and begun anew");
                    self.trees.put_client_aside(id)?;
                    one_client(self.trees, id, &changes, done)?;
                }
                outcome => outcome?,
            }
        }
        Ok(())
    }
}

/// Most changes are a new event: it is added to what is on disk. Once there is a change that is more
/// than that, the client is read as a whole and written as a whole.
fn one_client(
    trees: &Trees,
    id: &ClientId,
    changes: &[(usize, ClientChange<'_>)],
    done: &mut [Done],
) -> Result<(), StoreError> {
    let before = trees.client_value(id)?;
    let head = before.as_deref().map(Head::decode).transpose()?;
    let head = head.unwrap_or_default();
    let mut added = Added::new(trees, id, head);
    for (index, (place, change)) in changes.iter().enumerate() {
        match added.carry_out(*change)? {
            Outcome::Done(what) => done[*place] = what,
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
    done: &mut [Done],
) -> Result<(), StoreError> {
    let mut client = Rewritten::read(trees, id)?;
    for (place, change) in changes {
        done[*place] = client.carry_out(*change)?;
    }
    client.write(trees)
}
