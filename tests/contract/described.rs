//! The OpenAPI document says what is really answered.

use axum::body::Body;
use axum::http::Request;
use jiff::Timestamp;
use serde_json::{Value, json};
use vizavi::domain::delivery::Message;
use vizavi::store::Change;

use super::support::{Company, EVENT, JSON, Reply};

fn document() -> Value {
    serde_json::from_str(vizavi::crm::document()).unwrap()
}

/// What a schema refers to.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{reference} leads nowhere")),
        None => schema,
    }
}

/// All properties of an object's schema, also of those that it is put together from.
fn properties<'a>(document: &'a Value, schema: &'a Value) -> Vec<(&'a str, &'a Value)> {
    let schema = resolved(document, schema);
    let mut found: Vec<_> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.as_str(), schema))
        .collect();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        found.extend(properties(document, part));
    }
    found
}

/// The names that must be there, also those of what an object is put together from.
fn required<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a str> {
    let schema = resolved(document, schema);
    let own = schema["required"].as_array().into_iter().flatten();
    let mut found: Vec<_> = own.map(|name| name.as_str().unwrap()).collect();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        found.extend(required(document, part));
    }
    found
}

/// Everything in `value` is described, and everything that must be there is there.
fn check(document: &Value, schema: &Value, value: &Value, place: &str) {
    let schema = resolved(document, schema);
    let alternatives = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    if let Some(alternatives) = alternatives {
        let described = alternatives
            .iter()
            .find(|one| one["type"] != "null")
            .unwrap();
        if !value.is_null() {
            check(document, described, value, place);
        }
        return;
    }
    let known = |name: &str| {
        let types = &schema["type"];
        types.is_null()
            || types == name
            || types
                .as_array()
                .is_some_and(|all| all.contains(&json!(name)))
    };
    match value {
        Value::Null => assert!(known("null"), "{place} is null"),
        Value::Bool(_) => assert!(known("boolean"), "{place} is a boolean"),
        Value::Number(_) => assert!(known("number") || known("integer"), "{place} is a number"),
        Value::String(_) => assert!(known("string"), "{place} is a string"),
        Value::Array(items) => {
            assert!(known("array"), "{place} is an array");
            for item in items {
                check(document, &schema["items"], item, &format!("{place}[]"));
            }
        }
        Value::Object(fields) => {
            let described = properties(document, schema);
            for (name, value) in fields {
                let place = format!("{place}.{name}");
                let property = described.iter().find(|(other, _)| other == name);
                let (_, schema) = property.unwrap_or_else(|| panic!("{place} is not described"));
                check(document, schema, value, &place);
            }
            for name in required(document, schema) {
                assert!(fields.contains_key(name), "{place}.{name} is not there");
            }
        }
    }
}

/// The schema of an answer in the format in which it came.
fn answer<'a>(document: &'a Value, method: &str, path: &str, reply: &Reply) -> &'a Value {
    let status = reply.status.as_str();
    let format = reply.headers["content-type"].to_str().unwrap();
    let contents = &document["paths"][path][method]["responses"][status]["content"];
    let schema = &contents[format]["schema"];
    assert!(
        !schema.is_null(),
        "{method} {path} {status} {format} is not described"
    );
    schema
}

