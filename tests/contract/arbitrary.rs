//! Whatever anybody sends to any path, nothing panics and the answer is one of the contract's.

use std::sync::OnceLock;

use axum::body::Body;
use axum::http::{Method, Request};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use super::support::{Company, EVENT};

/// One company for all cases: what the cases before have left behind is part of what may come.
fn company() -> &'static (Runtime, Company) {
    static COMPANY: OnceLock<(Runtime, Company)> = OnceLock::new();
    COMPANY.get_or_init(|| {
        let runtime = Runtime::new().unwrap();
        let company = runtime.block_on(Company::new());
        (runtime, company)
    })
}

const PATHS: [&str; 11] = [
    "/v1/events",
    "/v1/employees",
    "/v1/employees/1",
    "/v1/employees/%00",
    "/v1/clients",
    "/v1/clients/tel:+74959262644",
    "/v1/clients/%ff",
    "/v1/ranking",
    "/v1/menu",
    "/v1/tokens",
    "/v1/nothing",
];

const FORMATS: [&str; 5] = [
    "application/json",
    "application/x-ndjson",
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "text/plain",
];

fn body() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(EVENT.as_bytes().to_vec()),
        Just(br#"{"id":"1","last":"A","phones":["84959262644"]}"#.to_vec()),
        Just(br#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":{}}"#.to_vec()),
        Just(b"[".to_vec()),
        Just(b"]".to_vec()),
        Just(b",".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\xef\xbb\xbf".to_vec()),
        prop::collection::vec(any::<u8>(), 0..30),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn method() -> impl Strategy<Value = Method> {
    prop::sample::select(vec![
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_request_has_an_answer_of_the_contract(
        method in method(),
        path in prop::sample::select(PATHS.to_vec()),
        query in "(\\?[a-z]{0,6}=?[+%0-9a-f&=]{0,20})?",
        format in prop::sample::select(FORMATS.to_vec()),
        body in body(),
    ) {
        let (runtime, company) = company();
        let request = Request::builder()
            .method(method)
            .uri(format!("{path}{query}"))
            .header("authorization", format!("Bearer {}", company.tokens.administer))
            .header("content-type", format)
            .body(Body::from(body))
            .unwrap();
        let reply = runtime.block_on(company.send(request));
        prop_assert!(reply.status.as_u16() < 500, "{reply:?}");
        let is_json = serde_json::from_slice::<serde_json::Value>(&reply.body).is_ok();
        prop_assert!(is_json || reply.body.is_empty(), "{reply:?}");
    }
}
