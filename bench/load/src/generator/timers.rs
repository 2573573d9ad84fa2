//! What is to happen later.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

use crate::call::Phase;
use crate::sound::Side;

/// Why a call is woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// Its telephones have something to do.
    Wake(Phase),
    /// What the phase waits for should have come.
    Deadline(Phase),
    /// A SIP message of this side may have to be sent again.
    Repeat(Side),
}

/// All timers, the earliest first.
#[derive(Debug, Default)]
pub(super) struct Timers(BinaryHeap<Reverse<(Instant, u32, Timer)>>);

impl Timers {
    pub(super) fn add(&mut self, at: Instant, call: u32, timer: Timer) {
        self.0.push(Reverse((at, call, timer)));
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.0.peek().map(|Reverse((at, ..))| *at)
    }

    /// The next one whose time has come.
    pub(super) fn due(&mut self, now: Instant) -> Option<(u32, Timer)> {
        if self.next()? > now {
            return None;
        }
        self.0.pop().map(|Reverse((_, call, timer))| (call, timer))
    }
}
