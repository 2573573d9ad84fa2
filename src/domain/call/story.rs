//! What is worth knowing of a call when it is over: who was offered, who was chosen, who talked.

use std::time::{Duration, Instant};

use super::super::menu::{CallerName, Menu};
use super::super::rating::EmployeeId;

/// What happened between the caller and the employees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// Who calls, if anybody knows; an employee's telephone shows it.
    pub caller: Option<CallerName>,
    /// Whether that was noted in Asterisk.
    noted: bool,
    /// Whether others were told who is offered.
    offer_told: bool,
    /// Who was offered, in order.
    pub offered: Vec<EmployeeId>,
    /// Who was chosen, each time a choice was made.
    pub chosen: Vec<EmployeeId>,
    /// The talk, if there was one.
    pub talk: Option<Talk>,
}

/// A talk between the caller and somebody they chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talk {
    /// Who talked with the caller.
    pub employee: EmployeeId,
    /// Since when.
    pub began: Instant,
    /// Until when; `None` while it goes on.
    pub ended: Option<Instant>,
}

impl Talk {
    /// How long it has taken.
    #[must_use]
    pub fn length(&self, now: Instant) -> Duration {
        self.ended
            .unwrap_or(now)
            .saturating_duration_since(self.began)
    }
}

impl Story {
    pub(super) fn offered(&mut self, menu: &Menu) {
        let offered = menu.choices.iter().map(|choice| choice.entry.id.clone());
        self.offered = offered.collect();
    }

    /// The caller's name, if it is new.
    pub(super) fn name_to_note(&mut self) -> Option<CallerName> {
        if self.noted {
            return None;
        }
        self.noted = self.caller.is_some();
        self.caller.clone()
    }

    /// Whether others still have to be told who is offered. After this they were.
    pub(super) fn has_offer_to_tell(&mut self) -> bool {
        !std::mem::replace(&mut self.offer_told, true)
    }

    /// Who calls has become known.
    pub(super) fn caller_known(&mut self, name: Option<CallerName>) {
        self.noted &= self.caller == name;
        self.caller = name;
    }

    pub(super) fn chosen(&mut self, employee: &EmployeeId) {
        self.chosen.push(employee.clone());
    }

    /// Who was chosen last has picked up, and the two hear each other.
    pub(super) fn talk_begins(&mut self, now: Instant) {
        self.talk = self.chosen.last().map(|employee| Talk {
            employee: employee.clone(),
            began: now,
            ended: None,
        });
    }

    pub(super) fn talk_ends(&mut self, now: Instant) {
        if let Some(talk) = &mut self.talk {
            talk.ended = Some(now);
        }
    }
}
