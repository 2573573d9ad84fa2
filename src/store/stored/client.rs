//! A client: card and latest events in one value, so that most callers are one lookup. Older events
//! of those who have many are in blocks of their own.

use serde::{Deserialize, Serialize};

use crate::domain::directory::ClientCard;
use crate::domain::person::PersonName;
use crate::domain::rating::EventId;

use super::block::Block;
use super::{StoredLanguage, Unreadable, all_digits, all_phones, damaged, decode, encode};

/// The bytes of a mark.
const MARK: usize = 2;

/// Some bytes that an event's id has in common with few others.
pub(in crate::store) fn mark(id: &EventId) -> [u8; MARK] {
    // FNV-1a: this has to stay the same for ever.
    let hash = id.as_str().bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let [a, b, c, d] = hash.to_le_bytes();
    [a ^ c, b ^ d]
}

/// The value under a client's id. It borrows from the bytes that it was read from.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::store) struct Head<'a> {
    #[serde(borrow)]
    card: Option<(u64, StoredCard<'a>)>,
    /// The number that the next block gets. A number is not used twice, so that a block never
    /// changes under those who read it.
    pub(in crate::store) next: u32,
    /// The numbers of the blocks.
    pub(in crate::store) older: Vec<u32>,
    /// A [`mark`] of each event that they have.
    pub(in crate::store) marks: &'a [u8],
    pub(in crate::store) events: Block<'a>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct StoredCard<'a> {
    /// Last, first and middle name; an empty one is missing.
    #[serde(borrow)]
    person: Option<[&'a str; 3]>,
    organisation: Option<&'a str>,
    phones: Vec<u64>,
    language: Option<StoredLanguage>,
}

impl<'a> Head<'a> {
    pub(in crate::store) fn decode(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        decode(bytes)
    }

    pub(in crate::store) fn encode(&self) -> Result<Vec<u8>, postcard::Error> {
        encode(self)
    }

    /// A client with a card, and no events yet.
    pub(in crate::store) fn with_card(card: Option<(u64, &'a ClientCard)>) -> Self {
        Self {
            card: card.map(|(version, card)| (version, stored_card(card))),
            ..Self::default()
        }
    }

    /// The card and its version.
    pub(in crate::store) fn card(&self) -> Result<Option<(u64, ClientCard)>, Unreadable> {
        let card = self.card.as_ref();
        card.map(|(version, card)| Ok((*version, card_of(card)?)))
            .transpose()
    }

    pub(in crate::store) fn has_card(&self) -> bool {
        self.card.is_some()
    }

    /// How many events there are, in blocks and here.
    pub(in crate::store) fn len(&self) -> usize {
        self.marks.len() / MARK + self.events.len()
    }

    /// Whether a block may have an event. If not, none has.
    pub(in crate::store) fn older_may_have(&self, id: &EventId) -> bool {
        let mark = mark(id);
        self.marks.chunks_exact(MARK).any(|other| *other == mark)
    }

    /// The number of a new block.
    pub(in crate::store) fn number(&mut self) -> u32 {
        let number = self.next;
        self.next = number.wrapping_add(1);
        number
    }
}

pub(in crate::store) fn decode_block(bytes: &[u8]) -> Result<Block<'_>, Unreadable> {
    decode(bytes)
}

pub(in crate::store) fn encode_block(block: &Block<'_>) -> Result<Vec<u8>, postcard::Error> {
    encode(block)
}

/// A card alone, to compare two of one version.
pub(in crate::store) fn encode_card(card: &ClientCard) -> Result<Vec<u8>, postcard::Error> {
    encode(&stored_card(card))
}

fn stored_card(card: &ClientCard) -> StoredCard<'_> {
    let person = card.person.as_ref();
    StoredCard {
        person: person
            .map(|name| [name.last(), name.first(), name.middle()].map(Option::unwrap_or_default)),
        organisation: card.organisation.as_deref(),
        phones: all_digits(&card.phones),
        language: card.language.map(StoredLanguage::from),
    }
}

fn card_of(stored: &StoredCard<'_>) -> Result<ClientCard, Unreadable> {
    let person = stored
        .person
        .map(|[last, first, middle]| PersonName::new(last, first, middle));
    Ok(ClientCard {
        person: person.transpose().map_err(damaged)?,
        organisation: stored.organisation.map(str::to_owned),
        phones: all_phones(&stored.phones),
        language: stored.language.map(Into::into),
    })
}
