//! What the company has decided about events: types, and what an open or closed case changes.

use std::collections::HashMap;

use super::cases::CaseState;
use super::id::KindName;
use super::kind::Kind;

/// All rules of the rating.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// The types of event that count.
    pub kinds: HashMap<KindName, Kind>,
    /// What holds for every other type; `None`: they are kept, but count for nothing.
    pub others: Option<Kind>,
    /// What the state of its case changes about an event.
    pub cases: CaseFactors,
}

impl Rules {
    /// The rules for one type; `None` if it counts for nothing.
    #[must_use]
    pub fn of(&self, kind: &KindName) -> Option<&Kind> {
        self.kinds.get(kind).or(self.others.as_ref())
    }
}

/// A number from 0 to 1 that an event's worth is multiplied by.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Factor(f64);

/// The number is not a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what a case's state multiplies by is a number from 0 to 1")]
pub struct NotAFactor;

impl Factor {
    /// Changes nothing.
    pub const ONE: Self = Self(1.0);

    /// A factor.
    ///
    /// # Errors
    /// [`NotAFactor`] outside of 0 to 1.
    pub fn new(value: f64) -> Result<Self, NotAFactor> {
        if !(0.0..=1.0).contains(&value) {
            return Err(NotAFactor);
        }
        Ok(Self(value))
    }

    /// The number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }
}

/// What is left of an event's worth, by the state of its case. An open case changes nothing, nor does
/// having none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CaseFactors {
    /// The case is with somebody else now: its latest event was with another employee. Comes on top
    /// of the state.
    pub passed_on: Factor,
    /// The case is resolved.
    pub resolved: Factor,
    /// The case is closed.
    pub closed: Factor,
}

impl CaseFactors {
    /// The factor for an event whose case is in a state, and with somebody else or not.
    #[must_use]
    pub fn of(&self, state: CaseState, passed_on: bool) -> f64 {
        let by_state = match state {
            CaseState::Open => 1.0,
            CaseState::Resolved => self.resolved.value(),
            CaseState::Closed => self.closed.value(),
        };
        if passed_on {
            by_state * self.passed_on.value()
        } else {
            by_state
        }
    }
}

impl Default for CaseFactors {
    /// A tenth while resolved, a hundredth once closed, three tenths of that for those who have passed
    /// it on.
    fn default() -> Self {
        Self {
            passed_on: Factor(0.3),
            resolved: Factor(0.1),
            closed: Factor(0.01),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_never_makes_an_event_greater() {
        assert_eq!(Factor::new(1.0), Ok(Factor::ONE));
        for value in [-0.1, 1.1, f64::NAN] {
            assert_eq!(Factor::new(value), Err(NotAFactor), "{value}");
        }
    }
}
