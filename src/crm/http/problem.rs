//! What is answered when something is wrong, by RFC 9457. Nothing of a request is repeated in a log.

use std::any::Any;
use std::time::Duration;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::StoreError;

/// How long to wait before the store is tried again.
const STORE_WAIT: Duration = Duration::from_secs(5);

/// How a problem is written.
pub(super) const PROBLEM_FORMAT: &str = "application/problem+json";

/// What is wrong with a request, or with us.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// The HTTP status.
    #[serde(serialize_with = "as_number")]
    #[schema(value_type = u16)]
    status: StatusCode,
    /// The status in words.
    title: &'static str,
    /// What is wrong, and what to do.
    detail: String,
    /// In which line of the body: the first is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// At which byte of that line: the first is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    /// For the header.
    #[serde(skip)]
    retry_after: Option<Duration>,
}

impl Problem {
    fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            title: status.canonical_reason().unwrap_or("Error"),
            detail: detail.into(),
            line: None,
            column: None,
            retry_after: None,
        }
    }

    fn later(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    pub(super) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// The body is no JSON.
    pub(super) fn no_json(error: &serde_json::Error) -> Self {
        Self {
            line: Some(error.line()),
            column: Some(error.column()),
            ..Self::bad_request(format!("the body is no JSON: {error}"))
        }
    }

    pub(super) fn no_token() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "send a valid token: Authorization: Bearer vzv_…",
        )
    }

    pub(super) fn not_allowed(scope: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            format!("this token does not have the scope \"{scope}\""),
        )
    }

    pub(super) fn not_found(detail: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "this path has other methods; the header Allow names them",
        )
    }

    pub(super) fn too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "the body did not come in time; send it again",
        )
    }

    pub(super) fn conflict(detail: &str) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    pub(super) fn too_large(most: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!(
                "the body has more than {most} bytes; send several, or a stream of lines \
                 (application/x-ndjson), which may have any length"
            ),
        )
    }

    pub(super) fn other_format(known: &[&str]) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!(
                "send the header Content-Type, in UTF-8: {}",
                known.join(" or ")
            ),
        )
    }

    pub(super) fn refused(reason: String) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, reason)
    }

    pub(super) fn too_many(wait: Duration) -> Self {
        let detail = "too many requests; wait as long as the header Retry-After says, and send many \
                      events in one request";
        Self::new(StatusCode::TOO_MANY_REQUESTS, detail).later(wait)
    }

    pub(super) fn unavailable() -> Self {
        let detail = "nothing of this request is acknowledged; send it again later, what is on disk \
                      already is only repeated by that";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).later(STORE_WAIT)
    }

    fn broken() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "a mistake of ours; the log says where",
        )
    }
}

/// The store can't be used.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the contract's request failed");
        Self::unavailable()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_FORMAT));
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A panic ends one request. What it says may hold data, so only that it was is logged here.
pub(super) fn after_a_panic(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request of the contract ended in a panic");
    Problem::broken().into_response()
}

fn as_number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}
