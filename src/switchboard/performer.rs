//! Carries out a call's actions: a request for each, or for several that only write onto the caller's
//! channel; and what came of it as an event.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::ledger::Ledger;
use super::names::CallId;
use super::release::{Tries, release_leg};
use super::telephones::presence_of;
use super::{Fallback, Recording, notes};
use crate::ari::{Answered, Channel, ChannelId, HangupReason, Originate, RequestError, Requests};
use crate::domain::call::{
    Action, BridgeId, Event, Failure, LegEnding, LegId, Note, PlaybackId, Step,
};
use crate::domain::directory::{Endpoint, Entry};
use crate::domain::menu::{CallerName, Presence};
use crate::domain::prompt::Clip;

/// The dialplan's variable in which each of the two names the other.
pub(super) const PEER: &str = "VIZAVI_PEER";

/// The dialplan's variable that says where the fallback of this number is.
const FALLBACK: &str = "VIZAVI_FALLBACK";

/// What the dialplan runs when a leg ends: if the two were talking, it releases the caller.
const PEER_GONE: &str = "vizavi-peer-gone,s,1";

/// Speaks to Asterisk for one call.
#[derive(Debug)]
pub(super) struct Performer {
    pub(super) call: CallId,
    pub(super) caller: Channel,
    pub(super) requests: Requests,
    pub(super) fallback: Fallback,
    pub(super) own_fallback: Option<Fallback>,
    pub(super) recording: Option<Recording>,
    pub(super) ledger: Arc<Ledger>,
}

impl Performer {
    /// Carries out an action. Some have nothing to tell unless they fail, some never have.
    pub(super) async fn perform(&self, action: Action) -> Option<Event> {
        let caller = &self.caller.id;
        match action {
            Action::Answer => failure(Step::Answer, self.requests.answer(caller).await),
            Action::Note(note) => self.write(&[note]).await.pop(),
            Action::Play { playback, clip } => {
                self.ledger.note_playback(playback);
                let id = self.call.playback(playback);
                failure(
                    Step::Play,
                    self.requests.play(caller, &id, &clip.media, None).await,
                )
            }
            Action::StopPlayback(playback) => self.stop_playback(playback).await,
            Action::StartRingback => courtesy(self.requests.start_ringing(caller).await),
            Action::StopRingback => courtesy(self.requests.stop_ringing(caller).await),
            Action::StartMusic => courtesy(self.requests.start_music(caller).await),
            Action::StopMusic => courtesy(self.requests.stop_music(caller).await),
            Action::LookAt(person) => Some(self.look_at(*person).await),
            Action::Originate {
                leg,
                endpoint,
                caller_name,
                ring_time,
                lease,
            } => {
                let name = caller_name.as_ref().map(CallerName::as_str);
                let times = (ring_time, lease);
                self.originate(leg, &endpoint, name, times).await
            }
            Action::AskLeg {
                leg,
                playback,
                clip,
                lease,
            } => self.ask_leg(leg, playback, &clip, lease).await,
            Action::StopAsking { playback, .. } => self.stop_playback(playback).await,
            Action::FreeLeg(leg) => Some(self.free_leg(leg).await),
            Action::AdoptLeg(leg) => self.adopt(leg).await,
            Action::HangUpLeg(leg) => self.hang_up_leg(leg).await,
            Action::CreateBridge(bridge) => {
                self.ledger.note_bridge(bridge);
                courtesy(self.requests.create_bridge(&self.call.bridge(bridge)).await)
            }
            Action::Bridge {
                bridge,
                leg,
                answer,
            } => Some(self.bridge(bridge, leg, answer).await),
            Action::Record => {
                self.record().await;
                None
            }
            Action::StopRecording => {
                self.stop_recording().await;
                None
            }
            Action::DestroyBridge(bridge) => self.destroy_bridge(bridge).await,
            Action::Continue(_) => failure(Step::Continue, self.continue_to_fallback().await),
            Action::HangUpCaller => {
                let result = self.requests.hang_up(caller, HangupReason::Normal).await;
                failure(Step::HangUpCaller, result)
            }
            // Not Asterisk's: the call's own task does these.
            Action::Prepare { .. }
            | Action::LeaveCallback(_)
            | Action::Tell(_)
            | Action::Finish(_) => None,
        }
    }

