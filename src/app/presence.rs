//! Who can be offered at this moment: Asterisk is asked, while the greeting plays.

use futures_util::future::join_all;

use crate::ari::Requests;
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
    /// counts as reachable.
    pub(super) async fn reachable(&self, wanted: Vec<Entry>) -> Asked {
        let asking = wanted.into_iter().map(|entry| async {
            let presence = presence_of(&self.requests, &entry).await;
            (entry, presence)
        });
        asked(join_all(asking).await, self.says_busy)
    }
}
