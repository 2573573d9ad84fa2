//! The sound of all legs: a socket for each, and a wheel that lets each speak every 20 ms.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use mio::net::UdpSocket;
use mio::{Interest, Registry, Token};

use crate::sound::{Ear, Heard, Mark, Mouth, Side};

/// How many turns of a millisecond the wheel has: a packet's 20 ms.
const TURNS: usize = 20;
const TURN: Duration = Duration::from_millis(1);
/// A packet that is sent later than this is late: half a packet's length.
const LATE: Duration = Duration::from_millis(10);

/// One telephone's sound in one call.
#[derive(Debug)]
struct Leg {
    call: u32,
    side: Side,
    socket: UdpSocket,
    mouth: Mouth,
    ear: Ear,
    speaks: bool,
}

/// What a leg told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// It heard something new.
    Heard(Heard),
    /// The key was released.
    KeyReleased,
}

/// How punctual the packets were that the telephones sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Punctuality {
    /// Packets sent.
    pub sent: u64,
    /// Packets received.
    pub received: u64,
    /// Packets sent more than 10 ms after their time.
    pub late: u64,
    /// The latest of all.
    pub worst: Duration,
}

/// All legs.
#[derive(Debug)]
pub(crate) struct Legs {
    legs: HashMap<usize, Leg>,
    wheel: [Vec<usize>; TURNS],
    turn: usize,
    due: Instant,
    last: usize,
    pub(crate) punctuality: Punctuality,
}

impl Legs {
    /// None yet. Their tokens begin after `reserved`.
    pub(crate) fn new(reserved: usize) -> Self {
        Self {
            legs: HashMap::new(),
            wheel: Default::default(),
            turn: 0,
            due: Instant::now(),
            last: reserved,
            punctuality: Punctuality::default(),
        }
    }

    /// Opens a port for the sound of one telephone in one call; gives the leg and the port.
    pub(crate) fn open(
        &mut self,
        registry: &Registry,
        ip: IpAddr,
        mark: Mark,
    ) -> io::Result<(usize, SocketAddr)> {
        let mut socket = UdpSocket::bind((ip, 0).into())?;
        let address = socket.local_addr()?;
        self.last += 1;
        registry.register(&mut socket, Token(self.last), Interest::READABLE)?;
        self.legs.insert(
            self.last,
            Leg {
                call: mark.call,
                side: mark.side,
                socket,
                mouth: Mouth::new(mark),
                ear: Ear::new(mark),
                speaks: false,
            },
        );
        Ok((self.last, address))
    }

    /// Where the leg's sound goes, and whence alone it comes from now on.
    pub(crate) fn connect(&mut self, leg: usize, to: SocketAddr) -> io::Result<()> {
        self.legs
            .get_mut(&leg)
            .map_or(Ok(()), |leg| leg.socket.connect(to))
    }

    /// Lets it speak, at once and then every 20 ms.
    pub(crate) fn start(&mut self, id: usize, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        if leg.speaks {
            return;
        }
        leg.speaks = true;
        let nobody_spoke = self.wheel.iter().all(Vec::is_empty);
        if nobody_spoke {
            self.due = now;
        }
        self.wheel[self.turn].push(id);
    }

    /// Presses a key.
    pub(crate) fn press(&mut self, leg: usize, digit: u8) {
        if let Some(leg) = self.legs.get_mut(&leg) {
            leg.mouth.press(digit);
        }
    }

    /// What it has heard so far.
    pub(crate) fn ear(&self, leg: usize) -> Option<&Ear> {
        self.legs.get(&leg).map(|leg| &leg.ear)
    }

    /// Closes it.
    pub(crate) fn close(&mut self, registry: &Registry, leg: usize) {
        if let Some(mut leg) = self.legs.remove(&leg) {
            let _ = registry.deregister(&mut leg.socket);
        }
    }

    /// When somebody has to speak next.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        let somebody_speaks = self.wheel.iter().any(|turn| !turn.is_empty());
        somebody_speaks.then_some(self.due)
    }

    /// Lets everybody speak whose time has come.
    pub(crate) fn speak(&mut self, now: Instant, mut news: impl FnMut(u32, Side, News)) {
        while self.next_due().is_some_and(|due| due <= now) {
            let late = Instant::now().saturating_duration_since(self.due);
            let mut turn = std::mem::take(&mut self.wheel[self.turn]);
            turn.retain(|id| self.legs.contains_key(id));
            for id in &turn {
                let Some(leg) = self.legs.get_mut(id) else {
                    continue;
                };
                let mut sent = 0;
                let released = leg.mouth.speak(|packet| {
                    sent += 1;
                    // A full buffer is a lost packet, as on any network; the other side counts.
                    let _ = leg.socket.send(packet);
                });
                self.punctuality.sent += sent;
                self.punctuality.late += if late > LATE { sent } else { 0 };
                if released {
                    news(leg.call, leg.side, News::KeyReleased);
                }
            }
            if !turn.is_empty() {
                self.punctuality.worst = self.punctuality.worst.max(late);
            }
            self.wheel[self.turn] = turn;
            self.turn = (self.turn + 1) % TURNS;
            self.due += TURN;
        }
    }

    /// Takes all that has come for a leg.
    pub(crate) fn hear(&mut self, leg: usize, mut news: impl FnMut(u32, Side, News)) {
        let Some(leg) = self.legs.get_mut(&leg) else {
            return;
        };
        let mut packet = [0; 2048];
        loop {
            match leg.socket.recv(&mut packet) {
                Ok(length) => {
                    self.punctuality.received += 1;
                    let heard = leg.ear.hear(&packet[..length]);
                    if heard != Heard::Nothing {
                        news(leg.call, leg.side, News::Heard(heard));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // The other side's port is closed already: that is no news.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                Err(_) => return,
            }
        }
    }
}
