//! A client as the store has them.

use std::collections::BTreeSet;

use crate::domain::directory::ClientCard;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{ClientId, ClientRecord};

/// All that is known about one client. Personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Which one.
    pub id: ClientId,
    /// What the CRM says about them, if it has said anything.
    pub card: Option<ClientCard>,
    /// The version of the card; 0 without one.
    pub card_version: u64,
    /// Their recent events.
    pub record: ClientRecord,
}

impl Client {
    /// Somebody of whom nothing is known.
    pub(super) fn new(id: ClientId) -> Self {
        Self {
            id,
            card: None,
            card_version: 0,
            record: ClientRecord::default(),
        }
    }

    /// Their telephones: those of the card if there is one, otherwise those that events have named.
    /// A client who is only a number has this one and no other.
    #[must_use]
    pub fn phones(&self) -> BTreeSet<PhoneNumber> {
        if let Some(number) = self.id.phone() {
            return BTreeSet::from([number]);
        }
        match &self.card {
            Some(card) => card.phones.iter().cloned().collect(),
            None => self.record.phones().into_iter().cloned().collect(),
        }
    }

    /// Whether this is one of their telephones.
    #[must_use]
    pub fn has_phone(&self, number: &PhoneNumber) -> bool {
        if let Some(own) = self.id.phone() {
            return own == *number;
        }
        match &self.card {
            Some(card) => card.phones.contains(number),
            None => self.record.has_phone(number),
        }
    }

    /// Every telephone that is written down anywhere, in the card or in an event.
    pub(super) fn phones_anywhere(&self) -> BTreeSet<PhoneNumber> {
        let mut phones = self.phones();
        phones.extend(self.record.phones().into_iter().cloned());
        phones
    }
}
