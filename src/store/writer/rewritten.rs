//! The thorough way: a client is read as a whole, changed, and written as a whole.

use std::collections::BTreeSet;

use crate::domain::directory::ClientCard;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::ClientId;
use crate::store::change::Done;
use crate::store::client::Client;
use crate::store::error::StoreError;
use crate::store::known::repeated;
use crate::store::stored::{Block, Delivery, Head, encode_block, encode_card, mark};
use crate::store::trees::Trees;

use super::added::split;
use super::clients::ClientChange;

/// A client who is read and written as a whole.
#[derive(Debug)]
pub(super) struct Rewritten {
    client: Client,
    /// `None`: nothing was known about them.
    before: Option<Client>,
    /// The numbers of the blocks that there are, and that of the next one.
    blocks: Vec<u32>,
    next: u32,
}

impl Rewritten {
    pub(super) fn read(trees: &Trees, id: &ClientId) -> Result<Self, StoreError> {
        let value = trees.client_value(id)?;
        let head = value.as_deref().map(Head::decode).transpose()?;
        let (blocks, next) = head.map_or((Vec::new(), 0), |head| (head.older, head.next));
        let before = trees.client(id)?;
        Ok(Self {
            client: before.clone().unwrap_or_else(|| Client::new(id.clone())),
            before,
            blocks,
            next,
        })
    }

    pub(super) fn carry_out(&mut self, change: ClientChange<'_>) -> Result<Done, StoreError> {
        match change {
            ClientChange::Event { event, arrived } => {
                let applied = self.client.record.apply(event.clone(), arrived);
                Ok(Done::Event(applied))
            }
            ClientChange::Put { card, version } => self.put(card, version),
        }
    }

    fn put(&mut self, card: &ClientCard, version: u64) -> Result<Done, StoreError> {
        let client = &mut self.client;
        if let Some(there) = &client.card {
            if client.card_version > version {
                return Ok(Done::Outdated);
            }
            if client.card_version == version {
                let (there, new) = (encode_card(there)?, encode_card(card)?);
                if there >= new {
                    return Ok(repeated(there == new));
                }
            }
        }
        client.card = Some(card.clone());
        client.card_version = version;
        Ok(Done::Stored)
    }

    /// What a reader finds by a number is always there: the number is entered before the client is
    /// written, and removed after. So are blocks.
    pub(super) fn write(self, trees: &Trees) -> Result<(), StoreError> {
        if self.before.as_ref() == Some(&self.client) {
            return Ok(());
        }
        let id = &self.client.id;
        let numbers = indexed(&self.client);
        let numbers_before = self.before.as_ref().map(indexed).unwrap_or_default();
        for digits in numbers.difference(&numbers_before) {
            trees.put_phone(*digits, id)?;
        }
        let deliveries = self.client.record.deliveries();
        let mut deliveries: Vec<Delivery> = deliveries
            .map(|(event, arrived)| (event.clone(), arrived))
            .collect();
        let (blocks, kept) = split(&mut deliveries);
        let dictionary = trees.dictionary();
        let mut marks = Vec::new();
        let card = self.client.card.as_ref();
        let mut head = Head::with_card(card.map(|card| (self.client.card_version, card)));
        head.next = self.next;
        for block in blocks {
            let number = head.number();
            trees.put_block(id, number, encode_block(&Block::of(block, &dictionary)?)?)?;
            head.older.push(number);
            marks.extend(block.iter().flat_map(|(event, _)| mark(&event.id)));
        }
        head.marks = &marks;
        head.events = Block::of(kept, &dictionary)?;
        trees.put_client(id, head.encode()?, self.before.is_some())?;
        for number in self.blocks {
            trees.remove_block(id, number)?;
        }
        for digits in numbers_before.difference(&numbers) {
            trees.remove_phone(*digits, id)?;
        }
        Ok(())
    }
}

/// The numbers under which a client has to be found. One who is only a number is found by their id.
fn indexed(client: &Client) -> BTreeSet<u64> {
    if client.id.phone().is_some() {
        return BTreeSet::new();
    }
    client.phones().iter().map(PhoneNumber::digits).collect()
}
