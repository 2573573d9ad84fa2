//! A message to a webhook, waiting or given up.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::delivery::{DeadLetter, Message};
use crate::domain::phone::PhoneNumber;

use super::instant::StoredInstant;
use super::{Unreadable, decode, encode};

/// The value under a message's number.
#[derive(Serialize, Deserialize)]
struct StoredMessage<'a> {
    id: &'a str,
    webhook: &'a str,
    call: &'a str,
    kind: &'a str,
    caller: Option<u64>,
    made: StoredInstant,
    body: &'a str,
    attempts: u32,
    due: StoredInstant,
}

/// The value under the number of a message that was given up.
#[derive(Serialize, Deserialize)]
struct StoredDeadLetter<'a> {
    #[serde(borrow)]
    message: StoredMessage<'a>,
    died: StoredInstant,
    why: &'a str,
}

impl<'a> From<&'a Message> for StoredMessage<'a> {
    fn from(message: &'a Message) -> Self {
        Self {
            id: &message.id,
            webhook: &message.webhook,
            call: &message.call,
            kind: &message.kind,
            caller: message.caller.as_ref().map(PhoneNumber::digits),
            made: message.made.into(),
            body: &message.body,
            attempts: message.attempts,
            due: message.due.into(),
        }
    }
}

impl TryFrom<StoredMessage<'_>> for Message {
    type Error = Unreadable;

    fn try_from(stored: StoredMessage<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            id: stored.id.to_owned(),
            webhook: stored.webhook.to_owned(),
            call: stored.call.to_owned(),
            kind: stored.kind.to_owned(),
            caller: stored.caller.map(PhoneNumber::of_digits),
            made: Timestamp::try_from(stored.made)?,
            body: stored.body.to_owned(),
            attempts: stored.attempts,
            due: Timestamp::try_from(stored.due)?,
        })
    }
}

pub(in crate::store) fn encode_message(message: &Message) -> Result<Vec<u8>, postcard::Error> {
    encode(&StoredMessage::from(message))
}

pub(in crate::store) fn decode_message(bytes: &[u8]) -> Result<Message, Unreadable> {
    decode::<StoredMessage<'_>>(bytes)?.try_into()
}

pub(in crate::store) fn encode_dead(letter: &DeadLetter) -> Result<Vec<u8>, postcard::Error> {
    encode(&StoredDeadLetter {
        message: (&letter.message).into(),
        died: letter.died.into(),
        why: &letter.why,
    })
}

pub(in crate::store) fn decode_dead(bytes: &[u8]) -> Result<DeadLetter, Unreadable> {
    let stored: StoredDeadLetter<'_> = decode(bytes)?;
    Ok(DeadLetter {
        message: stored.message.try_into()?,
        died: stored.died.try_into()?,
        why: stored.why.to_owned(),
    })
}
