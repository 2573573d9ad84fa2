//! One client's recent events, the same whatever the order and number of their deliveries.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::event::{Body, Event, Happening};
use super::id::EventId;
use crate::domain::phone::PhoneNumber;

/// The most events that are kept for one client: the latest ones. Cancelled ones count.
pub const MOST_EVENTS: usize = 500;

/// The recent events of one client.
///
/// Two records that were given the same deliveries, in whatever order and however often, are equal.
/// The exception is a client with more than [`MOST_EVENTS`]: if an event's time is corrected, or is
/// later than its arrival, it may depend on the order which of the oldest events had to go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientRecord {
    /// In the order of [`Entry::position`].
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    event: Event,
    arrived: Timestamp,
}

impl Entry {
    /// When it counts as having happened: never later than it arrived.
    fn time(&self) -> Timestamp {
        self.event.time.min(self.arrived)
    }

    fn happening(&self) -> Option<&Happening> {
        match &self.event.body {
            Body::Happened(happening) => Some(happening),
            Body::Cancelled => None,
        }
    }

    fn position(&self) -> (Timestamp, &EventId) {
        (self.time(), &self.event.id)
    }
}

/// What one delivery did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// What became of the record.
    pub change: Change,
    /// The event claimed to be later than its arrival, and counts as of its arrival.
    pub from_the_future: bool,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The event is new.
    Added,
    /// An earlier version was replaced.
    Corrected,
    /// The event was there and is cancelled now, or was cancelled before it came.
    Cancelled,
    /// Nothing: exactly this is there already.
    Repeated,
    /// Nothing: a later version is there already.
    Outdated,
    /// Nothing: [`MOST_EVENTS`] later ones are there.
    TooOld,
}

impl ClientRecord {
    /// The record that gave these [`deliveries`](Self::deliveries): no id is in them twice. In their
    /// order it takes the least time.
    #[must_use]
    pub fn restored(deliveries: Vec<(Event, Timestamp)>) -> Self {
        let entry = |(event, arrived)| Entry { event, arrived };
        let mut entries: Vec<Entry> = deliveries.into_iter().map(entry).collect();
        if !entries.is_sorted_by(|one, next| one.position() < next.position()) {
            entries.sort_by(|one, other| one.position().cmp(&other.position()));
        }
        let too_many = entries.len().saturating_sub(MOST_EVENTS);
        entries.drain(..too_many);
        Self { entries }
    }

    /// Takes one delivery of an event.
    pub fn apply(&mut self, event: Event, arrived: Timestamp) -> Applied {
        let from_the_future = event.is_from_the_future(arrived);
        Applied {
            change: self.merge(Entry { event, arrived }),
            from_the_future,
        }
    }

    fn merge(&mut self, entry: Entry) -> Change {
        let known = |other: &Entry| other.event.id == entry.event.id;
        let Some(index) = self.entries.iter().position(known) else {
            let change = match entry.event.body {
                Body::Happened(_) => Change::Added,
                Body::Cancelled => Change::Cancelled,
            };
            return self.insert(entry, change);
        };
        let there = &self.entries[index];
        if entry.event < there.event {
            return Change::Outdated;
        }
        if entry.event == there.event && entry.arrived >= there.arrived {
            return Change::Repeated;
        }
        let change = match (there.event == entry.event, &entry.event.body) {
            // It has only become known that it arrived earlier.
            (true, _) => Change::Repeated,
            (false, Body::Happened(_)) => Change::Corrected,
            (false, Body::Cancelled) => Change::Cancelled,
        };
        self.entries.remove(index);
        self.insert(entry, change)
    }

    fn insert(&mut self, entry: Entry, change: Change) -> Change {
        let position = entry.position();
        let index = self
            .entries
            .partition_point(|other| other.position() < position);
        if self.entries.len() < MOST_EVENTS {
            self.entries.insert(index, entry);
            return change;
        }
        if index == 0 {
            return Change::TooOld;
        }
        self.entries.insert(index, entry);
        self.entries.remove(0);
        change
    }

    /// Forgets what arrived before `horizon`, cancellations too. Nothing counts as later than its
    /// arrival, so with the longest validity as the distance, all of it has expired.
    ///
    /// For tidying up: a ranking leaves out what has expired without it. Whatever is delivered once
    /// more after this is no repetition but new.
    pub fn forget_before(&mut self, horizon: Timestamp) {
        self.entries.retain(|entry| entry.arrived >= horizon);
    }

    /// How many events there are, cancelled ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every event with its arrival, oldest first: what has to be applied to an empty record to get
    /// this one.
    pub fn deliveries(&self) -> impl Iterator<Item = (&Event, Timestamp)> {
        self.entries
            .iter()
            .map(|entry| (&entry.event, entry.arrived))
    }

    /// The telephones that what happened has named, each once, in order.
    #[must_use]
    pub fn phones(&self) -> BTreeSet<&PhoneNumber> {
        let happened = self.entries.iter().filter_map(Entry::happening);
        happened.flat_map(|happening| &happening.phones).collect()
    }

    /// Whether something that happened has named this telephone.
    #[must_use]
    pub fn has_phone(&self, number: &PhoneNumber) -> bool {
        let mut happened = self.entries.iter().filter_map(Entry::happening);
        happened.any(|happening| happening.phones.contains(number))
    }

    /// What happened strictly before `now` and was not cancelled, oldest first. Of two at one
    /// moment, the one with the greater id counts as the later.
    pub(super) fn happened_before(
        &self,
        now: Timestamp,
    ) -> impl DoubleEndedIterator<Item = (Timestamp, &EventId, &Happening)> {
        let end = self.entries.partition_point(|entry| entry.time() < now);
        self.entries[..end]
            .iter()
            .filter_map(|entry| Some((entry.time(), &entry.event.id, entry.happening()?)))
    }
}
