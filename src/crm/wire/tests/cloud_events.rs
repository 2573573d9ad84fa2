//! Events as CloudEvents.

use super::{arrived, event_of, reader};
use crate::domain::rating::{Body, ClientId, Event};

fn read(document: &str) -> Result<(ClientId, Event), String> {
    let read = reader().cloud_event(document, arrived());
    read.map(event_of).map_err(|refused| refused.reason)
}

const WHOLE: &str = r#"{"specversion":"1.0","id":"17","source":"/1c/trade","type":"invoice.issued",
    "time":"2026-11-20T07:15:00Z","subject":"c-7","datacontenttype":"application/json",
    "traceparent":"00-1","partitionkey":"x",
    "data":{"employee":"chulkova","phones":["+74959262644"],"case":"i-1","version":2}}"#;

#[test]
fn a_cloud_event_is_an_event() {
    let (client, event) = read(WHOLE).unwrap();
    assert_eq!(client.as_str(), "c-7");
    assert_eq!((event.id.as_str(), event.version), ("/1c/trade#17", 2));
    let Body::Happened(happening) = event.body else {
        panic!("cancelled");
    };
    assert_eq!(happening.kind.as_str(), "invoice.issued");
    assert_eq!(happening.case.unwrap().as_str(), "i-1");
}

#[test]
fn two_sources_may_use_the_same_id() {
    let other = WHOLE.replace("/1c/trade", "/bitrix");
    assert_ne!(read(WHOLE).unwrap().1.id, read(&other).unwrap().1.id);
}

#[test]
fn the_client_of_the_data_wins_over_the_subject() {
    let named = WHOLE.replace("\"data\":{", "\"data\":{\"client\":\"c-8\",");
    assert_eq!(read(&named).unwrap().0.as_str(), "c-8");
    let by_number = WHOLE.replace("\"subject\":\"c-7\",", "");
    assert_eq!(read(&by_number).unwrap().0.as_str(), "tel:+74959262644");
}

#[test]
fn a_cloud_event_can_cancel() {
    let cancelled = r#"{"specversion":"1.0","id":"17","source":"/1c/trade","type":"x","subject":"c-7",
        "data":{"cancelled":true}}"#;
    let (_, event) = read(cancelled).unwrap();
    assert_eq!(event.body, Body::Cancelled);
    assert_eq!(event.id.as_str(), "/1c/trade#17");
}

#[test]
fn extensions_pass_but_a_misspelling_in_the_data_does_not() {
    let misspelt = WHOLE.replace("\"employee\"", "\"emploee\"");
    assert_eq!(
        read(&misspelt).unwrap_err(),
        "\"emploee\" is no field of data; is \"employee\" meant?"
    );
}

#[test]
fn what_is_no_cloud_event_is_refused() {
    for (there, instead, expected) in [
        ("\"1.0\"", "\"0.3\"", "specversion must be \"1.0\""),
        ("\"id\":\"17\",", "", "id is missing"),
        ("\"source\":\"/1c/trade\",", "", "source is missing"),
        ("application/json", "text/xml", "datacontenttype must be"),
        ("\"data\":{", "\"data\":5,\"x\":{", "data is a JSON object"),
        ("\"data\":{", "\"x\":{", "employee is missing"),
        (
            "\"id\":\"17\"",
            "\"id\":\"17\",\"id\":\"18\"",
            "duplicate field `id`",
        ),
    ] {
        let document = WHOLE.replace(there, instead);
        assert_ne!(document, WHOLE);
        let reason = read(&document).unwrap_err();
        assert!(reason.contains(expected), "{reason}");
    }
}
