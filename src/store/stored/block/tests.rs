//! Blocks of events, written and read again.

use super::*;

#[test]
fn an_event_without_a_text_is_written_as_before_there_were_texts() {
    let (kind, employee, case, phones) = (5, 6, 7, 8);
    let without = StoredBody::Happened {
        kind,
        employee,
        case,
        phones,
    };
    let with = StoredBody::About {
        kind,
        employee,
        case,
        phones,
        about: "ab",
    };
    let bytes = |body: &StoredBody<'_>| postcard::to_extend(body, Vec::new()).unwrap();
    assert_eq!(bytes(&StoredBody::Cancelled), [0]);
    assert_eq!(bytes(&without), [1, 5, 6, 7, 8]);
    assert_eq!(bytes(&with), [2, 5, 6, 7, 8, 2, b'a', b'b']);
}
