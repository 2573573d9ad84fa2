//! Whose telephones would ring now: Asterisk is asked, while the greeting plays.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use crate::ari::{EndpointState, RequestError, Requests};
use crate::domain::directory::{Endpoint, Entry};
use crate::domain::menu::{Presence, reachable};

/// How long Asterisk may take. It takes a millisecond.
const DEADLINE: Duration = Duration::from_millis(300);

/// Asks Asterisk about telephones.
#[derive(Clone)]
pub(super) struct Telephones {
    pub(super) requests: Requests,
}

impl Telephones {
    /// Those of the entries who can be reached now, in their order. Of whom nothing is heard in time
    /// counts as reachable.
    pub(super) async fn reachable(&self, wanted: Vec<Entry>) -> Vec<Entry> {
        let asked = wanted.into_iter().map(|entry| async {
            let telephones = entry.telephones().map(|one| self.presence(one));
            let presence = timeout(DEADLINE, join_all(telephones)).await;
            let presence = presence.map_or(Presence::Unknown, Presence::of_all);
            (entry, presence)
        });
        reachable(join_all(asked).await)
    }

    async fn presence(&self, endpoint: &Endpoint) -> Presence {
        let Some((technology, resource)) = endpoint.as_str().split_once('/') else {
            return Presence::Unknown;
        };
        // Behind a trunk, or in the dialplan, is a telephone that Asterisk knows nothing of.
        if resource.contains(['@', '/']) || technology.eq_ignore_ascii_case("local") {
            return Presence::Unknown;
        }
        match self.requests.endpoint(technology, resource).await {
            Ok(found) => match found.state {
                EndpointState::Offline => Presence::Absent,
                EndpointState::Online | EndpointState::Unknown if !found.channel_ids.is_empty() => {
                    Presence::Busy
                }
                EndpointState::Online => Presence::Free,
                EndpointState::Unknown => Presence::Unknown,
            },
            Err(RequestError::Gone(_)) => Presence::Absent,
            Err(error) => {
                tracing::debug!(%error, "Asterisk does not tell whether a telephone is free");
                Presence::Unknown
            }
        }
    }
}
