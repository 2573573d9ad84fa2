//! What is told, word for word.

use super::*;

fn body(fact: &CallFact) -> Value {
    serde_json::from_str(&fact.message("crm").unwrap().body).unwrap()
}

#[test]
fn a_finished_call_tells_who_was_offered_chosen_and_talked_and_how_long() {
    let told = body(&call_fact("19a.7", Kind::Finished));
    let expected = serde_json::json!({
        "specversion": "1.0",
        "id": "19a-7-call-finished",
        "source": "vizavi",
        "type": "call.finished",
        "time": "2026-11-20T09:00:03Z",
        "subject": "19a.7",
        "datacontenttype": "application/json",
        "data": {
            "call": "19a.7",
            "caller": CALLER,
            "began": "2026-11-20T09:00:00Z",
            "offered": ["chulkova", "maslennikov"],
            "chosen": ["chulkova"],
            "talked": "chulkova",
            "seconds": 65,
            "outcome": "talked",
        },
    });
    assert_eq!(told, expected);
}

#[test]
fn what_is_not_known_yet_is_left_out() {
    let told = body(&call_fact("7", Kind::Offered));
    let data = told["data"].as_object().unwrap();
    let names: Vec<&str> = data.keys().map(String::as_str).collect();
    assert_eq!(names, ["began", "call", "caller", "chosen", "offered"]);
    let told = body(&call_fact("7", Kind::Connected));
    assert_eq!(told["data"]["talked"], "chulkova");
    assert!(told["data"].get("seconds").is_none(), "they still talk");
}

#[test]
fn a_withheld_number_is_told_as_such() {
    let hidden = CallFact {
        caller: None,
        ..call_fact("7", Kind::Started)
    };
    assert_eq!(body(&hidden)["data"]["caller"], Value::Null);
}

#[test]
fn a_call_that_went_to_the_fallback_tells_why() {
    let lost = CallFact {
        outcome: Some(Outcome::Fallback(FallbackReason::NobodyAnswered)),
        ..call_fact("7", Kind::Finished)
    };
    let data = &body(&lost)["data"];
    assert_eq!(data["outcome"], "fallback");
    assert_eq!(data["reason"], "nobody_answered");
}

#[test]
fn every_kind_is_found_by_its_name() {
    for kind in OF_CALLS {
        assert_eq!(Kind::named(kind.name()), Some(kind));
    }
    assert_eq!(Kind::named("call.began"), None);
}
