//! Everybody who works in the company, as a whole.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::super::rating::{EmployeeId, Staff};
use super::{EmployeeCard, Entry};

/// The employees and departments of the company.
#[derive(Clone, Debug)]
pub struct Company {
    cards: HashMap<EmployeeId, EmployeeCard>,
    staff: Staff,
}

impl Company {
    /// Nobody yet. Days and working hours are those of `zone`.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self {
            cards: HashMap::new(),
            staff: Staff::new(zone),
        }
    }

    /// Adds an employee, or replaces what was known about them.
    pub fn put(&mut self, id: EmployeeId, card: EmployeeCard) {
        self.staff.put(id.clone(), card.duty.clone());
        self.cards.insert(id, card);
    }

    /// Removes an employee.
    pub fn remove(&mut self, id: &EmployeeId) {
        self.staff.remove(id);
        self.cards.remove(id);
    }

    /// What is known about one of them.
    #[must_use]
    pub fn card(&self, id: &EmployeeId) -> Option<&EmployeeCard> {
        self.cards.get(id)
    }

    /// All of them, in no order.
    pub fn cards(&self) -> impl Iterator<Item = (&EmployeeId, &EmployeeCard)> {
        self.cards.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cards.len()
    }

    /// Whether nobody is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }

    /// How a caller reaches somebody; `None` if they are unknown or have no extension.
    #[must_use]
    pub fn entry(&self, id: &EmployeeId) -> Option<Entry> {
        self.cards.get(id)?.entry(id)
    }

    /// Who may be offered, and when.
    #[must_use]
    pub fn staff(&self) -> &Staff {
        &self.staff
    }
}
