//! Who may do what, and how often.

use std::num::NonZeroU32;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode};
use futures_util::stream;
use vizavi::crm::{Contract, Limits, Trust, router};

use super::support::{Company, EVENT, JSON, answers, request, settings};

/// Every method of every path, with the scope that it needs.
const NEEDED: [(Method, &str, &str); 28] = [
    (Method::POST, "/v1/events", "write"),
    (Method::GET, "/v1/employees", "read"),
    (Method::POST, "/v1/employees", "write"),
    (Method::GET, "/v1/employees/1", "read"),
    (Method::PUT, "/v1/employees/1", "write"),
    (Method::DELETE, "/v1/employees/1", "write"),
    (Method::GET, "/v1/clients", "read"),
    (Method::POST, "/v1/clients", "write"),
    (Method::GET, "/v1/clients/1", "read"),
    (Method::PUT, "/v1/clients/1", "write"),
    (Method::DELETE, "/v1/clients/1", "administer"),
    (Method::GET, "/v1/calls", "read"),
    (Method::GET, "/v1/calls/1", "read"),
    (Method::GET, "/v1/callbacks", "read"),
    (Method::POST, "/v1/callbacks", "write"),
    (Method::GET, "/v1/callbacks/1", "read"),
    (Method::DELETE, "/v1/callbacks/1", "write"),
    (Method::POST, "/v1/callbacks/1/retry", "write"),
    (Method::GET, "/v1/reports/callbacks", "read"),
    (Method::GET, "/v1/ranking", "read"),
    (Method::GET, "/v1/menu", "read"),
    (Method::GET, "/v1/tokens", "administer"),
    (Method::POST, "/v1/tokens", "administer"),
    (Method::DELETE, "/v1/tokens/1", "administer"),
    (Method::GET, "/v1/webhooks/waiting", "administer"),
    (Method::GET, "/v1/webhooks/dead", "administer"),
    (Method::POST, "/v1/webhooks/dead", "administer"),
    (Method::POST, "/v1/webhooks/dead/1", "administer"),
];

#[tokio::test]
async fn a_token_allows_what_its_scope_says_and_nothing_else() {
    let company = Company::new().await;
    let tokens = [
        ("write", &company.tokens.write),
        ("read", &company.tokens.read),
        ("administer", &company.tokens.administer),
    ];
    for (method, path, needed) in NEEDED {
        for (scope, token) in tokens {
            let request = request(method.clone(), path, token, JSON, "{}");
            let status = company.send(request).await.status;
            let allowed = scope == needed || scope == "administer";
            assert_eq!(
                status != StatusCode::FORBIDDEN,
                allowed,
                "{method} {path} with {scope}"
            );
            assert_ne!(status, StatusCode::UNAUTHORIZED);
            assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
}

#[test]
fn no_path_of_the_description_is_left_out_here() {
    let document: serde_json::Value = serde_json::from_str(vizavi::crm::document()).unwrap();
    let mut described = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let path = path.replace("{id}", "1");
            let known = |(other, its, _): &(Method, &str, &str)| {
                *its == path && other.as_str().eq_ignore_ascii_case(method)
            };
            assert!(NEEDED.iter().any(known), "{method} {path}");
            described += 1;
        }
    }
    assert_eq!(described, NEEDED.len());
}

#[tokio::test]
async fn without_a_valid_token_nothing_is_done() {
    let company = Company::new().await;
    let good = &company.tokens.write;
    for header in [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer vzv_x".to_owned()),
        Some(format!("Basic {good}")),
        Some(format!("Bearer {good}x")),
        Some(good.clone()),
    ] {
        let mut request = Request::post("/v1/events").header("content-type", JSON);
        if let Some(header) = &header {
            request = request.header("authorization", header);
        }
        let reply = company.send(request.body(EVENT.into()).unwrap()).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{header:?}");
        assert_eq!(reply.headers["www-authenticate"], "Bearer");
    }
    assert_eq!(company.store.counts().clients, 0);
}

#[tokio::test]
async fn without_a_token_nothing_of_a_body_is_read() {
    let company = Company::new().await;
    let untouched = stream::poll_fn(|_| -> std::task::Poll<Option<std::io::Result<Bytes>>> {
        panic!("the body is read");
    });
    let request = Request::post("/v1/events")
        .header("content-type", JSON)
        .body(Body::from_stream(untouched))
        .unwrap();
    assert_eq!(company.send(request).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_panic_ends_one_request() {
    let company = Company::new().await;
    let breaking = stream::poll_fn(|_| -> std::task::Poll<Option<std::io::Result<Bytes>>> {
        panic!("on purpose");
    });
    let reply = company
        .post("/v1/events", JSON, Body::from_stream(breaking))
        .await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        company.post("/v1/events", JSON, EVENT).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_description_needs_no_token() {
    let company = Company::new().await;
    let request = Request::get("/v1/openapi.json")
        .body(Body::empty())
        .unwrap();
    let reply = company.send(request).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.json()["openapi"].as_str().unwrap().starts_with("3.1"));
}

#[tokio::test]
async fn a_token_that_asks_too_often_is_told_when_to_come_back() {
    let limits = Limits {
        rate: NonZeroU32::new(1).unwrap(),
        burst: NonZeroU32::new(3).unwrap(),
        ..Limits::default()
    };
    let company = Company::with(limits).await;
    for _ in 0..3 {
        assert_eq!(company.get("/v1/employees").await.status, StatusCode::OK);
    }
    let reply = company.get("/v1/employees").await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.headers["retry-after"], "1");
    let other = company.post("/v1/events", JSON, EVENT).await;
    assert_eq!(
        other.status,
        StatusCode::OK,
        "another token has a rate of its own"
    );
}

#[tokio::test]
async fn strangers_are_told_to_wait_soon_and_those_with_a_token_are_not() {
    let company = Company::new().await;
    let mut refused = Vec::new();
    for _ in 0..40 {
        let request = Request::get("/v1/employees").body(Body::empty()).unwrap();
        refused.push(company.send(request).await.status);
    }
    assert_eq!(refused[0], StatusCode::UNAUTHORIZED);
    assert!(refused.contains(&StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(company.get("/v1/employees").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_trusted_listener_needs_no_token() {
    let mut company = Company::new().await;
    let settings = settings(company.directory.path(), Limits::default());
    let contract = Contract::new(&settings, company.store.clone(), answers(&company.store));
    company.router = router(contract, Trust::Everything);
    for _ in 0..200 {
        let request = Request::get("/v1/tokens").body(Body::empty()).unwrap();
        assert_eq!(company.send(request).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn an_unknown_path_and_a_wrong_method_are_problems_too() {
    let company = Company::new().await;
    let reply = company.get("/v1/event").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert!(reply.detail().contains("/v1/openapi.json"));
    let reply = company.get("/v1/events").await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(reply.headers["allow"], "POST");
    assert!(reply.json()["detail"].is_string());
}
