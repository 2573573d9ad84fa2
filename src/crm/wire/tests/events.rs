//! Events in our own shape.

use super::{arrived, read_event, reader, reason};
use crate::domain::rating::{Body, ClientId, Happening};

fn happening(document: &str) -> Happening {
    match read_event(document).unwrap().1.body {
        Body::Happened(happening) => happening,
        Body::Cancelled => panic!("cancelled"),
    }
}

/// A whole event with one field more, or another one.
fn with(field: &str) -> String {
    let whole = [
        r#""id":"1""#,
        r#""type":"call""#,
        r#""time":"2026-11-20T10:15:00""#,
        r#""client":"7""#,
        r#""employee":"34""#,
    ];
    let name = field.split(':').next().unwrap();
    let others = whole.iter().filter(|other| !other.starts_with(name));
    let fields: Vec<&str> = others.copied().chain([field]).collect();
    format!("{{{}}}", fields.join(","))
}

#[test]
fn every_field_of_an_event_is_read() {
    let (client, event) = read_event(
        r#"{"id":"i-1","type":"invoice.issued","time":"2026-11-20T10:15:00+03:00","client":"c-7",
            "employee":"chulkova","phones":["8 (495) 926-26-44"],"case":"invoice-1","about":"счёт 1","version":3}"#,
    )
    .unwrap();
    assert_eq!(client.as_str(), "c-7");
    assert_eq!((event.id.as_str(), event.version), ("i-1", 3));
    assert_eq!(event.time.to_string(), "2026-11-20T07:15:00Z");
    let Body::Happened(happening) = event.body else {
        panic!("cancelled");
    };
    assert_eq!(happening.kind.as_str(), "invoice.issued");
    assert_eq!(happening.employee.as_str(), "chulkova");
    assert_eq!(happening.case.unwrap().as_str(), "invoice-1");
    assert_eq!(happening.phones[0].as_str(), "+74959262644");
    assert_eq!(happening.about.unwrap().as_str(), "счёт 1");
}

