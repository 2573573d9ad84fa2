//! Talking: the employee picked up. First the two are bridged, then the lease is cleared, then
//! nothing of ours stands between them.

use std::time::Instant;

use super::State;
use super::action::{Action, BridgeId, LegId, News, Note};
use super::event::{Departure, Event, Failure, Step};
use super::leaving;
use super::occurrence::Occurrence;
use super::ongoing::Ongoing;
use super::outcome::{FallbackReason, Outcome};
use super::policy::{Answering, BRIDGING_TIME, LATE_TIME};
use super::releasing::Releasing;
use super::turn::{Deadline, Turn};

/// A caller and an employee.
#[derive(Debug)]
pub(super) struct Talking {
    leg: LegId,
    bridge: BridgeId,
    stage: Stage,
    transfer: Transfer,
    /// A leg that had to be accepted keeps a lease of its own until it is freed of it.
    is_freed: bool,
    /// When the lease is over that has the dialplan bring them together.
    lease_is_over: Instant,
    /// We are to stop as soon as they talk without a lease.
    stopping: bool,
}

/// Whether the employee's telephone has handed the caller on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transfer {
    /// The caller talks to whom they chose.
    None,
    /// Somebody else's telephone rings.
    Ringing,
    /// Somebody else picked up.
    Answered,
}

/// How far the connection has come.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// Asterisk is bringing them together.
    Bridging(Deadline),
    /// It should have by now. If it was we who slept, the answer is on its way.
    Late(Deadline),
    /// They talk; the lease must be cleared, or the dialplan takes the caller back.
    ClearingLease(Deadline),
    /// They talk for as long as they like.
    Free,
}

/// A talk that another process of ours began.
#[derive(Debug)]
pub(super) struct TakenOver {
    pub(super) leg: LegId,
    pub(super) bridge: BridgeId,
}

impl TakenOver {
    /// Whoever began it may have ended before the lease was cleared, or the dialplan was told whom
    /// to release.
    pub(super) fn begin(self, turn: &mut Turn<'_>) -> State {
        turn.story.note(turn.now, Occurrence::TakenOver);
        turn.tie_caller_to(self.leg);
        let talking = Talking {
            leg: self.leg,
            bridge: self.bridge,
            stage: Stage::Free,
            transfer: Transfer::None,
            is_freed: true,
            lease_is_over: turn.now,
            stopping: false,
        };
        talking.clear_lease(turn)
    }

    /// The caller is gone: the employee is released.
    pub(super) fn release(self, turn: &mut Turn<'_>) -> Outcome {
        turn.act(Action::HangUpLeg(self.leg));
        turn.act(Action::DestroyBridge(self.bridge));
        turn.story.talk_ends(turn.now);
        Outcome::Talked
    }
}

impl Talking {
    /// Bridges the two. The lease goes on until they are bridged: if we fail now, it helps.
    pub(super) fn begin(leg: LegId, bridge: BridgeId, turn: &mut Turn<'_>) -> State {
        turn.act(Action::StopRingback);
        bring_together(leg, bridge, turn);
        Self::bridging((leg, true), bridge, turn)
    }

    /// Bridges the two once the leg, which had to be accepted, has no lease any more: nothing may end
    /// a talk but those who talk.
    pub(super) fn begin_accepted(leg: LegId, bridge: BridgeId, turn: &mut Turn<'_>) -> State {
        turn.act(Action::StopRingback);
        turn.act(Action::FreeLeg(leg));
        Self::bridging((leg, false), bridge, turn)
    }

    fn bridging((leg, is_freed): (LegId, bool), bridge: BridgeId, turn: &Turn<'_>) -> State {
        let policy = turn.policy;
        let lease = policy.ring_time + policy.accept_time + policy.lease_margin;
        State::Talking(Self {
            leg,
            bridge,
            stage: Stage::Bridging(turn.deadline(BRIDGING_TIME, "the two to be bridged")),
            transfer: Transfer::None,
            is_freed,
            lease_is_over: turn.now + lease + LATE_TIME,
            stopping: false,
        })
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        match self.stage {
            Stage::Bridging(deadline) | Stage::Late(deadline) | Stage::ClearingLease(deadline) => {
                Some(deadline)
            }
            Stage::Free => None,
        }
    }

