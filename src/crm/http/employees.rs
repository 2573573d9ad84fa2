//! Employees, one by one, and all of them.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Contract;
use super::access::{MayRead, MayWrite};
use super::bodies::Format;
use super::path::Id;
use super::problem::Problem;
use super::query::Query;
use crate::crm::wire::{EmployeeDocument, version_of};
use crate::domain::rating::EmployeeId;
use crate::store::{Change, Done};

/// Everybody.
#[derive(Serialize, ToSchema)]
pub(super) struct Employees {
    /// In the order of their ids.
    #[schema(value_type = Vec<EmployeeDocument<'static>>)]
    employees: Vec<EmployeeDocument<'static>>,
}

/// All employees and departments
#[utoipa::path(
    get, path = "/v1/employees", tag = "employees",
    responses((status = 200, description = "All of them.", body = Employees))
)]
pub(super) async fn list(State(contract): State<Arc<Contract>>, _: MayRead) -> Json<Employees> {
    let company = contract.store.company();
    let mut ids: Vec<&EmployeeId> = company.cards().map(|(id, _)| id).collect();
    ids.sort_unstable();
    let employees = ids.into_iter().filter_map(|id| contract.employee(id));
    Json(Employees {
        employees: employees.collect(),
    })
}

/// One employee
#[utoipa::path(
    get, path = "/v1/employees/{id}", tag = "employees",
    params(("id" = String, Path, description = "The employee, percent-encoded.")),
    responses(
        (status = 200, description = "What is known.", body = EmployeeDocument<'static>),
        (status = 404, description = "Nobody has this id.", body = Problem),
    )
)]
pub(super) async fn get(
    State(contract): State<Arc<Contract>>,
    _: MayRead,
    Id(id): Id,
) -> Result<Json<EmployeeDocument<'static>>, Problem> {
    let employee = contract.employee(&parsed(&id)?);
    employee.map(Json).ok_or_else(nobody)
}

/// Set what is known about an employee
///
/// All of it: what is left out is not known any more.
#[utoipa::path(
    put, path = "/v1/employees/{id}", tag = "employees",
    params(("id" = String, Path, description = "The employee, percent-encoded.")),
    request_body = EmployeeDocument<'static>,
    responses(
        (status = 200, description = "What holds now.", body = EmployeeDocument<'static>),
        (status = 409, description = "A later version is there.", body = Problem),
        (status = 422, description = "Refused.", body = Problem),
    )
)]
pub(super) async fn put(
    State(contract): State<Arc<Contract>>,
    _: MayWrite,
    Id(id): Id,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<EmployeeDocument<'static>>, Problem> {
    let id = parsed(&id)?;
    Format::of(&headers, &[Format::Json])?;
    let document = contract.json(&headers, body).await?;
    let read = contract
        .reader
        .employee(document.text(), Some(&id), Timestamp::now());
    let read = read.map_err(|refused| Problem::refused(refused.reason))?;
    contract.put(read.change).await?;
    contract.employee(&id).map(Json).ok_or_else(nobody)
}

/// Remove an employee
///
/// Their events stay with their clients. For somebody who left, `until` and `successor` are better.
#[utoipa::path(
    delete, path = "/v1/employees/{id}", tag = "employees",
    params(
        ("id" = String, Path, description = "The employee, percent-encoded."),
        ("version" = Option<u64>, Query, description = "As in the card."),
    ),
    responses(
        (status = 204, description = "Removed."),
        (status = 404, description = "Nobody has this id.", body = Problem),
        (status = 409, description = "A later version is there.", body = Problem),
    )
)]
pub(super) async fn remove(
    State(contract): State<Arc<Contract>>,
    _: MayWrite,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Problem> {
    let id = parsed(&id)?;
    let version = Query::parse(query.as_deref(), &["version"])?.number("version")?;
    let version = version.unwrap_or_else(|| version_of(Timestamp::now()));
    contract
        .remove(Change::RemoveEmployee { id, version })
        .await
}

impl Contract {
    fn employee(&self, id: &EmployeeId) -> Option<EmployeeDocument<'static>> {
        let (card, version) = self.store.employee(id)?;
        Some(EmployeeDocument::of(
            id,
            &card,
            version,
            self.reader.moments(),
        ))
    }

    /// Puts a card.
    pub(super) async fn put(&self, change: Change) -> Result<(), Problem> {
        match self.write_one(change).await? {
            Done::Outdated => Err(later_version()),
            Done::Stored | Done::Unchanged | Done::NotThere | Done::Event(_) => Ok(()),
        }
    }

    /// Takes something away.
    pub(super) async fn remove(&self, change: Change) -> Result<StatusCode, Problem> {
        match self.write_one(change).await? {
            Done::Outdated => Err(later_version()),
            Done::NotThere => Err(nobody()),
            Done::Stored | Done::Unchanged | Done::Event(_) => Ok(StatusCode::NO_CONTENT),
        }
    }
}

fn later_version() -> Problem {
    Problem::conflict("a later version is there already; GET it, and send a higher one")
}

pub(super) fn nobody() -> Problem {
    Problem::not_found("nothing is known under this id")
}

fn parsed(id: &str) -> Result<EmployeeId, Problem> {
    EmployeeId::parse(id).map_err(|error| Problem::bad_request(error.to_string()))
}
