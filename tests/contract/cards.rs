//! Employees and clients.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::support::{Company, EVENT, JSON, LINES};

fn employee() -> Value {
    json!({"last": "Чулкова", "first": "Евгения", "gender": "female", "extension": "34",
        "reach": ["PJSIP/34"], "hours": "mon-fri 09:00-18:00",
        "leave": [{"from": "2026-12-01", "until": "2026-12-14"}], "version": 7})
}

fn client() -> Value {
    json!({"last": "Петров", "first": "Иван", "organisation": "Ромашка",
        "phones": ["+74959262644"], "language": "ru", "version": 3})
}

/// Both kinds of cards.
fn cards() -> [(&'static str, Value); 2] {
    [("employees", employee()), ("clients", client())]
}

#[tokio::test]
async fn what_is_got_can_be_put_and_changes_nothing() {
    let company = Company::new().await;
    for (kind, card) in cards() {
        let path = format!("/v1/{kind}/x-1");
        let put = company.put(&path, &card).await;
        assert_eq!(put.status, StatusCode::OK, "{put:?}");
        let got = company.get(&path).await.json();
        assert_eq!(put.json(), got);
        let mut expected = card;
        expected["id"] = json!("x-1");
        assert_eq!(got, expected);
        let again = company.put(&path, &got).await;
        assert_eq!((again.status, again.json()), (StatusCode::OK, got.clone()));
        let bulk = company
            .post(&format!("/v1/{kind}"), JSON, format!("[{got}]"))
            .await;
        assert_eq!(bulk.json()["unchanged"], 1, "{kind}");
    }
}

#[tokio::test]
async fn a_lower_version_does_not_replace_a_higher_one() {
    let company = Company::new().await;
    for (kind, mut card) in cards() {
        let path = format!("/v1/{kind}/1");
        company.put(&path, &card).await;
        card["version"] = json!(1);
        card["last"] = json!("Другова");
        let reply = company.put(&path, &card).await;
        assert_eq!(reply.status, StatusCode::CONFLICT, "{kind}");
        card["version"] = Value::Null;
        let reply = company.put(&path, &card).await;
        assert_eq!(reply.json()["last"], "Другова");
    }
}

#[tokio::test]
async fn an_id_may_have_any_characters() {
    let company = Company::new().await;
    for (kind, card) in cards() {
        let path = format!("/v1/{kind}/%D0%98%D0%B2%D0%B0%D0%BD%2F1%20%3F");
        let put = company.put(&path, &card).await;
        assert_eq!(put.json()["id"], "Иван/1 ?");
        assert_eq!(company.get(&path).await.status, StatusCode::OK);
        for bad in ["a%00b", "%ff", &"x".repeat(201)] {
            let reply = company.get(&format!("/v1/{kind}/{bad}")).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{bad}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let company = Company::new().await;
    for path in ["/v1/employees/x", "/v1/clients/x"] {
        assert_eq!(company.get(path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(company.delete(path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_card_that_is_wrong_is_refused_with_the_reason() {
    let company = Company::new().await;
    let reply = company
        .put("/v1/employees/1", &json!({"last": "Iva\0nov"}))
        .await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reply.detail(), "name: a name has no control characters");
    let reply = company.put("/v1/clients/1", &json!({"id": "2"})).await;
    assert_eq!(reply.detail(), "id is another one than that of the path");
    let reply = company.put("/v1/clients/1", &json!([client()])).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn many_cards_come_as_an_array_or_as_lines() {
    let company = Company::new().await;
    for (kind, _) in cards() {
        let path = format!("/v1/{kind}");
        let cards =
            json!([{"id": 1, "last": "Белых"}, {"id": 2, "last": "Черных"}, {"id": 3, "x": 1}]);
        let reply = company.post(&path, JSON, cards.to_string()).await;
        assert_eq!(reply.status, StatusCode::OK);
        let report = reply.json();
        assert_eq!(
            (&report["stored"], &report["refused"]),
            (&json!(2), &json!(1))
        );
        let lines = "{\"id\":4,\"last\":\"Крученых\"}\n\n{\"id\":5}}\n";
        let report = company.post(&path, LINES, lines).await.json();
        assert_eq!(
            (&report["stored"], &report["refusals"][0]["line"]),
            (&json!(1), &json!(3))
        );
        let single = company.post(&path, JSON, r#"{"last":"Белых"}"#).await;
        assert_eq!(single.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let employees = company.get("/v1/employees").await.json();
    let ids: Vec<&str> = employees["employees"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["1", "2", "4"]);
}

#[tokio::test]
async fn clients_are_listed_page_by_page() {
    let company = Company::new().await;
    let cards: Vec<Value> = (0..25)
        .map(|n| json!({"id": format!("c/{n:02}"), "last": "Белых"}))
        .collect();
    company
        .post("/v1/clients", JSON, Value::from(cards).to_string())
        .await;
    let mut seen = Vec::new();
    let mut path = "/v1/clients?limit=10".to_owned();
    loop {
        let page = company.get(&path).await.json();
        seen.extend(page["clients"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/v1/clients?limit=10&after={}", next.replace('/', "%2F"));
    }
    assert_eq!(seen.len(), 25);
    assert!(seen.is_sorted_by_key(|client| client["id"].as_str().unwrap().to_owned()));
    for wrong in ["limit=0", "limit=1001", "limit=x", "page=2"] {
        let reply = company.get(&format!("/v1/clients?{wrong}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn a_number_that_was_left_out_of_a_card_is_told() {
    let company = Company::new().await;
    let put = company
        .put("/v1/clients/1", &json!({"phones": ["нет", "84959262644"]}))
        .await
        .json();
    assert_eq!(put["phones"], json!(["+74959262644"]));
    assert!(
        put["warnings"][0]
            .as_str()
            .unwrap()
            .starts_with("phones[0] was left out")
    );
}

#[tokio::test]
async fn a_client_without_a_card_is_told_with_the_numbers_of_the_events() {
    let company = Company::new().await;
    let event = EVENT.replace("}", ",\"phones\":[\"84959262644\"]}");
    company.post("/v1/events", JSON, event).await;
    let got = company.get("/v1/clients/c-7").await.json();
    assert_eq!(got, json!({"id": "c-7", "phones": ["+74959262644"]}));
}

#[tokio::test]
async fn a_removed_employee_is_not_offered_any_more() {
    let company = Company::new().await;
    company
        .put("/v1/employees/1", &json!({"last": "Белых", "version": 5}))
        .await;
    let too_low = company.delete("/v1/employees/1?version=4").await;
    assert_eq!(too_low.status, StatusCode::CONFLICT);
    let removed = company.delete("/v1/employees/1?version=6").await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(
        company.get("/v1/employees/1").await.status,
        StatusCode::NOT_FOUND
    );
    let late = company
        .put("/v1/employees/1", &json!({"last": "Белых", "version": 5}))
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn of_an_erased_client_nothing_is_left() {
    let company = Company::new().await;
    company.put("/v1/clients/c-7", &client()).await;
    company.post("/v1/events", JSON, EVENT).await;
    assert_eq!(
        company.delete("/v1/clients/c-7").await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        company.get("/v1/clients/c-7").await.status,
        StatusCode::NOT_FOUND
    );
    let ranking = company.get("/v1/ranking?phone=84959262644").await.json();
    assert_eq!(
        (&ranking["client"], &ranking["candidates"]),
        (&Value::Null, &json!([]))
    );
    let again = company.post("/v1/events", JSON, EVENT).await.json();
    assert_eq!(again["accepted"], 1, "what is delivered once more is new");
}
