//! Callback jobs: taken, listed, told, cancelled.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Contract;
use super::access::{MayRead, MayWrite};
use super::callback_table::table;
use super::deliveries::cards;
use super::employees::nobody;
use super::path::Id;
use super::problem::Problem;
use super::query::Query;
use crate::crm::wire::{CallbackDocument, CallbackJob, CardsReport, Kind, Moments};
use crate::domain::callback::{Job, JobId};
use crate::domain::rating::EmployeeId;
use crate::store::{
    CallbackChange, CallbackFilter, CallbackPlace, Change, Done, MOST_WAITING_CALLBACKS, Phase,
};

/// One page of jobs.
#[derive(Serialize, ToSchema)]
pub(super) struct Callbacks {
    /// The latest first.
    callbacks: Vec<CallbackJob>,
    /// What `after` is for the next page; null on the last one.
    next: Option<String>,
    /// How many jobs wait, whatever was asked for.
    waiting: usize,
    /// For how many somebody is being called.
    running: usize,
    /// How many are over and still kept.
    ended: usize,
}

/// Take callbacks
///
/// One job, an array, or a stream of lines with a job in each. One bad job does not refuse the others. What
/// is counted as stored is on disk.
#[utoipa::path(
    post, path = "/v1/callbacks", tag = "callbacks",
    request_body(content(
        (CallbackDocument<'static> = "application/json"),
        (Vec<CallbackDocument<'static>> = "application/json"),
        (CallbackDocument<'static> = "application/x-ndjson"),
    )),
    responses(
        (status = 200, description = "What became of each.", body = CardsReport),
        (status = 409, description = "There are no callbacks here, or too many wait.", body = Problem),
        (status = 422, description = "A single job was refused.", body = CardsReport),
        (status = 503, description = "Nothing is acknowledged; send it again.", body = Problem),
    )
)]
pub(super) async fn take(
    State(contract): State<Arc<Contract>>,
    _: MayWrite,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    if !contract.reader.takes_callbacks() {
        let detail = "there are no callbacks here: [callbacks] queue says who makes them";
        return Err(Problem::conflict(detail));
    }
    if contract.store.callback_counts().waiting >= MOST_WAITING_CALLBACKS {
        return Err(Problem::conflict("too many callbacks wait; cancel some"));
    }
    cards(&contract, Kind::Callback, &headers, body).await
}

/// Callbacks, page by page
///
/// The latest first. As a table (`text/csv`) all that are meant come at once.
#[utoipa::path(
    get, path = "/v1/callbacks", tag = "callbacks",
    params(
        ("state" = Option<String>, Query, description = "`waiting`, `running` or `ended`."),
        ("phone" = Option<String>, Query, description = "Those that call this number."),
        ("owner" = Option<String>, Query, description = "Those of this employee."),
        ("from" = Option<String>, Query, description = "Those that came then or later: a day or a time."),
        ("to" = Option<String>, Query, description = "Those that came until then: a day, or a time."),
        ("after" = Option<String>, Query, description = "The `next` of the page before."),
        ("limit" = Option<usize>, Query, description = "1 to 1000; 100 if it is not given."),
        ("format" = Option<String>, Query, description = "`csv` for a table; also by the header Accept."),
    ),
    responses((status = 200, description = "One page.", content(
        (Callbacks = "application/json"), (String = "text/csv"),
    )))
)]
pub(super) async fn list(
    State(contract): State<Arc<Contract>>,
    _: MayRead,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    const KNOWN: [&str; 8] = [
        "state", "phone", "owner", "from", "to", "after", "limit", "format",
    ];
    let query = Query::parse(query.as_deref(), &KNOWN)?;
    let moments = contract.reader.moments();
    let filter = filter(&query, moments)?;
    if wants_table(&query, &headers)? {
        let head = [(CONTENT_TYPE, "text/csv; charset=utf-8")];
        let table = table(contract.store.clone(), filter, moments.clone());
        return Ok((head, table).into_response());
    }
    let place = query.text("after").as_deref().map(place).transpose()?;
    let limit = query.limit()?;
    let jobs = contract
        .store
        .callbacks_before(&filter, place.as_ref(), limit)?;
    let last = jobs.last().filter(|_| jobs.len() == limit);
    let counts = contract.store.callback_counts();
    Ok(Json(Callbacks {
        next: last.map(written_place),
        callbacks: jobs
            .iter()
            .map(|job| CallbackJob::of(job, moments))
            .collect(),
        waiting: counts.waiting,
        running: counts.running,
        ended: counts.ended,
    })
    .into_response())
}

