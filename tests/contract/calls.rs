//! Calls that are over.

use std::time::Duration;

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use vizavi::domain::call::{CallRecord, FallbackReason, LegEnding, Moment, Occurrence, Outcome};
use vizavi::domain::menu::{Key, MenuKind};
use vizavi::domain::phone::PhoneNumber;
use vizavi::domain::rating::{ClientId, EmployeeId};
use vizavi::store::Change;

use super::support::Company;

const NUMBER: &str = "+74959262644";

/// A call of which nothing came, so many minutes after noon in Moscow.
pub(super) fn call(id: &str, minutes: i64) -> CallRecord {
    let noon: Timestamp = "2026-11-21T12:00:00+03:00".parse().unwrap();
    let chulkova = EmployeeId::parse("chulkova").unwrap();
    let step = |ms, what| Moment {
        at: Duration::from_millis(ms),
        what,
    };
    CallRecord {
        call: id.to_owned(),
        at: noon + SignedDuration::from_mins(minutes),
        caller: Some(PhoneNumber::parse(NUMBER).unwrap()),
        client: Some(ClientId::parse("c-7").unwrap()),
        named: true,
        menu: Some(MenuKind::Personal),
        offered: vec![chulkova.clone()],
        chosen: vec![chulkova.clone()],
        talked: None,
        outcome: Outcome::Fallback(FallbackReason::NobodyAnswered),
        length: Duration::from_millis(24_600),
        steps: vec![
            step(0, Occurrence::Came),
            step(4_200, Occurrence::Key(Key::digit(1).unwrap())),
            step(19_300, Occurrence::LegEnded(chulkova, LegEnding::Busy)),
        ],
    }
}

async fn with(calls: Vec<CallRecord>) -> Company {
    let company = Company::new().await;
    let changes = calls.into_iter();
    let changes = changes.map(|call| Change::KeepCall(Box::new(call)));
    company.store.write(changes.collect()).await.unwrap();
    company
}

fn ids(page: &Value) -> Vec<&str> {
    let calls = page["calls"].as_array().unwrap().iter();
    calls.map(|call| call["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_call_is_told_with_its_steps_and_with_who_somebody_is_now() {
    let company = with(vec![call("1a.1", 0)]).await;
    let unknown = company.get("/v1/calls/1a.1").await.json();
    let nobody = json!({"employee": "chulkova", "name": null, "extension": null});
    assert_eq!(unknown["offered"], json!([nobody]));
    let card = json!({"last": "Чулкова", "first": "Евгения", "extension": "34"});
    company.put("/v1/employees/chulkova", &card).await;
    let told = company.get("/v1/calls/1a.1").await.json();
    let chulkova = json!({"employee": "chulkova", "name": "Чулкова Евгения", "extension": "34"});
    assert_eq!(
        told["steps"],
        json!([
            {"ms": 0, "what": "came"},
            {"ms": 4200, "what": "key", "key": "1"},
            {"ms": 19300, "what": "leg_ended", "why": "busy", "people": [chulkova]},
        ])
    );
    assert_eq!(told["time"], "2026-11-21T12:00:00+03:00");
    assert_eq!(
        (&told["phone"], &told["client"]),
        (&json!(NUMBER), &json!("c-7"))
    );
    assert_eq!(told["outcome"], "fallback");
    assert_eq!(told["reason"], "nobody_answered");
    assert_eq!(told["seconds"], 24.6);
    let listed = company.get("/v1/calls").await.json();
    assert_eq!(listed["calls"][0]["chosen"], json!([chulkova]));
    assert!(listed["calls"][0].get("steps").is_none());
}

#[tokio::test]
async fn calls_are_asked_for_by_time_number_client_and_outcome_page_by_page() {
    let calls = (0..5).map(|number| call(&format!("1a.{number}"), number));
    let company = with(calls.collect()).await;
    let all = company.get("/v1/calls?limit=3").await.json();
    assert_eq!(ids(&all), ["1a.4", "1a.3", "1a.2"]);
    let next = all["next"].as_str().unwrap();
    let rest = company.get(&format!("/v1/calls?after={next}")).await.json();
    assert_eq!(ids(&rest), ["1a.1", "1a.0"]);
    assert_eq!(rest["next"], Value::Null);
    for (query, count) in [
        ("phone=8(495)9262644", 5),
        ("phone=%2B79161112233", 0),
        ("client=c-7&outcome=fallback", 5),
        ("client=c-8", 0),
        ("outcome=talked", 0),
        ("from=2026-11-21T12:01:00&until=2026-11-21T12:03:00", 2),
        ("from=2026-11-21&until=2026-11-21", 5),
        ("from=2026-11-22", 0),
    ] {
        let page = company.get(&format!("/v1/calls?{query}")).await.json();
        assert_eq!(ids(&page).len(), count, "{query}");
    }
    for wrong in [
        "outcome=good",
        "from=yesterday",
        "after=x",
        "limit=0",
        "phone=anonymous",
        "number=1",
    ] {
        let reply = company.get(&format!("/v1/calls?{wrong}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn of_an_erased_client_no_call_is_told() {
    let company = with(vec![call("1a.1", 0)]).await;
    let erased = company.delete("/v1/clients/c-7").await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    let gone = company.get("/v1/calls/1a.1").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert_eq!(ids(&company.get("/v1/calls").await.json()), [""; 0]);
}
