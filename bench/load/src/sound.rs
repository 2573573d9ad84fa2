//! Sound on the wire: RTP packets of 20 ms A-law, keys after RFC 4733, and the marks by which a
//! telephone knows whom it hears.

/// Samples, and in A-law bytes, of a packet.
pub const PACKET_SAMPLES: usize = 160;
const HEADER: usize = 12;
const PCMA: u8 = 8;
const MAGIC: &[u8; 4] = b"VZVI";
/// How many packets a key is held: 100 ms.
const KEY_PACKETS: u16 = 5;
/// The end of a key is said three times.
const KEY_ENDS: usize = 3;

/// Who speaks: the caller of a call, or the employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Who called.
    Caller,
    /// Who was called.
    Employee,
}

impl Side {
    /// The one at the other end.
    pub fn other(self) -> Self {
        match self {
            Self::Caller => Self::Employee,
            Self::Employee => Self::Caller,
        }
    }
}

/// What a telephone says all the time: which call it is in, and on which side. A-law passes through
/// a bridge as it is, so the other one reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The number of the call.
    pub call: u32,
    /// Who says it.
    pub side: Side,
}

impl Mark {
    /// A packet's worth of saying it, in A-law.
    pub fn payload(self) -> [u8; PACKET_SAMPLES] {
        // A loud buzz behind the mark, so that it is a sound for everybody else.
        let mut payload = [0; PACKET_SAMPLES];
        for (index, sample) in payload.iter_mut().enumerate() {
            *sample = if index % 16 < 8 { 0xA5 } else { 0x25 };
        }
        payload[..4].copy_from_slice(MAGIC);
        payload[4..8].copy_from_slice(&self.call.to_be_bytes());
        payload[8] = u8::from(self.side == Side::Employee);
        payload
    }

    fn read(payload: &[u8]) -> Option<Self> {
        let rest = payload.strip_prefix(MAGIC)?;
        let call = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
        let side = if *rest.get(4)? == 0 {
            Side::Caller
        } else {
            Side::Employee
        };
        Some(Self { call, side })
    }
}

/// What a telephone sends, packet after packet.
#[derive(Clone, Debug)]
pub struct Mouth {
    source: u32,
    sequence: u16,
    timestamp: u32,
    payload: [u8; PACKET_SAMPLES],
    key: Option<Key>,
}

#[derive(Clone, Copy, Debug)]
struct Key {
    event: u8,
    began: u32,
    packets: u16,
}

impl Mouth {
    /// A telephone that says its mark.
    pub fn new(mark: Mark) -> Self {
        let side = u32::from(mark.side == Side::Employee);
        Self {
            source: mark.call << 1 | side,
            sequence: 0,
            timestamp: 0,
            payload: mark.payload(),
            key: None,
        }
    }

    /// Presses a key (0 to 9), for 100 ms from the next packet on.
    pub fn press(&mut self, digit: u8) {
        self.key = Some(Key {
            event: digit,
            began: self.timestamp,
            packets: 0,
        });
    }

    /// Sends what is due each 20 ms; says whether a key was released with it.
    pub fn speak(&mut self, mut send: impl FnMut(&[u8])) -> bool {
        let released = match self.key {
            Some(key) if key.packets >= KEY_PACKETS => {
                self.key = None;
                for _ in 0..KEY_ENDS {
                    send(&self.key_packet(key, true));
                }
                true
            }
            Some(mut key) => {
                key.packets += 1;
                self.key = Some(key);
                send(&self.key_packet(key, false));
                false
            }
            None => {
                send(&self.voice_packet());
                false
            }
        };
        self.timestamp = self.timestamp.wrapping_add(PACKET_SAMPLES as u32);
        released
    }

    fn voice_packet(&mut self) -> [u8; HEADER + PACKET_SAMPLES] {
        let mut packet = [0; HEADER + PACKET_SAMPLES];
        packet[..HEADER].copy_from_slice(&self.header(PCMA, self.timestamp));
        packet[HEADER..].copy_from_slice(&self.payload);
        packet
    }

    fn key_packet(&mut self, key: Key, end: bool) -> [u8; HEADER + 4] {
        let kind = super::sip::KEYS | if key.packets == 1 && !end { 0x80 } else { 0 };
        let mut packet = [0; HEADER + 4];
        packet[..HEADER].copy_from_slice(&self.header(kind, key.began));
        packet[HEADER] = key.event;
        packet[HEADER + 1] = if end { 0x80 | 10 } else { 10 };
        let duration = key.packets.saturating_mul(PACKET_SAMPLES as u16);
        packet[HEADER + 2..].copy_from_slice(&duration.to_be_bytes());
        packet
    }

    fn header(&mut self, kind: u8, timestamp: u32) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        header[0] = 0x80;
        header[1] = kind;
        header[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        header[4..8].copy_from_slice(&timestamp.to_be_bytes());
        header[8..].copy_from_slice(&self.source.to_be_bytes());
        self.sequence = self.sequence.wrapping_add(1);
        header
    }
}

/// What one packet told a telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing new.
    Nothing,
    /// The first packet of sound.
    FirstPacket,
    /// The first packet of the other one of the same call.
    Other,
    /// The mark of a call that is not ours, or our own.
    Stranger(Mark),
}

