//! The file of people: who can be reached, and whom each client wants, in that order.
//!
//! It stands where the CRM's events and the rating will be: calls see only [`Rating`].

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use crate::domain::directory::{Endpoint, Entry, Extension, Name};
use crate::domain::menu::Rating;
use crate::domain::person::PersonName;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::EmployeeId;
use crate::toml_file::{FileError, TomlFile};

/// Everybody in the file.
#[derive(Debug)]
pub struct People {
    entries: Vec<Entry>,
    default: Vec<Entry>,
    wanted: HashMap<PhoneNumber, Vec<Entry>>,
}

impl People {
    /// Reads the file.
    ///
    /// # Errors
    /// [`FileError`] for what can't be read, a number or an extension that isn't one, something
    /// given twice, somebody wanted who is not there.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        Self::parse(&TomlFile::read(path)?)
    }

    fn parse(file: &TomlFile) -> Result<Self, FileError> {
        let raw: RawPeople = file.parse()?;
        let mut reader = Reader {
            file,
            by_id: HashMap::new(),
            by_extension: HashMap::new(),
        };
        let mut entries = Vec::new();
        for employee in raw.employee {
            let name = PersonName::new(employee.last.get_ref(), &employee.first, "")
                .map_err(|error| reader.mistake(&employee.last, &error))?;
            let reach = (employee.id, employee.extension, employee.endpoint);
            entries.push(reader.entry(reach, Name::Person(name))?);
        }
        for department in raw.department {
            let reach = (department.id, department.extension, department.endpoint);
            entries.push(reader.entry(reach, Name::Department(department.name))?);
        }
        let default = reader.wanted(&raw.default)?;
        let mut wanted = HashMap::new();
        for client in raw.client {
            let wants = reader.wanted(&client.wants)?;
            for phone in client.phones {
                let number = PhoneNumber::parse(phone.get_ref())
                    .map_err(|error| reader.mistake(&phone, &error))?;
                if wanted.insert(number, wants.clone()).is_some() {
                    let message = "this telephone number is given twice";
                    return Err(file.mistake(&phone.span(), message));
                }
            }
        }
        Ok(Self {
            entries,
            default,
            wanted,
        })
    }

    /// Everybody who can be reached.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Everybody who gets a menu of their own.
    pub fn known_callers(&self) -> impl Iterator<Item = &PhoneNumber> {
        self.wanted.keys()
    }
}

impl Rating for People {
    fn wanted_by(&self, caller: Option<&PhoneNumber>) -> Vec<Entry> {
        caller
            .and_then(|number| self.wanted.get(number))
            .cloned()
            .unwrap_or_default()
    }

    fn default_choices(&self) -> Vec<Entry> {
        self.default.clone()
    }
}

/// What an employee and a department have in common: id, extension, endpoint.
type Reach = (Spanned<String>, Spanned<String>, Option<Spanned<String>>);

/// Turns what the file says into entries, each of which is there once.
struct Reader<'a> {
    file: &'a TomlFile,
    by_id: HashMap<String, Entry>,
    by_extension: HashMap<Extension, String>,
}

