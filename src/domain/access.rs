//! Who may use the contract, and for what.

use std::fmt;

use jiff::Timestamp;

/// What a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Send events, employees and clients.
    Write,
    /// Ask for rankings, menus, employees and clients.
    Read,
    /// Everything, tokens and erasing included.
    Administer,
}

impl Scope {
    /// Whether a token with this scope may do what `wanted` stands for.
    #[must_use]
    pub fn allows(self, wanted: Self) -> bool {
        self == wanted || self == Self::Administer
    }
}

/// A token, without its secret: that is only known to whom it was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// By which it is listed and revoked.
    pub id: String,
    /// What it is for, as whoever made it put it.
    pub name: String,
    /// What it allows.
    pub scopes: Vec<Scope>,
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// When it was made.
    pub created: Timestamp,
}

impl Token {
    /// Whether it allows what `wanted` stands for.
    #[must_use]
    pub fn allows(&self, wanted: Scope) -> bool {
        self.scopes.iter().any(|scope| scope.allows(wanted))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:?})", self.id)
    }
}
