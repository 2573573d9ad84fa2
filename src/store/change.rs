//! What can be written into the store, and what became of it.

use jiff::Timestamp;

use super::callbacks::CallbackChange;
use crate::domain::access::Token;
use crate::domain::call::CallRecord;
use crate::domain::delivery::Message;
use crate::domain::directory::{ClientCard, EmployeeCard};
use crate::domain::rating::{Applied, ClientId, EmployeeId, Event, Observed};

/// One thing to be written. It leads to the same store whatever the order and number of deliveries,
/// except after an erasure: then what comes again is new. A message that comes again is there twice.
#[derive(Clone, Debug)]
pub enum Change {
    /// One delivery of a client's event.
    Event {
        /// Whose event it is.
        client: ClientId,
        /// What happened.
        event: Event,
        /// When it came to us.
        arrived: Timestamp,
    },
    /// What is known about an employee now.
    PutEmployee {
        /// Which one.
        id: EmployeeId,
        /// What is known. Boxed: it is much larger than an event.
        card: Box<EmployeeCard>,
        /// The highest version holds.
        version: u64,
    },
    /// An employee is not in the directory any more. Their events stay with their clients.
    RemoveEmployee {
        /// Which one.
        id: EmployeeId,
        /// The highest version holds.
        version: u64,
    },
    /// What is known about a client now.
    PutClient {
        /// Which one.
        id: ClientId,
        /// What is known.
        card: Box<ClientCard>,
        /// The highest version holds.
        version: u64,
    },
    /// Nothing of a client is to be left: card, events, telephones, calls, and what is kept under
    /// those of their telephone numbers that are nobody else's.
    EraseClient(ClientId),
    /// What came of a call.
    Observe {
        /// The caller.
        client: ClientId,
        /// The call.
        call: Box<Observed>,
    },
    /// A call is over. If its id is there already, nothing changes.
    KeepCall(Box<CallRecord>),
    /// Some of the calls that came before this moment are removed from the journal: to be repeated
    /// until there was [`Done::NotThere`].
    PruneCalls(Timestamp),
    /// A token, new or changed.
    PutToken(Token),
    /// A token is revoked.
    RemoveToken(String),
    /// A webhook is to be told something, after what it is told already.
    Tell(Box<Message>),
    /// The message with this number was taken.
    Told(u64),
    /// A message was tried and is to be tried again.
    PutOff {
        /// Its number.
        number: u64,
        /// How often it was tried.
        attempts: u32,
        /// When it may be tried.
        due: Timestamp,
    },
    /// A message is not tried any more.
    GiveUp {
        /// Its number.
        number: u64,
        /// How often it was tried.
        attempts: u32,
        /// Since when.
        died: Timestamp,
        /// Why, in words.
        why: String,
    },
    /// A message that was given up is to be tried again. It gets a new number.
    TellAgain {
        /// Its number.
        number: u64,
        /// When it may be tried.
        due: Timestamp,
    },
    /// Something happens to a callback job.
    Callback(Box<CallbackChange>),
}

/// What became of one change. All of it is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// An event was delivered.
    Event(Applied),
    /// It holds now.
    Stored,
    /// Exactly this was there already.
    Unchanged,
    /// A later version is there already.
    Outdated,
    /// There was nothing to remove.
    NotThere,
}
