//! Everybody who works in the company, as a whole.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::rating::{EmployeeId, Staff, Withheld};
use super::{EmployeeCard, Entry, Extension};

/// How many are looked at for one key that a caller presses, so that a directory full of people who
/// left keeps nobody waiting.
const MOST_LOOKED_AT: usize = 1_000;

/// The employees and departments of the company.
#[derive(Clone, Debug)]
pub struct Company {
    cards: HashMap<EmployeeId, EmployeeCard>,
    staff: Staff,
    /// Whose an extension is; of several, in the order of their ids.
    extensions: BTreeMap<Extension, Vec<EmployeeId>>,
}

impl Company {
    /// Nobody yet. Days and working hours are those of `zone`.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self {
            cards: HashMap::new(),
            staff: Staff::new(zone),
            extensions: BTreeMap::new(),
        }
    }

    /// Adds an employee, or replaces what was known about them.
    pub fn put(&mut self, id: EmployeeId, card: EmployeeCard) {
        self.forget_extension(&id);
        if let Some(extension) = &card.extension {
            let owners = self.extensions.entry(extension.clone()).or_default();
            let place = owners.partition_point(|owner| *owner < id);
            owners.insert(place, id.clone());
        }
        self.staff.put(id.clone(), card.duty.clone());
        self.cards.insert(id, card);
    }

    /// Removes an employee.
    pub fn remove(&mut self, id: &EmployeeId) {
        self.forget_extension(id);
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

    /// Whom a caller reaches who dials exactly these digits. Of several, the first by id.
    #[must_use]
    pub fn reached_by(&self, digits: &str, at: Timestamp) -> Option<Entry> {
        let mut owners = self.extensions.get(digits)?.iter().take(MOST_LOOKED_AT);
        let owner = owners.find(|owner| self.can_be_dialled(owner, at))?;
        self.entry(owner)
    }

    /// Whether a longer extension that can be dialled begins with these digits. Also if that is not
    /// found out soon, because a great many who have one have left.
    #[must_use]
    pub fn goes_on_after(&self, digits: &str, at: Timestamp) -> bool {
        let after = (Bound::Excluded(digits), Bound::Unbounded);
        let following = self.extensions.range::<str, _>(after);
        let longer = following.take_while(|(extension, _)| extension.goes_on_after(digits));
        let mut owners = longer.flat_map(|(_, owners)| owners);
        let mut first = owners.by_ref().take(MOST_LOOKED_AT);
        first.any(|owner| self.can_be_dialled(owner, at)) || owners.next().is_some()
    }

    /// Who is away or off duty may still be dialled: the caller asks for them.
    fn can_be_dialled(&self, id: &EmployeeId, at: Timestamp) -> bool {
        match self.staff.may_be_offered(id, at) {
            Ok(()) | Err(Withheld::OnLeave { .. } | Withheld::OutOfHours) => true,
            Err(Withheld::Unknown | Withheld::Left { .. } | Withheld::Technical) => false,
        }
    }

    fn forget_extension(&mut self, id: &EmployeeId) {
        let card = self.cards.get(id);
        let Some(extension) = card.and_then(|card| card.extension.as_ref()) else {
            return;
        };
        let Some(owners) = self.extensions.get_mut(extension) else {
            return;
        };
        owners.retain(|owner| owner != id);
        if owners.is_empty() {
            self.extensions.remove(extension);
        }
    }

    /// Who may be offered, and when.
    #[must_use]
    pub fn staff(&self) -> &Staff {
        &self.staff
    }
}
