//! Employees and clients.

use serde_json::{Value, json};

use super::{arrived, reader};
use crate::crm::wire::{ClientDocument, EmployeeDocument};
use crate::domain::directory::{ClientCard, EmployeeCard, Name};
use crate::domain::person::Gender;
use crate::domain::rating::{ClientId, EmployeeId};
use crate::store::Change;

fn employee(document: &Value) -> Result<(EmployeeId, EmployeeCard, u64), String> {
    let read = reader().employee(&document.to_string(), None, arrived());
    let change = read.map_err(|refused| refused.reason)?.change;
    let Change::PutEmployee { id, card, version } = change else {
        panic!("no employee");
    };
    Ok((id, *card, version))
}

fn client(document: &Value) -> Result<(ClientId, ClientCard, u64), String> {
    let read = reader().client(&document.to_string(), None, arrived());
    let change = read.map_err(|refused| refused.reason)?.change;
    let Change::PutClient { id, card, version } = change else {
        panic!("no client");
    };
    Ok((id, *card, version))
}

fn written(id: &EmployeeId, card: &EmployeeCard, version: u64) -> Value {
    let reader = reader();
    let document = EmployeeDocument::of(id, card, version, reader.moments());
    serde_json::to_value(document).unwrap()
}

fn whole_employee() -> Value {
    json!({"id": "chulkova", "last": "Чулкова", "first": "Евгения", "middle": "Петровна",
        "gender": "female", "extension": "34", "reach": ["PJSIP/34", "PJSIP/+79161234567@trunk"],
        "until": "2027-01-31", "successor": "belykh", "alias_of": "other", "technical": true,
        "leave": [{"from": "2026-12-01", "until": "2026-12-14"},
                  {"from": "2027-01-11T12:00:00+03:00", "until": "2027-01-11T15:30:00+03:00"}],
        "hours": "mon-fri 09:00-18:00, sat 10:00-14:00", "language": "en", "version": 7})
}

#[test]
fn what_is_written_of_an_employee_is_what_was_read() {
    let (id, card, version) = employee(&whole_employee()).unwrap();
    assert_eq!(card.gender, Some(Gender::Female));
    assert_eq!(card.duty.until.unwrap().to_string(), "2027-01-31T21:00:00Z");
    assert_eq!(card.duty.leave[0].from.to_string(), "2026-11-30T21:00:00Z");
    assert_eq!(card.duty.leave[0].until.to_string(), "2026-12-14T21:00:00Z");
    let again = written(&id, &card, version);
    assert_eq!(again, whole_employee());
    assert_eq!(employee(&again).unwrap(), (id, card, version));
}

#[test]
fn a_department_has_a_name_of_its_own() {
    let document = json!({"id": "sales", "department": "Отдел продаж", "extension": 90});
    let (id, card, _) = employee(&document).unwrap();
    assert_eq!(card.name, Name::Department("Отдел продаж".to_owned()));
    assert_eq!(card.extension.as_ref().unwrap().digits(), "90");
    assert_eq!(written(&id, &card, 1)["department"], "Отдел продаж");
}

#[test]
fn without_a_version_the_arrival_decides() {
    let (_, _, version) = employee(&json!({"id": "1", "last": "Белых"})).unwrap();
    assert_eq!(version, 1_795_165_200_000_000);
    let (_, _, version) = client(&json!({"id": "1"})).unwrap();
    assert_eq!(version, 1_795_165_200_000_000);
}

#[test]
fn what_is_wrong_with_an_employee_is_named() {
    for (field, value, expected) in [
        (
            "last",
            json!("Iva\0nov"),
            "name: a name has no control characters",
        ),
        (
            "last",
            json!("я".repeat(101)),
            "name: a part of a name has at most 100",
        ),
        ("department", json!("Продажи"), "leave out one of the two"),
        ("gender", json!("x"), "gender is \"female\" or \"male\""),
        (
            "extension",
            json!("3a"),
            "extension: an extension is one to six digits",
        ),
        (
            "reach",
            json!(["PJSIP/34", "34"]),
            "reach[1]: an endpoint is",
        ),
        (
            "reach",
            json!(vec!["PJSIP/1"; 9]),
            "reach: 8 telephones are the most",
        ),
        ("until", json!("tomorrow"), "until: a day is written as"),
        ("until", json!("2026-02-30"), "until: a day is written as"),
        (
            "leave",
            json!([{"from": "2026-12-14", "until": "2026-12-01"}]),
            "leave[0]: it ends before",
        ),
        (
            "leave",
            json!([{"from": "2026-12-14"}]),
            "missing field `until`",
        ),
        (
            "leave",
            json!([{"from": "2026-12-14", "until": "2026-12-14", "x": 1}]),
            "unknown field `x`",
        ),
        (
            "hours",
            json!("sometimes"),
            "hours: \"sometimes\" is not understood",
        ),
        ("language", json!("de"), "language is \"ru\" or \"en\""),
        ("technical", json!("да"), "expected a boolean"),
        (
            "surname",
            json!("x"),
            "\"surname\" is no field of an employee",
        ),
        ("id", json!(""), "id is missing"),
    ] {
        let mut document = whole_employee();
        document[field] = value;
        let reason = employee(&document).unwrap_err();
        assert!(reason.contains(expected), "{field}: {reason}");
    }
    let reason = employee(&json!({"id": "1", "middle": "Петровна"})).unwrap_err();
    assert!(
        reason.contains("at least a first or a last name"),
        "{reason}"
    );
    let reason = employee(&json!({"id": "1"})).unwrap_err();
    assert!(reason.starts_with("a name is missing"), "{reason}");
}