#[test]
fn what_an_event_is_about_is_cut_where_a_telephone_ends() {
    let long = "я".repeat(61);
    let about = happening(&with(&format!(r#""about":"{long}""#))).about;
    assert_eq!(about.unwrap().as_str().chars().count(), 60);
    assert_eq!(happening(&with(r#""about":"  ""#)).about, None);
}

#[test]
fn without_a_client_it_is_whoever_has_the_first_number() {
    let document = r#"{"id":"1","type":"call","time":"2026-11-20T10:15:00","employee":"34",
        "phones":["", "8 (495) 926-26-44", "+79161234567"]}"#;
    let (client, event) = read_event(document).unwrap();
    assert_eq!(client.as_str(), "tel:+74959262644");
    assert!(matches!(event.body, Body::Happened(happened) if happened.phones.len() == 2));
}

#[test]
fn all_spellings_of_a_number_are_one_client() {
    for phone in [
        "+74959262644",
        "8 (495) 926-26-44",
        "84959262644",
        "7495 9262644",
    ] {
        let document = with(&format!(r#""client":null,"phones":["{phone}"]"#));
        assert_eq!(
            read_event(&document).unwrap().0.as_str(),
            "tel:+74959262644"
        );
    }
}

#[test]
fn an_unreadable_number_is_left_out_if_the_client_is_named() {
    let document = with(r#""phones":["нет","+79161234567"," "]"#);
    let read = reader().event(&document, arrived()).unwrap();
    assert_eq!(read.warnings.len(), 1);
    assert!(read.warnings[0].starts_with("phones[0] was left out: not a telephone number"));
    assert_eq!(happening(&document).phones.len(), 1);
}

#[test]
fn an_unreadable_number_can_not_stand_for_a_client() {
    let reason = reason(&with(r#""client":"","phones":["anonymous"]"#));
    assert!(
        reason.starts_with("phones[0]: not a telephone number"),
        "{reason}"
    );
}

#[test]
fn an_event_is_somebodys() {
    for client in [
        r#""client":null"#,
        r#""client":" ""#,
        r#""client":"","phones":[]"#,
    ] {
        assert!(reason(&with(client)).starts_with("client: whose event is it?"));
    }
}

#[test]
fn the_ids_of_numbers_are_ours() {
    let known = read_event(&with(r#""client":"tel:+74959262644""#))
        .unwrap()
        .0;
    assert!(known.is_a_phone());
    for client in ["tel:", "tel:84959262644", "tel:x", "tel:+7 495 9262644"] {
        let reason = reason(&with(&format!(r#""client":"{client}""#)));
        assert!(reason.contains("begins with \"tel:\""), "{reason}");
    }
}

#[test]
fn ids_may_be_numbers() {
    let (client, event) = read_event(&with(r#""client":1234567890123"#)).unwrap();
    assert_eq!(client, ClientId::parse("1234567890123").unwrap());
    assert_eq!(event.version, 0);
}

#[test]
fn a_misspelt_field_does_not_vanish() {
    let reason = reason(&with(r#""emploee":"35""#));
    assert_eq!(
        reason,
        "\"emploee\" is no field of an event; is \"employee\" meant?"
    );
    for (misspelt, meant) in [
        ("Client", "client"),
        ("phone", "phones"),
        ("canceled", "cancelled"),
        ("employee_id", "employee"),
        ("timestamp", "time"),
    ] {
        let reason = super::reason(&with(&format!("\"{misspelt}\":null")));
        assert!(
            reason.ends_with(&format!("is \"{meant}\" meant?")),
            "{reason}"
        );
    }
    let reason = super::reason(&with(r#""зачем":1"#));
    assert!(reason.contains("the fields are id, type"), "{reason}");
}

#[test]
fn a_cancellation_needs_an_id_and_a_client() {
    let (_, event) = read_event(r#"{"id":"1","client":"7","cancelled":true}"#).unwrap();
    assert_eq!(event.body, Body::Cancelled);
    assert_eq!(event.time, arrived());
    let timed = with(r#""cancelled":true"#);
    assert_eq!(
        read_event(&timed).unwrap().1.time.to_string(),
        "2026-11-20T07:15:00Z"
    );
    assert!(reason(r#"{"id":"1","cancelled":true}"#).starts_with("client:"));
    assert_eq!(
        reason(r#"{"client":"7","cancelled":true}"#),
        "id is missing"
    );
}

#[test]
fn what_is_missing_is_named() {
    for name in ["id", "type", "time", "employee"] {
        for nothing in ["null", "\"\"", "\" \""] {
            assert_eq!(
                reason(&with(&format!("\"{name}\":{nothing}"))),
                format!("{name} is missing")
            );
        }
    }
}

#[test]
fn a_wrong_type_is_refused_with_its_place() {
    for (field, expected) in [
        (r#""id":{}"#, "invalid type: map, expected a text at line 1"),
        (
            r#""employee":1.5"#,
            "invalid type: floating point `1.5`, expected a text",
        ),
        (r#""phones":"+79161234567""#, "expected a sequence"),
        (r#""version":-1"#, "expected u64"),
        (r#""version":"x""#, "expected u64"),
        (r#""cancelled":"yes""#, "expected a boolean"),
    ] {
        let reason = reason(&with(field));
        assert!(reason.contains(expected), "{reason}");
    }
    for document in ["5", "null", "\"x\"", "[]", "true"] {
        assert!(
            reason(document).starts_with("an event is a JSON object"),
            "{document}"
        );
    }
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    let reason = reason(r#"{"id":"1","id":"2","client":"7","cancelled":true}"#);
    assert!(reason.contains("duplicate field `id`"), "{reason}");
}

#[test]
fn an_endless_id_and_a_nul_are_refused() {
    let long = with(&format!("\"id\":\"{}\"", "x".repeat(10_000)));
    let refused = read_event(&long).unwrap_err();
    assert_eq!(
        refused.reason,
        "id: the id has 10000 bytes; 200 are the most"
    );
    let reason = reason(&with(r#""employee":"a\u0000b""#));
    assert_eq!(reason, "employee: the id has a control character in it");
}

#[test]
fn deep_nesting_is_refused() {
    let deep = with(&format!(
        "\"client\":{}{}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    ));
    assert!(!reason(&deep).is_empty());
    let unknown = with(&format!(
        "\"x\":{}{}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    ));
    assert!(reason(&unknown).starts_with("\"x\" is no field"));
}

#[test]
fn more_numbers_than_one_client_has_are_refused() {
    let phones = vec!["\"+79161234567\""; 21].join(",");
    let reason = reason(&with(&format!("\"phones\":[{phones}]")));
    assert_eq!(reason, "phones: 21 numbers; 20 are the most");
}

#[test]
fn a_refusal_names_the_event_as_far_as_it_can() {
    let refused = read_event(r#"{"id":"e-1","type":5.5}"#).unwrap_err();
    assert_eq!(refused.id.as_deref(), Some("e-1"));
    assert_eq!(read_event(r#"{"id":{}}"#).unwrap_err().id, None);
}
