//! `/healthz`, `/readyz` and `/metrics`: how we are, without a word about anybody. On an address of
//! their own, where no token is asked for: see [`super::super::serve`].

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;

use super::{nothing_here, problem, wrong_method};
use crate::metrics;

/// Who knows how we are.
pub trait Observed: Send + Sync + 'static {
    /// Whether we go on. If not, we should be started again.
    fn is_alive(&self) -> bool;

    /// Whether calls can be served, and what of that is amiss.
    fn readiness(&self) -> Readiness;

    /// What Prometheus reads. May take milliseconds of a disk.
    fn metrics(&self) -> String;
}

/// Whether calls can be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// What was looked at.
    pub checks: Vec<Check>,
}

impl Readiness {
    /// Calls can be served. What is only degraded or not known yet does not prevent that.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.state != CheckState::Failed)
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    name: &'static str,
    state: CheckState,
    /// What is amiss.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum CheckState {
    Good,
    /// Nobody could know yet.
    Unknown,
    /// Callers are served, with less.
    Degraded,
    /// Callers are not served.
    Failed,
}

impl Check {
    /// All is well.
    #[must_use]
    pub fn good(name: &'static str) -> Self {
        Self {
            name,
            state: CheckState::Good,
            detail: None,
        }
    }

    /// Nobody could know yet.
    #[must_use]
    pub fn unknown(name: &'static str, detail: impl Into<String>) -> Self {
        Self::bad(name, CheckState::Unknown, detail)
    }

    /// Callers are served, with less.
    #[must_use]
    pub fn degraded(name: &'static str, detail: impl Into<String>) -> Self {
        Self::bad(name, CheckState::Degraded, detail)
    }

    /// Callers are not served.
    #[must_use]
    pub fn failed(name: &'static str, detail: impl Into<String>) -> Self {
        Self::bad(name, CheckState::Failed, detail)
    }

    fn bad(name: &'static str, state: CheckState, detail: impl Into<String>) -> Self {
        Self {
            name,
            state,
            detail: Some(detail.into()),
        }
    }
}

#[derive(Serialize)]
struct ReadinessDocument {
    ready: bool,
    checks: Vec<Check>,
}

/// Answers those who watch over us.
pub(in crate::crm) fn condition_router(observed: Arc<dyn Observed>) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(CatchPanicLayer::custom(problem::after_a_panic))
        .with_state(observed)
}

async fn healthz(State(observed): State<Arc<dyn Observed>>) -> Response {
    let answer = match observed.is_alive() {
        true => (StatusCode::OK, "alive\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "stuck\n"),
    };
    ([(CACHE_CONTROL, "no-store")], answer).into_response()
}

async fn readyz(State(observed): State<Arc<dyn Observed>>) -> Response {
    let readiness = observed.readiness();
    let ready = readiness.is_ready();
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let document = ReadinessDocument {
        ready,
        checks: readiness.checks,
    };
    (status, [(CACHE_CONTROL, "no-store")], Json(document)).into_response()
}

async fn metrics(State(observed): State<Arc<dyn Observed>>) -> Response {
    // The store is asked for its size, which looks at its files.
    match tokio::task::spawn_blocking(move || observed.metrics()).await {
        Ok(text) => ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
