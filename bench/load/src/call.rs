//! One call as its two telephones live it: what happens goes in, what they do comes out.
//!
//! A call that goes as it should: the caller calls and hears something; after a while they press a
//! key; the right employee's telephone rings and is picked up; each hears the other, and nobody
//! else, as long as they talk; one hangs up and the other is released. Everything else is a
//! [`Failure`], which says where the call broke.

use std::time::{Duration, Instant};

use crate::sound::Side;

/// What a call is to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the caller dials.
    pub dialled: String,
    /// The caller's number, which no other call has at the same time.
    pub number: String,
    /// The extension of whom they must reach.
    pub employee: String,
    /// The key that the caller presses, 0 to 9.
    pub key: u8,
    /// From the first sound to the key.
    pub listens: Duration,
    /// How long the employee's telephone rings before it is picked up.
    pub rings: Duration,
    /// From the moment when each has heard the other to the hang-up.
    pub talks: Duration,
    /// Who hangs up.
    pub ends: Side,
    /// How long anything may take that somebody waits for.
    pub patience: Duration,
}

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// It is not answered yet.
    Calling,
    /// It is answered, and nothing was heard yet.
    Silence,
    /// The caller listens.
    Listening,
    /// The caller has pressed a key.
    Pressed,
    /// The employee's telephone rings.
    Ringing,
    /// It was picked up, and not both have heard each other.
    Connecting,
    /// They talk.
    Talking,
    /// One has hung up.
    Releasing,
    /// Nothing is left.
    Over,
}

/// What happens to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The call begins.
    Begin,
    /// The PBX has answered the caller.
    Answered,
    /// The PBX doesn't take the call.
    Refused(u16),
    /// The caller's telephone got the first packet of sound.
    Sound,
    /// The caller has let go of the key.
    KeyReleased,
    /// A telephone was called for this caller: whose.
    Rung(String),
    /// The PBX has stopped ringing it.
    Cancelled,
    /// The telephone on this side hears the other one for the first time.
    Hears(Side),
    /// A telephone of this call hears another call, or itself.
    HearsStranger,
    /// The PBX hung up on this side.
    HungUp(Side),
    /// The PBX has taken note that this side hung up.
    Released(Side),
    /// The time has come that an [`Action::Wake`] named.
    Woken(Phase),
    /// What the phase waits for has not come in time.
    TooLate(Phase),
}

/// What its telephones do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Come back with [`Event::Woken`] after this time.
    Wake(Duration),
    /// Come back with [`Event::TooLate`] after this time, if the phase is still the same.
    Deadline(Duration),
    /// Press the key.
    Press,
    /// Pick up the employee's telephone.
    PickUp,
    /// Hang up.
    HangUp(Side),
    /// Leave nothing of the call, however far it came.
    Abandon,
    /// The call is over.
    End,
}

/// What was wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Failure {
    /// The PBX refused it, with this status.
    Refused(u16),
    /// What this phase waits for did not come in time.
    Late(Phase),
    /// Another telephone was rung than the one that was wanted.
    WrongEmployee(String),
    /// The employee's telephone stopped ringing.
    Cancelled,
    /// Somebody was hung up on while this phase lasted.
    CutOff(Phase),
    /// Somebody heard another call.
    Crossed,
    /// Less than nine tenths of what was said was heard on this side.
    Holes(Side),
}

/// When what happened, as far as it did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// INVITE sent.
    pub called: Option<Instant>,
    /// 200 received.
    pub answered: Option<Instant>,
    /// First packet of sound received.
    pub sound: Option<Instant>,
    /// The end of the key sent.
    pub key: Option<Instant>,
    /// The employee's INVITE received.
    pub rung: Option<Instant>,
    /// The employee has picked up.
    pub picked_up: Option<Instant>,
    /// Each has heard the other.
    pub talking: Option<Instant>,
    /// One has hung up.
    pub hung_up: Option<Instant>,
    /// The other was released.
    pub released: Option<Instant>,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    plan: Plan,
    phase: Phase,
    /// When what happened.
    pub times: Times,
    heard: (bool, bool),
    released: (bool, bool),
    failure: Option<Failure>,
}

impl Call {
    /// A call that has not begun.
    pub fn new(plan: Plan) -> Self {
        Self {
            plan,
            phase: Phase::Calling,
            times: Times::default(),
            heard: (false, false),
            released: (false, false),
            failure: None,
        }
    }

