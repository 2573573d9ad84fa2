//! Tokens: made, shown once, listed, revoked.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;
use vizavi::crm::first_token;

use super::support::{Company, JSON, Reply, open, request};

async fn ask(company: &Company, method: Method, path: &str, body: impl Into<Body>) -> Reply {
    let token = &company.tokens.administer;
    company.send(request(method, path, token, JSON, body)).await
}

#[tokio::test]
async fn a_token_holds_from_its_making_to_its_revocation() {
    let company = Company::new().await;
    let wanted = json!({"name": "1С Торговля", "scopes": ["read", "write", "read"]}).to_string();
    let made = ask(&company, Method::POST, "/v1/tokens", wanted).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.json();
    assert_eq!(made["scopes"], json!(["write", "read"]));
    let secret = made["token"].as_str().unwrap();
    assert_eq!((&secret[..4], secret.len()), ("vzv_", 4 + 43));
    let with_it = || request(Method::GET, "/v1/employees", secret, JSON, Body::empty());
    assert_eq!(company.send(with_it()).await.status, StatusCode::OK);

    let list = ask(&company, Method::GET, "/v1/tokens", Body::empty()).await;
    assert!(!String::from_utf8_lossy(&list.body).contains(secret));
    let tokens = list.json()["tokens"].as_array().unwrap().clone();
    assert!(tokens.iter().any(|token| token["name"] == "1С Торговля"));

    let path = format!("/v1/tokens/{}", made["id"].as_str().unwrap());
    let revoked = ask(&company, Method::DELETE, &path, Body::empty()).await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    assert_eq!(
        company.send(with_it()).await.status,
        StatusCode::UNAUTHORIZED
    );
    let again = ask(&company, Method::DELETE, &path, Body::empty()).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_token_that_allows_nothing_or_has_no_name_is_not_made() {
    let company = Company::new().await;
    for wanted in [
        json!({"name": "x", "scopes": []}),
        json!({"name": " ", "scopes": ["read"]}),
        json!({"name": "a\nb", "scopes": ["read"]}),
        json!({"name": "x", "scopes": ["everything"]}),
        json!({"name": "x", "scope": ["read"]}),
        json!({"scopes": ["read"]}),
        json!(5),
    ] {
        let reply = ask(&company, Method::POST, "/v1/tokens", wanted.to_string()).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{wanted}");
    }
    assert_eq!(company.store.tokens().len(), 3);
}

#[tokio::test]
async fn the_first_token_is_made_once() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let made = first_token(&store).await.unwrap().unwrap();
    assert!(made.secret.expose().starts_with("vzv_"));
    assert!(!format!("{made:?}").contains(made.secret.expose()));
    assert!(first_token(&store).await.unwrap().is_none());
}
