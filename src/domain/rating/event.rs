//! What the CRM says about a client: something happened, or it never did.

use jiff::Timestamp;

use crate::domain::phone::PhoneNumber;

use super::about::About;
use super::id::{CaseId, EmployeeId, EventId, KindName};

/// One event of one client.
///
/// Of two events with one id the greater is the one that holds: the higher version; of one version
/// the cancellation; otherwise the greater content, so that it is the same one everywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Which event it is.
    pub id: EventId,
    /// A higher version corrects a lower one.
    pub version: u64,
    /// What it says.
    pub body: Body,
    /// When it happened, by the clock of whoever sent it. A cancellation repeats the time of what it
    /// cancels.
    pub time: Timestamp,
}

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Body {
    /// It happened.
    Happened(Happening),
    /// It never happened.
    Cancelled,
}

/// What happened between a client and an employee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Happening {
    /// Its type.
    pub kind: KindName,
    /// The employee, known or not yet.
    pub employee: EmployeeId,
    /// What it belongs to, if it belongs to something that can be closed.
    pub case: Option<CaseId>,
    /// The client's telephones, as far as this event names them.
    pub phones: Vec<PhoneNumber>,
    /// What it is about, for the people who take the call.
    pub about: Option<About>,
}

impl Event {
    /// Whether it claims to be later than its own arrival. Such an event counts as of its arrival.
    #[must_use]
    pub fn is_from_the_future(&self, arrived: Timestamp) -> bool {
        self.time > arrived
    }
}
