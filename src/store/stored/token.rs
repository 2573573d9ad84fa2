//! A token without its secret, or that it was revoked.

use serde::{Deserialize, Serialize};

use crate::domain::access::{Scope, Token};

use super::instant::StoredInstant;
use super::{Unreadable, decode, encode};

/// The value under a token's id; `None`: revoked.
type StoredToken<'a> = Option<StoredContent<'a>>;

#[derive(Serialize, Deserialize)]
struct StoredContent<'a> {
    #[serde(borrow)]
    name: &'a str,
    scopes: Vec<StoredScope>,
    hash: [u8; 32],
    created: StoredInstant,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum StoredScope {
    Write,
    Read,
    Administer,
}

pub(in crate::store) fn encode_token(token: Option<&Token>) -> Result<Vec<u8>, postcard::Error> {
    let stored: StoredToken<'_> = token.map(|token| StoredContent {
        name: &token.name,
        scopes: token.scopes.iter().copied().map(stored_scope).collect(),
        hash: token.hash,
        created: token.created.into(),
    });
    encode(&stored)
}

pub(in crate::store) fn decode_token(id: &str, bytes: &[u8]) -> Result<Option<Token>, Unreadable> {
    let stored: StoredToken<'_> = decode(bytes)?;
    let token = stored.map(|stored| {
        Ok(Token {
            id: id.to_owned(),
            name: stored.name.to_owned(),
            scopes: stored.scopes.into_iter().map(scope).collect(),
            hash: stored.hash,
            created: stored.created.try_into()?,
        })
    });
    token.transpose()
}

fn stored_scope(scope: Scope) -> StoredScope {
    match scope {
        Scope::Write => StoredScope::Write,
        Scope::Read => StoredScope::Read,
        Scope::Administer => StoredScope::Administer,
    }
}

fn scope(stored: StoredScope) -> Scope {
    match stored {
        StoredScope::Write => Scope::Write,
        StoredScope::Read => Scope::Read,
        StoredScope::Administer => Scope::Administer,
    }
}