    /// What it is to be.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Where it is.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// What was wrong with it.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Notes that a side heard too little; the first failure of a call is the one that counts.
    pub fn blame(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    /// Takes what happened, and says what to do.
    pub fn on_event(&mut self, now: Instant, event: Event) -> Vec<Action> {
        if self.phase == Phase::Over {
            return Vec::new();
        }
        match event {
            Event::Begin => self.begin(now),
            Event::Answered => self.answered(now),
            Event::Sound => self.sound(now),
            Event::KeyReleased => self.key_released(now),
            Event::Rung(who) => self.rung(now, who),
            Event::Hears(side) => self.hears(now, side),
            Event::HungUp(side) => self.hung_up(now, side),
            Event::Released(side) => self.released(side),
            Event::Woken(phase) => self.woken(now, phase),
            Event::Refused(code) => self.fail(Failure::Refused(code)),
            Event::Cancelled => self.fail(Failure::Cancelled),
            Event::HearsStranger => self.fail(Failure::Crossed),
            Event::TooLate(phase) if phase == self.phase => self.fail(Failure::Late(phase)),
            Event::TooLate(_) => Vec::new(),
        }
    }

    fn begin(&mut self, now: Instant) -> Vec<Action> {
        self.times.called = Some(now);
        self.wait_in(Phase::Calling)
    }

    fn answered(&mut self, now: Instant) -> Vec<Action> {
        if self.phase != Phase::Calling {
            return Vec::new();
        }
        self.times.answered = Some(now);
        self.wait_in(Phase::Silence)
    }

    fn sound(&mut self, now: Instant) -> Vec<Action> {
        if !matches!(self.phase, Phase::Calling | Phase::Silence) {
            return Vec::new();
        }
        self.times.sound = Some(now);
        self.phase = Phase::Listening;
        vec![Action::Wake(self.plan.listens)]
    }

    fn key_released(&mut self, now: Instant) -> Vec<Action> {
        self.times.key = Some(now);
        Vec::new()
    }

    fn rung(&mut self, now: Instant, who: String) -> Vec<Action> {
        if who != self.plan.employee {
            return self.fail(Failure::WrongEmployee(who));
        }
        self.times.rung = Some(now);
        self.phase = Phase::Ringing;
        vec![Action::Wake(self.plan.rings)]
    }

    fn hears(&mut self, now: Instant, side: Side) -> Vec<Action> {
        match side {
            Side::Caller => self.heard.0 = true,
            Side::Employee => self.heard.1 = true,
        }
        if self.phase != Phase::Connecting || self.heard != (true, true) {
            return Vec::new();
        }
        self.times.talking = Some(now);
        self.phase = Phase::Talking;
        vec![Action::Wake(self.plan.talks)]
    }

    fn woken(&mut self, now: Instant, phase: Phase) -> Vec<Action> {
        if phase != self.phase {
            return Vec::new();
        }
        match phase {
            Phase::Listening => self.act(Action::Press, Phase::Pressed),
            Phase::Ringing => {
                self.times.picked_up = Some(now);
                self.act(Action::PickUp, Phase::Connecting)
            }
            Phase::Talking => {
                self.times.hung_up = Some(now);
                self.act(Action::HangUp(self.plan.ends), Phase::Releasing)
            }
            Phase::Calling
            | Phase::Silence
            | Phase::Pressed
            | Phase::Connecting
            | Phase::Releasing
            | Phase::Over => Vec::new(),
        }
    }

    /// The PBX hangs up: on the one who is left, as it should, or on somebody who didn't expect it.
    fn hung_up(&mut self, now: Instant, side: Side) -> Vec<Action> {
        if self.phase != Phase::Releasing {
            return self.fail(Failure::CutOff(self.phase));
        }
        self.times.released = Some(now);
        self.released(side)
    }

    fn released(&mut self, side: Side) -> Vec<Action> {
        match side {
            Side::Caller => self.released.0 = true,
            Side::Employee => self.released.1 = true,
        }
        if self.released != (true, true) {
            return Vec::new();
        }
        self.phase = Phase::Over;
        vec![Action::End]
    }

    fn act(&mut self, action: Action, next: Phase) -> Vec<Action> {
        let mut actions = vec![action];
        actions.extend(self.wait_in(next));
        actions
    }

    fn wait_in(&mut self, phase: Phase) -> Vec<Action> {
        self.phase = phase;
        vec![Action::Deadline(self.plan.patience)]
    }

    fn fail(&mut self, failure: Failure) -> Vec<Action> {
        self.failure.get_or_insert(failure);
        self.phase = Phase::Over;
        vec![Action::Abandon, Action::End]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    fn second(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    fn call() -> Call {
        Call::new(Plan {
            dialled: "native".to_owned(),
            number: "+74952000007".to_owned(),
            employee: "5007".to_owned(),
            key: 1,
            listens: second(4),
            rings: second(1),
            talks: second(6),
            ends: Side::Employee,
            patience: PATIENCE,
        })
    }

    fn told(call: &mut Call, events: impl IntoIterator<Item = Event>) -> Vec<Action> {
        let now = Instant::now();
        let events = events.into_iter();
        events.flat_map(|event| call.on_event(now, event)).collect()
    }

    fn until_they_talk() -> [Event; 9] {
        [
            Event::Begin,
            Event::Answered,
            Event::Sound,
            Event::Woken(Phase::Listening),
            Event::KeyReleased,
            Event::Rung("5007".to_owned()),
            Event::Woken(Phase::Ringing),
            Event::Hears(Side::Caller),
            Event::Hears(Side::Employee),
        ]
    }

    #[test]
    fn a_call_that_goes_as_it_should() {
        let mut call = call();
        let actions = told(&mut call, until_they_talk());
        let expected = [
            Action::Deadline(PATIENCE),
            Action::Deadline(PATIENCE),
            Action::Wake(second(4)),
            Action::Press,
            Action::Deadline(PATIENCE),
            Action::Wake(second(1)),
            Action::PickUp,
            Action::Deadline(PATIENCE),
            Action::Wake(second(6)),
        ];
        assert_eq!(actions, expected);
        let ends = [Event::Woken(Phase::Talking), Event::HungUp(Side::Caller)];
        let ended = [Action::HangUp(Side::Employee), Action::Deadline(PATIENCE)];
        assert_eq!(told(&mut call, ends), ended);
        let last = told(&mut call, [Event::Released(Side::Employee)]);
        assert_eq!(last, [Action::End]);
        assert_eq!(call.failure(), None);
    }

    #[test]
    fn whoever_is_rung_instead_is_a_failure() {
        let mut call = call();
        told(&mut call, until_they_talk().into_iter().take(5));
        let actions = told(&mut call, [Event::Rung("90".to_owned())]);
        assert_eq!(actions, [Action::Abandon, Action::End]);
        assert_eq!(
            call.failure(),
            Some(&Failure::WrongEmployee("90".to_owned()))
        );
    }

    #[test]
    fn a_talk_of_which_one_side_hears_nothing_never_becomes_one() {
        let mut call = call();
        told(&mut call, until_they_talk().into_iter().take(8));
        told(&mut call, [Event::TooLate(Phase::Connecting)]);
        assert_eq!(call.failure(), Some(&Failure::Late(Phase::Connecting)));
    }

    #[test]
    fn a_talk_that_the_pbx_ends_is_cut_off() {
        let mut call = call();
        told(&mut call, until_they_talk());
        told(&mut call, [Event::HungUp(Side::Caller)]);
        assert_eq!(call.failure(), Some(&Failure::CutOff(Phase::Talking)));
    }

    #[test]
    fn one_who_is_not_released_is_a_failure() {
        let mut call = call();
        told(&mut call, until_they_talk());
        let events = [
            Event::Woken(Phase::Talking),
            Event::Released(Side::Employee),
        ];
        told(&mut call, events);
        told(&mut call, [Event::TooLate(Phase::Releasing)]);
        assert_eq!(call.failure(), Some(&Failure::Late(Phase::Releasing)));
    }

    #[test]
    fn a_deadline_of_a_phase_that_is_past_means_nothing() {
        let mut call = call();
        told(&mut call, until_they_talk());
        assert_eq!(told(&mut call, [Event::TooLate(Phase::Silence)]), []);
    }

    #[test]
    fn hearing_another_call_is_a_failure() {
        let mut call = call();
        told(&mut call, until_they_talk());
        told(&mut call, [Event::HearsStranger]);
        assert_eq!(call.failure(), Some(&Failure::Crossed));
    }
}
