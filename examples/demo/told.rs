//! What was hoped for and did not happen.

use std::error::Error;
use std::fmt::{self, Display};

use crate::hope::Hope;
use crate::support::company::Result;

/// A call did not go as told.
#[derive(Debug)]
pub(crate) struct NotAsTold {
    pub(crate) hope: Hope,
    pub(crate) instead: String,
}

impl Display for NotAsTold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.hope, self.instead)
    }
}

impl Error for NotAsTold {}

/// Says what was hoped for, should it fail.
pub(crate) trait Hoping<T> {
    fn hoping(self, hope: Hope) -> Result<T>;
}

impl<T, E: Display> Hoping<T> for std::result::Result<T, E> {
    fn hoping(self, hope: Hope) -> Result<T> {
        self.map_err(|error| not_as_told(hope, error.to_string()))
    }
}

/// Fails unless `true`.
pub(crate) fn ensure(good: bool, hope: Hope, instead: impl FnOnce() -> String) -> Result<()> {
    if good {
        return Ok(());
    }
    Err(not_as_told(hope, instead()))
}

fn not_as_told(hope: Hope, instead: String) -> Box<dyn Error> {
    Box::new(NotAsTold { hope, instead })
}