fn filter(query: &Query, moments: &Moments) -> Result<CallbackFilter, Problem> {
    let phase = match query.text("state").as_deref() {
        None => None,
        Some("waiting") => Some(Phase::Waiting),
        Some("running") => Some(Phase::Running),
        Some("ended") => Some(Phase::Ended),
        Some(_) => return Err(Problem::bad_request("state is waiting, running or ended")),
    };
    let owner = query.text("owner").map(|owner| EmployeeId::parse(&owner));
    let owner = owner.transpose();
    Ok(CallbackFilter {
        phase,
        from: query.moment("from", |text| moments.beginning(text))?,
        until: query.moment("to", |text| moments.ending(text))?,
        phone: query.phone()?,
        owner: owner.map_err(|error| Problem::bad_request(format!("owner: {error}")))?,
    })
}

fn wants_table(query: &Query, headers: &HeaderMap) -> Result<bool, Problem> {
    match query.text("format").as_deref() {
        Some("csv") => Ok(true),
        Some("json") => Ok(false),
        Some(_) => Err(Problem::bad_request("format is json or csv")),
        None => {
            let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
            Ok(accept.is_some_and(|accept| accept.starts_with("text/csv")))
        }
    }
}

/// A place in the list, as `next` writes it: the moment in microseconds, and the job.
fn place(text: &str) -> Result<CallbackPlace, Problem> {
    let read = || {
        let (moment, id) = text.split_once('~')?;
        let moment = Timestamp::from_nanosecond(moment.parse().ok()?).ok()?;
        Some((moment, JobId::parse(id).ok()?))
    };
    read().ok_or_else(|| Problem::bad_request("after is the next of the page before"))
}

fn written_place(job: &Job) -> String {
    format!("{}~{}", job.created.as_nanosecond(), job.wanted.id.as_str())
}

/// One callback
#[utoipa::path(
    get, path = "/v1/callbacks/{id}", tag = "callbacks",
    params(("id" = String, Path, description = "The job, percent-encoded.")),
    responses(
        (status = 200, description = "The job, and what has been done for it.", body = CallbackJob),
        (status = 404, description = "No job has this id.", body = Problem),
    )
)]
pub(super) async fn get(
    State(contract): State<Arc<Contract>>,
    _: MayRead,
    Id(id): Id,
) -> Result<Json<CallbackJob>, Problem> {
    let job = contract.store.callback(&parsed(&id)?)?;
    let moments = contract.reader.moments();
    let job = job.map(|job| Json(CallbackJob::of(&job, moments)));
    job.ok_or_else(nobody)
}

/// Cancel a callback
///
/// If somebody is being called for it just now, the call is ended, unless the two talk already.
#[utoipa::path(
    delete, path = "/v1/callbacks/{id}", tag = "callbacks",
    params(("id" = String, Path, description = "The job, percent-encoded.")),
    responses(
        (status = 204, description = "Nobody is called for it any more."),
        (status = 404, description = "No job has this id.", body = Problem),
        (status = 409, description = "It is over already.", body = Problem),
    )
)]
pub(super) async fn cancel(
    State(contract): State<Arc<Contract>>,
    _: MayWrite,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    let (id, at) = (parsed(&id)?, Timestamp::now());
    let cancel = CallbackChange::Cancel { id, at };
    contract.step(cancel, "it is over already").await
}

/// Try a callback again
///
/// One that waits does not wait for its pause any more; one that is over begins anew. Hours and operators
/// are waited for all the same.
#[utoipa::path(
    post, path = "/v1/callbacks/{id}/retry", tag = "callbacks",
    params(("id" = String, Path, description = "The job, percent-encoded.")),
    responses(
        (status = 204, description = "It waits to be tried now."),
        (status = 404, description = "No job has this id.", body = Problem),
        (status = 409, description = "It is being tried, or it is too late for it.", body = Problem),
    )
)]
pub(super) async fn retry(
    State(contract): State<Arc<Contract>>,
    _: MayWrite,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    let (id, at) = (parsed(&id)?, Timestamp::now());
    let retry = CallbackChange::Retry { id, at };
    let reason = "it is being tried just now, or its appointment or not_after has been";
    contract.step(retry, reason).await
}

impl Contract {
    async fn step(&self, change: CallbackChange, refused: &str) -> Result<StatusCode, Problem> {
        match self.write_one(Change::Callback(Box::new(change))).await? {
            Done::Outdated => Err(Problem::conflict(refused)),
            Done::NotThere => Err(nobody()),
            Done::Stored | Done::Unchanged | Done::Event(_) => Ok(StatusCode::NO_CONTENT),
        }
    }
}

fn parsed(id: &str) -> Result<JobId, Problem> {
    JobId::parse(id).map_err(|error| Problem::bad_request(error.to_string()))
}
