//! Who is asking, and what they may do. Decided before anything of a request's body is read.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use super::problem::Problem;
use super::{Contract, OPENAPI, Trust};
use crate::crm::tokens;
use crate::domain::access::{Scope, Token};

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub(in crate::crm) struct Peer(pub(in crate::crm) IpAddr);

/// What whoever asks may do.
#[derive(Clone)]
enum Grant {
    Everything,
    Token(Token),
}

/// Lets a request in, with what it is allowed.
pub(super) async fn check(
    State((contract, trust)): State<(Arc<Contract>, Trust)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if trust == Trust::Everything {
        request.extensions_mut().insert(Grant::Everything);
        return Ok(next.run(request).await);
    }
    match token(&contract, request.headers()) {
        Some(token) => {
            contract.rates.token(&token.id).map_err(Problem::too_many)?;
            request.extensions_mut().insert(Grant::Token(token));
        }
        None => {
            let peer = request.extensions().get::<Peer>();
            let address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
            let rates = &contract.rates;
            rates.stranger(address).map_err(Problem::too_many)?;
            if request.uri().path() != OPENAPI {
                return Err(Problem::no_token());
            }
        }
    }
    Ok(next.run(request).await)
}

fn token(contract: &Contract, headers: &HeaderMap) -> Option<Token> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    tokens::find(&contract.store.tokens(), secret.trim()).cloned()
}

fn allowed(parts: &Parts, scope: Scope) -> Result<(), Problem> {
    let allowed = match parts.extensions.get::<Grant>() {
        Some(Grant::Everything) => true,
        Some(Grant::Token(token)) => token.allows(scope),
        None => false,
    };
    if !allowed {
        return Err(Problem::not_allowed(name(scope)));
    }
    Ok(())
}

/// How a scope is called in the contract.
pub(super) fn name(scope: Scope) -> &'static str {
    match scope {
        Scope::Write => "write",
        Scope::Read => "read",
        Scope::Administer => "administer",
    }
}

macro_rules! permits {
    ($($(#[$doc:meta])* $name:ident: $scope:expr;)*) => {$(
        $(#[$doc])*
        pub(super) struct $name;

        impl<S: Sync> FromRequestParts<S> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
                allowed(parts, $scope).map(|()| Self)
            }
        }
    )*};
}

permits! {
    /// They may send.
    MayWrite: Scope::Write;
    /// They may ask.
    MayRead: Scope::Read;
    /// They may do everything.
    MayAdminister: Scope::Administer;
}
