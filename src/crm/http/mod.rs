//! The contract over HTTP: who may ask, what is read of a request, what is answered.

mod access;
mod answers;
mod bodies;
mod callback_report;
mod callback_table;
mod callbacks;
mod calls;
mod clients;
mod condition;
mod deliveries;
mod employees;
mod openapi;
mod path;
mod problem;
mod query;
mod rates;
mod tokens;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tower_http::catch_panic::CatchPanicLayer;

use super::Answers;
use super::settings::{Limits, Settings};
use super::wire::Reader;
use crate::domain::language::Language;
use crate::metrics;
use crate::store::{Change, Done, Store, StoreError};
use problem::Problem;
use rates::Rates;

pub(super) use access::Peer;
pub(super) use condition::condition_router;
pub use condition::{Check, Observed, Readiness};
pub use openapi::document;

/// How many bodies of more than [`bodies::SMALL`] bytes are in memory at once.
const LARGE_BODIES: usize = 4;

/// What a CRM can ask and send.
pub struct Contract {
    store: Store,
    answers: Arc<dyn Answers>,
    reader: Reader,
    language: Language,
    limits: Limits,
    rates: Rates,
    large_bodies: Semaphore,
}

/// Whom a listener trusts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Whoever has a token.
    Token,
    /// Everybody: only they can reach it who may do everything anyway.
    Everything,
}

impl Contract {
    /// A contract that keeps what it is sent in `store`.
    #[must_use]
    pub fn new(settings: &Settings, store: Store, answers: Arc<dyn Answers>) -> Arc<Self> {
        let limits = settings.limits.clone();
        Arc::new(Self {
            store,
            answers,
            reader: Reader::new(settings.zone.clone()).with_callbacks(settings.callbacks.clone()),
            language: settings.language,
            rates: Rates::new(&limits),
            limits,
            large_bodies: Semaphore::new(LARGE_BODIES),
        })
    }

    /// Reads what may take long, on a thread of its own: the calls that go on must not wait for that.
    async fn read_much<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let store = self.store.clone();
        let reading = spawn_blocking(move || read(&store));
        Ok(reading.await.map_err(|_| Problem::unavailable())??)
    }

    /// Writes; what is answered is on disk.
    async fn write(&self, changes: Vec<Change>) -> Result<Vec<Done>, Problem> {
        let writing = self.store.write(changes);
        match tokio::time::timeout(self.limits.write_time, writing).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => {
                tracing::error!("the store has not written in time");
                Err(Problem::unavailable())
            }
        }
    }

    /// Writes one change.
    async fn write_one(&self, change: Change) -> Result<Done, Problem> {
        let done = self.write(vec![change]).await?;
        done.first().copied().ok_or_else(Problem::unavailable)
    }
}

/// Answers requests of those whom `trust` names.
pub fn router(contract: Arc<Contract>, trust: Trust) -> Router {
    let access = from_fn_with_state((Arc::clone(&contract), trust), access::check);
    Router::new()
        .route("/v1/events", post(deliveries::events))
        .route(
            "/v1/employees",
            get(employees::list).post(deliveries::employees),
        )
        .route(
            "/v1/employees/{id}",
            get(employees::get)
                .put(employees::put)
                .delete(employees::remove),
        )
        .route("/v1/clients", get(clients::list).post(deliveries::clients))
        .route(
            "/v1/clients/{id}",
            get(clients::get).put(clients::put).delete(clients::erase),
        )
        .route("/v1/calls", get(calls::list))
        .route("/v1/calls/{id}", get(calls::get))
        .route("/v1/callbacks", get(callbacks::list).post(callbacks::take))
        .route(
            "/v1/callbacks/{id}",
            get(callbacks::get).delete(callbacks::cancel),
        )
        .route("/v1/callbacks/{id}/retry", post(callbacks::retry))
        .route("/v1/reports/callbacks", get(callback_report::report))
        .route("/v1/ranking", get(answers::ranking))
        .route("/v1/menu", get(answers::menu))
        .route("/v1/tokens", get(tokens::list).post(tokens::make))
        .route("/v1/tokens/{id}", delete(tokens::revoke))
        .route("/v1/webhooks/waiting", get(webhooks::waiting))
        .route(
            "/v1/webhooks/dead",
            get(webhooks::dead).post(webhooks::resend_all),
        )
        .route("/v1/webhooks/dead/{id}", post(webhooks::resend))
        .route(OPENAPI, get(openapi::serve))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        // Bodies are read by `bodies`, which has limits of its own.
        .layer(DefaultBodyLimit::disable())
        .layer(access)
        .layer(from_fn(log))
        .layer(CatchPanicLayer::custom(problem::after_a_panic))
        .with_state(contract)
}

/// Where the contract describes itself.
const OPENAPI: &str = "/v1/openapi.json";

async fn nothing_here() -> Problem {
    Problem::not_found("there is nothing at this path; GET /v1/openapi.json lists what there is")
}

async fn wrong_method() -> Problem {
    Problem::method_not_allowed()
}

/// Tells of a request without the data that is in its path and query.
async fn log(
    State(()): State<()>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let begun = tokio::time::Instant::now();
    let response = next.run(request).await.into_response();
    let path = path.as_ref().map_or("(no such path)", MatchedPath::as_str);
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    metrics::contract(status);
    tracing::debug!(%method, path, status, ?took, "request");
    response
}
