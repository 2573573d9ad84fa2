//! Whose telephones would ring now: Asterisk is asked, on demand.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use crate::ari::{EndpointState, RequestError, Requests};
use crate::domain::directory::{Endpoint, Entry};
use crate::domain::menu::Presence;

/// How long Asterisk may take. It takes a millisecond.
const DEADLINE: Duration = Duration::from_millis(300);

/// Whether somebody's telephones would ring. Of whom nothing is heard in time nothing is known.
pub async fn presence_of(requests: &Requests, person: &Entry) -> Presence {
    let telephones = person.telephones().map(|one| presence(requests, one));
    let presence = timeout(DEADLINE, join_all(telephones)).await;
    presence.map_or(Presence::Unknown, Presence::of_all)
}

async fn presence(requests: &Requests, endpoint: &Endpoint) -> Presence {
    let Some((technology, resource)) = endpoint.as_str().split_once('/') else {
        return Presence::Unknown;
    };
    // Behind a trunk, or in the dialplan, is a telephone that Asterisk knows nothing of.
    if resource.contains(['@', '/']) || technology.eq_ignore_ascii_case("local") {
        return Presence::Unknown;
    }
    match requests.endpoint(technology, resource).await {
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
