//! Sockets, clock and timers: lets the telephones of all calls live in one thread.

mod telephones;
mod timers;

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mio::net::UdpSocket;
use mio::{Events, Interest, Poll, Token};

use crate::call::{Action, Call, Event, Failure, Phase, Plan, Times};
pub use crate::legs::Punctuality;
use crate::legs::{Legs, News};
use crate::sound::{Heard, Side};
use telephones::{Party, Post};
use timers::{Timer, Timers};

const CALLERS: Token = Token(0);
const EMPLOYEES: Token = Token(1);
/// Of what one says, at least this share must be heard by the other.
const HEARD_SHARE: f64 = 0.9;
const PACKETS_A_SECOND: f64 = 50.0;
/// How long after the last call late messages are still answered.
const LINGER: Duration = Duration::from_millis(300);

/// What can go wrong with the telephones themselves.
#[derive(Debug, thiserror::Error)]
pub enum GeneratorError {
    /// A socket can't be had.
    #[error("{what}: {source}")]
    Socket {
        /// What was attempted.
        what: String,
        /// What the system says.
        source: io::Error,
    },
}

fn attempt<T>(what: &str, result: io::Result<T>) -> Result<T, GeneratorError> {
    result.map_err(|source| GeneratorError::Socket {
        what: what.to_owned(),
        source,
    })
}

/// Where everybody is.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// The PBX's SIP port.
    pub pbx: SocketAddr,
    /// The address from which the PBX takes calls as its trunk's.
    pub callers: Ipv4Addr,
    /// Where the PBX reaches all employees' telephones; port 0 for any that is free.
    pub employees: SocketAddr,
}

/// Numbers of a run that goes on, for other threads.
#[derive(Debug, Default)]
pub struct Gauges {
    /// Calls that have begun and are not over.
    pub at_once: AtomicUsize,
    /// The most of them.
    pub most_at_once: AtomicUsize,
    /// Calls in which both talk.
    pub talking: AtomicUsize,
    /// Calls that are over.
    pub over: AtomicUsize,
}

/// What became of a call.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What it was to be.
    pub plan: Plan,
    /// When what happened.
    pub times: Times,
    /// What was wrong; nothing if it went as it should.
    pub failure: Option<Failure>,
    /// Packets of the menu that were heard before the first loud one.
    pub quiet_packets: u32,
}

/// What a run was like.
#[derive(Debug)]
pub struct Run {
    /// Every call, in the order in which they ended.
    pub outcomes: Vec<Outcome>,
    /// How punctual the packets were.
    pub punctuality: Punctuality,
    /// SIP messages that had to be sent again.
    pub repeated: u32,
    /// Calls to employees that belong to no call of ours.
    pub strays: u32,
}

/// One call with its two telephones.
#[derive(Debug)]
struct Live {
    call: Call,
    caller: Party,
    employee: Option<Party>,
}

impl Live {
    fn party(&mut self, side: Side) -> Option<&mut Party> {
        match side {
            Side::Caller => Some(&mut self.caller),
            Side::Employee => self.employee.as_mut(),
        }
    }
}

/// The telephones.
#[derive(Debug)]
pub struct Generator {
    poll: Poll,
    places: Places,
    post: Post,
    calls: HashMap<u32, Live>,
    by_call_id: HashMap<String, (u32, Side)>,
    by_number: HashMap<String, u32>,
    legs: Legs,
    timers: Timers,
    gauges: Arc<Gauges>,
    outcomes: Vec<Outcome>,
    last_call: u32,
    key: String,
    strays: u32,
}

impl Generator {
    /// Takes the two SIP ports.
    ///
    /// # Errors
    /// When a port is in use or an address isn't this machine's.
    pub fn new(places: Places, gauges: Arc<Gauges>) -> Result<Self, GeneratorError> {
        let poll = attempt("asking for a poll", Poll::new())?;
        let bind = |address: SocketAddr, token| {
            let mut socket = UdpSocket::bind(address)?;
            let registered = poll
                .registry()
                .register(&mut socket, token, Interest::READABLE);
            registered.map(|()| socket)
        };
        let callers = attempt(
            "opening the callers' port",
            bind((places.callers, 0).into(), CALLERS),
        )?;
        let employees = attempt(
            "opening the employees' port",
            bind(places.employees, EMPLOYEES),
        )?;
        let post = attempt("asking for a port's number", Post::new(callers, employees))?;
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let key = format!("{:x}", since_epoch.map_or(0, |since| since.as_millis()));
        Ok(Self {
            poll,
            places,
            post,
            calls: HashMap::new(),
            by_call_id: HashMap::new(),
            by_number: HashMap::new(),
            legs: Legs::new(EMPLOYEES.0),
            timers: Timers::default(),
            gauges,
            outcomes: Vec::new(),
            last_call: 0,
            key,
            strays: 0,
        })
    }

