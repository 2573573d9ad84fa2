//! Who can be offered at this moment: Asterisk is asked, while the greeting plays.

use crate::ari::{ChannelId, Requests};
use crate::domain::directory::Entry;
use crate::domain::menu::{Asked, asked};
use crate::switchboard::presence_of;

/// Asks Asterisk about telephones.
#[derive(Clone)]
pub(super) struct Telephones {
    pub(super) requests: Requests,
    /// Whether it is said of somebody that they are talking; otherwise they are left out.
    pub(super) says_busy: bool,
}

impl Telephones {
    /// Those of the entries who can be offered now, in their order. Of whom nothing is heard in time
    /// counts as reachable. With a caller's channel it takes one request for all.
    pub(super) async fn reachable(&self, caller: Option<&ChannelId>, wanted: Vec<Entry>) -> Asked {
        let presence = presence_of(&self.requests, caller, &wanted).await;
        asked(wanted.into_iter().zip(presence), self.says_busy)
    }
}
