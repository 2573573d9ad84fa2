//! Calls that are over: page by page, and one with its story.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::Contract;
use super::access::MayRead;
use super::path::Id;
use super::problem::Problem;
use super::query::Query;
use crate::crm::wire::{CallDocument, ToldCalls, client_id};
use crate::domain::call::Outcome;
use crate::store::{CallFilter, CallPlace};

/// One page of calls.
#[derive(Serialize, ToSchema)]
pub(super) struct Calls {
    /// The latest first, without their steps.
    calls: Vec<CallDocument>,
    /// What `after` is for the next page; null on the last one.
    next: Option<String>,
}

/// Calls that are over, latest first
///
/// A page can have fewer calls than `limit` although there is a next one: only so many calls are
/// looked at for one question.
#[utoipa::path(
    get, path = "/v1/calls", tag = "calls",
    params(
        ("phone" = Option<String>, Query, description = "Only from this number, in any usual spelling."),
        ("client" = Option<String>, Query, description = "Only of this client."),
        ("from" = Option<String>, Query, description = "Only that came then or later: a day or a time."),
        ("until" = Option<String>, Query, description = "Only that came before: a time, or a day, which is included."),
        ("outcome" = Option<String>, Query, description = "Only with this outcome: talked, talks_on, callback_left, hung_up, fallback, stuck."),
        ("after" = Option<String>, Query, description = "The `next` of the page before."),
        ("limit" = Option<usize>, Query, description = "1 to 1000; 100 if it is not given."),
    ),
    responses(
        (status = 200, description = "One page.", body = Calls),
        (status = 400, description = "Something can't be read.", body = Problem),
    )
)]
pub(super) async fn list(
    State(contract): State<Arc<Contract>>,
    _: MayRead,
    RawQuery(query): RawQuery,
) -> Result<Json<Calls>, Problem> {
    let query = Query::parse(
        query.as_deref(),
        &[
            "phone", "client", "from", "until", "outcome", "after", "limit",
        ],
    )?;
    let before = query.text("after").map(|after| place(&after)).transpose()?;
    let limit = query.limit()?;
    let filter = contract.filter(&query)?;
    // Many calls may have to be looked at.
    let page = contract
        .read_much(move |store| store.calls_before(&filter, before.as_ref(), limit))
        .await?;
    let next = page
        .next
        .map(|place| format!("{}-{}", place.micros, place.call));
    let calls = contract.told_calls(|told| page.calls.iter().map(|call| told.call(call)).collect());
    Ok(Json(Calls { calls, next }))
}

/// One call, step by step
#[utoipa::path(
    get, path = "/v1/calls/{id}", tag = "calls",
    params(("id" = String, Path, description = "The call, percent-encoded.")),
    responses(
        (status = 200, description = "The call with its steps.", body = CallDocument),
        (status = 404, description = "No call that is kept has this id.", body = Problem),
    )
)]
pub(super) async fn get(
    State(contract): State<Arc<Contract>>,
    _: MayRead,
    Id(id): Id,
) -> Result<Json<CallDocument>, Problem> {
    let call = contract.store.call(&id)?;
    let call = call.ok_or_else(|| {
        Problem::not_found(
            "no call that is over has this id; one that goes on is not here yet, and old ones are \
             removed after [store] calls_days",
        )
    })?;
    Ok(Json(contract.told_calls(|told| told.story(&call))))
}

impl Contract {
    fn filter(&self, query: &Query) -> Result<CallFilter, Problem> {
        let phone = query.phone()?;
        if phone.is_none() && query.text("phone").is_some() {
            return Err(Problem::bad_request(
                "phone: withheld numbers can't be asked for",
            ));
        }
        let client = query.text("client").map(|id| client_id(&id));
        let outcome = query.text("outcome");
        let is_known = |outcome: &String| Outcome::NAMES.contains(&outcome.as_str());
        if !outcome.as_ref().is_none_or(is_known) {
            let names = Outcome::NAMES.join(", ");
            return Err(Problem::bad_request(format!("outcome is one of {names}")));
        }
        let moments = self.reader.moments();
        Ok(CallFilter {
            phone,
            client: client.transpose().map_err(Problem::bad_request)?,
            from: query.moment("from", |text| moments.beginning(text))?,
            until: query.moment("until", |text| moments.ending(text))?,
            outcome,
        })
    }

    fn told_calls<T>(&self, tell: impl FnOnce(&ToldCalls<'_>) -> T) -> T {
        tell(&ToldCalls {
            entry: &|id| self.answers.entry(id),
            moments: self.reader.moments(),
            language: self.language,
        })
    }
}

fn place(text: &str) -> Result<CallPlace, Problem> {
    let place = text.split_once('-').and_then(|(micros, call)| {
        Some(CallPlace {
            micros: micros.parse().ok()?,
            call: call.to_owned(),
        })
    });
    place.ok_or_else(|| Problem::bad_request("after is the `next` of the page before"))
}
