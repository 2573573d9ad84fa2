//! What can be set of callbacks.

use std::time::Duration;

use crate::domain::callback::Rules;
use crate::domain::callback::briefing::BriefingTexts;

/// Who calls people back, and how.
#[derive(Clone, Debug)]
pub struct Callbacks {
    /// What is decided by them.
    pub rules: Rules,
    /// How one attempt is made.
    pub attempt: CallbackAttempt,
    /// The company's own sentences, in the language of its menu.
    pub texts: BriefingTexts,
    /// For how long the one whom a caller wants to be called back by is the only one who does.
    pub owner_time: Duration,
}

/// How one attempt is made.
#[derive(Clone, Debug)]
pub struct CallbackAttempt {
    /// The operators' queue, as Asterisk calls it.
    pub queue: String,
    /// Whoever has more is served first; those who call us have 0 unless the dialplan says otherwise.
    pub priority: u32,
    /// How long an operator is waited for.
    pub operator_time: Duration,
    /// How an operator shows to be human.
    pub accept: Accept,
    /// What happens when an operator who has been told presses nothing.
    pub silence: Silence,
    /// How long after the pick-up an operator is told, unless they press a key before.
    pub briefing_after: Duration,
    /// How long an operator may think after they have been told.
    pub key_time: Duration,
    /// The dial string of the person, with `{number}` in it, once.
    pub trunk: String,
    /// The number that the person sees; `None` for the trunk's own.
    pub caller_id: Option<String>,
    /// How long the person's telephone rings.
    pub ring_time: Duration,
}

/// How an operator shows to be human.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// They press a key.
    Key,
    /// Asterisk's answering machine detection listens.
    Amd,
    /// Not at all.
    Off,
}

/// What happens when an operator who has been told presses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The job waits.
    Postpone,
    /// The person is called.
    Connect,
}
