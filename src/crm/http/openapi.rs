//! The contract as an OpenAPI 3.1 document, from the types that read and write it.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr};
use utoipa::{Modify, OpenApi};

use super::problem::{PROBLEM_FORMAT, Problem};
use super::{
    answers, callback_report, callbacks, calls, clients, deliveries, employees, tokens, webhooks,
};
use crate::crm::wire::{CloudEventData, LeaveDocument};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "vizavi",
        description = "Send what happened between clients and employees; ask whom a caller wants. \
                       What each field means in full is told in docs/contract.md.",
    ),
    paths(
        deliveries::events,
        employees::list, deliveries::employees, employees::get, employees::put, employees::remove,
        clients::list, deliveries::clients, clients::get, clients::put, clients::erase,
        callbacks::list, callbacks::take, callbacks::get, callbacks::cancel, callbacks::retry,
        callback_report::report,
        answers::ranking, answers::menu,
        calls::list, calls::get,
        tokens::list, tokens::make, tokens::revoke,
        webhooks::waiting, webhooks::dead, webhooks::resend, webhooks::resend_all,
    ),
    components(schemas(Problem, LeaveDocument<'static>, CloudEventData<'static>)),
    modifiers(&Common),
)]
struct Document;

/// What holds for all paths: they need a token, and answer problems in one form.
struct Common;

/// What can be answered to every request, whatever it asks.
const ALWAYS: [(&str, &str); 4] = [
    ("401", "No valid token."),
    ("403", "The token has another scope."),
    (
        "429",
        "Too many requests; the header Retry-After says how long to wait.",
    ),
    ("500", "A mistake of ours."),
];

const PROBLEM: &str = "#/components/schemas/Problem";

impl Modify for Common {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", scheme);
        let no_scopes: [&str; 0] = [];
        document.security = Some(vec![SecurityRequirement::new("token", no_scopes)]);
        for path in document.paths.paths.values_mut() {
            let operations = [
                &mut path.get,
                &mut path.put,
                &mut path.post,
                &mut path.delete,
            ];
            operations.into_iter().flatten().for_each(complete);
        }
    }
}

fn complete(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    for (status, meaning) in ALWAYS {
        let problem = Content::new(Some(Ref::new(PROBLEM)));
        let response = ResponseBuilder::new()
            .description(meaning)
            .content("application/json", problem);
        responses.insert(status.to_owned(), response.build().into());
    }
    for response in responses.values_mut() {
        let RefOr::T(response) = response else {
            continue;
        };
        let is_problem = |content: &Content| matches!(&content.schema, Some(RefOr::Ref(schema)) if schema.ref_location == PROBLEM);
        if let Some(problem) = response.content.shift_remove("application/json") {
            let name = if is_problem(&problem) {
                PROBLEM_FORMAT
            } else {
                "application/json"
            };
            response.content.insert(name.to_owned(), problem);
        }
    }
}

static TEXT: LazyLock<String> =
    LazyLock::new(|| Document::openapi().to_pretty_json().unwrap_or_default());

/// The document, as JSON.
#[must_use]
pub fn document() -> &'static str {
    &TEXT
}

pub(super) async fn serve() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], document())
}
