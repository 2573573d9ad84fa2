//! The changes that are written together: each goes to those who know how to write it, and all of them
//! to disk at once.

use jiff::Timestamp;

use crate::domain::rating::{ClientId, Event};
use crate::store::callbacks::{CallbackWrites, Index};
use crate::store::calls;
use crate::store::change::{Change, Done};
use crate::store::error::StoreError;
use crate::store::journal;
use crate::store::known::Known;
use crate::store::outbox::{self, Outbox};
use crate::store::shared::Shared;
use crate::store::trees::Trees;

use super::clients::{ClientChange, Clients};
use super::{Request, erasing};

/// What came of a group.
pub(super) struct Written {
    pub(super) known: Known,
    pub(super) done: Vec<Vec<Done>>,
    pub(super) has_erased: bool,
}

/// Writes the changes of these requests together. What is returned is on disk.
pub(super) fn write_group(
    shared: &Shared,
    known: Option<Known>,
    requests: &[Request],
) -> Result<Written, StoreError> {
    let trees = shared.trees_to_write()?;
    let count = trees.client_count();
    let calls = trees.call_count();
    let mut group = Group {
        known: match known {
            Some(known) => known,
            None => load_again(shared, &trees)?,
        },
        clients: Clients::new(&trees),
        trees: &trees,
        known_changed: false,
        has_erased: false,
        has_told: false,
        outbox: &shared.outbox,
        callbacks: CallbackWrites::default(),
        shared,
    };
    let changes: Vec<&Change> = requests.iter().flat_map(|one| &one.changes).collect();
    let done = group.carry_out(&changes)?;
    let now = Timestamp::now();
    group.callbacks.tidy(&trees, &shared.callbacks(), now)?;
    if group.has_erased && trees.erased()?.is_none() {
        trees.note_erased(Some(now))?;
    }
    if trees.client_count() != count {
        trees.note_client_count()?;
    }
    if trees.call_count() != calls {
        trees.note_call_count()?;
    }
    #[cfg(test)]
    shared.fail_if_a_test_wants_it()?;
    trees.flush()?;
    if group.known_changed {
        shared.publish(&group.known);
    }
    if group.has_told {
        shared.tell_of_messages();
    }
    if !group.callbacks.is_empty() {
        group.callbacks.publish(&mut shared.callbacks(), now);
        shared.tell_of_callbacks();
    }
    let mut done = done.into_iter();
    let answers = requests
        .iter()
        .map(|one| done.by_ref().take(one.changes.len()).collect());
    Ok(Written {
        done: answers.collect(),
        has_erased: group.has_erased,
        known: group.known,
    })
}

/// After an error, what is in memory may be ahead of the disk.
fn load_again(shared: &Shared, trees: &Trees) -> Result<Known, StoreError> {
    let index = Index::load(trees, shared.settings.zone.clone())?;
    *shared.callbacks() = index;
    Known::load(trees)
}

fn event(change: &Change) -> Option<&Event> {
    if let Change::Event { event, .. } = change {
        Some(event)
    } else {
        None
    }
}

/// The changes that are written together.
struct Group<'a> {
    trees: &'a Trees,
    known: Known,
    known_changed: bool,
    has_erased: bool,
    /// There are messages to be sent.
    has_told: bool,
    outbox: &'a Outbox,
    callbacks: CallbackWrites,
    shared: &'a Shared,
    clients: Clients<'a>,
}

impl<'a> Group<'a> {
    fn carry_out(&mut self, changes: &[&'a Change]) -> Result<Vec<Done>, StoreError> {
        self.trees
            .learn(changes.iter().filter_map(|change| event(change)))?;
        let mut done = vec![Done::Unchanged; changes.len()];
        for (place, change) in changes.iter().enumerate() {
            match change {
                Change::Event {
                    client,
                    event,
                    arrived,
                } => {
                    let arrived = *arrived;
                    let change = ClientChange::Event { event, arrived };
                    self.clients.wait(place, client, change);
                }
                Change::PutClient { id, card, version } => {
                    let version = *version;
                    let change = ClientChange::Put { card, version };
                    self.clients.wait(place, id, change);
                }
                Change::EraseClient(id) => {
                    // What comes before it must be there to be erased.
                    self.clients.settle(&mut done)?;
                    done[place] = self.erase(id)?;
                    self.has_erased |= done[place] == Done::Stored;
                }
                Change::Observe { .. }
                | Change::KeepCall(_)
                | Change::PruneCalls(_)
                | Change::PutEmployee { .. }
                | Change::RemoveEmployee { .. }
                | Change::PutToken(_)
                | Change::RemoveToken(_)
                | Change::Tell(_)
                | Change::Told(_)
                | Change::PutOff { .. }
                | Change::GiveUp { .. }
                | Change::TellAgain { .. }
                | Change::Callback(_) => done[place] = self.other(change)?,
            }
        }
        self.clients.settle(&mut done)?;
        Ok(done)
    }

    fn known(&mut self) -> &mut Known {
        self.known_changed = true;
        &mut self.known
    }

    fn erase(&mut self, client: &ClientId) -> Result<Done, StoreError> {
        let (done, numbers) = erasing::erase(self.trees, client)?;
        let index = self.shared.callbacks();
        let called = self.callbacks.forget(self.trees, &index, &numbers)?;
        Ok(if called { Done::Stored } else { done })
    }

    /// What has nothing to do with a client's value.
    fn other(&mut self, change: &Change) -> Result<Done, StoreError> {
        let trees = self.trees;
        match change {
            Change::Observe { client, call } => calls::observe(trees, client, call),
            Change::KeepCall(call) => journal::keep(trees, call, self.shared.settings.most_calls),
            Change::PruneCalls(before) => journal::prune(trees, *before),
            Change::PutEmployee { id, card, version } => {
                self.known().put_employee(trees, id, card, *version)
            }
            Change::RemoveEmployee { id, version } => {
                self.known().remove_employee(trees, id, *version)
            }
            Change::PutToken(token) => self.known().put_token(trees, token),
            Change::RemoveToken(id) => self.known().remove_token(trees, id),
            Change::Tell(message) => {
                self.has_told = true;
                outbox::tell(trees, message, self.outbox)
            }
            Change::TellAgain { number, due } => {
                self.has_told = true;
                outbox::tell_again(trees, *number, *due, self.outbox)
            }
            Change::Told(number) => outbox::told(trees, *number),
            Change::Callback(change) => self.callbacks.carry_out(trees, change),
            Change::PutOff {
                number,
                attempts,
                due,
            } => outbox::put_off(trees, *number, *attempts, *due),
            Change::GiveUp {
                number,
                attempts,
                died,
                why,
            } => outbox::give_up(trees, *number, *attempts, *died, why),
            Change::Event { .. } | Change::PutClient { .. } | Change::EraseClient(_) => {
                Ok(Done::Unchanged)
            }
        }
    }
}
