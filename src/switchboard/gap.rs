//! After a gap in the events: what Asterisk has is compared with what the calls believe, and what
//! they missed is told to them as if it had just happened. Talks of a process before this one are
//! taken over; what else no call knows is brought home.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use super::Fallback;
use super::callback;
use super::names::{self, CallId, Part};
use super::reality::{Reality, Stranger};
use super::registry::Registry;
use super::release::hang_up_unless_kept;
use super::takeover::{self, Found};
use crate::ari::{Channel, ChannelId, ChannelState, RequestError, Requests};
use crate::domain::call::{Departure, Event, LegEnding, LegId, PlaybackId};

/// How long Asterisk's news of a channel may take to reach its call. Who is unknown for longer is a
/// stranger.
const GRACE: Duration = Duration::from_millis(250);

/// Where a call's id is noted before it is offered anybody.
const CALL: &str = "CDR(vizavi_call)";

/// The most prompts of which a caller is looked for: one takes a millisecond, and few hear more.
const MOST_PROMPTS: u32 = 12;

/// How long we wait before we look again when Asterisk did not answer.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What one call believed before Asterisk was asked.
struct Belief {
    caller: ChannelId,
    /// Each with the channel that it is now. What is said of one that has ended before, nobody hears.
    legs: Vec<(LegId, ChannelId)>,
    mailbox: mpsc::Sender<Event>,
}

/// What all calls and attempts believe at this moment. Taken before Asterisk is asked, so that whatever is
/// missing from its answer is really gone.
#[derive(Default)]
pub(super) struct Beliefs {
    calls: HashMap<CallId, Belief>,
    attempts: callback::Beliefs,
}

impl Beliefs {
    pub(super) fn of(calls: &Registry, attempts: callback::Beliefs) -> Self {
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
        let calls = calls
            .iter()
            .map(|(id, entry)| (id.clone(), belief(id, entry)))
            .collect();
        Self { calls, attempts }
    }

    pub(super) fn knows_call(&self, call: &CallId) -> bool {
        self.calls.contains_key(call)
    }

    /// Whether the channel is somebody's caller or leg.
    pub(super) fn knows_channel(&self, channel: &ChannelId) -> bool {
        self.calls.values().any(|belief| {
            belief.caller == *channel || belief.legs.iter().any(|(_, leg)| leg == channel)
        })
    }
}

/// What was found out, for the switchboard's loop: only it knows all calls at any moment.
pub(super) enum Word {
    /// What do the calls believe now?
    Beliefs(oneshot::Sender<Beliefs>),
    /// A leg has become another channel.
    Replaced { old: ChannelId, new: Box<Channel> },
    /// Two talk, and no call knows of it.
    Talk(Box<Found>),
    /// What Asterisk had of the attempts that were looked for.
    Attempts(callback::Looked),
}

/// Something that a call missed.
#[derive(Debug, PartialEq, Eq)]
enum Missed {
    Event(Event),
    Replaced { old: ChannelId, new: Box<Channel> },
}

/// Closes one gap.
pub(super) struct Gap {
    pub(super) requests: Requests,
    pub(super) fallback: Fallback,
    pub(super) switchboard: mpsc::Sender<Word>,
}