/// What a telephone has heard.
#[derive(Clone, Debug)]
pub struct Ear {
    listens_for: Mark,
    /// Packets of sound.
    pub packets: u32,
    /// Packets of sound before the first that was loud enough to be noticed.
    pub quiet: u32,
    loud: bool,
    /// Packets of the other one of the same call.
    pub other: u32,
}

impl Ear {
    /// The ear of the telephone on `side` of a call.
    pub fn new(own: Mark) -> Self {
        let side = own.side.other();
        Self {
            listens_for: Mark { side, ..own },
            packets: 0,
            quiet: 0,
            loud: false,
            other: 0,
        }
    }

    /// Takes a packet as it came.
    pub fn hear(&mut self, packet: &[u8]) -> Heard {
        let is_sound = packet.len() > HEADER && packet[0] >> 6 == 2 && packet[1] & 0x7f == PCMA;
        if !is_sound {
            return Heard::Nothing;
        }
        let payload = &packet[HEADER..];
        self.packets += 1;
        if !self.loud {
            self.loud = payload.iter().any(|sample| is_loud(*sample));
            self.quiet += u32::from(!self.loud);
        }
        match Mark::read(payload) {
            Some(mark) if mark == self.listens_for => {
                self.other += 1;
                if self.other == 1 {
                    Heard::Other
                } else {
                    Heard::Nothing
                }
            }
            Some(stranger) => Heard::Stranger(stranger),
            None if self.packets == 1 => Heard::FirstPacket,
            None => Heard::Nothing,
        }
    }
}

/// Whether an A-law sample is 512 of 32,768 or more: what a listener notices.
fn is_loud(sample: u8) -> bool {
    ((sample ^ 0x55) & 0x7f) >= 0x20
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLER: Mark = Mark {
        call: 7,
        side: Side::Caller,
    };
    const EMPLOYEE: Mark = Mark {
        call: 7,
        side: Side::Employee,
    };

    fn spoken(mouth: &mut Mouth) -> (Vec<Vec<u8>>, bool) {
        let mut packets = Vec::new();
        let released = mouth.speak(|packet| packets.push(packet.to_vec()));
        (packets, released)
    }

    fn from_menu(sample: u8) -> Vec<u8> {
        let mut packet = spoken(&mut Mouth::new(CALLER)).0.remove(0);
        packet[HEADER..].fill(sample);
        packet
    }

    #[test]
    fn each_hears_the_other_once_as_news() {
        let mut ear = Ear::new(CALLER);
        let mut mouth = Mouth::new(EMPLOYEE);
        let heard: Vec<Heard> = (0..3)
            .flat_map(|_| spoken(&mut mouth).0)
            .map(|packet| ear.hear(&packet))
            .collect();
        assert_eq!(heard, [Heard::Other, Heard::Nothing, Heard::Nothing]);
        assert_eq!(ear.other, 3);
    }

    #[test]
    fn a_stranger_and_ones_own_echo_are_told_from_the_other() {
        let mut ear = Ear::new(CALLER);
        let strange = Mark {
            call: 8,
            side: Side::Employee,
        };
        for mark in [strange, CALLER] {
            let packet = spoken(&mut Mouth::new(mark)).0.remove(0);
            assert_eq!(ear.hear(&packet), Heard::Stranger(mark));
        }
        assert_eq!(ear.other, 0);
    }

    #[test]
    fn quiet_packets_are_counted_until_something_is_loud() {
        let mut ear = Ear::new(CALLER);
        assert_eq!(ear.hear(&from_menu(0xd5)), Heard::FirstPacket);
        ear.hear(&from_menu(0x55));
        ear.hear(&from_menu(0xa5));
        ear.hear(&from_menu(0xd5));
        assert_eq!((ear.packets, ear.quiet), (4, 2));
    }

    #[test]
    fn a_key_is_held_for_a_tenth_of_a_second_and_its_end_said_three_times() {
        let mut mouth = Mouth::new(CALLER);
        spoken(&mut mouth);
        mouth.press(1);
        for held in 1..=KEY_PACKETS {
            let (packets, released) = spoken(&mut mouth);
            assert!(!released);
            assert_eq!(packets.len(), 1);
            assert_eq!(packets[0][1] & 0x80 != 0, held == 1, "the first is marked");
            let duration = (held * PACKET_SAMPLES as u16).to_be_bytes();
            assert_eq!(packets[0][HEADER..], [1, 10, duration[0], duration[1]]);
        }
        let (ends, released) = spoken(&mut mouth);
        assert!(released);
        assert_eq!(ends.len(), 3);
        for end in &ends {
            assert_eq!(
                end[4..8],
                160u32.to_be_bytes(),
                "the timestamp is the beginning's"
            );
            assert_eq!(end[HEADER..], [1, 0x8a, 3, 32]);
        }
        assert!(
            ends[0][2..4] < ends[1][2..4],
            "each packet has its own number"
        );
        assert_eq!(spoken(&mut mouth).0[0].len(), HEADER + PACKET_SAMPLES);
    }

    #[test]
    fn what_is_not_sound_is_not_heard() {
        let mut ear = Ear::new(CALLER);
        let mut mouth = Mouth::new(EMPLOYEE);
        mouth.press(1);
        let key = spoken(&mut mouth).0.remove(0);
        assert_eq!(ear.hear(&key), Heard::Nothing);
        assert_eq!(ear.hear(&[0x80]), Heard::Nothing);
        assert_eq!(ear.packets, 0);
    }
}
