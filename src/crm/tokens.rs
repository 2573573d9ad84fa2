//! Makes tokens and knows them again. Their secrets are shown once and kept nowhere.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::domain::access::{Scope, Token};
use crate::secret::Secret;
use crate::store::{Change, Store, StoreError};

/// What every secret begins with, so that one that got out can be found.
const PREFIX: &str = "vzv_";

/// The longest name of a token, in characters.
pub(super) const LONGEST_NAME: usize = 100;

/// The most tokens.
pub(super) const MOST: usize = 1000;

/// A token that has just been made.
#[derive(Debug)]
pub struct NewToken {
    /// What is kept of it.
    pub token: Token,
    /// What its holder sends. Known only here.
    pub secret: Secret,
}

/// No token could be made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The store can't be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers for a token")]
    NoRandomness,
}

/// If there is no token yet, makes one that allows everything. Whoever asks shows the secret once.
///
/// # Errors
/// [`TokenError`] if it can't be made or kept.
pub async fn first_token(store: &Store) -> Result<Option<NewToken>, TokenError> {
    if !store.tokens().is_empty() {
        return Ok(None);
    }
    let made = NewToken::make("first", vec![Scope::Administer], Timestamp::now())?;
    store
        .write(vec![Change::PutToken(made.token.clone())])
        .await?;
    Ok(Some(made))
}

impl NewToken {
    /// A token with a new secret. It holds once it is in the store.
    ///
    /// # Errors
    /// [`TokenError::NoRandomness`].
    pub fn make(name: &str, scopes: Vec<Scope>, now: Timestamp) -> Result<Self, TokenError> {
        let secret = format!("{PREFIX}{}", random::<32>()?);
        let token = Token {
            id: random::<9>()?,
            name: name.to_owned(),
            scopes,
            hash: hash(&secret),
            created: now,
        };
        Ok(Self {
            token,
            secret: Secret::new(secret),
        })
    }
}

/// The token with this secret.
pub(super) fn find<'a>(tokens: &'a [Token], secret: &str) -> Option<&'a Token> {
    let hash = hash(secret);
    tokens.iter().find(|token| token.hash == hash)
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn random<const BYTES: usize>() -> Result<String, TokenError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|_| TokenError::NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
