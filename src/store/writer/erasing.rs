//! Erasing a client.

use std::collections::BTreeSet;

use crate::domain::phone::PhoneNumber;
use crate::domain::rating::ClientId;
use crate::store::calls;
use crate::store::change::Done;
use crate::store::client::Client;
use crate::store::error::StoreError;
use crate::store::journal;
use crate::store::outbox;
use crate::store::trees::Trees;

/// Removes all that is kept under a client, and under those of their numbers that are nobody else's,
/// also messages that tell of these and calls that came from them. Gives these numbers.
///
/// The client goes last: if this ends in the middle, it can be begun again.
pub(super) fn erase(
    trees: &Trees,
    id: &ClientId,
) -> Result<(Done, BTreeSet<PhoneNumber>), StoreError> {
    let client = match trees.client(id) {
        Ok(client) => client,
        // Its numbers are not known. Those in the index are removed below.
        Err(StoreError::Value(_)) => Some(Client::new(id.clone())),
        Err(reason) => return Err(reason),
    };
    let mut numbers: BTreeSet<PhoneNumber> =
        client.iter().flat_map(Client::phones_anywhere).collect();
    numbers.extend(id.phone());
    let mut theirs = BTreeSet::new();
    for number in numbers {
        let alone = ClientId::of_phone(&number);
        let is_theirs = !anybody_else_has(trees, &number, id)?;
        if is_theirs && alone != *id {
            remove(trees, &alone)?;
        }
        trees.remove_phone(number.digits(), id)?;
        if is_theirs {
            theirs.insert(number);
        }
    }
    let told = outbox::forget(trees, &theirs)?;
    let mut called = journal::forget_client(trees, id)?;
    for number in &theirs {
        called |= journal::forget_phone(trees, number)?;
    }
    let done = if remove(trees, id)? || told || called {
        Done::Stored
    } else {
        Done::NotThere
    };
    Ok((done, theirs))
}

fn anybody_else_has(
    trees: &Trees,
    number: &PhoneNumber,
    id: &ClientId,
) -> Result<bool, StoreError> {
    for other in trees.with_phone(number.digits(), usize::MAX)? {
        if other == *id {
            continue;
        }
        match trees.client(&other) {
            Ok(Some(client)) if client.has_phone(number) => return Ok(true),
            // Nobody knows what they have.
            Err(StoreError::Value(_)) => return Ok(true),
            Ok(_) => {}
            Err(reason) => return Err(reason),
        }
    }
    Ok(false)
}

/// Removes what is kept under one id; whether there was anything.
fn remove(trees: &Trees, id: &ClientId) -> Result<bool, StoreError> {
    let calls = calls::forget(trees, id)?;
    let client = trees.remove_client(id)?;
    Ok(calls || client)
}