    /// Cleans up after a call that can't do it any more: the caller goes to the fallback, and
    /// nothing else of the call is left.
    pub(super) async fn send_away(&self) {
        self.stop_playback(self.ledger.playback()).await;
        for bridge in self.ledger.bridges() {
            self.destroy_bridge(bridge).await;
        }
        let mut tries = Tries::to("continue in the dialplan");
        while tries.again_after(self.continue_to_fallback().await).await {}
        for leg in self.ledger.legs() {
            self.hang_up_leg(leg).await;
        }
        self.stop_recording().await;
    }

    /// Carries out actions of which notes share a request.
    pub(super) async fn perform_together(&self, actions: Vec<Action>) -> Vec<Event> {
        let (mut notes, mut events) = (Vec::new(), Vec::new());
        for action in actions {
            if let Action::Note(note) = action {
                notes.push(note);
            } else {
                events.extend(self.perform(action).await);
            }
        }
        events.extend(self.write(&notes).await);
        events
    }

    async fn write(&self, notes: &[Note]) -> Vec<Event> {
        let of_one = |note| notes::variables(note, &self.call, &self.ledger);
        let variables = notes::last_of_each(notes.iter().flat_map(of_one));
        let caller = &self.caller.id;
        let result = self.requests.set_variables(caller, &variables).await;
        let event = |note| notes::event(note, &result);
        let events: Vec<_> = notes.iter().filter_map(event).collect();
        if events.is_empty() {
            polite(result);
        }
        events
    }

    async fn set_lease(&self, channel: &ChannelId, time: Duration) -> Result<(), RequestError> {
        let lease = [notes::lease(time)];
        self.requests.set_variables(channel, &lease).await
    }

    async fn continue_to_fallback(&self) -> Result<(), RequestError> {
        self.name_own_fallback().await;
        let Fallback { context, extension } = &self.fallback;
        self.requests
            .continue_in_dialplan(&self.caller.id, context, extension, 1)
            .await
    }

    /// The way there is the same for all numbers: it ends the lease, which nothing else would do.
    /// Should this fail, the caller is at the fallback of all numbers.
    async fn name_own_fallback(&self) {
        let Some(Fallback { context, extension }) = &self.own_fallback else {
            return;
        };
        let place = format!("{context},{extension},1");
        let named = self
            .requests
            .set_variable(&self.caller.id, FALLBACK, &place);
        courtesy(named.await);
    }

    async fn look_at(&self, person: Entry) -> Event {
        let person = [person];
        let seen = presence_of(&self.requests, Some(&self.caller.id), &person).await;
        let [Entry { id: person, .. }] = person;
        let presence = seen.first().copied().unwrap_or(Presence::Unknown);
        Event::Seen { person, presence }
    }

    async fn stop_playback(&self, playback: PlaybackId) -> Option<Event> {
        courtesy(
            self.requests
                .stop_playback(&self.call.playback(playback))
                .await,
        )
    }

    async fn originate(
        &self,
        leg: LegId,
        endpoint: &Endpoint,
        caller_name: Option<&str>,
        (ring_time, lease): (Duration, Option<Duration>),
    ) -> Option<Event> {
        self.ledger.note_leg(leg);
        let id = self.call.leg(leg);
        let request = Originate {
            channel: id.clone(),
            endpoint: endpoint.as_str().to_owned(),
            answered: Answered::Application("leg".to_owned()),
            timeout_seconds: whole_seconds(ring_time),
            caller_number: self.caller.caller.number.clone(),
            caller_name: caller_name.unwrap_or(&self.caller.caller.name).to_owned(),
            originator: Some(self.caller.id.clone()),
            variables: self
                .tie()
                .into_iter()
                .chain(lease.map(notes::lease))
                .collect(),
        };
        let originated = match self.requests.originate(&request).await {
            // It may ring or not: Asterisk knows under the id that we chose.
            Err(RequestError::Unknown(_)) => self.requests.channel(&id).await,
            certain => certain,
        };
        match originated {
            Ok(_) => {
                self.ledger.note_dialled(leg);
                None
            }
            // Whoever rings and picks up is heard of. To hang them up for lack of an answer would cut
            // a talk; the time for ringing ends it otherwise.
            Err(error @ RequestError::Unknown(_)) => {
                tracing::warn!(%error, "nobody says whether a telephone rings");
                self.ledger.note_dialled(leg);
                None
            }
            Err(error) => {
                if !error.says_that_somebody_left() {
                    tracing::warn!(%error, "a telephone could not be dialled");
                }
                self.hang_up_leg(leg).await;
                Some(Event::LegEnded {
                    leg,
                    why: LegEnding::Unreachable,
                })
            }
        }
    }

