//! What is answered about callers.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use jiff::Timestamp;

use super::Contract;
use super::access::MayRead;
use super::problem::Problem;
use super::query::Query;
use crate::crm::wire::{MenuDocument, RankingDocument, Told};

/// Whom a caller wants, and why
///
/// Also those who are not offered, with the reason. An empty or withheld number has an empty ranking.
#[utoipa::path(
    get, path = "/v1/ranking", tag = "callers",
    params(
        ("phone" = Option<String>, Query, description = "The caller's number, in any usual spelling."),
        ("at" = Option<String>, Query, description = "The moment of the call; now if it is not given."),
        ("lang" = Option<String>, Query, description = "The language of the reasons: ru or en."),
    ),
    responses(
        (status = 200, description = "Best first.", body = RankingDocument),
        (status = 400, description = "The number or the time can't be read.", body = Problem),
    )
)]
pub(super) async fn ranking(
    State(contract): State<Arc<Contract>>,
    _: MayRead,
    RawQuery(query): RawQuery,
) -> Result<Json<RankingDocument>, Problem> {
    let query = Query::parse(query.as_deref(), &["phone", "at", "lang"])?;
    let phone = query.phone()?;
    let moments = contract.reader.moments();
    let at = query.at(moments, Timestamp::now())?;
    let language = query.language(contract.language)?;
    let answer = contract.answers.caller(phone.as_ref(), at)?;
    let told = Told {
        company: &contract.store.company(),
        rules: contract.answers.rules(),
        moments,
        language,
    };
    Ok(Json(told.ranking(phone.as_ref(), &answer)))
}

/// What a caller is offered
#[utoipa::path(
    get, path = "/v1/menu", tag = "callers",
    params(
        ("phone" = Option<String>, Query, description = "The caller's number, in any usual spelling."),
        ("at" = Option<String>, Query, description = "The moment of the call; now if it is not given."),
    ),
    responses(
        (status = 200, description = "The menu.", body = MenuDocument),
        (status = 400, description = "The number or the time can't be read.", body = Problem),
    )
)]
pub(super) async fn menu(
    State(contract): State<Arc<Contract>>,
    _: MayRead,
    RawQuery(query): RawQuery,
) -> Result<Json<MenuDocument>, Problem> {
    let query = Query::parse(query.as_deref(), &["phone", "at"])?;
    let at = query.at(contract.reader.moments(), Timestamp::now())?;
    let answer = contract.answers.caller(query.phone()?.as_ref(), at)?;
    Ok(Json(MenuDocument::of(&answer, contract.language)))
}