    pub(super) fn on_event(mut self, event: &Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::Bridged(leg) if *leg == self.leg => self.bridged(turn),
            Event::LegFreed(leg) if *leg == self.leg => self.freed(turn),
            Event::LeaseCleared => {
                self.stage = Stage::Free;
                self.go_on(turn)
            }
            Event::LegEnded { leg, .. } if *leg == self.leg => self.leg_ended(turn),
            Event::LegReplaced(leg) if *leg == self.leg => self.transferred(turn),
            Event::LegAnswered(leg) if *leg == self.leg && self.transfer == Transfer::Ringing => {
                self.transfer = Transfer::Answered;
                State::Talking(self)
            }
            Event::DeadlineReached => self.late(turn),
            Event::StepFailed { failure, .. } => self.failed(*failure, turn),
            Event::Stop => self.stop(turn),
            Event::Bridged(_)
            | Event::LegEnded { .. }
            | Event::Arrived
            | Event::CallerKnown(_)
            | Event::PromptReady { .. }
            | Event::PromptFailed(_)
            | Event::PlaybackEnded { .. }
            | Event::KeyPressed(_)
            | Event::CallerLeft(_)
            | Event::LegRinging(_)
            | Event::LegReplaced(_)
            | Event::LegKeyPressed { .. }
            | Event::LegFreed(_)
            | Event::LegAnswered(_)
            | Event::Seen { .. }
            | Event::CallbackKept
            | Event::CallbackNotKept => State::Talking(self),
        }
    }

    fn transferred(mut self, turn: &mut Turn<'_>) -> State {
        // It is known under the same number, and is another channel.
        turn.note(Note::Peer(self.leg));
        turn.act(Action::AdoptLeg(self.leg));
        self.transfer = Transfer::Ringing;
        State::Talking(self)
    }

    /// The caller is gone: the employee is released, by the dialplan if the two have talked and the caller
    /// has hung up.
    pub(super) fn caller_left(self, departure: Departure, turn: &mut Turn<'_>) -> State {
        let outcome = match self.stage {
            Stage::Bridging(_) | Stage::Late(_) => Outcome::HungUp,
            Stage::ClearingLease(_) | Stage::Free => Outcome::Talked,
        };
        let dialplan_releases = (outcome, departure) == (Outcome::Talked, Departure::HungUp);
        if !dialplan_releases {
            turn.act(Action::HangUpLeg(self.leg));
        }
        turn.act(Action::DestroyBridge(self.bridge));
        self.stop_recording(turn);
        turn.story.talk_ends(turn.now);
        if dialplan_releases {
            return Releasing::begin(self.leg, turn);
        }
        turn.act(Action::Finish(outcome));
        State::Ended
    }

    fn freed(mut self, turn: &mut Turn<'_>) -> State {
        self.is_freed = true;
        if let Stage::Bridging(_) | Stage::Late(_) = self.stage {
            bring_together(self.leg, self.bridge, turn);
        }
        State::Talking(self)
    }

    fn bridged(self, turn: &mut Turn<'_>) -> State {
        let (stage, leg, bridge) = (self.stage, self.leg, self.bridge);
        let state = self.clear_lease(turn);
        if let Stage::Bridging(_) | Stage::Late(_) = stage {
            turn.story.talk_begins(turn.now);
            if let Some(ongoing) = Ongoing::of(turn.story, leg, bridge) {
                turn.note(Note::Talk(Box::new(ongoing)));
            }
            turn.act(Action::Tell(News::Connected));
            if turn.policy.record {
                turn.act(Action::Record);
            }
        }
        state
    }

    fn clear_lease(mut self, turn: &mut Turn<'_>) -> State {
        turn.note(Note::NoLease);
        self.stage = Stage::ClearingLease(turn.deadline(BRIDGING_TIME, "the lease to be cleared"));
        State::Talking(self)
    }

    fn leg_ended(self, turn: &mut Turn<'_>) -> State {
        turn.act(Action::DestroyBridge(self.bridge));
        self.stop_recording(turn);
        turn.story.talk_ends(turn.now);
        match (self.stage, self.transfer) {
            // They never heard each other, or whom they were handed on to did not pick up: the
            // caller still wants somebody.
            (Stage::Bridging(_) | Stage::Late(_), _) | (_, Transfer::Ringing) => {
                leaving::to_fallback(FallbackReason::NobodyAnswered, turn)
            }
            (Stage::ClearingLease(_) | Stage::Free, Transfer::None | Transfer::Answered) => {
                leaving::to_hang_up(Outcome::Talked, turn)
            }
        }
    }

    /// Who goes to the fallback is not recorded there.
    fn stop_recording(&self, turn: &mut Turn<'_>) {
        match self.stage {
            Stage::ClearingLease(_) | Stage::Free if turn.policy.record => {
                turn.act(Action::StopRecording);
            }
            Stage::Bridging(_) | Stage::Late(_) | Stage::ClearingLease(_) | Stage::Free => {}
        }
    }

    fn late(mut self, turn: &mut Turn<'_>) -> State {
        match self.stage {
            Stage::Bridging(_) => {
                let deadline = turn.deadline(LATE_TIME, "the two to be bridged after all");
                self.stage = Stage::Late(deadline);
                State::Talking(self)
            }
            Stage::Late(_) if self.is_freed && turn.now < self.lease_is_over => {
                self.bring_together_again(turn)
            }
            Stage::Late(_) => self.part(turn),
            Stage::ClearingLease(_) => self.clear_lease(turn),
            Stage::Free => State::Talking(self),
        }
    }

    /// Two who may hear each other are not parted because nobody tells us so.
    fn bring_together_again(mut self, turn: &mut Turn<'_>) -> State {
        bring_together(self.leg, self.bridge, turn);
        let deadline = turn.deadline(BRIDGING_TIME, "the two to be bridged once more");
        self.stage = Stage::Late(deadline);
        State::Talking(self)
    }

    fn failed(self, failure: Failure, turn: &mut Turn<'_>) -> State {
        match (self.stage, failure) {
            (Stage::Bridging(_) | Stage::Late(_), Failure::Gone | Failure::Refused) => {
                self.part(turn)
            }
            (Stage::Bridging(_) | Stage::Late(_), _) if !self.is_freed => self.part(turn),
            // It is tried again at the deadline, not in a storm.
            (Stage::Bridging(_) | Stage::Late(_), Failure::NotSent | Failure::Unknown)
            | (Stage::Free, _) => State::Talking(self),
            (Stage::ClearingLease(_), _) => self.clear_lease(turn),
        }
    }

    fn part(self, turn: &mut Turn<'_>) -> State {
        turn.act(Action::HangUpLeg(self.leg));
        turn.act(Action::DestroyBridge(self.bridge));
        leaving::to_fallback(FallbackReason::Trouble(Step::Bridge), turn)
    }

    /// A talk goes on without us; one that has not begun does not.
    fn stop(mut self, turn: &mut Turn<'_>) -> State {
        self.stopping = true;
        self.go_on(turn)
    }

    fn go_on(self, turn: &mut Turn<'_>) -> State {
        match self.stage {
            Stage::Free if self.stopping => {
                turn.act(Action::Finish(Outcome::TalksOn));
                State::Ended
            }
            Stage::Free | Stage::Bridging(_) | Stage::Late(_) | Stage::ClearingLease(_) => {
                State::Talking(self)
            }
        }
    }
}

/// A caller who is not answered yet hears nothing that costs them before somebody is there.
fn bring_together(leg: LegId, bridge: BridgeId, turn: &mut Turn<'_>) {
    let answer = turn.policy.answering == Answering::WhenConnected;
    turn.act(Action::Bridge {
        bridge,
        leg,
        answer,
    });
}
