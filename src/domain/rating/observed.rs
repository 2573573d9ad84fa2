//! What came of a menu: whom a caller was offered, whom they chose, with whom they talked.

use std::time::Duration;

use jiff::Timestamp;

use super::id::EmployeeId;

/// One call, as far as the rating can learn from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The call's id.
    pub call: String,
    /// When it came.
    pub at: Timestamp,
    /// Who was offered, in order.
    pub offered: Vec<EmployeeId>,
    /// Who was chosen, each time a choice was made.
    pub chosen: Vec<EmployeeId>,
    /// Who talked with the caller, and for how long.
    pub talked: Option<(EmployeeId, Duration)>,
}
