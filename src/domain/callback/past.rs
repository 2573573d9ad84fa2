//! What is over: an attempt, and a whole job.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use super::Outcome;

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The operator and the person talked.
    Connected,
    /// The operator said that there is nothing left to do, or that it is the wrong person.
    Done,
    /// There is no such number, or it may not be dialled. A job that comes again with another number
    /// begins anew.
    NumberToBeCorrected,
    /// All attempts were in vain.
    AttemptsUsedUp,
    /// The appointment came, or the end of the time for it.
    TooLate,
    /// It was cancelled.
    Cancelled,
}

impl Ending {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Connected,
        Self::Done,
        Self::NumberToBeCorrected,
        Self::AttemptsUsedUp,
        Self::TooLate,
        Self::Cancelled,
    ];

    /// The name in reports, in messages to the CRM and in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Done => "done",
            Self::NumberToBeCorrected => "number-to-be-corrected",
            Self::AttemptsUsedUp => "attempts-used-up",
            Self::TooLate => "too-late",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One attempt that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRecord {
    /// Which one, from 1.
    pub number: u32,
    /// When it began.
    pub began: Timestamp,
    /// How it ended.
    pub result: AttemptResult,
}

/// How an attempt ended, as whoever made it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptResult {
    /// When it was over.
    pub ended: Timestamp,
    /// `None`: it was interrupted, and nobody knows. How far it had come is in its job.
    pub outcome: Option<Outcome>,
    /// Why the person's leg ended, by Q.850.
    pub cause: Option<u16>,
    /// The status of the SIP answer that ended it, as far as Asterisk was told.
    pub sip: Option<u16>,
    /// How long the two talked.
    pub talked: Option<Duration>,
    /// Who took the call, as far as that is known.
    pub operator: Option<String>,
}

impl AttemptResult {
    /// An outcome about which nothing else is known.
    #[must_use]
    pub fn of(outcome: Option<Outcome>, ended: Timestamp) -> Self {
        Self {
            ended,
            outcome,
            cause: None,
            sip: None,
            talked: None,
            operator: None,
        }
    }
}
