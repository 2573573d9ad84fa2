//! All calls that are over, by the time at which they came, and the ways to find one: by its id, by
//! the caller's number, by the client.

use std::ops::Bound;

use jiff::Timestamp;
use sled::IVec;

use crate::domain::call::CallRecord;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::ClientId;

use super::Store;
use super::change::Done;
use super::error::StoreError;
use super::keys::Keys;
use super::stored::{decode_call, encode_call};
use super::trees::{Trees, caught};

/// The most calls that one change removes because they are old.
const PIECE: usize = 200;

/// The most calls that are looked at for one page.
const MOST_LOOKED_AT: usize = 20_000;

/// The bytes of a moment in a key.
const MOMENT: usize = 8;

/// Which calls are asked for.
#[derive(Clone, Debug, Default)]
pub struct CallFilter {
    /// Only calls from this number.
    pub phone: Option<PhoneNumber>,
    /// Only calls of this client.
    pub client: Option<ClientId>,
    /// Only calls that came then or later.
    pub from: Option<Timestamp>,
    /// Only calls that came before.
    pub until: Option<Timestamp>,
    /// Only calls with this outcome, one of [`crate::domain::call::Outcome::NAMES`].
    pub outcome: Option<String>,
}

/// Some calls, latest first.
#[derive(Clone, Debug, Default)]
pub struct CallPage {
    /// The calls.
    pub calls: Vec<CallRecord>,
    /// Where the next page begins; `None` if there is none.
    pub next: Option<CallPlace>,
}

/// The place of a call among all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPlace {
    /// When it came, in microseconds since 1970.
    pub micros: u64,
    /// Its id.
    pub call: String,
}

impl Store {
    /// A call that is over, if it is still kept.
    ///
    /// # Errors
    /// [`StoreError`] if it can't be read.
    pub fn call(&self, call: &str) -> Result<Option<CallRecord>, StoreError> {
        self.read(|trees| find(trees, call))
    }

    /// The latest calls before a place among them, at most so many. There can be fewer although there
    /// is a next page.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn calls_before(
        &self,
        filter: &CallFilter,
        before: Option<&CallPlace>,
        most: usize,
    ) -> Result<CallPage, StoreError> {
        self.read(|trees| page(trees, filter, before, most))
    }
}

impl CallFilter {
    fn wants(&self, call: &CallRecord) -> bool {
        let is_from = |phone: &PhoneNumber| call.caller.as_ref() == Some(phone);
        let is_of = |client: &ClientId| call.client.as_ref() == Some(client);
        let ended = |outcome: &String| call.outcome.name() == outcome;
        self.phone.as_ref().is_none_or(is_from)
            && self.client.as_ref().is_none_or(is_of)
            && self.outcome.as_ref().is_none_or(ended)
    }
}

/// Keeps a call. If there are too many, the oldest go.
pub(super) fn keep(trees: &Trees, call: &CallRecord, most: u64) -> Result<Done, StoreError> {
    if let Some(key) = trees.call_index.get(by_id(&call.call))? {
        return keep_again(trees, &key, call);
    }
    let key = key(call);
    // What a key leads to it: should this end in the middle, nothing is found that can't be erased.
    for entry in entries(call, &key) {
        trees.call_index.insert(entry, IVec::default())?;
    }
    trees.call_index.insert(by_id(&call.call), key.as_slice())?;
    trees.journal_of_calls.insert(&key, encode_call(call)?)?;
    trees.one_call_more();
    for _ in 0..PIECE {
        if trees.call_count() <= most {
            break;
        }
        let Some(oldest) = trees.journal_of_calls.first()? else {
            break;
        };
        remove(trees, &oldest)?;
    }
    Ok(Done::Stored)
}

/// Another record of a call that is there. All that leads to it stays as it is.
fn keep_again(trees: &Trees, key: &[u8], later: &CallRecord) -> Result<Done, StoreError> {
    let value = trees.journal_of_calls.get(key)?;
    let there = value.and_then(|value| decode_call(&value).ok());
    let Some(whole) = there.and_then(|there| there.followed_by(later)) else {
        return Ok(Done::Unchanged);
    };
    trees.journal_of_calls.insert(key, encode_call(&whole)?)?;
    Ok(Done::Stored)
}

/// Removes some of the calls that came before a moment. [`Done::NotThere`] if there were none.
pub(super) fn prune(trees: &Trees, before: Timestamp) -> Result<Done, StoreError> {
    let end = micros(before).to_be_bytes().to_vec();
    let mut done = Done::NotThere;
    let old = (Bound::Unbounded, Bound::Excluded(end));
    for entry in trees.journal_of_calls.range::<Vec<u8>>(old).take(PIECE) {
        remove(trees, &entry?.0)?;
        done = Done::Stored;
    }
    Ok(done)
}

/// Removes all calls of a client; whether there were any.
pub(super) fn forget_client(trees: &Trees, client: &ClientId) -> Result<bool, StoreError> {
    forget(trees, &by_client(client))
}

/// Removes all calls from a number; whether there were any.
pub(super) fn forget_phone(trees: &Trees, phone: &PhoneNumber) -> Result<bool, StoreError> {
    forget(trees, &by_phone(phone))
}

