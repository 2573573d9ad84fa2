//! What Asterisk has at one moment, and what of it belongs to no call that we know. Pure but for the
//! asking.

use std::collections::{HashMap, HashSet};

use super::callback;
use super::gap::Beliefs;
use super::names::{self, CallId, Part};
use super::translation;
use crate::ari::{Bridge, BridgeId, Channel, ChannelId, RequestError, Requests};
use crate::domain::call;

/// What Asterisk has.
pub(super) struct Reality {
    pub(super) channels: HashMap<ChannelId, Channel>,
    /// Those that are in our application, or are being dialled for it.
    pub(super) ours: HashSet<ChannelId>,
    pub(super) bridges: Vec<Bridge>,
    /// The name of our application.
    pub(super) application: String,
}

/// Who is together in a bridge of ours.
pub(super) struct Gathering {
    pub(super) call: CallId,
    pub(super) bridge: call::BridgeId,
    pub(super) channels: Vec<Channel>,
}

/// What belongs to no call.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stranger {
    /// A caller who waits for nobody.
    Caller(ChannelId),
    /// A telephone that rings for nobody, or that somebody picked up for nobody.
    Leg(ChannelId),
    /// A bridge with nobody in it.
    Bridge(BridgeId),
}

impl Reality {
    pub(super) async fn ask(requests: &Requests) -> Result<Self, RequestError> {
        let channels = requests.channels().await?;
        let ours = requests.application().await?.channel_ids;
        let bridges = requests.bridges().await?;
        let channels = channels
            .into_iter()
            .map(|channel| (channel.id.clone(), channel))
            .collect();
        Ok(Self {
            channels,
            ours: ours.into_iter().collect(),
            bridges,
            application: requests.application_name().to_owned(),
        })
    }

    /// Whether the channel is in our application, and not in the dialplan or a queue.
    pub(super) fn is_ours(&self, channel: &ChannelId) -> bool {
        self.ours.contains(channel)
    }

    /// Whether the channel is together with another one.
    pub(super) fn talks(&self, channel: &ChannelId) -> bool {
        let mut bridges = self.bridges.iter();
        let somebody = |id: &&ChannelId| !callback::is_listener(id);
        bridges.any(|bridge| {
            let people = bridge.channels.iter().filter(somebody);
            bridge.channels.contains(channel) && people.count() > 1
        })
    }

    /// Who are together in bridges of calls that we don't know.
    pub(super) fn unknown_talks(&self, beliefs: &Beliefs) -> Vec<Gathering> {
        let bridges = self.bridges.iter();
        let gatherings = bridges.filter_map(|bridge| self.gathering(bridge));
        gatherings
            .filter(|found| !beliefs.knows_call(&found.call))
            .collect()
    }

    fn gathering(&self, bridge: &Bridge) -> Option<Gathering> {
        let Some((call, Part::Bridge(id))) = names::parse(bridge.id.as_str()) else {
            return None;
        };
        // Another application of ours on the same Asterisk has its own talks.
        let is_ours = bridge.channels.iter().all(|id| self.ours.contains(id));
        if bridge.channels.len() < 2 || !is_ours {
            return None;
        }
        let channels = bridge.channels.iter();
        Some(Gathering {
            call,
            bridge: id,
            channels: channels
                .filter_map(|id| self.channels.get(id))
                .cloned()
                .collect(),
        })
    }

    /// What belongs to no call, and did not a moment before either: bridges last, because channels
    /// must have left them. Who is together with somebody is no stranger, whoever they are.
    pub(super) fn strangers(&self, beliefs: &Beliefs, before: Option<&Self>) -> Vec<Stranger> {
        let was_there = |id: &ChannelId| before.is_none_or(|before| before.ours.contains(id));
        let channels = self.ours.iter().filter(|id| was_there(id));
        let channels = channels.filter_map(|id| self.strange_channel(id, beliefs));
        let was_empty = |bridge: &&Bridge| {
            before.is_none_or(|before| before.bridges.iter().any(|there| there == *bridge))
        };
        let bridges = self.bridges.iter().filter(was_empty);
        let bridges = bridges.filter_map(|bridge| self.strange_bridge(bridge, beliefs));
        channels.chain(bridges).collect()
    }

    fn strange_channel(&self, id: &ChannelId, beliefs: &Beliefs) -> Option<Stranger> {
        let channel = self.channels.get(id)?;
        if callback::is_own(channel) {
            // The attempts look after their own.
            return None;
        }
        if self.talks(id) || beliefs.knows_channel(id) || translation::is_recorder(id) {
            return None;
        }
        match translation::leg(channel) {
            Some((call, _)) if beliefs.knows_call(&call) => None,
            Some(_) => Some(Stranger::Leg(id.clone())),
            None => Some(Stranger::Caller(id.clone())),
        }
    }

    fn strange_bridge(&self, bridge: &Bridge, beliefs: &Beliefs) -> Option<Stranger> {
        let Some((call, Part::Bridge(_))) = names::parse(bridge.id.as_str()) else {
            return None;
        };
        // Who is alone in it is brought home before it goes.
        let is_over = bridge.channels.len() < 2 && bridge.name == self.application;
        (is_over && !beliefs.knows_call(&call)).then(|| Stranger::Bridge(bridge.id.clone()))
    }
}