impl Reader<'_> {
    fn entry(&mut self, reach: Reach, name: Name) -> Result<Entry, FileError> {
        let (id, extension, endpoint) = reach;
        let digits = Extension::parse(extension.get_ref())
            .map_err(|error| self.mistake(&extension, &error))?;
        let written =
            endpoint.unwrap_or_else(|| Spanned::new(extension.span(), format!("PJSIP/{digits}")));
        let endpoint =
            Endpoint::parse(written.get_ref()).map_err(|error| self.mistake(&written, &error))?;
        let name_of_id = id.get_ref().clone();
        if let Some(other) = self.by_extension.insert(digits.clone(), name_of_id.clone()) {
            let message = format!("extension {digits} is given twice: {other:?} has it too");
            return Err(self.file.mistake(&extension.span(), message));
        }
        let entry = Entry {
            id: EmployeeId::parse(&name_of_id).map_err(|error| self.mistake(&id, &error))?,
            name,
            extension: digits,
            endpoint,
        };
        if self.by_id.insert(name_of_id, entry.clone()).is_some() {
            let message = format!("id {:?} is given twice", id.get_ref());
            return Err(self.file.mistake(&id.span(), message));
        }
        Ok(entry)
    }

    fn wanted(&self, ids: &[Spanned<String>]) -> Result<Vec<Entry>, FileError> {
        let known = |id: &Spanned<String>| {
            self.by_id.get(id.get_ref()).cloned().ok_or_else(|| {
                let message = format!("{:?} is no employee or department here", id.get_ref());
                self.file.mistake(&id.span(), message)
            })
        };
        ids.iter().map(known).collect()
    }

    fn mistake(&self, place: &Spanned<String>, error: &dyn std::error::Error) -> FileError {
        let message = format!("{:?}: {error}", place.get_ref());
        self.file.mistake(&place.span(), message)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPeople {
    #[serde(default)]
    default: Vec<Spanned<String>>,
    #[serde(default)]
    employee: Vec<RawEmployee>,
    #[serde(default)]
    department: Vec<RawDepartment>,
    #[serde(default)]
    client: Vec<RawClient>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEmployee {
    id: Spanned<String>,
    last: Spanned<String>,
    first: String,
    extension: Spanned<String>,
    endpoint: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDepartment {
    id: Spanned<String>,
    name: String,
    extension: Spanned<String>,
    endpoint: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClient {
    phones: Vec<Spanned<String>>,
    wants: Vec<Spanned<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: &str = r#"default = ["sales"]

[[employee]]
id = "chulkova"
last = "Чулкова"
first = "Евгения"
extension = "34"

[[department]]
id = "sales"
name = "Отдел продаж"
extension = "90"
endpoint = "Local/90@internal"

[[client]]
phones = ["8 (495) 926-26-44"]
wants = ["chulkova", "sales"]
"#;

    fn parse(text: &str) -> Result<People, String> {
        People::parse(&TomlFile::of("people.toml", text)).map_err(|error| error.to_string())
    }

    fn extensions(entries: &[Entry]) -> Vec<&str> {
        entries
            .iter()
            .map(|entry| entry.extension.digits())
            .collect()
    }

    #[test]
    fn a_client_wants_people_in_the_order_of_the_file() {
        let people = parse(PEOPLE).unwrap();
        let number = PhoneNumber::parse("+74959262644").unwrap();
        assert_eq!(extensions(&people.wanted_by(Some(&number))), ["34", "90"]);
    }

    #[test]
    fn an_unknown_or_withheld_number_wants_nobody_in_particular() {
        let people = parse(PEOPLE).unwrap();
        let stranger = PhoneNumber::parse("+74950000000").unwrap();
        assert!(people.wanted_by(Some(&stranger)).is_empty());
        assert!(people.wanted_by(None).is_empty());
        assert_eq!(extensions(&people.default_choices()), ["90"]);
    }

    #[test]
    fn a_telephone_is_found_by_the_extension_unless_the_file_says_otherwise() {
        let people = parse(PEOPLE).unwrap();
        let endpoints: Vec<_> = people
            .entries()
            .iter()
            .map(|e| e.endpoint.as_str())
            .collect();
        assert_eq!(endpoints, ["PJSIP/34", "Local/90@internal"]);
    }

    #[test]
    fn a_mistake_says_where_it_is_and_what_was_expected() {
        let mistakes = [
            (
                "\"90\"",
                "\"34\"",
                "line 12: extension 34 is given twice: \"chulkova\" has it too",
            ),
            (
                "\"sales\"\nname",
                "\"chulkova\"\nname",
                "line 10: id \"chulkova\" is given twice",
            ),
            (
                "8 (495) 926-26-44",
                "no number",
                "line 16: \"no number\": not a telephone number",
            ),
            (
                "[\"chulkova\", ",
                "[\"nobody\", ",
                "line 17: \"nobody\" is no employee or department",
            ),
            (
                "\"34\"",
                "\"3x\"",
                "line 7: \"3x\": an extension is one to six digits",
            ),
            (
                "Local/90@internal",
                "Local/90&PJSIP/1",
                "line 13: \"Local/90&PJSIP/1\": an endpoint",
            ),
            ("first", "frist", "line 6: unknown field `frist`"),
        ];
        for (right, wrong, expected) in mistakes {
            let error = parse(&PEOPLE.replacen(right, wrong, 1)).unwrap_err();
            assert!(error.contains(expected), "{wrong:?} gave {error:?}");
        }
    }

    #[test]
    fn a_number_that_two_clients_share_is_refused_for_now() {
        let twice = format!("{PEOPLE}\n[[client]]\nphones = [\"+74959262644\"]\nwants = []\n");
        assert!(
            parse(&twice)
                .unwrap_err()
                .contains("line 20: this telephone number is given twice")
        );
    }
}
