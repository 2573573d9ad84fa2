//! What is told to others by webhooks: a message, when it is sent again, and in which order.

mod queue;
mod retry;

use std::fmt;

use jiff::Timestamp;

use super::phone::PhoneNumber;

pub use queue::{FAILURES_IN_A_ROW, MOST_AT_ONCE, Queue};
pub use retry::{Answer, Decision, LONGEST_PAUSE, MOST_ATTEMPTS, decide};

/// Something to be told to one webhook.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The same at each attempt, and in what is told of the same moment to other webhooks.
    pub id: String,
    /// The name of the webhook.
    pub webhook: String,
    /// The call that it tells of.
    pub call: String,
    /// What happened, such as "call.started".
    pub kind: String,
    /// Whose call it is; `None` if the number is withheld or can't be read.
    pub caller: Option<PhoneNumber>,
    /// When it happened.
    pub made: Timestamp,
    /// What is sent. Personal data.
    pub body: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it may be tried.
    pub due: Timestamp,
}

/// A message that is not tried any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The message.
    pub message: Message,
    /// Since when.
    pub died: Timestamp,
    /// Why, in words.
    pub why: String,
}

/// Without who called, and without what is told.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .field("webhook", &self.webhook)
            .field("kind", &self.kind)
            .field("attempts", &self.attempts)
            .field("due", &self.due)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_does_not_show_who_called() {
        let message = Message {
            id: "1-started".to_owned(),
            webhook: "crm".to_owned(),
            call: "1".to_owned(),
            kind: "call.started".to_owned(),
            caller: PhoneNumber::parse("+79161234567").ok(),
            made: Timestamp::UNIX_EPOCH,
            body: "9161234567".to_owned(),
            attempts: 0,
            due: Timestamp::UNIX_EPOCH,
        };
        assert!(!format!("{message:?}").contains("9161234567"));
    }
}
