//! What the demo's company knows: its people, its one client, and what happened between them.

use jiff::{Timestamp, ToSpan};
use vizavi::domain::directory::{ClientCard, EmployeeCard, Endpoint, Entry, Extension, Name};
use vizavi::domain::language::Language;
use vizavi::domain::person::PersonName;
use vizavi::domain::phone::PhoneNumber;
use vizavi::domain::rating::{
    Body, ClientId, Employee, EmployeeId, Event, EventId, Happening, KindName,
};
use vizavi::store::Change;

use super::company::Result;

/// The number of the client whom the company knows.
pub(crate) const CLIENT: &str = "+74959262644";

/// A number that nobody knows.
pub(crate) const STRANGER: &str = "+79161112233";

/// Under which the company knows its client.
const CLIENT_ID: &str = "client-17";

/// Id, surname and first name in Russian and in English, extension.
type Person = (
    &'static str,
    [&'static str; 2],
    [&'static str; 2],
    &'static str,
);

const EUGENIA: Person = (
    "chulkova",
    ["Чулкова", "Евгения"],
    ["Chulkova", "Eugenia"],
    "34",
);
const DMITRY: Person = (
    "maslennikov",
    ["Масленников", "Дмитрий"],
    ["Maslennikov", "Dmitry"],
    "02",
);

/// Everybody who works there, the client, and the events: an invoice today, three e-mails yesterday.
/// So the client wants Eugenia first, then Dmitry. Their card may say what they are spoken to in.
pub(crate) fn records(language: Language, client: Option<Language>) -> Result<Vec<Change>> {
    let now = Timestamp::now();
    let mut changes = Vec::new();
    for person in [EUGENIA, DMITRY] {
        changes.push(Change::PutEmployee {
            id: EmployeeId::parse(person.0)?,
            card: Box::new(card(person, language)?),
            version: 1,
        });
    }
    changes.push(Change::PutClient {
        id: ClientId::parse(CLIENT_ID)?,
        card: Box::new(ClientCard {
            phones: vec![PhoneNumber::parse(CLIENT)?],
            language: client,
            ..ClientCard::default()
        }),
        version: 1,
    });
    changes.push(event("invoice.issued", EUGENIA, now - 2.hours())?);
    for hours in [20, 24, 28] {
        changes.push(event("email.received", DMITRY, now - hours.hours())?);
    }
    Ok(changes)
}

/// What the company's settings say of its departments.
pub(crate) fn departments(language: Language) -> String {
    let name = sales_name(language);
    format!("[[department]]\nid = \"sales\"\nname = \"{name}\"\nextension = \"90\"\n")
}

/// Those whom the client wants, the best first.
pub(crate) fn wanted(language: Language) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for person in [EUGENIA, DMITRY] {
        let id = EmployeeId::parse(person.0)?;
        entries.extend(card(person, language)?.entry(&id));
    }
    Ok(entries)
}

/// What everybody is offered.
pub(crate) fn sales(language: Language) -> Result<Entry> {
    let extension = Extension::parse("90")?;
    Ok(Entry {
        id: EmployeeId::parse("sales")?,
        name: Name::Department(sales_name(language).to_owned()),
        gender: None,
        endpoint: Endpoint::of_extension(&extension),
        more_endpoints: Vec::new(),
        extension,
    })
}

fn sales_name(language: Language) -> &'static str {
    match language {
        Language::Russian => "Отдел продаж",
        Language::English => "Sales department",
    }
}

fn card((_, russian, english, extension): Person, language: Language) -> Result<EmployeeCard> {
    let [last, first] = match language {
        Language::Russian => russian,
        Language::English => english,
    };
    Ok(EmployeeCard {
        name: Name::Person(PersonName::new(last, first, "")?),
        gender: None,
        extension: Some(Extension::parse(extension)?),
        endpoints: Vec::new(),
        language: None,
        duty: Employee::default(),
    })
}

fn event(kind: &str, (employee, ..): Person, time: Timestamp) -> Result<Change> {
    Ok(Change::Event {
        client: ClientId::parse(CLIENT_ID)?,
        event: Event {
            id: EventId::parse(&format!("{kind} {time}"))?,
            version: 1,
            body: Body::Happened(Happening {
                kind: KindName::parse(kind)?,
                employee: EmployeeId::parse(employee)?,
                case: None,
                phones: Vec::new(),
                about: None,
            }),
            time,
        },
        arrived: Timestamp::now(),
    })
}
