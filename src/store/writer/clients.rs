//! The clients that a group of changes is about: each is read once and written once.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use sled::IVec;

use crate::domain::directory::ClientCard;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{Applied, ClientId, Event};
use crate::store::change::Done;
use crate::store::client::Client;
use crate::store::error::StoreError;
use crate::store::known::repeated;
use crate::store::stored::{decode_client, encode_card, encode_client};
use crate::store::trees::Trees;

/// So many events may be in memory before they are handed to sled.
const MOST_EVENTS: usize = 50_000;

/// Clients that were read and may have changed.
#[derive(Debug)]
pub(super) struct Clients<'a> {
    trees: &'a Trees,
    loaded: HashMap<ClientId, Loaded>,
    /// The events of those that are loaded.
    events: usize,
}

#[derive(Debug)]
struct Loaded {
    client: Client,
    /// The value on disk.
    before: Option<IVec>,
    /// The numbers under which they can be found.
    indexed: BTreeSet<u64>,
}

impl<'a> Clients<'a> {
    pub(super) fn new(trees: &'a Trees) -> Self {
        Self {
            trees,
            loaded: HashMap::new(),
            events: 0,
        }
    }

    pub(super) fn event(
        &mut self,
        client: &ClientId,
        event: Event,
        arrived: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.events += 1;
        let client = self.load(client)?;
        Ok(client.record.apply(event, arrived))
    }

    pub(super) fn put(
        &mut self,
        id: &ClientId,
        card: &ClientCard,
        version: u64,
    ) -> Result<Done, StoreError> {
        let client = self.load(id)?;
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

    fn load(&mut self, id: &ClientId) -> Result<&mut Client, StoreError> {
        if self.events > MOST_EVENTS {
            self.settle()?;
        }
        let loaded = match self.loaded.entry(id.clone()) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(place) => {
                let loaded = Loaded::read(self.trees, id)?;
                self.events += loaded.client.record.len();
                place.insert(loaded)
            }
        };
        Ok(&mut loaded.client)
    }

    /// Hands all of them to sled.
    pub(super) fn settle(&mut self) -> Result<(), StoreError> {
        for (_, loaded) in self.loaded.drain() {
            loaded.write(self.trees)?;
        }
        self.events = 0;
        Ok(())
    }
}

impl Loaded {
    fn read(trees: &Trees, id: &ClientId) -> Result<Self, StoreError> {
        let before = trees.clients.get(id.as_str())?;
        let client = match &before {
            None => Client::new(id.clone()),
            Some(value) => match decode_client(id.clone(), value).map_err(StoreError::from) {
                Ok(client) => client,
                Err(reason @ StoreError::Newer(_)) => return Err(reason),
                Err(reason) => {
                    tracing::error!(%reason, "a client is put aside and begun anew");
                    trees.unreadable.insert(id.as_str(), value)?;
                    Client::new(id.clone())
                }
            },
        };
        Ok(Self {
            indexed: indexed(&client),
            client,
            before,
        })
    }

    /// What a reader finds by a number is always there: the number is entered before the client is
    /// written, and removed after.
    fn write(self, trees: &Trees) -> Result<(), StoreError> {
        let value = encode_client(&self.client)?;
        if self
            .before
            .as_ref()
            .is_some_and(|before| **before == *value)
        {
            return Ok(());
        }
        let id = &self.client.id;
        let indexed = indexed(&self.client);
        for digits in indexed.difference(&self.indexed) {
            trees.put_phone(*digits, id)?;
        }
        trees.put_client(id, value, self.before.as_ref())?;
        for digits in self.indexed.difference(&indexed) {
            trees.remove_phone(*digits, id)?;
        }
        Ok(())
    }
}

/// The numbers under which a client has to be found. One who is only a number is found by their id.
pub(super) fn indexed(client: &Client) -> BTreeSet<u64> {
    if client.id.phone().is_some() {
        return BTreeSet::new();
    }
    client.phones().iter().map(PhoneNumber::digits).collect()
}