#[tokio::test]
async fn every_answer_is_as_described() {
    let company = Company::new().await;
    let employee = json!({"last": "Чулкова", "first": "Евгения", "middle": "Петровна", "gender": "f",
        "extension": "34", "reach": ["PJSIP/34"], "until": "2099-01-01", "successor": "x",
        "leave": [{"from": "2027-01-01", "until": "2027-01-02"}], "hours": "daily 0:00-24:00",
        "language": "ru", "technical": false});
    let client =
        json!({"last": "Петров", "organisation": "Ромашка", "phones": ["84959262644", "x"]});
    let token = company.tokens.administer.clone();
    let made = super::support::request(
        axum::http::Method::POST,
        "/v1/tokens",
        &token,
        JSON,
        r#"{"name":"x","scopes":["read"]}"#,
    );
    let list = super::support::request(axum::http::Method::GET, "/v1/tokens", &token, JSON, "");
    let messages = ["1", "2"].map(|id| Change::Tell(Box::new(message(id))));
    company.store.write(messages.to_vec()).await.unwrap();
    let calls = ["1a.1", "1a.2"].map(|id| Change::KeepCall(Box::new(super::calls::call(id, 0))));
    company.store.write(calls.to_vec()).await.unwrap();
    let dead = Change::GiveUp {
        number: 1,
        attempts: 1,
        died: Timestamp::UNIX_EPOCH,
        why: "the answer was HTTP 410".to_owned(),
    };
    company.store.write(vec![dead]).await.unwrap();
    let refused = r#"[{"id":"1"},5]"#;
    let warned = r#"[{"id":"c-9","phones":["x"]}]"#;
    let callback = json!({"id": "7", "name": "Петров Иван", "gender": "m", "phone": "+79161234567",
        "appointment": "2099-01-01T10:00:00", "specialist": "x", "reason": "y", "say": "z",
        "language": "ru", "priority": 3, "not_before": "2026-01-01T10:00:00",
        "not_after": "2098-01-01T10:00:00", "attempts": 2, "owner": "chulkova",
        "released": "2097-01-01T10:00:00", "time_zone": "+05:00"})
    .to_string();
    let document = document();
    for (method, path, status, reply) in [
        (
            "put",
            "/v1/employees/{id}",
            "200",
            company.put("/v1/employees/chulkova", &employee).await,
        ),
        (
            "get",
            "/v1/employees/{id}",
            "200",
            company.get("/v1/employees/chulkova").await,
        ),
        (
            "get",
            "/v1/employees",
            "200",
            company.get("/v1/employees").await,
        ),
        (
            "post",
            "/v1/employees",
            "200",
            company.post("/v1/employees", JSON, refused).await,
        ),
        (
            "put",
            "/v1/clients/{id}",
            "200",
            company.put("/v1/clients/c-7", &client).await,
        ),
        (
            "get",
            "/v1/clients/{id}",
            "200",
            company.get("/v1/clients/c-7").await,
        ),
        (
            "get",
            "/v1/clients",
            "200",
            company.get("/v1/clients?limit=1").await,
        ),
        (
            "post",
            "/v1/clients",
            "200",
            company.post("/v1/clients", JSON, warned).await,
        ),
        (
            "post",
            "/v1/events",
            "200",
            company
                .post("/v1/events", JSON, format!("[{EVENT},5]"))
                .await,
        ),
        (
            "post",
            "/v1/events",
            "422",
            company.post("/v1/events", JSON, "{}").await,
        ),
        (
            "post",
            "/v1/events",
            "400",
            company.post("/v1/events", JSON, "{").await,
        ),
        (
            "get",
            "/v1/ranking",
            "200",
            company.get("/v1/ranking?phone=84959262644").await,
        ),
        (
            "get",
            "/v1/ranking",
            "400",
            company.get("/v1/ranking?phone=x").await,
        ),
        (
            "get",
            "/v1/menu",
            "200",
            company.get("/v1/menu?phone=84959262644").await,
        ),
        (
            "get",
            "/v1/calls",
            "200",
            company.get("/v1/calls?limit=1").await,
        ),
        (
            "get",
            "/v1/calls/{id}",
            "200",
            company.get("/v1/calls/1a.1").await,
        ),
        (
            "get",
            "/v1/calls/{id}",
            "404",
            company.get("/v1/calls/1a.9").await,
        ),
        (
            "post",
            "/v1/callbacks",
            "200",
            company.post("/v1/callbacks", JSON, callback).await,
        ),
        (
            "post",
            "/v1/callbacks",
            "422",
            company.post("/v1/callbacks", JSON, "{}").await,
        ),
        (
            "get",
            "/v1/callbacks/{id}",
            "200",
            company.get("/v1/callbacks/7").await,
        ),
        (
            "get",
            "/v1/callbacks",
            "200",
            company.get("/v1/callbacks?limit=1").await,
        ),
        (
            "get",
            "/v1/callbacks/{id}",
            "404",
            company.get("/v1/callbacks/8").await,
        ),
        (
            "get",
            "/v1/reports/callbacks",
            "200",
            company
                .get("/v1/reports/callbacks?from=2026-11-20&to=2099-01-01")
                .await,
        ),
        ("post", "/v1/tokens", "201", company.send(made).await),
        ("get", "/v1/tokens", "200", company.send(list).await),
        (
            "get",
            "/v1/webhooks/waiting",
            "200",
            company.administered("/v1/webhooks/waiting").await,
        ),
        (
            "get",
            "/v1/webhooks/dead",
            "200",
            company.administered("/v1/webhooks/dead").await,
        ),
    ] {
        let place = format!("{method} {path} {status}");
        assert_eq!(reply.status.as_str(), status, "{place}: {reply:?}");
        check(
            &document,
            answer(&document, method, path, &reply),
            &reply.json(),
            &place,
        );
    }
}

fn message(id: &str) -> Message {
    Message {
        id: id.to_owned(),
        webhook: "crm".to_owned(),
        call: "7".to_owned(),
        kind: "call.started".to_owned(),
        caller: None,
        made: Timestamp::UNIX_EPOCH,
        body: "{}".to_owned(),
        attempts: 0,
        due: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(document: &Value, value: &Value) {
        resolved(document, value);
        match value {
            Value::Object(fields) => fields.values().for_each(|value| walk(document, value)),
            Value::Array(items) => items.iter().for_each(|value| walk(document, value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    walk(&document(), &document());
}

#[tokio::test]
async fn the_served_document_is_this_one() {
    let company = Company::new().await;
    let request = Request::get("/v1/openapi.json")
        .body(Body::empty())
        .unwrap();
    assert_eq!(company.send(request).await.json(), document());
}

/// What the documents read is what the descriptions of bodies name.
#[test]
fn every_field_of_the_pages_is_described_and_the_other_way_round() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/contract.md")).unwrap();
    let document = document();
    for schema in [
        "Event",
        "Employee",
        "Client",
        "EventsReport",
        "Call",
        "CallStep",
    ] {
        for (name, described) in properties(&document, &document["components"]["schemas"][schema]) {
            assert!(
                page.contains(&format!("`{name}`")),
                "{schema}.{name} is not on the page"
            );
            let text = &resolved(&document, described)["description"];
            // What may be null and refers to another is told beside the reference.
            let beside = described["oneOf"][1]["description"].as_str();
            let text = text
                .as_str()
                .or(described["description"].as_str())
                .or(beside);
            assert!(
                text.is_some_and(|text| !text.is_empty()),
                "{schema}.{name} is not explained"
            );
        }
    }
}
