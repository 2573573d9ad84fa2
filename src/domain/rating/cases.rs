//! Which of a client's cases are open, and with whom, as it was known at one moment.

use std::collections::HashMap;

use super::id::{CaseId, EmployeeId};
use super::score::Known;
use super::staff::Staff;

/// How far a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseState {
    /// The client is waiting for something.
    Open,
    /// Done, but the client may come back to it.
    Resolved,
    /// Over.
    Closed,
}

/// The cases of one client. Borrows their ids.
#[derive(Default)]
pub(super) struct Cases<'a>(HashMap<&'a CaseId, Case<'a>>);

struct Case<'a> {
    /// `None` as long as nothing has opened or closed it.
    state: Option<CaseState>,
    /// The employee of its latest event.
    holder: &'a EmployeeId,
}

impl<'a> Cases<'a> {
    /// What the events say, oldest first: the latest step of each case holds.
    ///
    /// An event that has expired still counts here. A case that was closed long ago would otherwise
    /// open again when its closing event expires before the others.
    pub(super) fn of(events: &[Known<'a>]) -> Self {
        let mut cases: HashMap<&CaseId, Case<'_>> = HashMap::new();
        for event in events {
            let Some(id) = &event.happening.case else {
                continue;
            };
            let step = event.kind.case.leads_to();
            let holder = &event.happening.employee;
            let case = cases.entry(id).or_insert(Case {
                state: step,
                holder,
            });
            case.holder = holder;
            case.state = step.or(case.state);
        }
        Self(cases)
    }

    /// The state of an event's case, and whether the case is with somebody else now. `None` without
    /// a case, or when nothing has ever opened or closed it.
    pub(super) fn of_event(&self, event: &Known<'_>, staff: &Staff) -> Option<(CaseState, bool)> {
        let case = self.0.get(event.happening.case.as_ref()?)?;
        let employee = &event.happening.employee;
        let same = employee == case.holder || staff.person(employee) == staff.person(case.holder);
        Some((case.state?, !same))
    }
}
