//! How one attempt to call a person back ended: a closed list.

use std::fmt;

/// How one attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The operator and the person talked.
    Connected,
    /// The person's line was busy.
    Busy,
    /// The person did not answer in the ring time.
    NoAnswer,
    /// The person rejected the call.
    Rejected,
    /// The telephone is switched off or out of reach.
    Unreachable,
    /// There is no such number: it has to be corrected.
    InvalidNumber,
    /// A machine took the operator's leg, or nobody there showed to be human.
    Machine,
    /// The call did not get through the network, or Asterisk did not do what was asked.
    NetworkFailure,
    /// No operator took the call.
    OperatorMissing,
    /// The operator took the call, and did not want the person called now.
    OperatorDeclined(Decline),
    /// The job was cancelled, or we were told to stop.
    Cancelled,
}

/// What the operator said instead of "connect".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decline {
    /// Later: the job waits for its next attempt.
    Postponed,
    /// Wrong person, or nothing left to do: the job is over.
    WrongOrDone,
    /// The operator hung up before the person was called or while they were being called.
    HungUp,
}

impl Outcome {
    /// All of them; of those that an operator declined, one.
    pub const ALL: [Self; 11] = [
        Self::Connected,
        Self::Busy,
        Self::NoAnswer,
        Self::Rejected,
        Self::Unreachable,
        Self::InvalidNumber,
        Self::Machine,
        Self::NetworkFailure,
        Self::OperatorMissing,
        Self::OperatorDeclined(Decline::Postponed),
        Self::Cancelled,
    ];

    /// The name in reports, in messages to the CRM and in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Rejected => "rejected",
            Self::Unreachable => "unreachable",
            Self::InvalidNumber => "invalid-number",
            Self::Machine => "machine",
            Self::NetworkFailure => "network-failure",
            Self::OperatorMissing => "operator-missing",
            Self::OperatorDeclined(_) => "operator-declined",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
