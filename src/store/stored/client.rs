//! A client: card and events in one value, so that a caller is one lookup.

use serde::{Deserialize, Serialize};

use crate::domain::directory::ClientCard;
use crate::domain::person::PersonName;
use crate::domain::rating::ClientId;
use crate::store::client::Client;

use super::record::{StoredRecord, record_of, stored_record};
use super::{StoredLanguage, Unreadable, all_digits, all_phones, damaged, decode, encode};

/// The value under a client's id.
#[derive(Serialize, Deserialize)]
struct StoredClient<'a> {
    #[serde(borrow)]
    card: Option<(u64, StoredCard<'a>)>,
    record: StoredRecord<'a>,
}

#[derive(Serialize, Deserialize)]
struct StoredCard<'a> {
    /// Last, first and middle name; an empty one is missing.
    #[serde(borrow)]
    person: Option<[&'a str; 3]>,
    organisation: Option<&'a str>,
    phones: Vec<u64>,
    language: Option<StoredLanguage>,
}

pub(in crate::store) fn encode_client(client: &Client) -> Result<Vec<u8>, postcard::Error> {
    let card = client.card.as_ref();
    encode(&StoredClient {
        card: card.map(|card| (client.card_version, stored_card(card))),
        record: stored_record(&client.record),
    })
}

pub(in crate::store) fn decode_client(id: ClientId, bytes: &[u8]) -> Result<Client, Unreadable> {
    let stored: StoredClient<'_> = decode(bytes)?;
    let (card_version, card) = match &stored.card {
        Some((version, card)) => (*version, Some(card_of(card)?)),
        None => (0, None),
    };
    Ok(Client {
        id,
        card,
        card_version,
        record: record_of(&stored.record)?,
    })
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
