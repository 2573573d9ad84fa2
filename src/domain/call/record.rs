//! One call as it is kept: what came of it, and its story step by step.

use std::time::Duration;

use jiff::Timestamp;

use super::super::menu::MenuKind;
use super::super::phone::PhoneNumber;
use super::super::rating::{ClientId, EmployeeId};
use super::occurrence::Moment;
use super::outcome::Outcome;

/// A call that is over. Personal data: its number and its client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// Its id.
    pub call: String,
    /// When it came.
    pub at: Timestamp,
    /// Who called; `None` if the number is withheld or can't be read.
    pub caller: Option<PhoneNumber>,
    /// The client, if the number is that of one.
    pub client: Option<ClientId>,
    /// Whether the employee's telephone was given the caller's name.
    pub named: bool,
    /// Whose menu it was; `None` if there was none.
    pub menu: Option<MenuKind>,
    /// Who was offered, in order.
    pub offered: Vec<EmployeeId>,
    /// Who was chosen, each time a choice was made.
    pub chosen: Vec<EmployeeId>,
    /// Who talked with the caller, and for how long.
    pub talked: Option<(EmployeeId, Duration)>,
    /// How it ended.
    pub outcome: Outcome,
    /// From its arrival until it was over for us.
    pub length: Duration,
    /// Its steps, each with the time since its arrival.
    pub steps: Vec<Moment<Duration>>,
}
