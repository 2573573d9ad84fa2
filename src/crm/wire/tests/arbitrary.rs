//! Whatever anybody sends, nothing panics, and what was read once is read the same again.

use proptest::prelude::*;

use super::{arrived, reader};
use crate::crm::wire::{ClientDocument, Elements, EmployeeDocument, Intake, Kind, Lines};
use crate::store::Change;

const WHOLE: [&str; 4] = [
    r#"{"id":"i-1","type":"invoice.issued","time":"2026-11-20T10:15:00+03:00","client":"c-7",
        "employee":"chulkova","phones":["8 (495) 926-26-44"],"case":"invoice-1","version":3}"#,
    r#"{"specversion":"1.0","id":"17","source":"/1c","type":"call","time":"2026-11-20T07:15:00Z",
        "subject":"c-7","data":{"employee":"chulkova","phones":["+74959262644"],"cancelled":false}}"#,
    r#"{"id":"34","last":"Чулкова","first":"Евгения","gender":"ж","extension":"34","reach":["PJSIP/34"],
        "until":"2027-01-31","leave":[{"from":"2026-12-01","until":"2026-12-14"}],
        "hours":"пн-пт 9:00-18:00, сб 22:00-06:00","language":"ru","technical":false,"version":7}"#,
    r#"{"id":"c-7","last":"Петров","organisation":"Ромашка","phones":["+79161234567"],"version":3}"#,
];

const KINDS: [Kind; 4] = [Kind::Event, Kind::CloudEvent, Kind::Employee, Kind::Client];

/// One of the documents with some bytes changed, taken out, doubled or put in.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\"".to_vec()),
        Just(b"{".to_vec()),
        Just(b"]".to_vec()),
        Just(b"null".to_vec()),
        Just(b"-1e999".to_vec()),
        Just(b"\\u0000".to_vec()),
        Just(b"\\ud800".to_vec()),
        Just(b"9999-12-31".to_vec()),
        Just(b"-9999-01-01T00:00:00".to_vec()),
        Just(b"tel:".to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    let edit = (any::<prop::sample::Index>(), 0..20_usize, piece);
    let edits = prop::collection::vec(edit, 1..5);
    (prop::sample::select(WHOLE.to_vec()), edits).prop_map(|(whole, edits)| {
        let mut bytes = whole.as_bytes().to_vec();
        for (place, length, piece) in edits {
            let begin = place.index(bytes.len() + 1);
            let end = (begin + length).min(bytes.len());
            bytes.splice(begin..end, piece);
        }
        bytes
    })
}

fn take(document: &[u8]) {
    for kind in KINDS {
        let reader = reader();
        let mut intake = Intake::new(&reader, kind);
        intake.take(document, Some(1), arrived());
        let changes = intake.changes();
        let (count, refused) = (changes.len() as u64, intake.events_report().refused);
        assert_eq!(count + refused, 1);
        changes.iter().for_each(reads_the_same_again);
    }
}

fn reads_the_same_again(change: &Change) {
    let reader = reader();
    if let Change::PutEmployee { id, card, version } = change {
        let document = EmployeeDocument::of(id, card, *version, reader.moments());
        let text = serde_json::to_string(&document).unwrap();
        let again = reader.employee(&text, Some(id), arrived()).unwrap();
        assert!(matches!(again.change, Change::PutEmployee { card: same, .. } if same == *card));
    }
    if let Change::PutClient { id, card, version } = change {
        let text = serde_json::to_string(&ClientDocument::of(id, card, *version)).unwrap();
        let again = reader.client(&text, Some(id), arrived()).unwrap();
        assert!(matches!(again.change, Change::PutClient { card: same, .. } if same == *card));
    }
}

#[test]
fn what_is_not_mutated_is_read() {
    for (whole, kind) in WHOLE.iter().zip(KINDS) {
        let reader = reader();
        let mut intake = Intake::new(&reader, kind);
        intake.take(whole.as_bytes(), None, arrived());
        assert_eq!(intake.waiting(), 1, "{kind:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_documents_are_read_or_refused(document in mutated()) {
        take(&document);
    }

    #[test]
    fn arbitrary_bytes_are_refused(document in prop::collection::vec(any::<u8>(), 0..200)) {
        take(&document);
    }

    #[test]
    fn arbitrary_texts_are_cut_up(text in "[\\[\\]{},\":a1 \n]{0,60}") {
        if let Some(elements) = Elements::of(&text) {
            prop_assert!(elements.count() <= text.len());
        }
        let mut lines = Lines::default();
        let mut count = 0;
        lines.push(text.as_bytes(), |_| count += 1);
        lines.finish(|_| count += 1);
        prop_assert!(count <= text.len());
    }

    #[test]
    fn arbitrary_hours_are_read_or_refused(hours in "([a-zпнвтс]{2,3}|[0-9:]{1,5}|[-, ]){0,8}") {
        let document = serde_json::json!({"id": "1", "last": "Белых", "hours": hours}).to_string();
        take(document.as_bytes());
    }
}
