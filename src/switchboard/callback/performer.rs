//! Carries out an attempt's actions: one request for each, and what came of it as an event.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use jiff::Timestamp;

use super::super::lanes::Performs;
use super::super::performer::{PEER, noted, polite, whole_seconds};
use super::super::release::{Tries, hang_up_unless_kept, is_kept};
use super::early_media::EarlyMedia;
use super::names::AttemptId;
use super::resuming::TALK_SINCE;
use crate::ari::{BridgeId, ChannelId, ChannelState, RequestError, Requests};
use crate::domain::call::PlaybackId;
use crate::domain::callback::attempt::{Action, Event, Lane, Order, Side, Step};

/// The dialplan's contexts of `extensions_vizavi_callback.conf`, and their extensions.
pub(super) const OPERATORS: &str = "vizavi-callback";
pub(super) const PATIENTS: &str = "vizavi-callback-patient";
pub(super) const ANSWERED_OPERATOR: &str = "operator";
pub(super) const ANSWERED_PATIENT: &str = "s";
const SORRY: &str = "sorry";
const ALONE: &str = "alone";

/// What an attempt has opened in Asterisk, for whoever must clean up when the attempt itself can't.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) operator: AtomicBool,
    pub(super) patient: AtomicBool,
    bridged: AtomicBool,
    /// By the dialplan, while we were silent.
    kept: AtomicBool,
    last_playback: AtomicU32,
    /// When they were bridged, by us: microseconds since 1970.
    bridged_at: OnceLock<i64>,
    /// What the operator hears of the patient's network. Held while that changes.
    pub(super) early_media: tokio::sync::Mutex<EarlyMedia>,
    /// Asterisk's name for the operator's leg.
    pub(super) operator_name: Mutex<String>,
}

impl Ledger {
    /// Of an attempt whose two talk already.
    pub(super) fn of_a_talk() -> Self {
        Self {
            operator: true.into(),
            patient: true.into(),
            bridged: true.into(),
            ..Self::default()
        }
    }

    /// Whether the dialplan was seen to have brought the two together.
    pub(super) fn are_kept(&self) -> bool {
        self.kept.load(Ordering::Acquire)
    }

    /// Whether the two were brought together.
    pub(super) fn is_bridged(&self) -> bool {
        self.bridged.load(Ordering::Acquire)
    }
}

/// Speaks to Asterisk for one attempt.
#[derive(Debug)]
pub(super) struct Performer {
    pub(super) id: AttemptId,
    pub(super) order: Order,
    pub(super) requests: Requests,
    pub(super) ledger: Arc<Ledger>,
}

impl Performs for Performer {
    type Action = Action;
    type Event = Event;
    type Lane = Lane;

    fn lane(action: &Action) -> Lane {
        action.lane()
    }

    async fn perform(&self, action: Action) -> Option<Event> {
        let (operator, patient) = (self.id.operator(), self.id.patient());
        match action {
            Action::OriginateOperator {
                queue_time,
                detection,
                sorry,
            } => self.originate_operator(queue_time, detection, sorry).await,
            Action::GrantLease(time) => {
                let granted = self.set_lease(&operator, time).await;
                failure(Step::GrantLease, granted)
            }
            Action::ClearLease(side) => self.clear_lease(side).await,
            Action::Play { playback, clip } => {
                let last = &self.ledger.last_playback;
                last.store(playback.0, Ordering::Release);
                let id = self.id.playback(playback);
                let played = self.requests.play(&operator, &id, &clip.media, None).await;
                failure(Step::Play, played)
            }
            Action::StopPlayback(playback) => courtesy(self.stop_playback(playback).await),
            Action::StartRingback => courtesy(self.requests.start_ringing(&operator).await),
            Action::StopRingback => courtesy(self.requests.stop_ringing(&operator).await),
            Action::StartEarlyMedia => self.start_early_media().await,
            Action::EndEarlyMedia => self.end_early_media().await,
            Action::OriginatePatient { ring_time, apology } => {
                Some(self.originate_patient(ring_time, apology).await)
            }
            Action::TieOperatorTo { channel_name } => courtesy(
                self.requests
                    .set_variable(&operator, PEER, &channel_name)
                    .await,
            ),
            Action::WithdrawPatient => self.withdraw_patient().await,
            Action::SendPatientToQueue => self.send_patient_to_queue().await,
            Action::HangUpPatient => self.hang_up(&patient).await,
            Action::ReleaseOperator => self.release_operator().await,
            Action::HangUpOperator => self.hang_up(&operator).await,
            Action::CreateBridge => courtesy(self.requests.create_bridge(&self.id.bridge()).await),
            Action::Bridge => Some(self.bridge().await),
            Action::DestroyBridge => self.destroy_bridge().await,
            // Not Asterisk's: the attempt's own task does these.
            Action::Prepare { .. } | Action::Tell(_) | Action::Finish(_) => None,
        }
    }
}

impl Performer {
    /// Cleans up after an attempt that can't do it any more. Two who talk go on talking, and the
    /// dialplan releases whoever is left.
    pub(super) async fn rescue(&self) {
        if self.ledger.is_bridged() {
            for side in [Side::Patient, Side::Operator] {
                self.clear_lease(side).await;
            }
            return;
        }
        let playback = PlaybackId(self.ledger.last_playback.load(Ordering::Acquire));
        polite(self.stop_playback(playback).await);
        self.end_early_media().await;
        self.withdraw_patient().await;
        self.destroy_bridge().await;
        self.release_operator().await;
    }

