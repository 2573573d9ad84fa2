//! SIP between the telephones and the PBX: who sends what, and again if nothing comes back.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use mio::Registry;
use mio::net::UdpSocket;

use super::timers::{Timer, Timers};
use super::{Generator, Places};
use crate::call::{Event, Plan};
use crate::dialog::Dialog;
use crate::legs::Legs;
use crate::sip::{self, Message, Start};
use crate::sound::{Mark, Side};

/// When a message is sent again at first; then after twice that, and so on.
const REPEATS_AFTER: Duration = Duration::from_millis(500);

/// One telephone in one call.
#[derive(Debug)]
pub(super) struct Party {
    pub(super) side: Side,
    pub(super) dialog: Dialog,
    pub(super) leg: usize,
    /// Where its sound comes in.
    sound: SocketAddr,
    /// Whether the call is up on this side.
    up: bool,
    /// The INVITE that came in, for the answers to it.
    invite: Option<Message>,
    to: SocketAddr,
    /// What is sent again until something comes back.
    unanswered: Option<(String, Duration)>,
}

/// The two SIP ports.
#[derive(Debug)]
pub(super) struct Post {
    callers: UdpSocket,
    employees: UdpSocket,
    callers_address: SocketAddr,
    pub(super) employees_address: SocketAddr,
    pub(super) repeated: u32,
}

impl Post {
    pub(super) fn new(callers: UdpSocket, employees: UdpSocket) -> io::Result<Self> {
        Ok(Self {
            callers_address: callers.local_addr()?,
            employees_address: employees.local_addr()?,
            callers,
            employees,
            repeated: 0,
        })
    }