    /// Whatever fails here, the leg has a lease, and the call a deadline.
    async fn ask_leg(
        &self,
        leg: LegId,
        playback: PlaybackId,
        clip: &Clip,
        lease: Duration,
    ) -> Option<Event> {
        let id = self.ledger.channel_of(&self.call, leg);
        courtesy(self.set_lease(&id, lease).await);
        let playback = self.call.playback(playback);
        courtesy(self.requests.play(&id, &playback, &clip.media, None).await)
    }

    async fn free_leg(&self, leg: LegId) -> Event {
        let id = self.ledger.channel_of(&self.call, leg);
        match self.set_lease(&id, Duration::ZERO).await {
            Ok(()) => Event::LegFreed(leg),
            Err(error) => failed(Step::Bridge, &error),
        }
    }

    async fn bridge(&self, bridge: BridgeId, leg: LegId, answer: bool) -> Event {
        if answer && let Err(error) = self.requests.answer(&self.caller.id).await {
            return failed(Step::Answer, &error);
        }
        let bridge = self.call.bridge(bridge);
        let both = [&self.caller.id, &self.ledger.channel_of(&self.call, leg)];
        let bridged = match self.requests.add_to_bridge(&bridge, &both).await {
            // They may hear each other or not: Asterisk knows.
            Err(error @ RequestError::Unknown(_)) => match self.requests.bridge(&bridge).await {
                Ok(there) if both.iter().all(|id| there.channels.contains(id)) => Ok(()),
                Ok(_) | Err(_) => Err(error),
            },
            certain => certain,
        };
        match bridged {
            Ok(()) => Event::Bridged(leg),
            Err(error) => failed(Step::Bridge, &error),
        }
    }

    /// Gives a channel that took a leg's place what ours have from the beginning.
    async fn adopt(&self, leg: LegId) -> Option<Event> {
        let id = self.ledger.channel_of(&self.call, leg);
        courtesy(self.requests.set_variables(&id, &self.tie()).await)
    }

    /// The dialplan releases one of two only if each names the other.
    fn tie(&self) -> Vec<(String, String)> {
        vec![
            (PEER.to_owned(), self.caller.id.as_str().to_owned()),
            (
                "CHANNEL(hangup_handler_push)".to_owned(),
                PEER_GONE.to_owned(),
            ),
        ]
    }

    async fn hang_up_leg(&self, leg: LegId) -> Option<Event> {
        let id = self.ledger.channel_of(&self.call, leg);
        release_leg(&self.requests, &id).await;
        None
    }

    async fn destroy_bridge(&self, bridge: BridgeId) -> Option<Event> {
        let id = self.call.bridge(bridge);
        let mut tries = Tries::to("destroy a bridge");
        while tries
            .again_after(self.requests.destroy_bridge(&id).await)
            .await
        {}
        None
    }
}

/// Rounded up: what is given a time may take all of it.
pub(super) fn whole_seconds(time: Duration) -> u32 {
    u32::try_from(time.as_millis().div_ceil(1000)).unwrap_or(u32::MAX)
}

/// The event for a request of which only the failure matters.
fn failure(step: Step, result: Result<(), RequestError>) -> Option<Event> {
    result.err().map(|error| failed(step, &error))
}

/// The event for a step that failed.
pub(super) fn failed(step: Step, error: &RequestError) -> Event {
    let failure = noted(&step, error);
    Event::StepFailed { step, failure }
}

/// How a step failed, after a word in the log if that is not only somebody's leaving.
pub(super) fn noted(step: &impl fmt::Display, error: &RequestError) -> Failure {
    if !error.says_that_somebody_left() {
        tracing::warn!(%error, "failed to {step}");
    }
    match error {
        RequestError::Gone(_) => Failure::Gone,
        RequestError::Refused { .. } => Failure::Refused,
        RequestError::NotSent(_) => Failure::NotSent,
        RequestError::Unknown(_) => Failure::Unknown,
    }
}

/// A request without which the call goes on all the same.
fn courtesy(result: Result<(), RequestError>) -> Option<Event> {
    polite(result);
    None
}

/// A word in the log about a request that was not needed.
pub(super) fn polite(result: Result<(), RequestError>) {
    match result {
        Err(error) if !error.says_that_somebody_left() => {
            tracing::warn!(%error, "a request failed; it goes on without");
        }
        Ok(()) | Err(_) => {}
    }
}