fn forget(trees: &Trees, prefix: &[u8]) -> Result<bool, StoreError> {
    let mut any = false;
    for entry in trees.call_index.beginning_with(prefix) {
        let entry = entry?.0;
        any |= remove(trees, entry.get(prefix.len()..).unwrap_or_default())?;
        trees.call_index.remove(entry)?;
    }
    Ok(any)
}

/// Removes a call with all that leads to it; whether it was there. The call goes last: if this ends
/// in the middle, it can be begun again.
fn remove(trees: &Trees, key: &[u8]) -> Result<bool, StoreError> {
    let Some(value) = trees.journal_of_calls.get(key)? else {
        return Ok(false);
    };
    match decode_call(&value) {
        Ok(call) => {
            for entry in entries(&call, key) {
                trees.call_index.remove(entry)?;
            }
        }
        Err(reason) => tracing::error!(%reason, "a call that can't be read is removed"),
    }
    if let Some(id) = key.get(MOMENT..) {
        trees.call_index.remove([b"i", id].concat())?;
    }
    trees.journal_of_calls.remove(key)?;
    trees.one_call_less();
    Ok(true)
}

fn find(trees: &Trees, call: &str) -> Result<Option<CallRecord>, StoreError> {
    caught(|| {
        let Some(key) = trees.call_index.get(by_id(call))? else {
            return Ok(None);
        };
        let value = trees.journal_of_calls.get(key)?;
        Ok(value.map(|value| decode_call(&value)).transpose()?)
    })
}

/// The narrowest way is gone: the client's calls, the number's, or all.
fn page(
    trees: &Trees,
    filter: &CallFilter,
    before: Option<&CallPlace>,
    most: usize,
) -> Result<CallPage, StoreError> {
    let (keys, prefix) = match (&filter.client, &filter.phone) {
        (Some(client), _) => (&trees.call_index, by_client(client)),
        (None, Some(phone)) => (&trees.call_index, by_phone(phone)),
        (None, None) => (&trees.journal_of_calls, Vec::new()),
    };
    let at = |moment: u64| [prefix.as_slice(), &moment.to_be_bytes()].concat();
    let first = at(filter.from.map_or(0, micros));
    let mut end = at(filter.until.map_or(u64::MAX, micros));
    if let Some(place) = before {
        let place = [at(place.micros).as_slice(), place.call.as_bytes()].concat();
        end = end.min(place);
    }
    if end <= first {
        return Ok(CallPage::default());
    }
    caught(|| collect(trees, (keys, &prefix), (first, end), filter, most))
}

fn collect(
    trees: &Trees,
    (keys, prefix): (&Keys, &[u8]),
    (first, end): (Vec<u8>, Vec<u8>),
    filter: &CallFilter,
    most: usize,
) -> Result<CallPage, StoreError> {
    let mut page = CallPage::default();
    let mut last = None;
    let range = (Bound::Included(first), Bound::Excluded(end));
    for (looked_at, entry) in keys.range::<Vec<u8>>(range).rev().enumerate() {
        if page.calls.len() == most || looked_at == MOST_LOOKED_AT {
            page.next = last;
            break;
        }
        let (entry, _) = entry?;
        let key = entry.get(prefix.len()..).unwrap_or_default();
        last = place(key);
        let Some(value) = trees.journal_of_calls.get(key)? else {
            continue;
        };
        match decode_call(&value) {
            Ok(call) if filter.wants(&call) => page.calls.push(call),
            Ok(_) => {}
            Err(reason) => tracing::error!(%reason, "a call is left out"),
        }
    }
    Ok(page)
}

fn place(key: &[u8]) -> Option<CallPlace> {
    let (moment, call) = key.split_at_checked(MOMENT)?;
    Some(CallPlace {
        micros: u64::from_be_bytes(moment.try_into().ok()?),
        call: std::str::from_utf8(call).ok()?.to_owned(),
    })
}

/// Calls are in the order of their keys.
fn key(call: &CallRecord) -> Vec<u8> {
    let moment = micros(call.at).to_be_bytes();
    [moment.as_slice(), call.call.as_bytes()].concat()
}

/// What leads to a call by its number and its client.
fn entries(call: &CallRecord, key: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let phone = call.caller.as_ref().map(by_phone);
    let client = call.client.as_ref().map(by_client);
    let prefixes = phone.into_iter().chain(client);
    prefixes.map(|prefix| [prefix.as_slice(), key].concat())
}

fn by_id(call: &str) -> Vec<u8> {
    [b"i", call.as_bytes()].concat()
}

fn by_phone(phone: &PhoneNumber) -> Vec<u8> {
    [b"p".as_slice(), &phone.digits().to_be_bytes()].concat()
}

/// An id has no NUL in it.
fn by_client(client: &ClientId) -> Vec<u8> {
    [b"c", client.as_str().as_bytes(), b"\0"].concat()
}

/// Before 1970 nobody called.
fn micros(moment: Timestamp) -> u64 {
    u64::try_from(moment.as_microsecond()).unwrap_or_default()
}
