//! One call as it is kept: what came of it, and its story step by step.

use std::time::Duration;

use jiff::Timestamp;

use super::super::menu::MenuKind;
use super::super::phone::PhoneNumber;
use super::super::rating::{ClientId, EmployeeId};
use super::occurrence::{MOST_STEPS, Moment};
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

impl CallRecord {
    /// What is kept of a call when another record of it comes: the later one if its talk had gone on
    /// without us, with the steps of both.
    #[must_use]
    pub fn followed_by(&self, later: &Self) -> Option<Self> {
        if self.outcome != Outcome::TalksOn || later.outcome == Outcome::TalksOn {
            return None;
        }
        let is_new = |moment: &&Moment<Duration>| moment.at >= self.length;
        let new_steps = later.steps.iter().filter(is_new).cloned();
        let steps = self.steps.iter().cloned().chain(new_steps);
        Some(Self {
            at: self.at,
            caller: self.caller.clone(),
            client: self.client.clone(),
            named: self.named,
            menu: self.menu,
            offered: self.offered.clone(),
            chosen: self.chosen.clone(),
            steps: steps.take(MOST_STEPS).collect(),
            ..later.clone()
        })
    }
}
