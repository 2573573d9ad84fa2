//! What a type of event is worth, for how long, and what it does to its case.

use std::time::Duration;

use super::cases::CaseState;
use super::half_lives::HalfLives;
use crate::domain::language::Language;

/// What an event is worth while it is fresh: 0 to [`Weight::GREATEST`] points.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Weight(f64);

/// The number is not a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a weight is a number from 0 to {}", Weight::GREATEST)]
pub struct NotAWeight;

impl Weight {
    /// The greatest weight, in points.
    pub const GREATEST: f64 = 1_000_000.0;

    /// Events of this weight are as if they were not there.
    pub const NONE: Self = Self(0.0);

    /// A weight in points.
    ///
    /// # Errors
    /// [`NotAWeight`] below 0, above [`Weight::GREATEST`], or for what is no number.
    pub fn new(points: f64) -> Result<Self, NotAWeight> {
        if !(0.0..=Self::GREATEST).contains(&points) {
            return Err(NotAWeight);
        }
        Ok(Self(points))
    }

    /// The points.
    #[must_use]
    pub fn points(self) -> f64 {
        self.0
    }
}

impl Default for Weight {
    fn default() -> Self {
        Self(100.0)
    }
}

/// What an event does to the case it belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CaseStep {
    /// Nothing.
    #[default]
    Leaves,
    /// Opens it, also once more: a ticket is taken up, an invoice is issued.
    Opens,
    /// What was asked for is done, but the client may still come back to it.
    Resolves,
    /// It is over: the invoice is paid.
    Closes,
}

impl CaseStep {
    /// The state after this step; `None` if it stays as it was.
    #[must_use]
    pub fn leads_to(self) -> Option<CaseState> {
        match self {
            Self::Leaves => None,
            Self::Opens => Some(CaseState::Open),
            Self::Resolves => Some(CaseState::Resolved),
            Self::Closes => Some(CaseState::Closed),
        }
    }
}

/// How an explanation calls a type of event, in each language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// «счёт выставлен».
    pub russian: String,
    /// "invoice issued".
    pub english: String,
}

impl Title {
    /// The title in one language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Russian => &self.russian,
            Language::English => &self.english,
        }
    }
}

/// The rules for one type of event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kind {
    /// What a fresh event is worth.
    pub weight: Weight,
    /// How that fades.
    pub half_lives: HalfLives,
    /// At this age an event is worth nothing any more; `None` is never.
    pub valid_for: Option<Duration>,
    /// How many events of one client, one employee and one day count at most: the latest ones.
    pub cap_a_day: Option<u32>,
    /// What it does to its case.
    pub case: CaseStep,
    /// Its name in explanations; without one, the type itself is shown.
    pub title: Option<Title>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_a_number_of_points_within_bounds() {
        assert_eq!(Weight::new(0.0), Ok(Weight::NONE));
        assert_eq!(Weight::new(60.0).unwrap().points(), 60.0);
        for points in [-0.1, 1_000_000.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Weight::new(points), Err(NotAWeight), "{points}");
        }
    }
}
