//! Who may be offered to a caller, and if not, why.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::hours::WorkingHours;
use super::id::EmployeeId;

/// The longest chain of aliases or successors that is followed. It also ends a circle.
const LONGEST_CHAIN: usize = 8;

/// What the rating must know about an employee. The default is somebody who may always be offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Employee {
    /// This is a second account of somebody else, whose entry holds for both.
    pub alias_of: Option<EmployeeId>,
    /// From this moment on they don't work here.
    pub until: Option<Timestamp>,
    /// Who has their clients once they don't work here.
    pub successor: Option<EmployeeId>,
    /// No person: an integration, a robot, the administrator's account.
    pub technical: bool,
    /// When they are away.
    pub leave: Vec<Leave>,
    /// When they work; without it, always.
    pub hours: Option<WorkingHours>,
}

/// One absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    /// The first moment of it.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

/// Why somebody is not offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Nothing is known about them yet.
    Unknown,
    /// They don't work here any more, and nobody succeeds them.
    Left {
        /// Since when.
        since: Timestamp,
    },
    /// It is no person.
    Technical,
    /// They are away.
    OnLeave {
        /// The first moment after it.
        until: Timestamp,
    },
    /// It is not their time to work.
    OutOfHours,
}

/// The employees of the company, and its local time.
#[derive(Clone, Debug)]
pub struct Staff {
    employees: HashMap<EmployeeId, Employee>,
    zone: TimeZone,
}

impl Staff {
    /// Nobody yet. Days and working hours are those of `zone`.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self {
            employees: HashMap::new(),
            zone,
        }
    }

    /// Adds an employee, or replaces what was known about them.
    pub fn put(&mut self, id: EmployeeId, employee: Employee) {
        self.employees.insert(id, employee);
    }

    /// Removes an employee.
    pub fn remove(&mut self, id: &EmployeeId) {
        self.employees.remove(id);
    }

    /// What is known about an employee, under exactly this id.
    #[must_use]
    pub fn get(&self, id: &EmployeeId) -> Option<&Employee> {
        self.employees.get(id)
    }

    /// A moment in the company's local time.
    #[must_use]
    pub fn local(&self, moment: Timestamp) -> DateTime {
        self.zone.to_datetime(moment)
    }

    /// The person behind an account: follows aliases.
    #[must_use]
    pub fn person<'a>(&'a self, account: &'a EmployeeId) -> &'a EmployeeId {
        self.follow(account, |employee| employee.alias_of.as_ref())
    }

    /// Who has the clients of an employee at a moment: the person behind the account, or the
    /// successor of one who has left.
    #[must_use]
    pub fn responsible<'a>(&'a self, employee: &'a EmployeeId, now: Timestamp) -> &'a EmployeeId {
        self.follow(employee, |employee| {
            let successor = employee.successor.as_ref();
            let successor = successor.filter(|_| employee.has_left(now));
            employee.alias_of.as_ref().or(successor)
        })
    }

    /// Whether somebody may be offered to a caller now.
    ///
    /// # Errors
    /// The first reason that speaks against it.
    pub fn may_be_offered(&self, id: &EmployeeId, now: Timestamp) -> Result<(), Withheld> {
        let person = self.person(id);
        let employee = self.employees.get(person).ok_or(Withheld::Unknown)?;
        if employee.technical {
            return Err(Withheld::Technical);
        }
        if let Some(since) = employee.until.filter(|_| employee.has_left(now)) {
            return Err(Withheld::Left { since });
        }
        if let Some(until) = employee.away_until(now) {
            return Err(Withheld::OnLeave { until });
        }
        match &employee.hours {
            Some(hours) if !hours.cover(self.local(now)) => Err(Withheld::OutOfHours),
            Some(_) | None => Ok(()),
        }
    }

    /// Goes from one employee to the next as long as there is one.
    fn follow<'a>(
        &'a self,
        first: &'a EmployeeId,
        next: impl Fn(&'a Employee) -> Option<&'a EmployeeId>,
    ) -> &'a EmployeeId {
        let mut current = first;
        for _ in 0..LONGEST_CHAIN {
            let Some(following) = self.employees.get(current).and_then(&next) else {
                return current;
            };
            current = following;
        }
        current
    }
}

impl Employee {
    fn has_left(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// The end of the absence that `now` is in; of several, the last end.
    fn away_until(&self, now: Timestamp) -> Option<Timestamp> {
        let current = |leave: &&Leave| leave.from <= now && now < leave.until;
        self.leave
            .iter()
            .filter(current)
            .map(|leave| leave.until)
            .max()
    }
}
