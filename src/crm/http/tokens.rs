//! Tokens: made, listed, revoked.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Contract;
use super::access::{MayAdminister, name};
use super::bodies::Format;
use super::path::Id;
use super::problem::Problem;
use crate::crm::NewToken;
use crate::crm::tokens::{LONGEST_NAME, MOST};
use crate::domain::access::{Scope, Token};
use crate::domain::person;
use crate::store::Change;

/// What a new token is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedToken {
    /// What it is for, up to 100 characters.
    name: String,
    /// What it allows.
    scopes: Vec<ScopeName>,
}

/// What a token allows: `write` to send, `read` to ask, `administer` for everything.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ScopeName {
    Write,
    Read,
    Administer,
}

/// A token, without its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenDocument {
    /// By which it is revoked.
    id: String,
    /// What it is for.
    name: String,
    /// What it allows.
    scopes: Vec<&'static str>,
    /// When it was made.
    created: String,
}

/// A token that has just been made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeToken {
    #[serde(flatten)]
    document: TokenDocument,
    /// The secret. It is shown now and never again.
    token: String,
}

/// All tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct Tokens {
    /// In no order.
    tokens: Vec<TokenDocument>,
}

/// All tokens, without their secrets
#[utoipa::path(
    get, path = "/v1/tokens", tag = "tokens",
    responses((status = 200, description = "All of them.", body = Tokens))
)]
pub(super) async fn list(State(contract): State<Arc<Contract>>, _: MayAdminister) -> Json<Tokens> {
    let tokens = contract.store.tokens();
    Json(Tokens {
        tokens: tokens.iter().map(|token| contract.written(token)).collect(),
    })
}

/// Make a token
#[utoipa::path(
    post, path = "/v1/tokens", tag = "tokens",
    request_body = WantedToken,
    responses(
        (status = 201, description = "The token with its secret.", body = MadeToken),
        (status = 422, description = "Refused.", body = Problem),
    )
)]
pub(super) async fn make(
    State(contract): State<Arc<Contract>>,
    _: MayAdminister,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<MadeToken>), Problem> {
    Format::of(&headers, &[Format::Json])?;
    let json = contract.json(&headers, body).await?;
    let wanted: WantedToken =
        serde_json::from_str(json.text()).map_err(|error| Problem::refused(error.to_string()))?;
    let (name, scopes) = wanted.check()?;
    if contract.store.tokens().len() >= MOST {
        return Err(Problem::conflict("there are too many tokens; revoke some"));
    }
    let made = NewToken::make(&name, scopes, Timestamp::now());
    let made = made.map_err(|error| {
        tracing::error!(%error, "no token was made");
        Problem::unavailable()
    })?;
    contract
        .write_one(Change::PutToken(made.token.clone()))
        .await?;
    let document = MadeToken {
        document: contract.written(&made.token),
        token: made.secret.expose().to_owned(),
    };
    Ok((StatusCode::CREATED, Json(document)))
}

/// Revoke a token
#[utoipa::path(
    delete, path = "/v1/tokens/{id}", tag = "tokens",
    params(("id" = String, Path, description = "The token's id, not its secret.")),
    responses(
        (status = 204, description = "It does not hold any more."),
        (status = 404, description = "No token has this id.", body = Problem),
    )
)]
pub(super) async fn revoke(
    State(contract): State<Arc<Contract>>,
    _: MayAdminister,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    contract.remove(Change::RemoveToken(id)).await
}

impl Contract {
    fn written(&self, token: &Token) -> TokenDocument {
        TokenDocument {
            id: token.id.clone(),
            name: token.name.clone(),
            scopes: token.scopes.iter().map(|scope| name(*scope)).collect(),
            created: self.reader.moments().write_time(token.created),
        }
    }
}

impl WantedToken {
    fn check(self) -> Result<(String, Vec<Scope>), Problem> {
        let name = person::part(&self.name).ok().flatten();
        let name = name.ok_or_else(|| {
            let detail =
                format!("name says what the token is for, in 1 to {LONGEST_NAME} characters");
            Problem::refused(detail)
        })?;
        let mut scopes: Vec<Scope> = self.scopes.into_iter().map(ScopeName::scope).collect();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            let detail = "scopes names at least one of \"write\", \"read\", \"administer\"";
            return Err(Problem::refused(detail.to_owned()));
        }
        Ok((name, scopes))
    }
}

impl ScopeName {
    fn scope(self) -> Scope {
        match self {
            Self::Write => Scope::Write,
            Self::Read => Scope::Read,
            Self::Administer => Scope::Administer,
        }
    }
}
