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
    leg: Option<LegId>,
    mailbox: mpsc::Sender<Event>,
}

/// What all calls believe at this moment. Taken before Asterisk is asked, so that whatever is
/// missing from its answer is really gone.
pub(super) struct Beliefs(HashMap<CallId, Belief>);

impl Beliefs {
    pub(super) fn of(calls: &Registry) -> Self {
        let belief = |entry: &super::registry::Entry| Belief {
            caller: entry.caller.clone(),
            leg: entry.ledger.dialled_leg(),
            mailbox: entry.mailbox.clone(),
        };
        Self(
            calls
                .iter()
                .map(|(id, entry)| (id.clone(), belief(entry)))
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
        for event in missed(id, belief, &reality) {
            tracing::info!(call = %id, ?event, "happened while Asterisk was out of reach");
            // The call has ended when nobody takes it.
            let _ = belief.mailbox.send(event).await;
        }
    }
    bring_home_strangers(&requests, &fallback, &beliefs, &reality).await;
}

fn missed(id: &CallId, belief: &Belief, reality: &Reality) -> Vec<Event> {
    let mut events = Vec::new();
    if let Some(leg) = belief.leg {
        events.extend(missed_of_leg(id, leg, reality));
    }
    if !reality.channels.contains_key(&belief.caller) {
        events.push(Event::CallerLeft(Departure::HungUp));
    } else if !reality.ours.contains(&belief.caller) {
        events.push(Event::CallerLeft(Departure::ToDialplan));
    }
    events
}

fn missed_of_leg(id: &CallId, leg: LegId, reality: &Reality) -> Option<Event> {
    let Some(channel) = reality.channels.get(&id.leg(leg)) else {
        return Some(Event::LegEnded {
            leg,
            why: LegEnding::NoAnswer,
        });
    };
    let answered = channel.state == ChannelState::Up && !reality.is_bridged(&channel.id);
    answered.then_some(Event::LegAnswered(leg))
}

/// Channels in our application that no call knows are left by a process before this one. Who
/// talks goes on talking; a caller who waits goes to the fallback now instead of at the end of the
/// lease; a telephone that rings for nobody stops.
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
        if reality.is_bridged(id) || beliefs.has_caller(id) {
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
        Ok(()) => tracing::info!("something left by an earlier process was brought home"),
        Err(RequestError::Gone(_)) => {}
        Err(error) => tracing::warn!(%error, "something left by an earlier process stays"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const LEG: LegId = LegId(1);

    fn call() -> CallId {
        match names::parse("vizavi-1f.7-leg-1") {
            Some((call, _)) => call,
            None => unreachable!("a name of our own"),
        }
    }

    fn channel(id: &ChannelId, state: &str) -> Channel {
        let channel = json!({
            "id": id,
            "name": "PJSIP/34-00000001",
            "state": state,
            "creationtime": "2026-11-21T02:03:31.123+0000",
        });
        serde_json::from_value(channel).unwrap()
    }

    fn caller() -> ChannelId {
        ChannelId::new("1763.12")
    }

    /// What a call with a dialled leg missed, when Asterisk has these channels and bridges.
    fn missed_when(
        channels: &[(ChannelId, &str)],
        ours: &[ChannelId],
        bridged: &[ChannelId],
    ) -> Vec<Event> {
        let (mailbox, _) = mpsc::channel(1);
        let belief = Belief {
            caller: caller(),
            leg: Some(LEG),
            mailbox,
        };
        let bridge =
            json!({"id": "b", "channels": bridged, "creationtime": "2026-11-21T02:03:31.123+0000"});
        let reality = Reality {
            channels: channels
                .iter()
                .map(|(id, state)| (id.clone(), channel(id, state)))
                .collect(),
            ours: ours.to_vec(),
            bridges: vec![serde_json::from_value(bridge).unwrap()],
        };
        missed(&call(), &belief, &reality)
    }

    #[test]
    fn when_all_is_as_it_was_nothing_was_missed() {
        let leg = call().leg(LEG);
        let channels = [(caller(), "Up"), (leg.clone(), "Ringing")];
        assert_eq!(missed_when(&channels, &[caller(), leg], &[]), []);
    }

    #[test]
    fn two_who_are_bridged_talk_on() {
        let leg = call().leg(LEG);
        let both = [caller(), leg.clone()];
        let channels = [(caller(), "Up"), (leg, "Up")];
        assert_eq!(missed_when(&channels, &both, &both), []);
    }

    #[test]
    fn a_pick_up_in_the_gap_is_told() {
        let leg = call().leg(LEG);
        let channels = [(caller(), "Up"), (leg.clone(), "Up")];
        assert_eq!(
            missed_when(&channels, &[caller(), leg], &[]),
            [Event::LegAnswered(LEG)]
        );
    }

    #[test]
    fn a_leg_that_ended_in_the_gap_is_told() {
        let ended = Event::LegEnded {
            leg: LEG,
            why: LegEnding::NoAnswer,
        };
        assert_eq!(missed_when(&[(caller(), "Up")], &[caller()], &[]), [ended]);
    }

    #[test]
    fn a_caller_who_hung_up_is_told_from_one_whom_the_lease_took() {
        let leg = call().leg(LEG);
        let ringing = (leg.clone(), "Ringing");
        let gone = missed_when(
            std::slice::from_ref(&ringing),
            std::slice::from_ref(&leg),
            &[],
        );
        assert_eq!(gone, [Event::CallerLeft(Departure::HungUp)]);
        let taken = missed_when(&[(caller(), "Up"), ringing], &[leg], &[]);
        assert_eq!(taken, [Event::CallerLeft(Departure::ToDialplan)]);
    }
}