#[test]
fn genders_are_read_in_both_languages() {
    for (text, gender) in [
        ("f", Gender::Female),
        ("Ж", Gender::Female),
        ("м", Gender::Male),
    ] {
        let document = json!({"id": "1", "last": "Черных", "gender": text});
        assert_eq!(employee(&document).unwrap().1.gender, Some(gender));
    }
}

fn hours(text: &str) -> Result<String, String> {
    let (id, card, _) = employee(&json!({"id": "1", "last": "Черных", "hours": text}))?;
    let written = written(&id, &card, 1);
    let again = employee(&written).unwrap().1;
    assert_eq!(again.duty.hours, card.duty.hours, "{text}");
    Ok(written["hours"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn hours_are_read_in_both_languages_and_many_spellings() {
    for (text, expected) in [
        (
            "mon-fri 09:00-18:00, sat 10:00-14:00",
            "mon-fri 09:00-18:00, sat 10:00-14:00",
        ),
        (
            "пн-пт 9:00-18:00, сб 10:00–14:00",
            "mon-fri 09:00-18:00, sat 10:00-14:00",
        ),
        (
            "Пн-Чт 9-18; Пт 9.00 - 16.45",
            "mon-thu 09:00-18:00, fri 09:00-16:45",
        ),
        (
            "mon,wed,fri 9:00-13:00 14:00-18:00",
            "mon 09:00-13:00 14:00-18:00, wed 09:00-13:00 14:00-18:00, fri 09:00-13:00 14:00-18:00",
        ),
        (
            "sat-mon 22:00-06:00",
            "mon 22:00-06:00, sat-sun 22:00-06:00",
        ),
        ("ежедневно 0:00-24:00", "mon-sun 00:00-24:00"),
        (
            "sat 10-14, mon-fri 9-18",
            "mon-fri 09:00-18:00, sat 10:00-14:00",
        ),
        ("never", "never"),
    ] {
        assert_eq!(hours(text).unwrap(), expected, "{text}");
    }
}

#[test]
fn what_is_no_hours_is_refused() {
    for text in [
        "9:00-18:00",
        "mon-fri",
        "mon 9:00-18:00 tue",
        "mon 25:00-26:00",
        "mon 9:60-10:00",
        "mon 9:00",
        "xyz 9:00-18:00",
        "mon 9:00-18:00-20:00",
        "-",
        "mon- 9-18",
        "mon 24:01-25:00",
        "mon 100-200",
    ] {
        assert!(hours(text).unwrap_err().starts_with("hours: "), "{text}");
    }
    assert!(hours(&"mon 9-18,".repeat(500)).is_err());
    assert!(hours(&"daily 9-18 ".repeat(8)).is_err());
}

#[test]
fn what_is_written_of_a_client_is_what_was_read() {
    let whole = json!({"id": "c-7", "last": "Петров", "first": "Иван", "middle": "Ильич",
        "organisation": "Ромашка", "phones": ["+74959262644", "+79161234567"], "language": "ru",
        "version": 3});
    let (id, card, version) = client(&whole).unwrap();
    let again = serde_json::to_value(ClientDocument::of(&id, &card, version)).unwrap();
    assert_eq!(again, whole);
    assert_eq!(client(&again).unwrap(), (id, card, version));
}

#[test]
fn an_unreadable_number_of_a_client_is_left_out() {
    let document = json!({"id": "c-7", "phones": ["нет", "8 495 926 26 44", "+74959262644", ""]});
    let read = reader()
        .client(&document.to_string(), None, arrived())
        .unwrap();
    assert_eq!(read.warnings.len(), 1);
    assert_eq!(client(&document).unwrap().1.phones.len(), 1);
}

#[test]
fn what_is_wrong_with_a_client_is_named() {
    for (document, expected) in [
        (
            json!({"id": "1", "organisation": "a\nb"}),
            "organisation: a name has no control",
        ),
        (json!({"id": "tel:x"}), "client: an id that begins with"),
        (
            json!({"id": "1", "company": "Ромашка"}),
            "no field of a client",
        ),
        (json!({"last": "Петров"}), "id is missing"),
    ] {
        let reason = client(&document).unwrap_err();
        assert!(reason.contains(expected), "{reason}");
    }
}

#[test]
fn the_id_of_the_path_is_the_id() {
    let path = EmployeeId::parse("34").unwrap();
    let of = |document: &str| reader().employee(document, Some(&path), arrived());
    assert_eq!(of(r#"{"last":"Белых"}"#).unwrap().id, "34");
    assert_eq!(of(r#"{"last":"Белых","id":34}"#).unwrap().id, "34");
    let refused = of(r#"{"last":"Белых","id":"35"}"#).unwrap_err();
    assert_eq!(refused.reason, "id is another one than that of the path");
}
