//! The fast way: events that are new are added to a client's value as it is on disk.

use std::slice::ChunksExact;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::rating::{self, Applied, Body, ClientId, ClientRecord, Event, MOST_EVENTS};
use crate::store::change::Done;
use crate::store::error::StoreError;
use crate::store::stored::{Block, Delivery, Dictionary, Head, decode_block, encode_block, mark};
use crate::store::trees::Trees;

use super::clients::ClientChange;
use super::{KEPT_WITH_CLIENT, MOST_WITH_CLIENT};

/// A client to whom events are added.
#[derive(Debug)]
pub(super) struct Added<'a> {
    trees: &'a Trees,
    dictionary: Arc<Dictionary>,
    id: &'a ClientId,
    head: Head<'a>,
    /// Events with telephones that the client may not have been found by so far.
    naming: Vec<&'a Event>,
    /// Whether events are where a client's telephones come from.
    events_name_phones: bool,
    changed: bool,
}

/// What became of a change.
pub(super) enum Outcome {
    Done(Done),
    /// Nothing: it is not just a new event.
    MoreThanThat,
}

impl<'a> Added<'a> {
    pub(super) fn new(trees: &'a Trees, id: &'a ClientId, head: Head<'a>) -> Self {
        Self {
            events_name_phones: !head.has_card() && id.phone().is_none(),
            dictionary: trees.dictionary(),
            trees,
            id,
            head,
            naming: Vec::new(),
            changed: false,
        }
    }

    pub(super) fn carry_out(&mut self, change: ClientChange<'a>) -> Result<Outcome, StoreError> {
        match change {
            ClientChange::Event { event, arrived } => self.event(event, arrived),
            ClientChange::Put { .. } => Ok(Outcome::MoreThanThat),
        }
    }

    fn event(&mut self, event: &'a Event, arrived: Timestamp) -> Result<Outcome, StoreError> {
        if self.head.events.has(&event.id) {
            return self.repeated(&self.head.events, event, arrived);
        }
        if self.head.older_may_have(&event.id) {
            for number in &self.head.older {
                let block = self.trees.block(self.id, *number)?;
                let block = decode_block(&block)?;
                if block.has(&event.id) {
                    return self.repeated(&block, event, arrived);
                }
            }
        }
        if self.head.len() >= MOST_EVENTS {
            return Ok(Outcome::MoreThanThat);
        }
        let names_others = self.head.events.add(event, arrived, &self.dictionary)?;
        if names_others && self.events_name_phones {
            self.naming.push(event);
        }
        self.changed = true;
        Ok(Outcome::Done(Done::Event(Applied {
            change: match event.body {
                Body::Happened(_) => rating::Change::Added,
                Body::Cancelled => rating::Change::Cancelled,
            },
            from_the_future: event.is_from_the_future(arrived),
        })))
    }

    /// An event of which a block has one with this id already.
    fn repeated(
        &self,
        block: &Block<'_>,
        event: &Event,
        arrived: Timestamp,
    ) -> Result<Outcome, StoreError> {
        let mut events = Vec::new();
        block.read(&mut events, &self.dictionary)?;
        let before = ClientRecord::restored(events);
        let mut after = before.clone();
        let applied = after.apply(event.clone(), arrived);
        Ok(if after == before {
            Outcome::Done(Done::Event(applied))
        } else {
            Outcome::MoreThanThat
        })
    }

    /// What a reader finds by a number is always there: the number is entered before the client is
    /// written.
    pub(super) fn write(self, was_there: bool) -> Result<(), StoreError> {
        if !self.changed {
            return Ok(());
        }
        let trees = self.trees;
        for event in self.naming {
            if let Body::Happened(happening) = &event.body {
                for phone in &happening.phones {
                    trees.put_phone(phone.digits(), self.id)?;
                }
            }
        }
        if self.head.events.len() <= MOST_WITH_CLIENT {
            return trees.put_client(self.id, self.head.encode()?, was_there);
        }
        let mut events = Vec::new();
        self.head.events.read(&mut events, &self.dictionary)?;
        let (blocks, kept) = split(&mut events);
        let mut marks = self.head.marks.to_vec();
        let mut head = self.head;
        for block in blocks {
            let number = head.number();
            let value = encode_block(&Block::of(block, &self.dictionary)?)?;
            trees.put_block(self.id, number, value)?;
            head.older.push(number);
            marks.extend(block.iter().flat_map(|(event, _)| mark(&event.id)));
        }
        head.marks = &marks;
        head.events = Block::of(kept, &self.dictionary)?;
        trees.put_client(self.id, head.encode()?, was_there)
    }
}

/// The oldest events in blocks, and the latest ones, which stay with the client.
pub(super) fn split(events: &mut [Delivery]) -> (ChunksExact<'_, Delivery>, &[Delivery]) {
    events.sort_unstable_by(|(one, arrived), (other, arrived_other)| {
        let time = one.time.min(*arrived);
        let other_time = other.time.min(*arrived_other);
        (time, &one.id).cmp(&(other_time, &other.id))
    });
    let older = events.len().saturating_sub(KEPT_WITH_CLIENT);
    let size = MOST_WITH_CLIENT - KEPT_WITH_CLIENT;
    let (older, kept) = events.split_at(older / size * size);
    (older.chunks_exact(size), kept)
}
