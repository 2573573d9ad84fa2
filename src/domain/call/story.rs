//! What is worth knowing of a call when it is over: who was offered, who was chosen, who talked.

use std::time::{Duration, Instant};

use super::super::menu::{CallerName, Menu, MenuKind, Reasons};
use super::super::rating::EmployeeId;
use super::action::{CallbackWish, LegId};
use super::occurrence::{Moment, Occurrence};
use super::ongoing::Ongoing;

/// What happened between the caller and the employees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// Who calls, if anybody knows; an employee's telephone shows it.
    pub caller: Option<CallerName>,
    /// Why they may call.
    reasons: Reasons,
    /// Whether that was noted in Asterisk.
    noted: bool,
    /// Whether others were told who is offered.
    offer_told: bool,
    /// Whether who is offered was noted in Asterisk.
    offer_noted: bool,
    /// Whose menu it is, once there is one.
    pub menu: Option<MenuKind>,
    /// Who was offered, in order.
    pub offered: Vec<EmployeeId>,
    /// Who was chosen, each time a choice was made.
    pub chosen: Vec<EmployeeId>,
    /// Who was chosen last, until their telephone rings.
    awaited: Option<EmployeeId>,
    /// By whom the caller wanted to be called back.
    pub(super) callback: Option<EmployeeId>,
    /// The talk, if there was one.
    pub talk: Option<Talk>,
    /// What happened, step by step; at most [`super::MOST_STEPS`].
    pub steps: Vec<Moment>,
    /// Whose telephones were rung.
    pub(super) rung: Vec<Rung>,
}

/// A telephone that was rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rung {
    pub(super) leg: LegId,
    /// Whose it is.
    pub(super) employee: EmployeeId,
    /// Whether it is known to have ended.
    pub(super) over: bool,
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
    /// Of a talk that another process began.
    pub(super) fn of_ongoing(ongoing: &Ongoing) -> Self {
        let mut story = Self {
            caller: ongoing.caller.clone(),
            noted: true,
            offer_told: true,
            offer_noted: true,
            menu: ongoing.menu,
            offered: ongoing.offered.clone(),
            chosen: ongoing.chosen.clone(),
            ..Self::default()
        };
        story.note(ongoing.came, Occurrence::Came);
        story.talk_begins(ongoing.began);
        story
    }

    pub(super) fn offered(&mut self, menu: &Menu, now: Instant) {
        let offered = menu.choices.iter().map(|choice| choice.entry.id.clone());
        let offered: Vec<_> = offered.collect();
        self.offer_noted &= self.offered == offered;
        self.offered = offered;
        self.menu = Some(menu.kind);
        self.note(now, Occurrence::Offered(self.offered.clone()));
    }

    /// Who is offered, if that is to be noted in Asterisk. After this it was.
    pub(super) fn offer_to_note(&mut self) -> Option<Vec<EmployeeId>> {
        let is_noted = std::mem::replace(&mut self.offer_noted, true);
        (!is_noted && !self.offered.is_empty()).then(|| self.offered.clone())
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
    pub(super) fn caller_known(&mut self, name: Option<CallerName>, reasons: Reasons) {
        self.reasons = reasons;
        self.noted &= self.caller == name;
        self.caller = name;
    }

    /// What the telephone of who was chosen last shows of the caller.
    pub(super) fn shown(&self) -> Option<CallerName> {
        let chosen = self.chosen.last();
        let about = chosen.and_then(|person| self.reasons.to_call(person));
        CallerName::with_reason(self.caller.as_ref(), about)
    }

    /// A choice was made. To wait for somebody and to ring them is one.
    pub(super) fn chosen(&mut self, employee: &EmployeeId) {
        if self.awaited.take().as_ref() != Some(employee) {
            self.chosen.push(employee.clone());
        }
    }

    /// A choice was made of somebody who is talking.
    pub(super) fn waits_for(&mut self, now: Instant, employee: &EmployeeId) {
        self.chosen(employee);
        self.awaited = Some(employee.clone());
        self.note(now, Occurrence::Waits(employee.clone()));
    }

    /// The caller wants to be called back by somebody. Gives what is to be kept of that.
    pub(super) fn wants_callback(&mut self, person: &EmployeeId) -> CallbackWish {
        self.callback = Some(person.clone());
        CallbackWish {
            person: person.clone(),
            about: self.reasons.to_call(person).cloned(),
        }
    }

    /// Who was chosen last has picked up, and the two hear each other.
    pub(super) fn talk_begins(&mut self, now: Instant) {
        self.talk = self.chosen.last().map(|employee| Talk {
            employee: employee.clone(),
            began: now,
            ended: None,
        });
        if let Some(employee) = self.chosen.last().cloned() {
            self.note(now, Occurrence::TalkBegan(employee));
        }
    }

    pub(super) fn talk_ends(&mut self, now: Instant) {
        if let Some(talk) = &mut self.talk {
            talk.ended = Some(now);
            self.note(now, Occurrence::TalkEnded);
        }
    }
}
