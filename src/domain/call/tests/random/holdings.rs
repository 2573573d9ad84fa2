//! What a call has opened and not closed, and what its caller hears: followed action by action.

use std::collections::HashSet;

use super::*;

/// What a call has opened and not closed yet.
#[derive(Default)]
pub(super) struct Holdings {
    pub(super) legs: HashSet<LegId>,
    pub(super) bridges: HashSet<BridgeId>,
    /// Legs that Asterisk would hang up, sooner or later.
    leased: HashSet<LegId>,
    /// What the caller hears: a prompt,
    playing: Option<PlaybackId>,
    /// or ringing or music.
    sounds: bool,
    finished: Vec<Outcome>,
}

impl Holdings {
    /// What has ended by itself.
    pub(super) fn let_go(&mut self, event: &Event) {
        if let Event::LegEnded { leg, .. } = event {
            self.legs.remove(leg);
        }
        let heard = self.playing;
        if matches!(event, Event::PlaybackEnded { playback, .. } if heard == Some(*playback)) {
            self.playing = None;
        }
        // With the caller gone, nothing is heard any more.
        let gone = matches!(event, Event::CallerLeft(_))
            || matches!(event, Event::StepFailed { step, failure: Failure::Gone } if step.concerns_caller());
        if gone {
            self.playing = None;
            self.sounds = false;
        }
    }

    pub(super) fn take(&mut self, actions: Vec<Action>) {
        for action in actions {
            assert!(self.finished.is_empty(), "{action:?} after the end");
            self.assert_silence_for(&action);
            match action {
                Action::Originate { leg, lease, .. } => {
                    assert!(self.legs.insert(leg), "{leg:?} twice");
                    self.leased.extend(lease.map(|_| leg));
                }
                Action::CreateBridge(bridge) => assert!(self.bridges.insert(bridge)),
                Action::HangUpLeg(leg) => drop(self.legs.remove(&leg)),
                Action::DestroyBridge(bridge) => drop(self.bridges.remove(&bridge)),
                Action::Finish(outcome) => self.finished.push(outcome),
                Action::Play { playback, .. } => self.playing = Some(playback),
                Action::StopPlayback(playback) => {
                    assert_eq!(self.playing.take(), Some(playback), "another one plays");
                }
                Action::StartRingback | Action::StartMusic => self.sounds = true,
                Action::StopRingback | Action::StopMusic => self.sounds = false,
                Action::AskLeg { leg, .. } => {
                    assert!(self.legs.contains(&leg), "{leg:?} is not there");
                }
                Action::FreeLeg(leg) => {
                    assert!(self.leased.remove(&leg), "{leg:?} has no lease");
                }
                Action::Bridge { leg, .. } => {
                    assert!(!self.leased.contains(&leg), "a lease would end the talk");
                }
                Action::Note(_)
                | Action::LeaveCallback(_)
                | Action::LookAt(_)
                | Action::StopAsking { .. }
                | Action::Record
                | Action::StopRecording
                | Action::Answer
                | Action::Prepare { .. }
                | Action::AdoptLeg(_)
                | Action::Continue(_)
                | Action::Tell(_)
                | Action::HangUpCaller => {}
            }
        }
    }

    /// While a prompt plays, Asterisk answers what is done to the caller only when it is over; and whoever is
    /// sent away, or talks, hears nothing of ours any more.
    fn assert_silence_for(&self, action: &Action) {
        let is_silent = self.playing.is_none();
        let holds = match action {
            Action::Note(_) | Action::StartRingback | Action::StartMusic => is_silent,
            Action::Play { .. }
            | Action::Bridge { .. }
            | Action::Continue(_)
            | Action::HangUpCaller
            | Action::Finish(_) => is_silent && !self.sounds,
            Action::Originate { .. }
            | Action::CreateBridge(_)
            | Action::HangUpLeg(_)
            | Action::DestroyBridge(_)
            | Action::StopPlayback(_)
            | Action::StopRingback
            | Action::StopMusic
            | Action::LookAt(_)
            | Action::LeaveCallback(_)
            | Action::Answer
            | Action::Prepare { .. }
            | Action::AdoptLeg(_)
            | Action::AskLeg { .. }
            | Action::StopAsking { .. }
            | Action::FreeLeg(_)
            | Action::Record
            | Action::StopRecording
            | Action::Tell(_) => true,
        };
        assert!(
            holds,
            "{action:?} while {:?} plays ({})",
            self.playing, self.sounds
        );
    }

    pub(super) fn assert_nothing_is_left(&self) {
        assert_eq!(self.finished.len(), 1);
        if self.finished == [Outcome::TalksOn] {
            return;
        }
        assert!(self.legs.is_empty(), "legs left: {:?}", self.legs);
        assert!(self.bridges.is_empty(), "bridges left");
        assert_eq!(self.playing, None, "a playback is left");
    }
}
