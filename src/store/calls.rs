//! What came of calls: the latest ones of each client.

use std::time::Duration;

use jiff::Timestamp;
use sled::IVec;

use crate::domain::rating::{ClientId, EmployeeId, Observed};

use super::change::Done;
use super::client_keys::prefix;
use super::error::StoreError;
use super::known::repeated;
use super::stored::{decode_observed, encode_observed};
use super::trees::{Trees, caught};

/// The most calls that are kept for one client: the latest ones.
const MOST: usize = 100;

/// All calls of a client, each with its key, in no order. Those that can't be read are left out.
fn calls_of(trees: &Trees, client: &ClientId) -> Result<Vec<(IVec, Observed)>, StoreError> {
    caught(|| {
        let mut calls = Vec::new();
        for entry in trees.calls.beginning_with(prefix(client)) {
            let (key, value) = entry?;
            match decode_observed(&value) {
                Ok(call) => calls.push((key, call)),
                Err(reason) => tracing::error!(%reason, "what came of a call is left out"),
            }
        }
        Ok(calls)
    })
}

/// The calls of a client, oldest first.
pub(super) fn observed(trees: &Trees, client: &ClientId) -> Result<Vec<Observed>, StoreError> {
    let calls = calls_of(trees, client)?;
    let mut calls: Vec<Observed> = calls.into_iter().map(|(_, call)| call).collect();
    calls.sort_by(|one, other| age(one).cmp(&age(other)));
    Ok(calls)
}

/// Adds a call. Of two reports about one call the greater holds.
pub(super) fn observe(
    trees: &Trees,
    client: &ClientId,
    call: &Observed,
) -> Result<Done, StoreError> {
    let mut key = prefix(client);
    key.extend_from_slice(call.call.as_bytes());
    if let Some(value) = trees.calls.get(&key)?
        && let Ok(there) = decode_observed(&value)
        && content(&there) >= content(call)
    {
        return Ok(repeated(there == *call));
    }
    trees.calls.insert(key.as_slice(), encode_observed(call)?)?;
    let calls = calls_of(trees, client)?;
    if calls.len() <= MOST {
        return Ok(Done::Stored);
    }
    let oldest = calls.iter().min_by_key(|(_, call)| age(call));
    let Some((oldest, _)) = oldest else {
        return Ok(Done::Stored);
    };
    trees.calls.remove(oldest)?;
    Ok(if *oldest == key {
        Done::Outdated
    } else {
        Done::Stored
    })
}

/// Removes all calls of a client; whether there were any.
pub(super) fn forget(trees: &Trees, client: &ClientId) -> Result<bool, StoreError> {
    let mut any = false;
    for entry in trees.calls.beginning_with(prefix(client)) {
        any |= trees.calls.remove(entry?.0)?;
    }
    Ok(any)
}

fn age(call: &Observed) -> (Timestamp, &str) {
    (call.at, &call.call)
}

type Content<'a> = (
    Timestamp,
    &'a [EmployeeId],
    &'a [EmployeeId],
    &'a Option<(EmployeeId, Duration)>,
);

/// The time comes first: a call that counts as later than it did can't come back after it had to go.
fn content(call: &Observed) -> Content<'_> {
    (call.at, &call.offered, &call.chosen, &call.talked)
}