    /// The next message that has come, if there is one.
    pub(super) fn next(&self, callers: bool) -> Option<(Message, SocketAddr)> {
        let socket = if callers {
            &self.callers
        } else {
            &self.employees
        };
        let mut datagram = [0; 8192];
        loop {
            match socket.recv_from(&mut datagram) {
                Ok((length, from)) => {
                    if let Some(message) = Message::parse(&datagram[..length]) {
                        return Some((message, from));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                Err(_) => return None,
            }
        }
    }

    fn send(&self, side: Side, to: SocketAddr, text: &str) {
        let socket = match side {
            Side::Caller => &self.callers,
            Side::Employee => &self.employees,
        };
        // What isn't sent is sent again, as on any network.
        let _ = socket.send_to(text.as_bytes(), to);
    }

    /// A caller with a port for the sound, and the call it is about to make.
    pub(super) fn caller(
        &self,
        registry: &Registry,
        legs: &mut Legs,
        (call, key): (u32, &str),
        plan: &Plan,
        places: Places,
    ) -> io::Result<Party> {
        let mark = Mark {
            call,
            side: Side::Caller,
        };
        let (leg, sound) = legs.open(registry, IpAddr::V4(places.callers), mark)?;
        let names = (plan.number.as_str(), plan.dialled.as_str());
        let dialog = Dialog::to_make(self.callers_address, places.pbx, key, names);
        let invite = dialog.invite(sound);
        Ok(Party {
            side: Side::Caller,
            dialog,
            leg,
            sound,
            up: false,
            invite: None,
            to: places.pbx,
            unanswered: Some((invite, REPEATS_AFTER)),
        })
    }

    /// Sends what is unanswered, and will do so again.
    pub(super) fn send_again_until_answered(
        &self,
        party: &mut Party,
        timers: &mut Timers,
        (now, call): (Instant, u32),
    ) {
        if let Some((text, after)) = &party.unanswered {
            self.send(party.side, party.to, text);
            timers.add(now + *after, call, Timer::Repeat(party.side));
        }
    }

    pub(super) fn repeat(&mut self, party: &mut Party, timers: &mut Timers, when: (Instant, u32)) {
        if let Some((_, after)) = &mut party.unanswered {
            *after *= 2;
            self.repeated += 1;
            self.send_again_until_answered(party, timers, when);
        }
    }

    pub(super) fn pick_up(&self, party: &mut Party, timers: &mut Timers, when: (Instant, u32)) {
        if let Some(invite) = &party.invite {
            let description = sip::describe(party.sound);
            let answer = invite.answer(
                200,
                party.dialog.tag(),
                &party.dialog.contact(),
                &description,
            );
            party.up = true;
            party.unanswered = Some((answer, REPEATS_AFTER));
            self.send_again_until_answered(party, timers, when);
        }
    }

    pub(super) fn hang_up(&self, party: &mut Party, timers: &mut Timers, when: (Instant, u32)) {
        party.up = false;
        party.unanswered = Some((party.dialog.bye(), REPEATS_AFTER));
        self.send_again_until_answered(party, timers, when);
    }

    /// Ends this side whatever it is at, once.
    pub(super) fn abandon(&self, party: &mut Party) {
        let text = match (&party.invite, party.up) {
            (_, true) => party.dialog.bye(),
            (None, false) => party.dialog.cancel(),
            (Some(invite), false) => invite.answer(486, party.dialog.tag(), "", ""),
        };
        self.send(party.side, party.to, &text);
    }
}

impl Generator {
    /// A message has come to the callers' or the employees' port.
    pub(super) fn message(&mut self, message: &Message, from: SocketAddr, port: Side) {
        let now = Instant::now();
        let whose = message
            .call_id()
            .and_then(|id| self.by_call_id.get(id))
            .copied();
        match (message.start.clone(), whose) {
            (Start::Response(code), Some((call, side))) => {
                self.response(now, (call, side), code, message);
            }
            (Start::Response(_), None) => {}
            (Start::Request { method, .. }, Some(whose)) => {
                self.request(now, whose, &method, message, from);
            }
            (Start::Request { method, uri }, None) => match method.as_str() {
                "INVITE" => self.invited(now, message, from, &uri),
                "ACK" => {}
                // Also the BYE of a call that is over for us: the answer to an earlier one was lost.
                _ => self
                    .post
                    .send(port, from, &message.answer(200, "none", "", "")),
            },
        }
    }

    fn response(&mut self, now: Instant, (call, side): (u32, Side), code: u16, message: &Message) {
        let Some(party) = self.calls.get_mut(&call).and_then(|live| live.party(side)) else {
            return;
        };
        party.unanswered = None;
        if code < 200 {
            return;
        }
        if message.answered_method() == Some("BYE") {
            self.tell(now, call, Event::Released(side));
            return;
        }
        if message.answered_method() != Some("INVITE") {
            return;
        }
        party.dialog.answered(message);
        if code >= 300 {
            self.post.send(side, party.to, &party.dialog.ack_refusal());
            self.tell(now, call, Event::Refused(code));
            return;
        }
        self.post.send(side, party.to, &party.dialog.ack());
        party.up = true;
        if let Some(sound) = sip::described(&message.body) {
            // A port that can't be connected hears everybody, which its ear tells apart.
            let _ = self.legs.connect(party.leg, sound);
        }
        self.legs.start(party.leg, now);
        self.tell(now, call, Event::Answered);
    }

    fn request(
        &mut self,
        now: Instant,
        (call, side): (u32, Side),
        method: &str,
        message: &Message,
        from: SocketAddr,
    ) {
        let Some(party) = self.calls.get_mut(&call).and_then(|live| live.party(side)) else {
            return;
        };
        let tag = party.dialog.tag().to_owned();
        let event = match method {
            "ACK" => {
                party.unanswered = None;
                return;
            }
            "BYE" => {
                party.up = false;
                Some(Event::HungUp(side))
            }
            "CANCEL" => Some(Event::Cancelled),
            "INVITE" => {
                // The first again: what we said to it was lost or is still to come. Later ones
                // (a new description of the sound) are taken as they are.
                if party.up {
                    let description = sip::describe(party.sound);
                    let answer = message.answer(200, &tag, &party.dialog.contact(), &description);
                    self.post.send(side, from, &answer);
                } else {
                    self.post.send(
                        side,
                        from,
                        &message.answer(180, &tag, &party.dialog.contact(), ""),
                    );
                }
                return;
            }
            _ => None,
        };
        self.post
            .send(side, from, &message.answer(200, &tag, "", ""));
        if let Some(event) = event {
            self.tell(now, call, event);
        }
    }

    /// An employee's telephone is called: for whom?
    fn invited(&mut self, now: Instant, invite: &Message, from: SocketAddr, uri: &str) {
        let number = invite.header("From").and_then(sip::user);
        let call = number
            .and_then(|number| self.by_number.get(number))
            .copied();
        let known = call.filter(|call| {
            self.calls
                .get(call)
                .is_some_and(|live| live.employee.is_none())
        });
        let party =
            known.and_then(|call| self.take_in(call, invite, from).map(|party| (call, party)));
        let Some((call, party)) = party else {
            self.strays += 1;
            self.post
                .send(Side::Employee, from, &invite.answer(404, "none", "", ""));
            return;
        };
        let ringing = invite.answer(180, party.dialog.tag(), &party.dialog.contact(), "");
        self.post.send(Side::Employee, from, &ringing);
        self.by_call_id
            .insert(party.dialog.call_id().to_owned(), (call, Side::Employee));
        if let Some(live) = self.calls.get_mut(&call) {
            live.employee = Some(party);
        }
        let who = sip::user(uri).unwrap_or_default().to_owned();
        self.tell(now, call, Event::Rung(who));
    }

    fn take_in(&mut self, call: u32, invite: &Message, from: SocketAddr) -> Option<Party> {
        let local = self.post.employees_address;
        let dialog = Dialog::to_take(local, &format!("{}-{call}", self.key), invite)?;
        let mark = Mark {
            call,
            side: Side::Employee,
        };
        let (leg, sound) = self
            .legs
            .open(self.poll.registry(), local.ip(), mark)
            .ok()?;
        self.legs.connect(leg, sip::described(&invite.body)?).ok()?;
        Some(Party {
            side: Side::Employee,
            dialog,
            leg,
            sound,
            up: false,
            invite: Some(invite.clone()),
            to: from,
            unanswered: None,
        })
    }
}
