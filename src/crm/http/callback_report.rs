//! What came of callbacks in a time, counted.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};

use super::Contract;
use super::access::MayRead;
use super::problem::Problem;
use super::query::Query;
use crate::crm::wire::CallbackReport;
use crate::domain::callback::report::Report;
use crate::store::{CallbackFilter, CallbackPlace, Store, StoreError};

/// So many jobs are read at once.
const GROUP: usize = 1000;

/// What came of callbacks
///
/// Attempts that began in a time, and jobs that ended in it, counted. Jobs are kept for 90 days after their
/// end.
#[utoipa::path(
    get, path = "/v1/reports/callbacks", tag = "callbacks",
    params(
        ("from" = String, Query, description = "A day, or a moment."),
        ("to" = String, Query, description = "The last day, or the first moment after it."),
    ),
    responses(
        (status = 200, description = "The counts.", body = CallbackReport),
        (status = 400, description = "A time is missing or can't be read.", body = Problem),
    )
)]
pub(super) async fn report(
    State(contract): State<Arc<Contract>>,
    _: MayRead,
    RawQuery(query): RawQuery,
) -> Result<Json<CallbackReport>, Problem> {
    let query = Query::parse(query.as_deref(), &["from", "to"])?;
    let moments = contract.reader.moments().clone();
    let from = query.moment("from", |text| moments.beginning(text))?;
    let until = query.moment("to", |text| moments.ending(text))?;
    let (Some(from), Some(until)) = (from, until) else {
        let detail = "from and to say of which time, such as from=2026-11-01&to=2026-11-30";
        return Err(Problem::bad_request(detail));
    };
    let report = Report::new(from, until, moments.zone().clone());
    let report = contract
        .read_much(move |store| counted(store, report))
        .await?;
    Ok(Json(CallbackReport::of(&report, from, until, &moments)))
}

fn counted(store: &Store, mut report: Report) -> Result<Report, StoreError> {
    let all = CallbackFilter::default();
    let mut place: Option<CallbackPlace> = None;
    loop {
        let jobs = store.callbacks_before(&all, place.as_ref(), GROUP)?;
        jobs.iter().for_each(|job| report.add(job));
        let Some(last) = jobs.last().filter(|_| jobs.len() == GROUP) else {
            return Ok(report);
        };
        place = Some((last.created, last.wanted.id.clone()));
    }
}
