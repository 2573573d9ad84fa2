//! Connecting: the chosen person's telephone rings, and the caller hears that it does.

use super::super::menu::{Choice, Menu};
use super::State;
use super::action::{Action, BridgeId, LegId};
use super::event::{Event, LegEnding};
use super::leaving;
use super::offering::Offering;
use super::outcome::FallbackReason;
use super::policy::RINGING_GRACE;
use super::talking::Talking;
use super::turn::{Deadline, Turn};

/// A caller who waits for somebody to pick up.
#[derive(Debug)]
pub(super) struct Connecting {
    /// What remains to be offered if this person does not pick up.
    menu: Menu,
    leg: LegId,
    bridge: BridgeId,
    deadline: Deadline,
}

impl Connecting {
    /// Rings the chosen person's telephone.
    pub(super) fn begin(menu: Menu, choice: &Choice, turn: &mut Turn<'_>) -> State {
        let ring_time = turn.policy.ring_time;
        let leg = turn.next_leg();
        let bridge = turn.next_bridge();
        turn.story.chosen(&choice.entry.id);
        turn.act(Action::Originate {
            leg,
            endpoint: choice.entry.endpoint.clone(),
            caller_name: turn.story.caller.clone(),
            ring_time,
        });
        turn.act(Action::StartRingback);
        // Not before: while a prompt plays, nothing else is done to a channel.
        turn.name_caller();
        turn.act(Action::GrantLease(
            ring_time + RINGING_GRACE + turn.policy.lease_margin,
        ));
        turn.act(Action::CreateBridge(bridge));
        let deadline = turn.deadline(ring_time + RINGING_GRACE, "the telephone to be answered");
        State::Connecting(Self {
            menu: menu.without(choice.key),
            leg,
            bridge,
            deadline,
        })
    }

    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(self, event: Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::LegDialled { leg, channel_name } if leg == self.leg => {
                turn.act(Action::TieCallerTo { channel_name });
                State::Connecting(self)
            }
            Event::LegAnswered(leg) if leg == self.leg => Talking::begin(leg, self.bridge, turn),
            Event::LegEnded { leg, why } if leg == self.leg => self.lost_leg(why, turn),
            Event::DeadlineReached => {
                turn.act(Action::HangUpLeg(self.leg));
                self.lost_leg(LegEnding::NoAnswer, turn)
            }
            Event::StepFailed { step, .. } => self.leave(FallbackReason::Trouble(step), turn),
            Event::Stop => self.leave(FallbackReason::Stopping, turn),
            Event::LegDialled { .. }
            | Event::LegAnswered(_)
            | Event::LegEnded { .. }
            | Event::Arrived
            | Event::CallerKnown(_)
            | Event::PromptReady { .. }
            | Event::PromptFailed(_)
            | Event::PlaybackEnded { .. }
            | Event::KeyPressed(_)
            | Event::CallerLeft(_)
            | Event::LegRinging(_)
            | Event::LegReplaced { .. }
            | Event::Bridged(_)
            | Event::LeaseCleared => State::Connecting(self),
        }
    }

    /// The caller is gone: nobody's telephone rings on.
    pub(super) fn release(self, turn: &mut Turn<'_>) {
        turn.act(Action::HangUpLeg(self.leg));
        turn.act(Action::DestroyBridge(self.bridge));
    }

    fn lost_leg(self, why: LegEnding, turn: &mut Turn<'_>) -> State {
        turn.act(Action::StopRingback);
        turn.act(Action::DestroyBridge(self.bridge));
        Offering::after_lost_leg(self.menu, why, turn)
    }

    fn leave(self, reason: FallbackReason, turn: &mut Turn<'_>) -> State {
        turn.act(Action::StopRingback);
        self.release(turn);
        leaving::to_fallback(reason, turn)
    }
}
