//! After a gap in the events: what Asterisk has is compared with what the calls believe, and what
//! they missed is told to them as if it had just happened. What no call knows is brought home.

use std::collections::HashMap;

use tokio::sync::mpsc;

use super::Fallback;
use super::names::{self, CallId, Part};
use super::registry::Registry;
use super::translation;
use crate::ari::{Bridge, Channel, ChannelId, ChannelState, HangupReason, RequestError, Requests};
use crate::domain::call::{Departure, Event, LegEnding, LegId};

/// What one call believed before Asterisk was asked.
struct Belief {
    caller: ChannelId,
    /// Each with the channel that it is now. What is said of one that has ended before, nobody hears.
    legs: Vec<(LegId, ChannelId)>,
    mailbox: mpsc::Sender<Event>,
}

/// What all calls believe at this moment. Taken before Asterisk is asked, so that whatever is
/// missing from its answer is really gone.
pub(super) struct Beliefs(HashMap<CallId, Belief>);

impl Beliefs {
    pub(super) fn of(calls: &Registry) -> Self {
        let belief = |id: &CallId, entry: &super::registry::Entry| Belief {
            caller: entry.caller.clone(),
            legs: entry
                .ledger
                .dialled_legs()
                .into_iter()
                .map(|leg| (leg, entry.ledger.channel_of(id, leg)))
                .collect(),
            mailbox: entry.mailbox.clone(),
        };
        Self(
            calls
                .iter()
                .map(|(id, entry)| (id.clone(), belief(id, entry)))
                .collect(),
        )
    }

    fn has_caller(&self, channel: &ChannelId) -> bool {
        self.0.values().any(|belief| belief.caller == *channel)
    }
}

/// What Asterisk has.
struct Reality {
    channels: HashMap<ChannelId, Channel>,
    /// Those that are in our application.
    ours: Vec<ChannelId>,
    bridges: Vec<Bridge>,
}

impl Reality {
    async fn ask(requests: &Requests) -> Result<Self, RequestError> {
        let channels = requests.channels().await?;
        let ours = requests.application().await?.channel_ids;
        let bridges = requests.bridges().await?;
        let channels = channels
            .into_iter()
            .map(|channel| (channel.id.clone(), channel))
            .collect();
        Ok(Self {
            channels,
            ours,
            bridges,
        })
    }

    fn is_bridged(&self, channel: &ChannelId) -> bool {
        self.bridges
            .iter()
            .any(|bridge| bridge.channels.contains(channel))
    }
}

/// Tells the calls what they missed, and cleans up what belongs to no call.
pub(super) async fn close(requests: Requests, fallback: Fallback, beliefs: Beliefs) {
    let reality = match Reality::ask(&requests).await {
        Ok(reality) => reality,
        Err(error) => {
            tracing::warn!(%error, "what happened while Asterisk was out of reach can't be told; leases and deadlines will do");
            return;
        }
    };
    for (id, belief) in &beliefs.0 {
        for event in missed(belief, &reality) {
            tracing::info!(call = %id, ?event, "happened while Asterisk was out of reach");
            // The call has ended when nobody takes it.
            let _ = belief.mailbox.send(event).await;
        }
    }
    bring_home_strangers(&requests, &fallback, &beliefs, &reality).await;
}

/// A lost caller comes first and alone: the call lets go of the rest by itself, and must not act on
/// a caller who is at the fallback.
fn missed(belief: &Belief, reality: &Reality) -> Vec<Event> {
    if !reality.channels.contains_key(&belief.caller) {
        return vec![Event::CallerLeft(Departure::HungUp)];
    }
    if !reality.ours.contains(&belief.caller) {
        return vec![Event::CallerLeft(Departure::ToDialplan)];
    }
    let legs = belief.legs.iter();
    legs.filter_map(|(leg, channel)| missed_of_leg(*leg, channel, reality))
        .collect()
}

fn missed_of_leg(leg: LegId, channel: &ChannelId, reality: &Reality) -> Option<Event> {
    let Some(channel) = reality.channels.get(channel) else {
        return Some(Event::LegEnded {
            leg,
            why: LegEnding::NoAnswer,
        });
    };
    let answered = channel.state == ChannelState::Up && !reality.is_bridged(&channel.id);
    answered.then_some(Event::LegAnswered(leg))
}

