//! Connecting: the chosen person's telephones ring, and the caller hears that they do. The first to
//! answer wins.

use std::collections::VecDeque;

use super::super::directory::{Endpoint, Entry};
use super::State;
use super::action::{Action, BridgeId, LegId};
use super::event::{Event, LegEnding};
use super::leaving;
use super::offer::Offer;
use super::offering::Offering;
use super::outcome::FallbackReason;
use super::policy::{RINGING_GRACE, Ringing};
use super::talking::Talking;
use super::turn::{Deadline, Turn};

/// A caller who waits for somebody to pick up.
#[derive(Debug)]
pub(super) struct Connecting {
    /// What remains to be offered if this person does not pick up.
    offer: Offer,
    /// The telephones that ring.
    legs: Vec<Leg>,
    /// Those that ring when these have not been answered.
    waiting: VecDeque<Endpoint>,
    /// What the caller is told if nobody answers.
    ending: LegEnding,
    /// Whom the dialplan would release the caller from.
    tied: Option<LegId>,
    bridge: BridgeId,
    deadline: Deadline,
}

/// A telephone that rings.
#[derive(Debug)]
struct Leg {
    id: LegId,
    /// Once it is dialled.
    channel_name: Option<String>,
}

impl Connecting {
    /// Rings the chosen person's telephones.
    pub(super) fn begin(offer: Offer, person: &Entry, turn: &mut Turn<'_>) -> State {
        let mut telephones: VecDeque<Endpoint> = person.telephones().cloned().collect();
        let waiting = match turn.policy.ringing {
            Ringing::Together => VecDeque::new(),
            Ringing::InTurn => telephones.split_off(telephones.len().min(1)),
        };
        turn.story.chosen(&person.id);
        let legs = telephones
            .into_iter()
            .map(|endpoint| dial(endpoint, turn))
            .collect();
        let bridge = turn.next_bridge();
        turn.act(Action::StartRingback);
        // Not before: while a prompt plays, nothing else is done to a channel.
        turn.name_caller();
        grant_lease(turn);
        turn.act(Action::CreateBridge(bridge));
        turn.note_choice();
        State::Connecting(Self {
            offer: offer.without(&person.id),
            legs,
            waiting,
            ending: LegEnding::Unreachable,
            tied: None,
            bridge,
            deadline: deadline(turn),
        })
    }

    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(self, event: Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::LegDialled { leg, channel_name } => self.dialled(leg, channel_name, turn),
            Event::LegAnswered(leg) if self.rings(leg) => self.answered(leg, turn),
            Event::LegEnded { leg, why } if self.rings(leg) => self.leg_ended(leg, why, turn),
            Event::DeadlineReached => self.nobody_answered(turn),
            Event::StepFailed { step, .. } => self.leave(FallbackReason::Trouble(step), turn),
            Event::Stop => self.leave(FallbackReason::Stopping, turn),
            Event::LegAnswered(_)
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
        for leg in &self.legs {
            turn.act(Action::HangUpLeg(leg.id));
        }
        turn.act(Action::DestroyBridge(self.bridge));
    }

    fn rings(&self, leg: LegId) -> bool {
        self.legs.iter().any(|ringing| ringing.id == leg)
    }

    /// The dialplan is told of the first at once: it is the only one mostly.
    fn dialled(mut self, leg: LegId, channel_name: String, turn: &mut Turn<'_>) -> State {
        let Some(ringing) = self.legs.iter_mut().find(|ringing| ringing.id == leg) else {
            return State::Connecting(self);
        };
        ringing.channel_name = Some(channel_name.clone());
        if self.tied.is_none() {
            self.tied = Some(leg);
            turn.act(Action::TieCallerTo { channel_name });
        }
        State::Connecting(self)
    }

    fn answered(self, winner: LegId, turn: &mut Turn<'_>) -> State {
        for leg in self.legs {
            if leg.id != winner {
                turn.act(Action::HangUpLeg(leg.id));
            } else if self.tied != Some(winner)
                && let Some(channel_name) = leg.channel_name
            {
                turn.act(Action::TieCallerTo { channel_name });
            }
        }
        Talking::begin(winner, self.bridge, turn)
    }

    fn leg_ended(mut self, leg: LegId, why: LegEnding, turn: &mut Turn<'_>) -> State {
        self.legs.retain(|ringing| ringing.id != leg);
        self.tied = self.tied.filter(|tied| *tied != leg);
        self.ending = more_telling(self.ending, why);
        if self.legs.is_empty() {
            return self.ring_next(turn);
        }
        State::Connecting(self)
    }

    fn nobody_answered(mut self, turn: &mut Turn<'_>) -> State {
        for leg in self.legs.drain(..) {
            turn.story.leg_ended(turn.now, leg.id, LegEnding::NoAnswer);
            turn.act(Action::HangUpLeg(leg.id));
        }
        self.tied = None;
        self.ending = more_telling(self.ending, LegEnding::NoAnswer);
        self.ring_next(turn)
    }

    fn ring_next(mut self, turn: &mut Turn<'_>) -> State {
        let Some(endpoint) = self.waiting.pop_front() else {
            return self.lost(turn);
        };
        grant_lease(turn);
        self.legs.push(dial(endpoint, turn));
        self.deadline = deadline(turn);
        State::Connecting(self)
    }

    fn lost(self, turn: &mut Turn<'_>) -> State {
        turn.act(Action::StopRingback);
        turn.act(Action::DestroyBridge(self.bridge));
        Offering::after_lost_leg(self.offer, self.ending, turn)
    }

    fn leave(self, reason: FallbackReason, turn: &mut Turn<'_>) -> State {
        turn.act(Action::StopRingback);
        self.release(turn);
        leaving::to_fallback(reason, turn)
    }
}

fn dial(endpoint: Endpoint, turn: &mut Turn<'_>) -> Leg {
    let id = turn.next_leg();
    turn.act(Action::Originate {
        leg: id,
        endpoint,
        caller_name: turn.story.caller.clone(),
        ring_time: turn.policy.ring_time,
    });
    Leg {
        id,
        channel_name: None,
    }
}

fn grant_lease(turn: &mut Turn<'_>) {
    let time = turn.policy.ring_time + RINGING_GRACE + turn.policy.lease_margin;
    turn.act(Action::GrantLease(time));
}

fn deadline(turn: &Turn<'_>) -> Deadline {
    let time = turn.policy.ring_time + RINGING_GRACE;
    turn.deadline(time, "a telephone to be answered")
}

/// Of several telephones, one that is busy or rang says more of the person than one that is switched
/// off.
fn more_telling(before: LegEnding, now: LegEnding) -> LegEnding {
    match (before, now) {
        (LegEnding::Busy, _) => LegEnding::Busy,
        (_, LegEnding::Unreachable) => before,
        (_, now) => now,
    }
}
