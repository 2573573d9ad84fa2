//! What a CRM answers: the shape of `GET /v1/menu`.

use serde::Deserialize;

use crate::domain::directory::{Company, Endpoint, Entry, Extension, Name};
use crate::domain::menu::{CallerName, MOST_CHOICES, Reasons};
use crate::domain::person;
use crate::domain::rating::{About, EmployeeId};

/// What the CRM knows about a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What the caller is called.
    pub name: Option<CallerName>,
    /// Whom the caller wants, best first; `None` if the CRM leaves that to the rating.
    choices: Option<Vec<Choice>>,
}

/// One person of the CRM's menu.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    employee: Option<EmployeeId>,
    /// How to reach somebody whom the directory does not know.
    other: Option<(Name, Extension)>,
    /// Why the caller may want them.
    about: Option<About>,
}

#[derive(Deserialize)]
struct RawAnswer {
    #[serde(default)]
    caller_name: Option<String>,
    #[serde(default)]
    choices: Option<Vec<RawChoice>>,
}

#[derive(Deserialize)]
struct RawChoice {
    #[serde(default)]
    employee: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    extension: Option<String>,
    #[serde(default)]
    about: Option<String>,
}

impl Reply {
    /// Reads an answer. What it has more than we know is left aside.
    ///
    /// # Errors
    /// What is wrong with it, without its content.
    pub(super) fn parse(body: &[u8]) -> Result<Self, String> {
        let raw: RawAnswer = serde_json::from_slice(body).map_err(|error| {
            format!(
                "no menu in JSON (line {}, column {})",
                error.line(),
                error.column()
            )
        })?;
        let choices = raw.choices.and_then(|choices| {
            let nobody_meant = choices.is_empty();
            let choices = choices.into_iter().take(MOST_CHOICES);
            let readable: Vec<Choice> = choices.filter_map(RawChoice::read).collect();
            (nobody_meant || !readable.is_empty()).then_some(readable)
        });
        Ok(Self {
            name: raw.caller_name.and_then(|name| CallerName::new(&name)),
            choices,
        })
    }

    /// How those whom the CRM offers are reached: as the directory says, otherwise as the CRM does.
    /// `None` if the CRM leaves it to the rating, or names nobody who can be reached.
    #[must_use]
    pub fn entries(&self, company: &Company) -> Option<Vec<Entry>> {
        let choices = self.choices.as_ref()?;
        let entries: Vec<Entry> = choices
            .iter()
            .filter_map(|one| one.entry(company))
            .collect();
        (choices.is_empty() || !entries.is_empty()).then_some(entries)
    }

    /// Why the caller may want those whom the CRM offers, as far as it says so.
    #[must_use]
    pub fn reasons(&self, company: &Company) -> Reasons {
        let choices = self.choices.iter().flatten();
        let reasons = choices.filter_map(|one| {
            let about = one.about.clone()?;
            Some((one.entry(company)?.id, about))
        });
        reasons.collect()
    }
}

impl RawChoice {
    /// `None` for one that nobody could be reached by; the others hold.
    fn read(self) -> Option<Choice> {
        let employee = self.employee.and_then(|id| EmployeeId::parse(&id).ok());
        let name = self
            .name
            .and_then(|name| person::part(&name).ok().flatten());
        let extension = self.extension.and_then(|text| Extension::parse(&text).ok());
        let other = name
            .zip(extension)
            .map(|(name, extension)| (Name::Department(name), extension));
        (employee.is_some() || other.is_some()).then_some(Choice {
            employee,
            other,
            about: self.about.as_deref().and_then(About::new),
        })
    }
}

impl Choice {
    fn entry(&self, company: &Company) -> Option<Entry> {
        let known = self.employee.as_ref().and_then(|id| company.entry(id));
        known.or_else(|| {
            let (name, extension) = self.other.clone()?;
            let id = self.employee.clone();
            Some(Entry {
                id: id.or_else(|| EmployeeId::parse(extension.digits()).ok())?,
                name,
                gender: None,
                endpoint: Endpoint::of_extension(&extension),
                more_endpoints: Vec::new(),
                extension,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::directory::EmployeeCard;
    use crate::domain::person::PersonName;
    use crate::domain::rating;

    fn company() -> Company {
        let mut company = Company::new(TimeZone::UTC);
        company.put(
            EmployeeId::parse("chulkova").unwrap(),
            EmployeeCard {
                name: Name::Person(PersonName::new("Чулкова", "Евгения", "").unwrap()),
                gender: None,
                extension: Some(Extension::parse("34").unwrap()),
                endpoints: Vec::new(),
                language: None,
                duty: rating::Employee::default(),
            },
        );
        company
    }

    fn extensions(json: &str) -> Option<Vec<String>> {
        let entries = Reply::parse(json.as_bytes()).unwrap().entries(&company())?;
        Some(
            entries
                .iter()
                .map(|entry| entry.extension.to_string())
                .collect(),
        )
    }

    #[test]
    fn the_crm_may_say_who_calls_and_leave_the_menu_to_the_rating() {
        let answer = Reply::parse(r#"{"caller_name": "Петров"}"#.as_bytes()).unwrap();
        assert_eq!(answer.name.as_ref().unwrap().as_str(), "Петров");
        assert_eq!(answer.entries(&company()), None);
    }

    #[test]
    fn the_crm_may_name_employees_and_others_in_its_own_order() {
        let json = r#"{"choices": [
            {"key": "1", "employee": "new", "name": "Новый Сотрудник", "extension": "77"},
            {"employee": "chulkova"},
            {"name": "Склад", "extension": "81"}]}"#;
        assert_eq!(extensions(json).unwrap(), ["77", "34", "81"]);
    }

    #[test]
    fn whoever_can_not_be_reached_is_left_out_and_the_others_hold() {
        let json = r#"{"choices": [{"employee": "nobody"}, {"name": "x"}, {},
            {"name": "x", "extension": "PJSIP/34"}, {"employee": "chulkova"}]}"#;
        assert_eq!(extensions(json).unwrap(), ["34"]);
    }

    #[test]
    fn a_menu_of_nobody_who_can_be_reached_leaves_it_to_the_rating_and_an_empty_one_does_not() {
        assert_eq!(extensions(r#"{"choices": [{"employee": "nobody"}]}"#), None);
        assert_eq!(extensions(r#"{"choices": [{}, {"name": "x"}]}"#), None);
        assert_eq!(extensions(r#"{"choices": []}"#), Some(Vec::new()));
    }

    #[test]
    fn the_crm_may_say_why_somebody_is_wanted() {
        let json = r#"{"choices": [{"employee": "chulkova", "about": " счёт\n 1042"},
            {"name": "Склад", "extension": "81", "about": ""}, {"employee": "nobody", "about": "x"}]}"#;
        let reasons = Reply::parse(json.as_bytes()).unwrap().reasons(&company());
        let why = |id: &str| {
            let about = reasons.to_call(&EmployeeId::parse(id).unwrap());
            about.map(|about| about.as_str().to_owned())
        };
        assert_eq!(why("chulkova").unwrap(), "счёт 1042");
        assert_eq!((why("81"), why("nobody")), (None, None));
    }

    #[test]
    fn what_is_no_menu_is_refused_without_its_content() {
        for text in [
            "",
            "<html>Petrov</html>",
            "[1]",
            r#"{"choices": 5}"#,
            r#"{"caller_name": 5}"#,
        ] {
            let reason = Reply::parse(text.as_bytes()).unwrap_err();
            assert!(reason.starts_with("no menu in JSON"), "{reason}");
            assert!(!reason.contains("Petrov"));
        }
    }
}
