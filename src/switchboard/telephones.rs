//! Whose telephones would ring now: Asterisk is asked, on demand.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use crate::ari::{ChannelId, DeviceState, RequestError, Requests};
use crate::domain::directory::{Endpoint, Entry};
use crate::domain::menu::Presence;

/// How long Asterisk may take. It takes a millisecond.
const DEADLINE: Duration = Duration::from_millis(300);

/// Of how many telephones one request may ask, which has to fit into a line of HTTP.
const MOST_AT_ONCE: usize = 32;

/// Whether people's telephones would ring, in the people's order. Of whom nothing is heard in time
/// nothing is known. Through a caller's channel Asterisk can be asked about all at once.
pub async fn presence_of(
    requests: &Requests,
    caller: Option<&ChannelId>,
    people: &[Entry],
) -> Vec<Presence> {
    let telephones = people.iter().flat_map(Entry::telephones);
    let devices: Vec<_> = telephones.filter_map(device).collect();
    let asking = async {
        match caller {
            Some(caller) => together(requests, caller, &devices).await,
            None => one_by_one(requests, &devices).await,
        }
    };
    let mut states = timeout(DEADLINE, asking)
        .await
        .unwrap_or_default()
        .into_iter();
    let mut presences = Vec::with_capacity(people.len());
    for person in people {
        let telephones = person.telephones().map(|one| match device(one) {
            Some(_) => states.next().map_or(Presence::Unknown, presence),
            None => Presence::Unknown,
        });
        presences.push(Presence::of_all(telephones));
    }
    presences
}

async fn together(requests: &Requests, caller: &ChannelId, devices: &[&str]) -> Vec<DeviceState> {
    let mut states = Vec::with_capacity(devices.len());
    for some in devices.chunks(MOST_AT_ONCE) {
        match requests.device_states(caller, some).await {
            Ok(known) => states.extend(known),
            Err(error) => {
                note(&error);
                break;
            }
        }
    }
    states
}

async fn one_by_one(requests: &Requests, devices: &[&str]) -> Vec<DeviceState> {
    let asking = devices.iter().map(|device| async {
        let (technology, resource) = device.split_once('/')?;
        requests
            .device_state(technology, resource)
            .await
            .inspect_err(note)
            .ok()
    });
    let states = join_all(asking).await.into_iter();
    states
        .map(|state| state.unwrap_or(DeviceState::Unknown))
        .collect()
}

fn note(error: &RequestError) {
    tracing::debug!(%error, "Asterisk does not tell whether a telephone is free");
}

/// What Asterisk calls a telephone. Behind a trunk, or in the dialplan, is one that it knows nothing of.
fn device(endpoint: &Endpoint) -> Option<&str> {
    let (technology, resource) = endpoint.as_str().split_once('/')?;
    let is_elsewhere = resource.contains(['@', '/']) || technology.eq_ignore_ascii_case("local");
    (!is_elsewhere).then_some(endpoint.as_str())
}

fn presence(state: DeviceState) -> Presence {
    match state {
        DeviceState::NotInUse => Presence::Free,
        DeviceState::InUse => Presence::Busy,
        DeviceState::Unavailable => Presence::Absent,
        DeviceState::Unknown => Presence::Unknown,
    }
}
