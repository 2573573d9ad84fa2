//! Whom an extension reaches that a caller dials, at the moment of the call.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::rating::{EmployeeId, Withheld};
use super::{Company, Entry, Extension};

/// The extensions that can be dialled: those of the company, and of the departments of the settings.
/// A clone costs nothing, however large the company is.
#[derive(Clone)]
pub struct Extensions {
    company: Arc<Company>,
    departments: Arc<[Entry]>,
    at: Timestamp,
}

impl Extensions {
    /// Those who work for the company at a moment, and its departments.
    #[must_use]
    pub fn new(company: Arc<Company>, departments: Arc<[Entry]>, at: Timestamp) -> Self {
        Self {
            company,
            departments,
            at,
        }
    }

    /// Whom exactly these digits reach. What the settings say goes before what the CRM says.
    #[must_use]
    pub fn reached_by(&self, digits: &str) -> Option<Entry> {
        let is_dialled = |entry: &&Entry| entry.extension.digits() == digits;
        let department = self.departments.iter().find(is_dialled).cloned();
        department.or_else(|| self.company.reached_by(digits, self.at))
    }

    /// Whether somebody is on leave.
    #[must_use]
    pub fn is_on_leave(&self, id: &EmployeeId) -> bool {
        let withheld = self.company.staff().may_be_offered(id, self.at);
        matches!(withheld, Err(Withheld::OnLeave { .. }))
    }

    /// Whether somebody has a longer extension that begins with these digits.
    #[must_use]
    pub fn go_on_after(&self, digits: &str) -> bool {
        let goes_on = |entry: &Entry| entry.extension.goes_on_after(digits);
        self.departments.iter().any(goes_on) || self.company.goes_on_after(digits, self.at)
    }
}

/// Nobody.
impl Default for Extensions {
    fn default() -> Self {
        let nobody = Company::new(TimeZone::UTC);
        Self::new(Arc::new(nobody), Arc::new([]), Timestamp::UNIX_EPOCH)
    }
}

/// Equal is the same snapshot: a comparison does not look at everybody.
impl PartialEq for Extensions {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.company, &other.company)
            && Arc::ptr_eq(&self.departments, &other.departments)
            && self.at == other.at
    }
}

impl Eq for Extensions {}

/// Nobody is shown: there may be a great many of them.
impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Extensions(…)")
    }
}

impl Extension {
    /// Whether it begins with these digits, and has more.
    #[must_use]
    pub fn goes_on_after(&self, digits: &str) -> bool {
        self.digits().len() > digits.len() && self.digits().starts_with(digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::directory::{EmployeeCard, Name};
    use crate::domain::menu::tests::employee;
    use crate::domain::rating::{Employee, Leave};

    fn card(extension: Option<&str>, duty: Employee) -> EmployeeCard {
        EmployeeCard {
            name: Name::Department("Anybody".to_owned()),
            gender: None,
            extension: extension.map(|digits| Extension::parse(digits).unwrap()),
            endpoints: Vec::new(),
            language: None,
            duty,
        }
    }

    fn company(cards: impl IntoIterator<Item = (&'static str, EmployeeCard)>) -> Company {
        let mut company = Company::new(TimeZone::UTC);
        for (employee, card) in cards {
            company.put(id(employee), card);
        }
        company
    }

    fn id(text: &str) -> EmployeeId {
        EmployeeId::parse(text).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn of(company: Company, second: i64) -> Extensions {
        Extensions::new(Arc::new(company), Arc::new([]), at(second))
    }

    fn reached(extensions: &Extensions, digits: &str) -> Option<String> {
        let entry = extensions.reached_by(digits)?;
        Some(entry.id.as_str().to_owned())
    }

    #[test]
    fn somebody_is_reached_by_the_whole_extension_only() {
        let extensions = of(
            company([("anna", card(Some("345"), Employee::default()))]),
            0,
        );
        assert_eq!(reached(&extensions, "345").as_deref(), Some("anna"));
        for digits in ["3", "34", "3456", "45", ""] {
            assert_eq!(reached(&extensions, digits), None, "{digits:?}");
        }
        assert!(extensions.go_on_after(""));
        assert!(extensions.go_on_after("34"));
        assert!(!extensions.go_on_after("345"));
        assert!(!extensions.go_on_after("35"));
    }

    #[test]
    fn who_left_is_no_person_or_has_no_telephone_is_not_reached() {
        let technical = Employee {
            technical: true,
            ..Employee::default()
        };
        let leaves = Employee {
            until: Some(at(100)),
            ..Employee::default()
        };
        let company = company([
            ("robot", card(Some("10"), technical)),
            ("left", card(Some("20"), leaves)),
            ("mobile", card(None, Employee::default())),
        ]);
        let extensions = of(company.clone(), 100);
        for digits in ["10", "20", ""] {
            assert_eq!(reached(&extensions, digits), None, "{digits:?}");
        }
        assert!(!extensions.go_on_after(""));
        assert_eq!(reached(&of(company, 99), "20").as_deref(), Some("left"));
    }

    #[test]
    fn who_is_on_leave_is_reached_because_the_caller_asked_for_them() {
        let away = Employee {
            leave: vec![Leave {
                from: at(0),
                until: at(100),
            }],
            ..Employee::default()
        };
        let company = company([("anna", card(Some("34"), away))]);
        let extensions = of(company.clone(), 50);
        assert_eq!(reached(&extensions, "34").as_deref(), Some("anna"));
        assert!(extensions.is_on_leave(&id("anna")));
        assert!(!of(company, 100).is_on_leave(&id("anna")));
        assert!(!extensions.is_on_leave(&id("nobody")));
    }

    #[test]
    fn of_two_with_one_extension_the_first_who_works_here_is_reached() {
        let left = Employee {
            until: Some(at(0)),
            ..Employee::default()
        };
        let company = company([
            ("c", card(Some("34"), Employee::default())),
            ("a", card(Some("34"), left)),
            ("b", card(Some("34"), Employee::default())),
        ]);
        assert_eq!(reached(&of(company, 1), "34").as_deref(), Some("b"));
    }

    #[test]
    fn a_new_extension_replaces_the_old_one_and_who_is_removed_has_none() {
        let mut company = company([("anna", card(Some("34"), Employee::default()))]);
        company.put(id("anna"), card(Some("35"), Employee::default()));
        let moved = of(company.clone(), 0);
        assert_eq!(reached(&moved, "34"), None);
        assert_eq!(reached(&moved, "35").as_deref(), Some("anna"));
        company.remove(&id("anna"));
        assert!(!of(company, 0).go_on_after(""));
    }

    #[test]
    fn not_everybody_who_left_is_looked_at_when_a_key_is_pressed() {
        let mut company = Company::new(TimeZone::UTC);
        let left = Employee {
            until: Some(at(0)),
            ..Employee::default()
        };
        for number in 1_000..2_000 {
            let digits = number.to_string();
            company.put(id(&digits), card(Some(&digits), left.clone()));
        }
        assert!(!of(company.clone(), 0).go_on_after("1"));
        company.put(id("one-more"), card(Some("10000"), left));
        assert!(of(company, 0).go_on_after("1"), "nobody knows: it waits");
    }

    #[test]
    fn a_department_of_the_settings_goes_before_the_directory() {
        let company = company([("anna", card(Some("90"), Employee::default()))]);
        let departments: Arc<[Entry]> = Arc::new([employee("sales", "90")]);
        let extensions = Extensions::new(Arc::new(company), departments, at(0));
        assert_eq!(reached(&extensions, "90").as_deref(), Some("sales"));
    }
}
