//! The contract as an OpenAPI 3.1 document, from the types that read and write it.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{answers, clients, deliveries, employees, tokens};
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
        answers::ranking, answers::menu,
        tokens::list, tokens::make, tokens::revoke,
    ),
    components(schemas(LeaveDocument<'static>, CloudEventData<'static>)),
    modifiers(&Bearer),
)]
struct Document;

/// Every path needs a token.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", scheme);
        let no_scopes: [&str; 0] = [];
        document.security = Some(vec![SecurityRequirement::new("token", no_scopes)]);
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
