//! Connecting: the chosen person's telephones ring, and the caller hears that they do. The first to
//! answer wins, or the first to accept where an answer alone does not count.

use std::collections::VecDeque;

use super::super::directory::{Endpoint, Entry};
use super::super::menu::Key;
use super::State;
use super::accepting::{Asked, Decision, Summons, decision, needs_key};
use super::action::{Action, BridgeId, LegId, Note, PlaybackId};
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
    person: Entry,
    /// The telephones that ring, or whose owner is asked.
    legs: Vec<Leg>,
    /// What those are asked whose answer does not count.
    summons: Summons,
    /// Those that ring when these have not been answered.
    waiting: VecDeque<Endpoint>,
    /// What the caller is told if nobody answers.
    ending: LegEnding,
    bridge: BridgeId,
    /// How long the telephones ring.
    ringing: Deadline,
}

/// A telephone that rings.
#[derive(Debug)]
struct Leg {
    id: LegId,
    /// That somebody picks up is not enough.
    needs_key: bool,
    /// Once somebody has picked up who must press a key.
    asked: Option<Asked>,
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
        turn.tie_caller_to_coming_leg();
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
        let needs_key = person.telephones().any(|one| needs_key(one, turn));
        let summons = if needs_key {
            Summons::request(turn)
        } else {
            Summons::default()
        };
        State::Connecting(Self {
            offer: offer.without(&person.id),
            person: person.clone(),
            legs,
            summons,
            waiting,
            ending: LegEnding::Unreachable,
            bridge,
            ringing: deadline(turn),
        })
    }

    pub(super) fn deadline(&self) -> Deadline {
        let deadlines = self.legs.iter().map(|leg| self.deadline_of(leg));
        deadlines
            .min_by_key(|deadline| deadline.at)
            .unwrap_or(self.ringing)
    }

    fn deadline_of(&self, leg: &Leg) -> Deadline {
        leg.asked
            .as_ref()
            .map_or(self.ringing, |asked| asked.deadline)
    }

    pub(super) fn on_event(mut self, event: Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::LegAnswered(leg) if self.rings(leg) => self.answered(leg, turn),
            Event::LegEnded { leg, why } if self.rings(leg) => self.leg_ended(leg, why, turn),
            Event::LegKeyPressed { leg, key } => self.key_pressed(leg, key, turn),
            Event::PromptReady { prompt, clip } => {
                self.summons.ready(prompt, clip);
                self.tell_asked(turn)
            }
            Event::PromptFailed(prompt) => {
                self.summons.failed(prompt);
                self.tell_asked(turn)
            }
            Event::PlaybackEnded { playback, .. } => self.playback_ended(playback),
            Event::DeadlineReached => self.deadline_reached(turn),
            Event::StepFailed { step, .. } => self.leave(FallbackReason::Trouble(step), turn),
            Event::Stop => self.leave(FallbackReason::Stopping, turn),
            Event::LegAnswered(_)
            | Event::LegEnded { .. }
            | Event::Arrived
            | Event::CallerKnown(_)
            | Event::KeyPressed(_)
            | Event::CallerLeft(_)
            | Event::LegRinging(_)
            | Event::LegReplaced(_)
            | Event::LegFreed(_)
            | Event::Bridged(_)
            | Event::LeaseCleared
            | Event::Seen { .. }
            | Event::CallbackKept
            | Event::CallbackNotKept => State::Connecting(self),
        }
    }

    /// The caller is gone: nobody's telephone rings on.
    pub(super) fn release(self, turn: &mut Turn<'_>) {
        for leg in &self.legs {
            turn.act(Action::HangUpLeg(leg.id));
        }
        turn.act(Action::DestroyBridge(self.bridge));
    }

    pub(super) fn rings(&self, leg: LegId) -> bool {
        self.legs.iter().any(|ringing| ringing.id == leg)
    }

    fn answered(mut self, answered: LegId, turn: &mut Turn<'_>) -> State {
        let needs_key = |leg: &Leg| leg.id == answered && leg.needs_key;
        if !self.legs.iter().any(needs_key) {
            self.stop_others(answered, turn);
            return Talking::begin(answered, self.bridge, turn);
        }
        if self.summons.is_mute() {
            return self.accepted(answered, turn);
        }
        for leg in &mut self.legs {
            if leg.id == answered && leg.asked.is_none() {
                leg.asked = Some(Asked::begin(answered, &self.summons, turn));
            }
        }
        self.extend_lease(turn);
        State::Connecting(self)
    }

    /// Words have come, or will not.
    fn tell_asked(mut self, turn: &mut Turn<'_>) -> State {
        let untold = |leg: &&Leg| leg.asked.as_ref().is_some_and(|asked| !asked.told);
        let Some(leg) = self.legs.iter().find(untold).map(|leg| leg.id) else {
            return State::Connecting(self);
        };
        if self.summons.is_mute() {
            return self.accepted(leg, turn);
        }
        for leg in &mut self.legs {
            if let Some(asked) = &mut leg.asked {
                asked.tell(leg.id, &self.summons, turn);
            }
        }
        self.extend_lease(turn);
        State::Connecting(self)
    }

    fn playback_ended(mut self, playback: PlaybackId) -> State {
        for asked in self.legs.iter_mut().filter_map(|leg| leg.asked.as_mut()) {
            asked.playback = asked.playback.filter(|playing| *playing != playback);
        }
        State::Connecting(self)
    }

    fn key_pressed(mut self, leg: LegId, key: Key, turn: &mut Turn<'_>) -> State {
        let is_asked = |one: &Leg| one.id == leg && one.asked.is_some();
        if !self.legs.iter().any(is_asked) {
            return State::Connecting(self);
        }
        match decision(key) {
            Some(Decision::Accepts) => self.accepted(leg, turn),
            Some(Decision::Declines) => {
                self.give_up(leg, LegEnding::Refused, turn);
                self.ring_next_if_none_rings(turn)
            }
            None => State::Connecting(self),
        }
    }

    fn accepted(mut self, winner: LegId, turn: &mut Turn<'_>) -> State {
        self.stop_others(winner, turn);
        Talking::begin_accepted(winner, self.bridge, turn)
    }

    /// One telephone has won: the others stop, and the dialplan learns whose the caller is.
    fn stop_others(&mut self, winner: LegId, turn: &mut Turn<'_>) {
        for leg in self.legs.drain(..) {
            if leg.id != winner {
                turn.act(Action::HangUpLeg(leg.id));
                continue;
            }
            if let Some(asked) = leg.asked {
                asked.end(winner, turn);
            }
        }
        turn.tie_caller_to(winner);
    }

    fn leg_ended(mut self, leg: LegId, why: LegEnding, turn: &mut Turn<'_>) -> State {
        self.forget(leg, why, turn);
        self.ring_next_if_none_rings(turn)
    }

    fn deadline_reached(mut self, turn: &mut Turn<'_>) -> State {
        let due = |leg: &&Leg| self.deadline_of(leg).at <= turn.now;
        let untold = |leg: &&Leg| leg.asked.as_ref().is_some_and(|asked| !asked.told);
        if let Some(leg) = self.legs.iter().filter(due).find(untold).map(|leg| leg.id) {
            return self.accepted(leg, turn);
        }
        let due: Vec<_> = self.legs.iter().filter(due).map(|leg| leg.id).collect();
        for leg in due {
            self.give_up(leg, LegEnding::NoAnswer, turn);
        }
        self.ring_next_if_none_rings(turn)
    }

    /// Hangs up a telephone: for the caller it has ended by itself.
    fn give_up(&mut self, leg: LegId, why: LegEnding, turn: &mut Turn<'_>) {
        turn.story.leg_ended(turn.now, leg, why);
        turn.act(Action::HangUpLeg(leg));
        self.forget(leg, why, turn);
    }

    /// The dialplan is told at once of the next that rings or will ring: nothing can come between a
    /// telephone's ringing and that.
    fn forget(&mut self, leg: LegId, why: LegEnding, turn: &mut Turn<'_>) {
        self.legs.retain(|ringing| ringing.id != leg);
        match self.legs.first() {
            Some(other) if turn.caller_is_tied_to(leg) => turn.tie_caller_to(other.id),
            None => turn.tie_caller_to_coming_leg(),
            Some(_) => {}
        }
        self.ending = more_telling(self.ending, why);
    }

    fn ring_next_if_none_rings(self, turn: &mut Turn<'_>) -> State {
        if self.legs.is_empty() {
            return self.ring_next(turn);
        }
        State::Connecting(self)
    }

    fn ring_next(mut self, turn: &mut Turn<'_>) -> State {
        let Some(endpoint) = self.waiting.pop_front() else {
            return self.lost(turn);
        };
        grant_lease(turn);
        self.legs.push(dial(endpoint, turn));
        self.ringing = deadline(turn);
        State::Connecting(self)
    }

    /// The caller's lease covers what is still awaited.
    fn extend_lease(&self, turn: &mut Turn<'_>) {
        let deadlines = self.legs.iter().map(|leg| self.deadline_of(leg).at);
        let time = deadlines.max().unwrap_or(self.ringing.at) - turn.now;
        turn.note(Note::Lease(time + turn.policy.lease_margin));
    }

    fn lost(self, turn: &mut Turn<'_>) -> State {
        turn.act(Action::StopRingback);
        turn.act(Action::DestroyBridge(self.bridge));
        Offering::after_lost_leg(self.offer, self.person, self.ending, turn)
    }

    fn leave(self, reason: FallbackReason, turn: &mut Turn<'_>) -> State {
        turn.act(Action::StopRingback);
        self.release(turn);
        leaving::to_fallback(reason, turn)
    }
}

fn dial(endpoint: Endpoint, turn: &mut Turn<'_>) -> Leg {
    let id = turn.next_leg();
    let needs_key = needs_key(&endpoint, turn);
    let lease = turn.policy.ring_time + turn.policy.prompt_time + RINGING_GRACE;
    turn.act(Action::Originate {
        leg: id,
        endpoint,
        caller_name: turn.story.shown(),
        ring_time: turn.policy.ring_time,
        lease: needs_key.then_some(lease + turn.policy.lease_margin),
    });
    Leg {
        id,
        needs_key,
        asked: None,
    }
}

fn grant_lease(turn: &mut Turn<'_>) {
    let time = turn.policy.ring_time + RINGING_GRACE + turn.policy.lease_margin;
    turn.note(Note::Lease(time));
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