    /// Where the PBX reaches the employees' telephones: with the port that was free.
    pub fn employees(&self) -> SocketAddr {
        self.post.employees_address
    }

    /// Makes these calls, each at its time after now, and comes back when all are over.
    ///
    /// # Errors
    /// When the system refuses a socket or the poll.
    pub fn run(&mut self, plans: Vec<(Duration, Plan)>) -> Result<Run, GeneratorError> {
        self.legs.punctuality = Punctuality::default();
        (self.post.repeated, self.strays) = (0, 0);
        let begun = Instant::now();
        let mut plans = plans.into_iter().peekable();
        let mut events = Events::with_capacity(1024);
        let mut quiet_since = begun;
        loop {
            let now = Instant::now();
            while let Some((_, plan)) = plans.next_if(|(at, _)| begun + *at <= now) {
                self.begin(now, plan)?;
            }
            // Speaking first: what was said before a hang-up is sent before it, however late we are.
            self.speak(now);
            self.fire_timers(now);
            if !self.calls.is_empty() || plans.peek().is_some() {
                quiet_since = now;
            } else if now.duration_since(quiet_since) > LINGER {
                break;
            }
            let next_call = plans.peek().map(|(at, _)| begun + *at);
            let next = [next_call, self.timers.next(), self.legs.next_due()];
            let next = next.into_iter().flatten().min().unwrap_or(now + LINGER / 2);
            let wait = next.saturating_duration_since(Instant::now());
            match self.poll.poll(&mut events, Some(wait)) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => attempt("waiting for packets", other)?,
            }
            for event in &events {
                self.receive(event.token());
            }
        }
        Ok(Run {
            outcomes: std::mem::take(&mut self.outcomes),
            punctuality: self.legs.punctuality,
            repeated: self.post.repeated,
            strays: self.strays,
        })
    }

    fn begin(&mut self, now: Instant, plan: Plan) -> Result<(), GeneratorError> {
        self.last_call += 1;
        let id = self.last_call;
        let key = format!("{}-{id}", self.key);
        let registry = self.poll.registry();
        let caller = self
            .post
            .caller(registry, &mut self.legs, (id, &key), &plan, self.places);
        let caller = attempt("opening a caller's port", caller)?;
        self.by_call_id
            .insert(caller.dialog.call_id().to_owned(), (id, Side::Caller));
        self.by_number.insert(plan.number.clone(), id);
        let live = Live {
            call: Call::new(plan),
            caller,
            employee: None,
        };
        self.calls.insert(id, live);
        let at_once = self.gauges.at_once.fetch_add(1, Ordering::Relaxed) + 1;
        self.gauges
            .most_at_once
            .fetch_max(at_once, Ordering::Relaxed);
        if let Some(live) = self.calls.get_mut(&id) {
            self.post
                .send_again_until_answered(&mut live.caller, &mut self.timers, (now, id));
        }
        self.tell(now, id, Event::Begin);
        Ok(())
    }

    fn fire_timers(&mut self, now: Instant) {
        while let Some((call, timer)) = self.timers.due(now) {
            match timer {
                Timer::Wake(phase) => self.tell(now, call, Event::Woken(phase)),
                Timer::Deadline(phase) => self.tell(now, call, Event::TooLate(phase)),
                Timer::Repeat(side) => self.repeat(now, call, side),
            }
        }
    }

    fn repeat(&mut self, now: Instant, call: u32, side: Side) {
        let party = self.calls.get_mut(&call).and_then(|live| live.party(side));
        if let Some(party) = party {
            self.post.repeat(party, &mut self.timers, (now, call));
        }
    }

    fn speak(&mut self, now: Instant) {
        let mut news = Vec::new();
        self.legs
            .speak(now, |call, side, what| news.push((call, side, what)));
        self.take(&news);
    }

    fn receive(&mut self, token: Token) {
        if token == CALLERS || token == EMPLOYEES {
            while let Some((message, from)) = self.post.next(token == CALLERS) {
                self.message(
                    &message,
                    from,
                    if token == CALLERS {
                        Side::Caller
                    } else {
                        Side::Employee
                    },
                );
            }
            return;
        }
        let mut news = Vec::new();
        self.legs
            .hear(token.0, |call, side, what| news.push((call, side, what)));
        self.take(&news);
    }

    fn take(&mut self, news: &[(u32, Side, News)]) {
        for (call, side, what) in news {
            let event = match what {
                News::KeyReleased => Event::KeyReleased,
                News::Heard(Heard::FirstPacket) if *side == Side::Caller => Event::Sound,
                News::Heard(Heard::Other) => Event::Hears(*side),
                News::Heard(Heard::Stranger(_)) => Event::HearsStranger,
                News::Heard(Heard::Nothing | Heard::FirstPacket) => continue,
            };
            self.tell(Instant::now(), *call, event);
        }
    }

    /// Tells a call what happened, and does what it says.
    fn tell(&mut self, now: Instant, id: u32, event: Event) {
        let Some(live) = self.calls.get_mut(&id) else {
            return;
        };
        let before = live.call.phase();
        let actions = live.call.on_event(now, event);
        let after = live.call.phase();
        self.count_talks(before, after);
        for action in actions {
            self.act(now, id, (action, after));
        }
    }

    fn count_talks(&self, before: Phase, after: Phase) {
        let talks = |phase| phase == Phase::Talking;
        match (talks(before), talks(after)) {
            (false, true) => {
                self.gauges.talking.fetch_add(1, Ordering::Relaxed);
            }
            (true, false) => {
                self.gauges.talking.fetch_sub(1, Ordering::Relaxed);
            }
            (true, true) | (false, false) => {}
        }
    }

    fn act(&mut self, now: Instant, id: u32, (action, phase): (Action, Phase)) {
        let Some(live) = self.calls.get_mut(&id) else {
            return;
        };
        match action {
            Action::Wake(time) => self.timers.add(now + time, id, Timer::Wake(phase)),
            Action::Deadline(time) => self.timers.add(now + time, id, Timer::Deadline(phase)),
            Action::Press => {
                let key = live.call.plan().key;
                self.legs.press(live.caller.leg, key);
            }
            Action::PickUp => {
                if let Some(employee) = &mut live.employee {
                    self.legs.start(employee.leg, now);
                    self.post.pick_up(employee, &mut self.timers, (now, id));
                }
            }
            Action::HangUp(side) => {
                if let Some(party) = live.party(side) {
                    self.post.hang_up(party, &mut self.timers, (now, id));
                }
            }
            Action::Abandon => {
                self.post.abandon(&mut live.caller);
                if let Some(employee) = &mut live.employee {
                    self.post.abandon(employee);
                }
            }
            Action::End => self.end(id),
        }
    }

    fn end(&mut self, id: u32) {
        let Some(mut live) = self.calls.remove(&id) else {
            return;
        };
        let quiet_packets = self.legs.ear(live.caller.leg).map_or(0, |ear| ear.quiet);
        let talked = live.call.times.talking.zip(live.call.times.hung_up);
        let parties = std::iter::once(&live.caller).chain(&live.employee);
        for party in parties {
            let heard = self.legs.ear(party.leg).map_or(0, |ear| ear.other);
            let expected = talked.map_or(0.0, |(from, to)| to.duration_since(from).as_secs_f64());
            if f64::from(heard) < expected * PACKETS_A_SECOND * HEARD_SHARE {
                live.call.blame(Failure::Holes(party.side));
            }
            self.by_call_id.remove(party.dialog.call_id());
            self.legs.close(self.poll.registry(), party.leg);
        }
        self.by_number.remove(&live.call.plan().number);
        self.gauges.at_once.fetch_sub(1, Ordering::Relaxed);
        self.gauges.over.fetch_add(1, Ordering::Relaxed);
        self.outcomes.push(Outcome {
            plan: live.call.plan().clone(),
            times: live.call.times,
            failure: live.call.failure().cloned(),
            quiet_packets,
        });
    }
}
