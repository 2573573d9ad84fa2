//! What is known of our own condition, for whoever asks: the switchboard writes it, anybody reads it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::health::Gate;
use crate::metrics;

/// Our condition. Clones are one.
#[derive(Clone, Debug, Default)]
pub struct Vitals(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    connected: bool,
    gate: Option<Gate>,
    accepted: Option<Instant>,
    fallback: Option<bool>,
    looped: Option<Instant>,
}

/// Our condition at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Asterisk sends us events.
    pub connected: bool,
    /// Whether new calls are to come to us; `None` before the first beat.
    pub gate: Option<Gate>,
    /// How long ago Asterisk has accepted a heartbeat; `None` if it never has.
    pub accepted: Option<Duration>,
    /// Whether the dialplan has our fallback; `None` before the first call.
    pub fallback: Option<bool>,
    /// How long ago our loop went round; `None` if it never has.
    pub looped: Option<Duration>,
}

impl Vitals {
    /// Our condition now.
    #[must_use]
    pub fn condition(&self) -> Condition {
        let state = self.state();
        Condition {
            connected: state.connected,
            gate: state.gate,
            accepted: state.accepted.map(|at| at.elapsed()),
            fallback: state.fallback,
            looped: state.looped.map(|at| at.elapsed()),
        }
    }

    /// We go on, whatever for.
    pub(crate) fn go_on(&self) {
        self.state().looped = Some(Instant::now());
    }

    pub(super) fn connected(&self, connected: bool) {
        self.state().connected = connected;
        metrics::connected(connected);
    }

    pub(super) fn beaten(&self, gate: Gate, accepted: bool) {
        let mut state = self.state();
        state.gate = Some(gate);
        if accepted && gate == Gate::Open {
            state.accepted = Some(Instant::now());
        }
        drop(state);
        metrics::gate(gate == Gate::Open && accepted);
    }

    /// Whether the fallback was not found yet.
    pub(super) fn lacks_fallback(&self) -> bool {
        self.state().fallback != Some(true)
    }

    pub(super) fn fallback(&self, is_there: bool) {
        self.state().fallback = Some(is_there);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
