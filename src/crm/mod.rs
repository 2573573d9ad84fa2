//! The CRM: what it sends us, what we ask it.

mod asking;
mod http;
mod serve;
mod settings;
mod tokens;
pub mod wire;

use jiff::Timestamp;

use crate::domain::directory::Entry;
use crate::domain::menu::Menu;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{EmployeeId, Ranking, Rules};
use crate::store::StoreError;

pub use asking::{Asking, PLACE_OF_PHONE, Reply, Settings as AskingSettings, UnusableSettings};
pub use http::{Check, Contract, Observed, Readiness, Trust, document, router};
pub use serve::{Listening, SOCKET, ServeError, Watching, serve};
pub use settings::{Limits, Settings, Tls};
pub use tokens::{NewToken, TokenError, first_token};
pub use wire::{hours_in_words, working_hours};

/// Who answers what the contract is asked about callers.
pub trait Answers: Send + Sync {
    /// Whom a caller wants at a moment, and what they are offered. `None` is a number that is
    /// withheld.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    fn caller(&self, phone: Option<&PhoneNumber>, at: Timestamp) -> Result<Answer, StoreError>;

    /// An employee or a department, if somebody with this id can be offered.
    fn entry(&self, id: &EmployeeId) -> Option<Entry>;

    /// What events are worth.
    fn rules(&self) -> &Rules;

    /// A client has been erased from the store: whatever else is kept about clients is to be
    /// forgotten too.
    fn client_erased(&self) {}
}

/// What is known about a caller at one moment. Personal data.
pub struct Answer {
    /// Whom they want, and why.
    pub ranking: Ranking,
    /// What they are offered.
    pub menu: Menu,
    /// What an employee's telephone shows.
    pub name: Option<String>,
}
