//! Rankings and menus.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::support::{Company, JSON};

async fn company() -> Company {
    let company = Company::new().await;
    let employees = json!([
        {"id": "chulkova", "last": "Чулкова", "first": "Евгения", "extension": "34"},
        {"id": "belykh", "last": "Белых", "first": "Иван", "extension": "35", "until": "2026-11-01"},
    ]);
    company
        .post("/v1/employees", JSON, employees.to_string())
        .await;
    let client = json!({"last": "Петров", "first": "Иван", "phones": ["+74959262644"]});
    company.put("/v1/clients/c-7", &client).await;
    let events = json!([
        {"id": "1", "type": "invoice", "time": "2026-11-20T08:15:00", "client": "c-7", "employee": "chulkova"},
        {"id": "2", "type": "call", "time": "2026-11-20T09:15:00", "client": "c-7", "employee": "belykh"},
        {"id": "3", "type": "call", "time": "2026-11-19T09:15:00", "client": "c-7", "employee": "new"},
    ]);
    company.post("/v1/events", JSON, events.to_string()).await;
    company
}

const AT: &str = "at=2026-11-20T10:15:00";

#[tokio::test]
async fn a_ranking_tells_who_and_why() {
    let company = company().await;
    let ranking = company
        .get(&format!("/v1/ranking?phone=+74959262644&{AT}"))
        .await
        .json();
    assert_eq!(ranking["phone"], "+74959262644");
    assert_eq!(ranking["at"], "2026-11-20T10:15:00+03:00");
    assert_eq!(
        ranking["client"],
        json!({"id": "c-7", "name": "Петров Иван"})
    );
    let candidates = ranking["candidates"].as_array().unwrap();
    let names: Vec<(&str, bool)> = candidates
        .iter()
        .map(|one| {
            (
                one["employee"].as_str().unwrap(),
                one["offered"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        names,
        [("belykh", false), ("chulkova", true), ("new", false)]
    );
    let chulkova = &candidates[1];
    assert_eq!(chulkova["name"], "Чулкова Евгения");
    assert_eq!(chulkova["withheld"], Value::Null);
    assert!(
        chulkova["explanation"]
            .as_str()
            .unwrap()
            .starts_with("invoice 2 часа назад: ")
    );
    let contribution = &chulkova["contributions"][0];
    assert_eq!(contribution["event"], "1");
    assert_eq!(contribution["type"], "invoice");
    assert_eq!(contribution["person"], "chulkova");
    assert_eq!(contribution["time"], "2026-11-20T08:15:00+03:00");
    assert_eq!(contribution["points"], chulkova["score"]);
    assert!(candidates[0]["withheld"].is_string());
    assert_eq!(candidates[2]["name"], Value::Null);
}

#[tokio::test]
async fn reasons_are_told_in_the_language_that_is_asked_for() {
    let company = company().await;
    let path = format!("/v1/ranking?phone=84959262644&lang=en&{AT}");
    let ranking = company.get(&path).await.json();
    let chulkova = &ranking["candidates"][1];
    assert_eq!(chulkova["name"], "Евгения Чулкова");
    assert!(
        chulkova["explanation"]
            .as_str()
            .unwrap()
            .starts_with("invoice 2 hours ago: ")
    );
}

#[tokio::test]
async fn a_menu_has_keys() {
    let company = company().await;
    let menu = company
        .get(&format!("/v1/menu?phone=8+495+926-26-44&{AT}"))
        .await
        .json();
    let expected = json!({"kind": "personal", "caller_name": "Петров Иван", "choices": [
        {"key": "1", "employee": "chulkova", "name": "Чулкова Евгения", "extension": "34"}]});
    assert_eq!(menu, expected);
}

#[tokio::test]
async fn an_empty_or_withheld_number_is_a_stranger() {
    let company = company().await;
    for phone in [
        "",
        "?phone=",
        "?phone=anonymous",
        "?phone=Restricted",
        "?phone=%20",
    ] {
        let ranking = company.get(&format!("/v1/ranking{phone}")).await;
        assert_eq!(ranking.status, StatusCode::OK, "{phone}");
        assert_eq!(ranking.json()["candidates"], json!([]));
        let menu = company.get(&format!("/v1/menu{phone}")).await.json();
        assert_eq!(
            (&menu["kind"], &menu["caller_name"]),
            (&json!("default"), &Value::Null)
        );
    }
}

#[tokio::test]
async fn what_can_not_be_read_is_answered_with_how_to_write_it() {
    let company = company().await;
    for (query, expected) in [
        ("phone=34", "write it as +74959262644"),
        ("phone=abc", "write it as +74959262644"),
        ("phone=%00", "write it as +74959262644"),
        ("phone=84959262644&at=tomorrow", "a time is written as"),
        (
            "phone=84959262644&phone=84959262644",
            "phone is there twice",
        ),
        ("fone=84959262644", "is \"phone\" meant?"),
    ] {
        for path in ["ranking", "menu"] {
            let reply = company.get(&format!("/v1/{path}?{query}")).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
            assert!(reply.detail().contains(expected), "{}", reply.detail());
        }
    }
    let reply = company.get("/v1/ranking?lang=de").await;
    assert_eq!(reply.detail(), "lang is ru or en");
}

#[tokio::test]
async fn of_a_number_that_two_clients_share_no_name_is_told() {
    let company = company().await;
    let other = json!({"last": "Сидорова", "phones": ["+74959262644"]});
    company.put("/v1/clients/c-8", &other).await;
    let ranking = company
        .get(&format!("/v1/ranking?phone=84959262644&{AT}"))
        .await
        .json();
    assert_eq!(ranking["client"], Value::Null);
    assert_eq!(ranking["candidates"].as_array().unwrap().len(), 3);
    let menu = company.get("/v1/menu?phone=84959262644").await.json();
    assert_eq!(menu["caller_name"], Value::Null);
}
