//! Clients in the trees: their values, blocks of older events, and the numbers they are found by.

use sled::IVec;

use crate::domain::rating::{ClientId, ClientRecord, MOST_EVENTS};

use super::client::Client;
use super::error::StoreError;
use super::stored::{Head, decode_block};
use super::trees::{Trees, caught};

/// How often a client is read who changes in the meantime.
const MOST_TRIES: usize = 10;

/// A client's id, and the client as far as they can be read.
type Found = (ClientId, Result<Option<Client>, StoreError>);

impl Trees {
    /// A client with all events.
    pub(super) fn client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        caught(|| {
            for _ in 0..MOST_TRIES {
                let Some(value) = self.client_value(id)? else {
                    return Ok(None);
                };
                if let Some(client) = self.read_client(id, &value)? {
                    return Ok(Some(client));
                }
            }
            Err(missing())
        })
    }

    /// `None` if a block has just been replaced by another one.
    fn read_client(&self, id: &ClientId, value: &[u8]) -> Result<Option<Client>, StoreError> {
        let head = Head::decode(value)?;
        let dictionary = self.dictionary();
        let mut events = Vec::with_capacity(head.len().min(MOST_EVENTS));
        for number in &head.older {
            let Some(block) = self.clients.get(block_key(id, *number))? else {
                return Ok(None);
            };
            decode_block(&block)?.read(&mut events, &dictionary)?;
        }
        head.events.read(&mut events, &dictionary)?;
        let (card_version, card) = head.card()?.unzip();
        Ok(Some(Client {
            id: id.clone(),
            card,
            card_version: card_version.unwrap_or_default(),
            record: ClientRecord::restored(events),
        }))
    }

    /// The client who comes after another one, or first.
    pub(super) fn client_after(
        &self,
        after: Option<&ClientId>,
    ) -> Result<Option<Found>, StoreError> {
        let mut start = after.map_or(&[][..], |id| id.as_str().as_bytes()).to_vec();
        if after.is_some() {
            // The least key that is greater.
            start.push(0);
        }
        caught(|| {
            for entry in self.clients.range(start..) {
                let (key, value) = entry?;
                // A block has a NUL in its key, which an id has not.
                let Some(id) = client_id(&key) else {
                    continue;
                };
                let client = match self.read_client(&id, &value) {
                    // It is just being changed.
                    Ok(None) => self.client(&id),
                    client => client,
                };
                return Ok(Some((id, client)));
            }
            Ok(None)
        })
    }

    /// The value of a client, without the blocks.
    pub(super) fn client_value(&self, id: &ClientId) -> Result<Option<IVec>, StoreError> {
        self.clients.get(id.as_str())
    }

    /// Some of the older events that belong to a client's value.
    pub(super) fn block(&self, id: &ClientId, number: u32) -> Result<IVec, StoreError> {
        let block = self.clients.get(block_key(id, number))?;
        block.ok_or_else(missing)
    }

    pub(super) fn put_block(
        &self,
        id: &ClientId,
        number: u32,
        value: Vec<u8>,
    ) -> Result<(), StoreError> {
        self.clients.insert(block_key(id, number), value)
    }

    pub(super) fn remove_block(&self, id: &ClientId, number: u32) -> Result<(), StoreError> {
        self.clients.remove(block_key(id, number))?;
        Ok(())
    }

    /// Writes a client's value.
    pub(super) fn put_client(
        &self,
        id: &ClientId,
        value: Vec<u8>,
        was_there: bool,
    ) -> Result<(), StoreError> {
        self.clients.insert(id.as_str(), value)?;
        if !was_there {
            self.one_client_more();
        }
        Ok(())
    }

    /// Takes a client's value away, and keeps it where it can be looked at.
    pub(super) fn put_client_aside(&self, id: &ClientId) -> Result<(), StoreError> {
        let Some(value) = self.client_value(id)? else {
            return Ok(());
        };
        self.unreadable.insert(id.as_str(), value)?;
        self.clients.remove(id.as_str())?;
        self.one_client_less();
        Ok(())
    }

    /// Whether there was anything to remove. The value goes last.
    pub(super) fn remove_client(&self, id: &ClientId) -> Result<bool, StoreError> {
        let was_put_aside = self.unreadable.remove(id.as_str())?;
        for entry in self.clients.beginning_with(prefix(id)) {
            self.clients.remove(entry?.0)?;
        }
        let was_there = self.clients.remove(id.as_str())?;
        if was_there {
            self.one_client_less();
        }
        Ok(was_there || was_put_aside)
    }

    pub(super) fn put_phone(&self, digits: u64, id: &ClientId) -> Result<(), StoreError> {
        self.phones.insert(phone_key(digits, id), IVec::default())
    }

    pub(super) fn remove_phone(&self, digits: u64, id: &ClientId) -> Result<(), StoreError> {
        self.phones.remove(phone_key(digits, id))?;
        Ok(())
    }

    /// The clients who may have a number, at most so many.
    pub(super) fn with_phone(&self, digits: u64, most: usize) -> Result<Vec<ClientId>, StoreError> {
        caught(|| {
            let mut clients = Vec::new();
            let entries = self.phones.beginning_with(digits.to_be_bytes());
            for entry in entries.take(most) {
                let (key, _) = entry?;
                clients.extend(key.get(8..).and_then(client_id));
            }
            Ok(clients)
        })
    }
}

fn missing() -> StoreError {
    StoreError::Value("some of a client's events are missing".to_owned())
}

/// What the keys of all that belongs to a client begin with. An id has no NUL in it.
pub(super) fn prefix(client: &ClientId) -> Vec<u8> {
    let mut key = client.as_str().as_bytes().to_vec();
    key.push(0);
    key
}

fn block_key(id: &ClientId, number: u32) -> Vec<u8> {
    let mut key = prefix(id);
    key.extend_from_slice(&number.to_be_bytes());
    key
}

fn phone_key(digits: u64, id: &ClientId) -> Vec<u8> {
    let mut key = digits.to_be_bytes().to_vec();
    key.extend_from_slice(id.as_str().as_bytes());
    key
}

/// The id that a key has; `None` if it is none.
fn client_id(key: &[u8]) -> Option<ClientId> {
    ClientId::parse(std::str::from_utf8(key).ok()?).ok()
}
