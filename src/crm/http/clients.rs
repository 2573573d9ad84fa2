//! Clients, one by one and page by page; and how one is erased.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Contract;
use super::access::{MayAdminister, MayRead, MayWrite};
use super::bodies::Format;
use super::employees::nobody;
use super::path::Id;
use super::problem::Problem;
use super::query::Query;
use crate::crm::wire::{ClientDocument, client_id};
use crate::domain::rating::ClientId;
use crate::store::{Change, Client};

/// One page of clients.
#[derive(Serialize, ToSchema)]
pub(super) struct Clients {
    /// In the order of their ids.
    #[schema(value_type = Vec<ClientDocument<'static>>)]
    clients: Vec<ClientDocument<'static>>,
    /// What `after` is for the next page; null on the last one.
    next: Option<String>,
}

/// A client that was set.
#[derive(Serialize, ToSchema)]
pub(super) struct PutClient {
    #[serde(flatten)]
    #[schema(value_type = ClientDocument<'static>)]
    client: ClientDocument<'static>,
    /// What was left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

/// Clients, page by page
#[utoipa::path(
    get, path = "/v1/clients", tag = "clients",
    params(
        ("after" = Option<String>, Query, description = "The `next` of the page before."),
        ("limit" = Option<usize>, Query, description = "1 to 1000; 100 if it is not given."),
    ),
    responses((status = 200, description = "One page.", body = Clients))
)]
pub(super) async fn list(
    State(contract): State<Arc<Contract>>,
    _: MayRead,
    RawQuery(query): RawQuery,
) -> Result<Json<Clients>, Problem> {
    let query = Query::parse(query.as_deref(), &["after", "limit"])?;
    let after = query.raw("after").filter(|after| !after.is_empty());
    let after = after.map(parsed).transpose()?;
    let limit = query.limit()?;
    let found = contract.store.clients_after(after.as_ref(), limit)?;
    let is_full = found.len() == limit;
    let last = found.last().filter(|_| is_full);
    Ok(Json(Clients {
        next: last.map(|client| client.id.as_str().to_owned()),
        clients: found.iter().map(written).collect(),
    }))
}

/// One client
#[utoipa::path(
    get, path = "/v1/clients/{id}", tag = "clients",
    params(("id" = String, Path, description = "The client, percent-encoded.")),
    responses(
        (status = 200, description = "What is known.", body = ClientDocument<'static>),
        (status = 404, description = "Nobody has this id.", body = Problem),
    )
)]
pub(super) async fn get(
    State(contract): State<Arc<Contract>>,
    _: MayRead,
    Id(id): Id,
) -> Result<Json<ClientDocument<'static>>, Problem> {
    contract.client(&parsed(&id)?).map(Json)
}

/// Set what is known about a client
///
/// All of it: what is left out is not known any more. Their events stay.
#[utoipa::path(
    put, path = "/v1/clients/{id}", tag = "clients",
    params(("id" = String, Path, description = "The client, percent-encoded.")),
    request_body = ClientDocument<'static>,
    responses(
        (status = 200, description = "What holds now.", body = PutClient),
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
) -> Result<Json<PutClient>, Problem> {
    let id = parsed(&id)?;
    Format::of(&headers, &[Format::Json])?;
    let document = contract.json(&headers, body).await?;
    let read = contract
        .reader
        .client(document.text(), Some(&id), Timestamp::now());
    let read = read.map_err(|refused| Problem::refused(refused.reason))?;
    contract.put(read.change).await?;
    Ok(Json(PutClient {
        client: contract.client(&id)?,
        warnings: read.warnings,
    }))
}

/// Erase a client
///
/// Nothing is left of them: card, events, telephones, calls. If old events are delivered once more,
/// they are new, and the client is there again.
#[utoipa::path(
    delete, path = "/v1/clients/{id}", tag = "clients",
    params(("id" = String, Path, description = "The client, percent-encoded.")),
    responses(
        (status = 204, description = "Erased."),
        (status = 404, description = "Nobody has this id.", body = Problem),
    )
)]
pub(super) async fn erase(
    State(contract): State<Arc<Contract>>,
    _: MayAdminister,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    let id = parsed(&id)?;
    let erased = contract.remove(Change::EraseClient(id)).await;
    contract.answers.client_erased();
    erased
}

impl Contract {
    fn client(&self, id: &ClientId) -> Result<ClientDocument<'static>, Problem> {
        let client = self.store.client(id)?;
        client.as_ref().map(written).ok_or_else(nobody)
    }
}

/// Of a client without a card it is told which telephones their events have named.
fn written(client: &Client) -> ClientDocument<'static> {
    match &client.card {
        Some(card) => ClientDocument::of(&client.id, card, client.card_version),
        None => ClientDocument::without_card(&client.id, &client.phones()),
    }
}

fn parsed(id: &str) -> Result<ClientId, Problem> {
    client_id(id).map_err(Problem::bad_request)
}
