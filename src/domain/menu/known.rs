//! What is known about a caller at the moment of the call.

use std::collections::HashMap;
use std::fmt;

use super::super::directory::Extensions;
use super::super::rating::{About, EmployeeId, Ranking};
use super::Menu;

/// What is known about a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What they are offered.
    pub menu: Menu,
    /// What they are called.
    pub name: Option<CallerName>,
    /// Whom they can dial.
    pub extensions: Extensions,
    /// Why they may call.
    pub reasons: Reasons,
}

/// What a caller may want of whom. Personal data: `Debug` does not show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons(HashMap<EmployeeId, About>);

impl Reasons {
    /// Of each candidate, what counts most of all that is about something.
    #[must_use]
    pub fn of(ranking: &Ranking) -> Self {
        let reasons = ranking.offered().filter_map(|candidate| {
            let mut greatest = candidate.contributions.iter();
            let about = greatest.find_map(|one| one.about.clone())?;
            Some((candidate.employee.clone(), about))
        });
        reasons.collect()
    }

    /// These, and before them what somebody else knows better.
    #[must_use]
    pub fn corrected_by(mut self, better: Self) -> Self {
        self.0.extend(better.0);
        self
    }

    /// What the caller may want of somebody.
    #[must_use]
    pub fn to_call(&self, person: &EmployeeId) -> Option<&About> {
        self.0.get(person)
    }
}

impl FromIterator<(EmployeeId, About)> for Reasons {
    fn from_iter<T: IntoIterator<Item = (EmployeeId, About)>>(reasons: T) -> Self {
        Self(reasons.into_iter().collect())
    }
}

/// What an employee's telephone shows of a caller. Personal data: `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct CallerName(String);

/// The longest name that a telephone is sent, in characters.
const LONGEST: usize = 60;

impl CallerName {
    /// A name in one line; `None` if nothing is left of it. What is too long is cut.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let words = text.split(|c: char| c.is_control() || c.is_whitespace());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let line: String = words.join(" ").chars().take(LONGEST).collect();
        (!line.is_empty()).then_some(Self(line))
    }

    /// A caller and why they call, as far as either is known: "Иванова Мария · счёт 1042".
    #[must_use]
    pub fn with_reason(name: Option<&Self>, about: Option<&About>) -> Option<Self> {
        match (name, about) {
            (name, None) => name.cloned(),
            (None, Some(about)) => Self::new(about.as_str()),
            (Some(name), Some(about)) => Self::new(&format!("{} · {}", name.0, about.as_str())),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CallerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallerName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_fits_a_telephone() {
        let name = CallerName::new(" Петров\r\n Иван\0 ").unwrap();
        assert_eq!(name.as_str(), "Петров Иван");
        assert_eq!(CallerName::new(" \n "), None);
        let long = CallerName::new(&"я".repeat(1000)).unwrap();
        assert_eq!(long.as_str().chars().count(), LONGEST);
    }

    #[test]
    fn a_telephone_shows_the_caller_and_why_they_call() {
        let name = CallerName::new("Иванова Мария");
        let about = About::new("счёт 1042");
        let shown = |name: &Option<CallerName>, about: &Option<About>| {
            CallerName::with_reason(name.as_ref(), about.as_ref())
        };
        assert_eq!(
            shown(&name, &about),
            CallerName::new("Иванова Мария · счёт 1042")
        );
        assert_eq!(shown(&name, &None), name);
        assert_eq!(shown(&None, &about), CallerName::new("счёт 1042"));
        assert_eq!(shown(&None, &None), None);
    }

    #[test]
    fn whoever_knows_better_why_they_call_is_believed_and_the_rest_holds() {
        let id = |text: &str| EmployeeId::parse(text).unwrap();
        let reasons = |list: &[(&str, &str)]| -> Reasons {
            let reasons = list.iter();
            let reasons = reasons.map(|(who, why)| (id(who), About::new(why).unwrap()));
            reasons.collect()
        };
        let ours = reasons(&[("a", "счёт 1"), ("b", "заказ 2")]);
        let both = ours.corrected_by(reasons(&[("a", "счёт 3"), ("c", "заявка 4")]));
        let expected = [("a", "счёт 3"), ("b", "заказ 2"), ("c", "заявка 4")];
        assert_eq!(both, reasons(&expected));
    }

    #[test]
    fn a_name_is_not_shown_in_a_log() {
        let name = CallerName::new("Петров").unwrap();
        assert_eq!(format!("{name:?}"), "CallerName(…)");
    }
}
