//! How long a caller waits, by Asterisk's own clock: for the first sound, and from the key to the
//! ringing telephone.

use crate::ari::Timestamp;

/// The times of one call.
#[derive(Debug)]
pub(super) struct Stopwatch {
    arrived: Timestamp,
    heard: bool,
    key: Option<Timestamp>,
}

impl Stopwatch {
    pub(super) fn start(arrived: Timestamp) -> Self {
        Self {
            arrived,
            heard: false,
            key: None,
        }
    }

    /// A playback began. Gives the milliseconds since the arrival, for the first one.
    pub(super) fn sound(&mut self, at: Timestamp) -> Option<i64> {
        if self.heard {
            return None;
        }
        self.heard = true;
        Some(at.milliseconds() - self.arrived.milliseconds())
    }

    /// A key was pressed.
    pub(super) fn key(&mut self, at: Timestamp) {
        self.key = Some(at);
    }

    /// A telephone rings. Gives the milliseconds since the key, once for each key.
    pub(super) fn rings(&mut self, at: Timestamp) -> Option<i64> {
        self.key
            .take()
            .map(|key| at.milliseconds() - key.milliseconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_milliseconds(milliseconds)
    }

    #[test]
    fn only_the_first_sound_is_timed() {
        let mut stopwatch = Stopwatch::start(at(1000));
        assert_eq!(stopwatch.sound(at(1007)), Some(7));
        assert_eq!(stopwatch.sound(at(4000)), None);
    }

    #[test]
    fn ringing_is_timed_from_the_last_key_once() {
        let mut stopwatch = Stopwatch::start(at(0));
        stopwatch.key(at(100));
        stopwatch.key(at(500));
        assert_eq!(stopwatch.rings(at(520)), Some(20));
        assert_eq!(stopwatch.rings(at(530)), None);
    }
}
