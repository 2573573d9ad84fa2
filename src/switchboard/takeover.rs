//! A talk of a process before this one, or of a call that failed: who talks, and what was noted of it.

use super::names::{self, CallId, Part};
use super::reality::Gathering;
use super::talk_note::{self, Clocks};
use crate::ari::{Channel, RequestError, Requests};
use crate::domain::call::{BridgeId, LegId, Ongoing};

/// The number that was called, as the dialplan has noted it.
const CALLED: &str = "VIZAVI_CALLED";

/// A talk that no call watches over.
pub(super) struct Found {
    pub(super) call: CallId,
    pub(super) caller: Channel,
    /// The one whom the caller talks with.
    pub(super) leg: Channel,
    pub(super) called: Option<String>,
    pub(super) ongoing: Ongoing,
    /// How often it was taken over before.
    pub(super) times: u32,
}

impl Found {
    /// Whether the caller talks with another channel than the one that was dialled.
    pub(super) fn was_handed_on(&self) -> bool {
        leg_of(&self.call, &self.leg).is_none()
    }
}

/// Who of those in a bridge is the caller, and what was noted on their channel. `None` if that can't
/// be told: then the two are left alone.
pub(super) async fn find(
    requests: &Requests,
    gathering: Gathering,
) -> Result<Option<Found>, RequestError> {
    let Gathering {
        call,
        bridge,
        channels,
    } = gathering;
    let (legs, mut others): (Vec<Channel>, Vec<Channel>) = channels
        .into_iter()
        .partition(|one| leg_of(&call, one).is_some());
    let mut notes = Vec::new();
    for one in &others {
        notes.push(requests.variable(&one.id, talk_note::TALK).await);
    }
    let mut notes = notes
        .into_iter()
        .map(known_or_gone)
        .collect::<Result<Vec<_>, _>>()?;
    let Some(place) = notes.iter().position(Option::is_some).or_else(|| {
        // It ended before it could note anything.
        (others.len() == 1).then_some(0)
    }) else {
        return Ok(None);
    };
    let (caller, note) = (others.swap_remove(place), notes.swap_remove(place));
    let Some(leg) = legs.into_iter().chain(others).next() else {
        return Ok(None);
    };
    let called = known_or_gone(requests.variable(&caller.id, CALLED).await)?;
    let ongoing = ongoing(&call, bridge, (&caller, &leg), note.as_deref());
    Ok(Some(Found {
        call,
        caller,
        leg,
        called,
        ongoing,
        times: 0,
    }))
}

/// What somebody's channel says; nothing if they have left.
pub(super) fn known_or_gone(
    value: Result<Option<String>, RequestError>,
) -> Result<Option<String>, RequestError> {
    match value {
        Ok(value) => Ok(value.filter(|value| !value.is_empty())),
        Err(error) if error.says_that_somebody_left() => Ok(None),
        Err(error) => Err(error),
    }
}

fn ongoing(
    call: &CallId,
    bridge: BridgeId,
    (caller, leg): (&Channel, &Channel),
    note: Option<&str>,
) -> Ongoing {
    let clocks = Clocks::read();
    let noted = note.and_then(|note| talk_note::read(clocks, note, bridge, &caller.caller.name));
    // Without a note, Asterisk knows at least since when they are there.
    let since = |channel: &Channel| clocks.instant(channel.created_at.milliseconds() * 1000);
    let leg_id = leg_of(call, leg);
    let mut ongoing = noted.unwrap_or_else(|| Ongoing {
        leg: LegId(1),
        bridge,
        came: since(caller),
        began: since(leg).max(since(caller)),
        caller: None,
        menu: None,
        offered: Vec::new(),
        chosen: Vec::new(),
    });
    ongoing.leg = leg_id.unwrap_or(ongoing.leg);
    ongoing
}

/// Which leg of this call a channel is by its name.
pub(super) fn leg_of(call: &CallId, channel: &Channel) -> Option<LegId> {
    match names::parse(channel.id.as_str()) {
        Some((of, Part::Leg(leg))) if of == *call => Some(leg),
        Some(_) | None => None,
    }
}