impl Gap {
    /// Looks until Asterisk has answered. Ends when the switchboard does.
    pub(super) async fn close(self) {
        let mut told = false;
        while let Some(beliefs) = self.beliefs().await {
            match self.try_to_close(beliefs).await {
                Ok(()) => return,
                Err(error) if !told => {
                    tracing::warn!(%error, "what happened while Asterisk was out of reach can't be told yet; leases and deadlines hold");
                    told = true;
                }
                Err(_) => {}
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    async fn try_to_close(&self, beliefs: Beliefs) -> Result<(), RequestError> {
        let before = Reality::ask(&self.requests).await?;
        self.tell_what_was_missed(&beliefs, &before).await;
        beliefs.attempts.tell_what_was_missed(&before).await;
        self.find_talks(&beliefs, &before).await?;
        sleep(GRACE).await;
        let now = Reality::ask(&self.requests).await?;
        let Some(beliefs) = self.beliefs().await else {
            return Ok(());
        };
        self.find_talks(&beliefs, &now).await?;
        let strangers = now.strangers(&beliefs, Some(&before));
        bring_home(&self.requests, &self.fallback, strangers).await;
        let attempts = &beliefs.attempts;
        let looked = attempts.look_for_sought(&self.requests, &now).await?;
        attempts.bring_home_strangers(&self.requests, &now).await;
        drop(self.switchboard.send(Word::Attempts(looked)).await);
        Ok(())
    }

    async fn beliefs(&self) -> Option<Beliefs> {
        let (asked, answer) = oneshot::channel();
        self.switchboard.send(Word::Beliefs(asked)).await.ok()?;
        answer.await.ok()
    }

    async fn tell_what_was_missed(&self, beliefs: &Beliefs, reality: &Reality) {
        for (id, belief) in &beliefs.calls {
            for missed in missed(id, belief, reality) {
                tracing::info!(call = %id, ?missed, "happened while Asterisk was out of reach");
                // Whoever does not take it has ended.
                match missed {
                    Missed::Event(event) => drop(belief.mailbox.send(event).await),
                    Missed::Replaced { old, new } => {
                        drop(self.switchboard.send(Word::Replaced { old, new }).await);
                    }
                }
            }
        }
    }

    async fn find_talks(&self, beliefs: &Beliefs, reality: &Reality) -> Result<(), RequestError> {
        for gathering in reality.unknown_talks(beliefs) {
            if let Some(found) = takeover::find(&self.requests, gathering).await? {
                drop(self.switchboard.send(Word::Talk(Box::new(found))).await);
            }
        }
        Ok(())
    }
}

/// One look when we stop: who came too late to become a call goes to the fallback. Talks stay.
pub(super) async fn sweep(requests: &Requests, fallback: &Fallback, beliefs: &Beliefs) {
    match Reality::ask(requests).await {
        Ok(reality) => {
            let strangers = reality.strangers(beliefs, None);
            bring_home(requests, fallback, strangers).await;
            beliefs
                .attempts
                .bring_home_strangers(requests, &reality)
                .await;
        }
        Err(error) => tracing::warn!(%error, "who is still with us is left to the lease"),
    }
}

/// A lost caller comes first and alone: the call lets go of the rest by itself, and must not act on
/// a caller who is at the fallback.
fn missed(call: &CallId, belief: &Belief, reality: &Reality) -> Vec<Missed> {
    if !reality.channels.contains_key(&belief.caller) {
        return vec![Missed::Event(Event::CallerLeft(Departure::HungUp))];
    }
    if !reality.ours.contains(&belief.caller) {
        return vec![Missed::Event(Event::CallerLeft(Departure::ToDialplan))];
    }
    let heir = heir(call, belief, reality);
    let legs = belief.legs.iter();
    legs.filter_map(|(leg, channel)| missed_of_leg(*leg, channel, heir, reality))
        .collect()
}

fn missed_of_leg(
    leg: LegId,
    id: &ChannelId,
    heir: Option<&Channel>,
    reality: &Reality,
) -> Option<Missed> {
    let Some(channel) = reality.channels.get(id) else {
        let why = LegEnding::NoAnswer;
        return Some(
            heir.map_or(Missed::Event(Event::LegEnded { leg, why }), |heir| {
                Missed::Replaced {
                    old: id.clone(),
                    new: Box::new(heir.clone()),
                }
            }),
        );
    };
    let answered = channel.state == ChannelState::Up && !reality.talks(&channel.id);
    answered.then_some(Missed::Event(Event::LegAnswered(leg)))
}

/// Somebody unknown who is together with the caller in the call's own bridge: the employee's
/// telephone has handed the caller on.
fn heir<'a>(call: &CallId, belief: &Belief, reality: &'a Reality) -> Option<&'a Channel> {
    let is_own = |id: &str| matches!(names::parse(id), Some((of, Part::Bridge(_))) if of == *call);
    let mut bridges = reality.bridges.iter();
    let bridge = bridges
        .find(|bridge| is_own(bridge.id.as_str()) && bridge.channels.contains(&belief.caller))?;
    let is_known =
        |id: &ChannelId| *id == belief.caller || belief.legs.iter().any(|(_, leg)| leg == id);
    let heir = bridge.channels.iter().find(|id| !is_known(id))?;
    reality.channels.get(heir)
}

/// A caller who waits goes to the fallback now instead of at the end of the lease; a telephone that
/// rings for nobody stops. One after the other: many bridges at once are more than Asterisk takes.
async fn bring_home(requests: &Requests, fallback: &Fallback, strangers: Vec<Stranger>) {
    for stranger in strangers {
        let result = match &stranger {
            Stranger::Caller(id) => {
                stop_prompts(requests, id).await;
                let Fallback { context, extension } = fallback;
                requests
                    .continue_in_dialplan(id, context, extension, 1)
                    .await
            }
            Stranger::Leg(id) => hang_up_unless_kept(requests, id).await.map(drop),
            Stranger::Bridge(id) => requests.destroy_bridge(id).await,
        };
        match result {
            Ok(()) => tracing::info!(?stranger, "what belongs to no call was brought home"),
            Err(error) if error.says_that_somebody_left() => {}
            Err(error) => tracing::warn!(%error, ?stranger, "what belongs to no call stays"),
        }
    }
}

/// Asterisk sends nobody away before their prompt is over. Which prompt plays nobody knows any more.
async fn stop_prompts(requests: &Requests, caller: &ChannelId) {
    let Ok(Some(noted)) = requests.variable(caller, CALL).await else {
        return;
    };
    let Some(call) = CallId::noted(&noted) else {
        return;
    };
    for number in 1..=MOST_PROMPTS {
        let playback = call.playback(PlaybackId(number));
        if requests.stop_playback(&playback).await.is_ok() {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