    /// Remembers that the dialplan has brought the two together.
    fn note_kept(&self, is_kept: bool) {
        if is_kept {
            self.ledger.kept.store(true, Ordering::Release);
        }
    }

    async fn set_lease(&self, channel: &ChannelId, time: Duration) -> Result<(), RequestError> {
        let seconds = whole_seconds(time).to_string();
        self.requests
            .set_variable(channel, "TIMEOUT(absolute)", &seconds)
            .await
    }

    async fn clear_lease(&self, side: Side) -> Option<Event> {
        let channel = match side {
            Side::Operator => self.id.operator(),
            Side::Patient => self.id.patient(),
        };
        let cleared = self.set_lease(&channel, Duration::ZERO).await;
        self.note_talk(side).await;
        match cleared {
            Ok(()) => Some(Event::LeaseCleared(side)),
            Err(error) => failure(Step::ClearLease(side), Err(error)),
        }
    }

    /// Since when they talk, for a process after this one.
    async fn note_talk(&self, side: Side) {
        if let (Side::Operator, Some(since)) = (side, self.ledger.bridged_at.get()) {
            let (operator, since) = (self.id.operator(), since.to_string());
            let noted = self.requests.set_variable(&operator, TALK_SINCE, &since);
            polite(noted.await);
        }
    }

    async fn stop_playback(&self, playback: PlaybackId) -> Result<(), RequestError> {
        self.requests
            .stop_playback(&self.id.playback(playback))
            .await
    }

    /// Who has just picked up is in the dialplan, under a lease, on the way to us.
    async fn withdraw_patient(&self) -> Option<Event> {
        let id = self.id.patient();
        match self.requests.channel(&id).await {
            Ok(channel) if channel.state == ChannelState::Up => {
                let kept = is_kept(&self.requests, &id).await;
                polite(kept.map(|kept| self.note_kept(kept)));
                None
            }
            Err(RequestError::Gone(_)) => None,
            Ok(_) | Err(_) => self.hang_up(&id).await,
        }
    }

    async fn send_patient_to_queue(&self) -> Option<Event> {
        let patient = self.id.patient();
        let mut tries = Tries::to("send a patient to the queue");
        while tries
            .again_after(go_on(&self.requests, &patient, ALONE).await)
            .await
        {}
        None
    }

    async fn release_operator(&self) -> Option<Event> {
        let operator = self.id.operator();
        match go_on(&self.requests, &operator, SORRY).await {
            Ok(()) | Err(RequestError::Gone(_)) => None,
            Err(_) => self.hang_up(&operator).await,
        }
    }

    async fn bridge(&self) -> Event {
        self.end_early_media().await;
        let both = [&self.id.operator(), &self.id.patient()];
        match self.requests.add_to_bridge(&self.id.bridge(), &both).await {
            Ok(()) => {
                self.ledger.bridged.store(true, Ordering::Release);
                let now = Timestamp::now().as_microsecond();
                self.ledger.bridged_at.get_or_init(|| now);
                Event::Bridged
            }
            Err(error) => Event::StepFailed {
                step: Step::Bridge,
                failure: noted(&Step::Bridge, &error),
            },
        }
    }

    pub(super) async fn hang_up(&self, channel: &ChannelId) -> Option<Event> {
        let mut tries = Tries::to("hang up a leg");
        loop {
            let kept = hang_up_unless_kept(&self.requests, channel).await;
            let kept = kept.map(|kept| self.note_kept(kept));
            if !tries.again_after(kept).await {
                return None;
            }
        }
    }

    async fn destroy_bridge(&self) -> Option<Event> {
        self.take_down(&self.id.bridge()).await;
        None
    }

    pub(super) async fn take_down(&self, bridge: &BridgeId) {
        let mut tries = Tries::to("destroy a bridge");
        while tries
            .again_after(self.requests.destroy_bridge(bridge).await)
            .await
        {}
    }
}

/// Sends an operator's leg to its last words, a patient's to the apology and the queue.
async fn go_on(
    requests: &Requests,
    channel: &ChannelId,
    extension: &str,
) -> Result<(), RequestError> {
    let context = match extension {
        ALONE => PATIENTS,
        _ => OPERATORS,
    };
    requests
        .continue_in_dialplan(channel, context, extension, 1)
        .await
}

/// Brings a leg that belongs to no attempt to where it is looked after.
pub(super) async fn bring_home(requests: &Requests, channel: &ChannelId, side: Side) {
    let extension = match side {
        Side::Operator => SORRY,
        Side::Patient => ALONE,
    };
    polite(go_on(requests, channel, extension).await);
}

/// The event for a request of which only the failure matters.
pub(super) fn failure(step: Step, result: Result<(), RequestError>) -> Option<Event> {
    result.err().map(|error| Event::StepFailed {
        step,
        failure: noted(&step, &error),
    })
}

pub(super) fn courtesy(result: Result<(), RequestError>) -> Option<Event> {
    polite(result);
    None
}
