//! What is worth knowing of an attempt when it is over.

use std::time::Instant;

use super::cause::Cause;
use super::event::{OperatorNumber, Step};

/// What happened in an attempt, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// When somebody took the operator's leg.
    pub operator_answered: Option<Instant>,
    /// Whose telephone it was.
    pub operator: OperatorNumber,
    /// When the operator accepted, and the patient was dialled.
    pub patient_dialled: Option<Instant>,
    /// When the patient's telephone first rang.
    pub patient_rang: Option<Instant>,
    /// When the two began to hear each other.
    pub connected: Option<Instant>,
    /// When that ended; `None` while it goes on.
    pub talk_ended: Option<Instant>,
    /// Why the patient's leg ended, as the network said.
    pub cause: Option<Cause>,
    /// The patient picked up when nobody was left to talk to them, and was sent to the queue.
    pub sent_to_queue: bool,
    /// What broke, if something did.
    pub fault: Option<Fault>,
}

/// What broke in an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The briefing could not be made.
    #[error("the briefing could not be made: see the log for the speech services")]
    NothingToSay,
    /// The briefing could not be played.
    #[error("Asterisk could not play the briefing: it must be able to read the speech directory")]
    NotPlayed,
    /// Asterisk did not do what the attempt relied on.
    #[error("Asterisk failed to {0}")]
    Trouble(Step),
    /// The lease ran out before we acted.
    #[error("the lease of the operator's leg ran out")]
    LeaseRanOut,
}
