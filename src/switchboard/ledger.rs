//! What a call has opened in Asterisk.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::names::CallId;
use crate::ari::ChannelId;
use crate::domain::call::{BridgeId, LegId, PlaybackId};

/// What a call has opened in Asterisk, for whoever must clean up when the call itself can't.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    last_playback: AtomicU32,
    last_leg: AtomicU32,
    last_bridge: AtomicU32,
    dialled_legs: Mutex<Vec<LegId>>,
    /// The channels that legs are now, where a telephone has transferred the call.
    replacements: Mutex<HashMap<LegId, ChannelId>>,
}

impl Ledger {
    /// Of a call that another process began.
    pub(super) fn of(leg: LegId, bridge: BridgeId) -> Self {
        Self {
            last_leg: leg.0.into(),
            last_bridge: bridge.0.into(),
            dialled_legs: Mutex::new(vec![leg]),
            ..Self::default()
        }
    }

    /// The legs that were dialled, those included that have ended.
    pub(super) fn dialled_legs(&self) -> Vec<LegId> {
        self.dialled().clone()
    }

    /// The last playback that was asked for.
    pub(super) fn note_playback(&self, playback: PlaybackId) {
        self.last_playback.store(playback.0, Ordering::Release);
    }

    /// The last leg that was asked for, whatever comes of it.
    pub(super) fn note_leg(&self, leg: LegId) {
        self.last_leg.store(leg.0, Ordering::Release);
    }

    /// The last bridge that was asked for.
    pub(super) fn note_bridge(&self, bridge: BridgeId) {
        self.last_bridge.store(bridge.0, Ordering::Release);
    }

    /// A leg that was dialled.
    pub(super) fn note_dialled(&self, leg: LegId) {
        self.dialled().push(leg);
    }

    fn dialled(&self) -> MutexGuard<'_, Vec<LegId>> {
        self.dialled_legs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Another channel is the leg from now on.
    pub(super) fn replace(&self, leg: LegId, channel: ChannelId) {
        self.replacements().insert(leg, channel);
    }

    /// Whether another channel has taken the leg's place.
    pub(super) fn is_replaced(&self, leg: LegId) -> bool {
        self.replacements().contains_key(&leg)
    }

    /// The channel that a leg is now.
    pub(super) fn channel_of(&self, call: &CallId, leg: LegId) -> ChannelId {
        let replaced = self.replacements().get(&leg).cloned();
        replaced.unwrap_or_else(|| call.leg(leg))
    }

    fn replacements(&self) -> MutexGuard<'_, HashMap<LegId, ChannelId>> {
        self.replacements
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn legs(&self) -> impl Iterator<Item = LegId> {
        (1..=self.last_leg.load(Ordering::Acquire)).map(LegId)
    }

    pub(super) fn bridges(&self) -> impl Iterator<Item = BridgeId> {
        (1..=self.last_bridge.load(Ordering::Acquire)).map(BridgeId)
    }

    pub(super) fn playback(&self) -> PlaybackId {
        PlaybackId(self.last_playback.load(Ordering::Acquire))
    }
}