/// Channels in our application that no call knows are left by a process before this one, or came
/// too late to become a call. Who talks goes on talking; a caller who waits goes to the fallback now
/// instead of at the end of the lease; a telephone that rings for nobody stops.
async fn bring_home_strangers(
    requests: &Requests,
    fallback: &Fallback,
    beliefs: &Beliefs,
    reality: &Reality,
) {
    for bridge in &reality.bridges {
        let known = match names::parse(bridge.id.as_str()) {
            Some((call, Part::Bridge(_))) => beliefs.0.contains_key(&call),
            Some(_) | None => true,
        };
        if !known && bridge.channels.is_empty() {
            report(requests.destroy_bridge(&bridge.id).await);
        }
    }
    for id in &reality.ours {
        let Some(channel) = reality.channels.get(id) else {
            continue;
        };
        if reality.is_bridged(id) || beliefs.has_caller(id) || translation::is_recorder(id) {
            continue;
        }
        match translation::leg(channel) {
            Some((call, _)) if beliefs.0.contains_key(&call) => {}
            Some(_) => report(requests.hang_up(id, HangupReason::Normal).await),
            None => {
                let Fallback { context, extension } = fallback;
                report(
                    requests
                        .continue_in_dialplan(id, context, extension, 1)
                        .await,
                );
            }
        }
    }
}

fn report(result: Result<(), RequestError>) {
    match result {
        Ok(()) => tracing::info!("something that belongs to no call was brought home"),
        Err(RequestError::Gone(_)) => {}
        Err(error) => tracing::warn!(%error, "something that belongs to no call stays"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::switchboard::names::CallIds;

    const CALLER: &str = "1763.12";
    const LEG: LegId = LegId(1);

    fn channel(id: &str, state: &str) -> Channel {
        let channel = json!({
            "id": id,
            "name": "PJSIP/trunk-00000001",
            "state": state,
            "creationtime": "2026-11-21T02:03:31.123+0000",
        });
        serde_json::from_value(channel).unwrap()
    }

    fn reality(channels: Vec<Channel>, ours: &[&str], bridged: &[ChannelId]) -> Reality {
        let channels = channels
            .into_iter()
            .map(|channel| (channel.id.clone(), channel))
            .collect();
        Reality {
            channels,
            ours: ours.iter().map(|id| ChannelId::new(*id)).collect(),
            bridges: vec![bridge(bridged)],
        }
    }

    fn bridge(channels: &[ChannelId]) -> Bridge {
        let created = "2026-11-21T02:03:31.123+0000";
        let bridge = json!({"id": "b", "channels": channels, "creationtime": created});
        serde_json::from_value(bridge).unwrap()
    }

    /// What a call with a caller and a leg missed. `leg` is the leg's state, if it is there.
    fn missed_with(caller: Option<&[&str]>, leg: Option<&str>) -> Vec<Event> {
        let id = CallIds::new().next();
        let belief = Belief {
            caller: ChannelId::new(CALLER),
            legs: vec![(LEG, id.leg(LEG))],
            mailbox: mpsc::channel(1).0,
        };
        let mut channels = Vec::new();
        channels.extend(caller.map(|_| channel(CALLER, "Up")));
        channels.extend(leg.map(|state| channel(id.leg(LEG).as_str(), state)));
        let ours = caller.unwrap_or_default();
        missed(&belief, &reality(channels, ours, &[]))
    }

    #[test]
    fn nothing_is_missed_while_it_rings_on() {
        assert_eq!(missed_with(Some(&[CALLER]), Some("Ringing")), []);
    }

    #[test]
    fn an_answer_and_an_end_of_the_leg_are_missed() {
        let answered = missed_with(Some(&[CALLER]), Some("Up"));
        assert_eq!(answered, [Event::LegAnswered(LEG)]);
        let ended = Event::LegEnded {
            leg: LEG,
            why: LegEnding::NoAnswer,
        };
        assert_eq!(missed_with(Some(&[CALLER]), None), [ended]);
    }

    #[test]
    fn a_lost_caller_comes_before_whatever_happened_to_the_leg() {
        for leg in [None, Some("Ringing"), Some("Up")] {
            let hung_up = Event::CallerLeft(Departure::HungUp);
            assert_eq!(missed_with(None, leg), [hung_up]);
            let elsewhere = Event::CallerLeft(Departure::ToDialplan);
            assert_eq!(missed_with(Some(&[]), leg), [elsewhere]);
        }
    }

    #[test]
    fn two_who_are_bridged_talk_on() {
        let id = CallIds::new().next();
        let leg = id.leg(LEG);
        let caller = ChannelId::new(CALLER);
        let belief = Belief {
            caller: caller.clone(),
            legs: vec![(LEG, id.leg(LEG))],
            mailbox: mpsc::channel(1).0,
        };
        let channels = vec![channel(CALLER, "Up"), channel(leg.as_str(), "Up")];
        let reality = reality(channels, &[CALLER, leg.as_str()], &[caller, leg.clone()]);
        assert_eq!(missed(&belief, &reality), []);
    }
}
