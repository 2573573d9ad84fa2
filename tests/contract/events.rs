//! Events: what is accepted, what is refused, and what is in the store afterwards.

use axum::body::Body;
use axum::http::StatusCode;
use futures_util::stream;
use serde_json::{Value, json};
use vizavi::domain::rating::ClientId;

use super::support::{Company, EVENT, JSON, LINES};

fn event(id: &str) -> Value {
    json!({"id": id, "type": "call", "time": "2026-11-20T10:15:00", "client": "c-7",
        "employee": "chulkova"})
}

fn kept(company: &Company, client: &str) -> usize {
    let id = ClientId::parse(client).unwrap();
    let client = company.store.client(&id).unwrap();
    client.map_or(0, |client| client.record.len())
}

#[tokio::test]
async fn an_event_is_in_the_store_before_it_is_acknowledged() {
    let company = Company::new().await;
    let reply = company.post("/v1/events", JSON, EVENT).await;
    assert_eq!(reply.status, StatusCode::OK);
    let expected = json!({"accepted": 1, "repeated": 0, "outdated": 0, "refused": 0,
        "from_the_future": 0, "refusals": [], "warnings": []});
    assert_eq!(reply.json(), expected);
    assert_eq!(kept(&company, "c-7"), 1);
}

#[tokio::test]
async fn the_same_event_counts_once() {
    let company = Company::new().await;
    let twice = format!("[{EVENT},{EVENT}]");
    let reply = company.post("/v1/events", JSON, twice).await.json();
    assert_eq!(
        (&reply["accepted"], &reply["repeated"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(kept(&company, "c-7"), 1);
}

#[tokio::test]
async fn a_higher_version_corrects_and_a_lower_one_comes_too_late() {
    let company = Company::new().await;
    for (version, counted) in [
        (1, "accepted"),
        (3, "accepted"),
        (2, "outdated"),
        (3, "repeated"),
    ] {
        let mut event = event("1");
        event["version"] = json!(version);
        event["employee"] = json!(format!("employee-{version}"));
        let reply = company
            .post("/v1/events", JSON, event.to_string())
            .await
            .json();
        assert_eq!(reply[counted], 1, "version {version}: {reply}");
    }
    assert_eq!(kept(&company, "c-7"), 1);
}

#[tokio::test]
async fn a_cancelled_event_counts_for_nothing_whichever_comes_first() {
    let company = Company::new().await;
    let phone = json!(["+74959262644"]);
    let mut happened = event("1");
    happened["phones"] = phone;
    let cancelled = json!({"id": "1", "client": "c-7", "cancelled": true}).to_string();
    for document in [happened.to_string(), cancelled, happened.to_string()] {
        let reply = company.post("/v1/events", JSON, document).await;
        assert_eq!(reply.json()["refused"], 0);
    }
    let ranking = company.get("/v1/ranking?phone=84959262644").await.json();
    assert_eq!(ranking["candidates"], json!([]));
}

#[tokio::test]
async fn one_bad_event_does_not_refuse_the_others() {
    let company = Company::new().await;
    let mut bad = event("2");
    bad["emploee"] = json!("x");
    let events = json!([event("1"), bad, 5, event("3"), {"id": "4"}]);
    let reply = company.post("/v1/events", JSON, events.to_string()).await;
    assert_eq!(reply.status, StatusCode::OK);
    let report = reply.json();
    assert_eq!(
        (&report["accepted"], &report["refused"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(report["refusals"][0]["index"], 1);
    assert_eq!(report["refusals"][0]["id"], "2");
    let reason = report["refusals"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("is \"employee\" meant?"), "{reason}");
}

#[tokio::test]
async fn a_single_event_that_is_refused_is_a_refused_request() {
    let company = Company::new().await;
    for document in [r#"{"id":"1"}"#, "5", "\"x\"", r#"{"id":"1","id":"2"}"#] {
        let reply = company.post("/v1/events", JSON, document).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{document}");
        assert_eq!(reply.json()["refused"], 1);
    }
    let empty = company.post("/v1/events", JSON, "[]").await;
    assert_eq!(empty.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_with_the_place() {
    let company = Company::new().await;
    let reply = company
        .post("/v1/events", JSON, "[{\"id\":\"1\"},\n  {\"id\" \"2\"}]")
        .await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(reply.headers["content-type"], "application/problem+json");
    let problem = reply.json();
    assert_eq!(
        (&problem["line"], &problem["column"]),
        (&json!(2), &json!(9))
    );
    for document in ["", "[", "[1,]", "{} {}", "hello", "[[[[", "{\"id\":\"1\""] {
        let reply = company.post("/v1/events", JSON, document).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{document}");
    }
}

#[tokio::test]
async fn of_half_an_array_nothing_is_taken() {
    let company = Company::new().await;
    let half = format!("[{EVENT},{{\"id\":");
    let reply = company.post("/v1/events", JSON, half).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(kept(&company, "c-7"), 0);
}

#[tokio::test]
async fn of_half_a_stream_the_whole_lines_are_taken() {
    let company = Company::new().await;
    let half = format!("{EVENT}\n{{\"id\":");
    let reply = company.post("/v1/events", LINES, half).await;
    assert_eq!(reply.status, StatusCode::OK);
    let report = reply.json();
    assert_eq!(
        (&report["accepted"], &report["refused"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(report["refusals"][0]["line"], 2);
}

#[tokio::test]
async fn what_came_before_a_stream_broke_off_can_be_sent_again() {
    let company = Company::new().await;
    let pieces = [
        Ok(format!("{EVENT}\n")),
        Err(std::io::Error::other("the line is cut")),
    ];
    let body = Body::from_stream(stream::iter(pieces));
    let reply = company.post("/v1/events", LINES, body).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let reply = company
        .post("/v1/events", LINES, format!("{EVENT}\n"))
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(kept(&company, "c-7"), 1);
}

#[tokio::test]
async fn a_line_that_is_not_utf_8_is_refused_alone() {
    let company = Company::new().await;
    let mut lines = format!("{EVENT}\n").into_bytes();
    lines.extend_from_slice(b"{\"id\":\"\xff\"}\n");
    let report = company.post("/v1/events", LINES, lines).await.json();
    assert_eq!(
        (&report["accepted"], &report["refused"]),
        (&json!(1), &json!(1))
    );
    let array = b"[{\"id\":\"\xff\"}]".to_vec();
    let reply = company.post("/v1/events", JSON, array).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(reply.detail(), "the body is not UTF-8, from byte 9 on");
}

#[tokio::test]
async fn ten_thousand_events_in_one_array_are_one_request() {
    let company = Company::new().await;
    let events: Vec<Value> = (0..10_000)
        .map(|number| {
            let mut event = event(&number.to_string());
            event["client"] = json!(format!("c-{}", number % 1000));
            event
        })
        .collect();
    let body = Value::from(events).to_string();
    let report = company.post("/v1/events", JSON, body).await.json();
    assert_eq!(report["accepted"], 10_000);
    assert_eq!(kept(&company, "c-999"), 10);
}

#[tokio::test]
async fn a_stream_of_lines_may_be_longer_than_a_body() {
    let mut limits = super::support::generous();
    limits.body = 1000;
    let company = Company::with(limits).await;
    let lines = format!("{EVENT}\n").repeat(100);
    assert!(lines.len() > 1000);
    let report = company.post("/v1/events", LINES, lines).await.json();
    assert_eq!(
        (&report["accepted"], &report["repeated"]),
        (&json!(1), &json!(99))
    );
    let array = format!("[{}{EVENT}]", format!("{EVENT},").repeat(99));
    let reply = company.post("/v1/events", JSON, array).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_time_from_the_future_counts_as_of_its_arrival() {
    let company = Company::new().await;
    let mut future = event("1");
    future["time"] = json!("2099-01-01T00:00:00Z");
    let mut past = event("2");
    past["time"] = json!("1970-01-01T00:00:00Z");
    let events = json!([future, past]).to_string();
    let report = company.post("/v1/events", JSON, events).await.json();
    assert_eq!(
        (&report["accepted"], &report["from_the_future"]),
        (&json!(2), &json!(1))
    );
}

#[tokio::test]
async fn all_spellings_of_a_number_are_one_client() {
    let company = Company::new().await;
    for (id, phone) in ["8 (495) 926-26-44", "+74959262644", "84959262644"]
        .iter()
        .enumerate()
    {
        let mut event = event(&id.to_string());
        event["client"] = Value::Null;
        event["phones"] = json!([phone]);
        let report = company
            .post("/v1/events", JSON, event.to_string())
            .await
            .json();
        assert_eq!(report["accepted"], 1);
    }
    assert_eq!(kept(&company, "tel:+74959262644"), 3);
}

#[tokio::test]
async fn what_was_left_out_is_told() {
    let company = Company::new().await;
    let mut event = event("1");
    event["phones"] = json!(["нет"]);
    let reply = company.post("/v1/events", JSON, event.to_string()).await;
    assert_eq!(reply.status, StatusCode::OK);
    let warning = &reply.json()["warnings"][0];
    assert_eq!(
        (&warning["index"], &warning["id"]),
        (&json!(0), &json!("1"))
    );
}

#[tokio::test]
async fn cloud_events_come_alone_and_in_batches() {
    let company = Company::new().await;
    let one = json!({"specversion": "1.0", "id": "1", "source": "/1c", "type": "call",
        "time": "2026-11-20T07:15:00Z", "subject": "c-7", "data": {"employee": "chulkova"}});
    let single = "application/cloudevents+json";
    let batched = "application/cloudevents-batch+json; charset=UTF-8";
    let report = company
        .post("/v1/events", single, one.to_string())
        .await
        .json();
    assert_eq!(report["accepted"], 1);
    let batch = json!([one, {"specversion": "1.0"}]).to_string();
    let report = company.post("/v1/events", batched, batch).await.json();
    assert_eq!(
        (&report["repeated"], &report["refused"]),
        (&json!(1), &json!(1))
    );
    let reply = company.post("/v1/events", batched, one.to_string()).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let reply = company
        .post("/v1/events", single, json!([one]).to_string())
        .await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_format_is_named_and_known() {
    let company = Company::new().await;
    for format in [
        "text/plain",
        "application/json; charset=windows-1251",
        "",
        "application/xml",
    ] {
        let reply = company.post("/v1/events", format, EVENT).await;
        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{format}");
        assert!(reply.detail().contains("application/x-ndjson"));
    }
    for format in ["Application/JSON", "application/json;charset=\"utf-8\""] {
        let reply = company.post("/v1/events", format, EVENT).await;
        assert_eq!(reply.status, StatusCode::OK, "{format}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_no_mistake() {
    let company = Company::new().await;
    for format in [JSON, LINES] {
        let reply = company
            .post("/v1/events", format, format!("\u{feff}{EVENT}"))
            .await;
        assert_eq!(reply.json()["refused"], 0, "{format}");
    }
}

#[tokio::test]
async fn what_the_store_does_not_write_in_time_is_not_acknowledged() {
    let mut limits = super::support::generous();
    limits.write_time = std::time::Duration::ZERO;
    let company = Company::with(limits).await;
    let many: Vec<String> = (0..5000)
        .map(|id| event(&id.to_string()).to_string())
        .collect();
    for (format, body) in [
        (JSON, format!("[{}]", many.join(","))),
        (LINES, many.join("\n")),
    ] {
        let reply = company.post("/v1/events", format, body).await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(reply.headers["retry-after"], "5");
        assert!(
            reply
                .detail()
                .starts_with("nothing of this request is acknowledged")
        );
    }
}
