//! Shows the dialplan that we live: a global variable holds the moment, by Asterisk's own clock,
//! until which calls may be handed to us. If nobody renews it, the gate closes by itself.
//!
//! The switchboard's own loop drives it: a loop that is stuck sends no beats. Each beat also looks
//! whether callers are better off with us ([`Health`]); if they are not, the gate is closed.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::Ending;
use super::vitals::Vitals;
use crate::ari::{RequestError, Requests, Timestamp};
use crate::domain::health::{Gate, Health, SLOW, Signs};
use crate::metrics;

/// The dialplan compares it with `${EPOCH}`.
const ALIVE_UNTIL: &str = "VIZAVI_ALIVE_UNTIL";

/// How often the switchboard shows that it lives.
pub(super) const BEAT: Duration = Duration::from_secs(1);

/// For how many seconds a beat holds: long enough that one slow answer closes no gate.
const BEAT_HOLDS: i64 = 4;

/// What the switchboard's loop knows of itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Beat {
    /// How much later than it was due it came.
    pub(super) late: Duration,
    /// Calls that were given up so far.
    pub(super) given_up: u64,
}

/// The beating heart, as the switchboard holds it.
pub(super) struct Heartbeat {
    requests: Requests,
    beats: mpsc::Sender<Beat>,
    fresh: Arc<AtomicBool>,
    well_again: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Heartbeat {
    pub(super) fn start(requests: Requests, vitals: Vitals) -> Self {
        let (beats, received) = mpsc::channel(1);
        let fresh = Arc::new(AtomicBool::new(false));
        let well_again = Arc::new(Notify::new());
        let heart = Heart {
            seen: Seen {
                unanswered: requests.unanswered(),
                given_up: 0,
            },
            requests: requests.clone(),
            vitals,
            fresh: Arc::clone(&fresh),
            well_again: Arc::clone(&well_again),
            health: Health::default(),
            gate: Gate::Open,
            accepted: true,
            unheard: false,
        };
        let task = tokio::spawn(heart.run(received));
        Self {
            requests,
            beats,
            fresh,
            well_again,
            task,
        }
    }

    /// One beat, carried out aside. If the one before is still under way, this one is left out.
    pub(super) fn beat(&self, beat: Beat) {
        let _ = self.beats.try_send(beat);
    }

    /// The first beat of a new connection.
    pub(super) fn connected(&self, beat: Beat) {
        self.fresh.store(true, Ordering::Release);
        self.beat(beat);
    }

    /// Completes when Asterisk has been sick and is no more: what we asked of it meanwhile may not have
    /// been done.
    pub(super) async fn well_again(&self) {
        self.well_again.notified().await;
    }

    /// Ends. New calls go to the fallback at once, unless another process has taken over: then the
    /// gate is its own.
    pub(super) async fn stop(self, ending: Ending) {
        drop(self.beats);
        // A beat that is under way must not open the gate again.
        if self.task.await.is_err() {
            tracing::error!("the heartbeat had panicked");
        }
        if ending == Ending::Replaced {
            return;
        }
        if let Err(error) = self.requests.set_global(ALIVE_UNTIL, "0").await {
            tracing::warn!(%error, "the gate could not be closed; it closes by itself");
        }
    }
}

/// What was counted up to the beat before.
struct Seen {
    unanswered: u64,
    given_up: u64,
}

struct Heart {
    requests: Requests,
    vitals: Vitals,
    fresh: Arc<AtomicBool>,
    well_again: Arc<Notify>,
    health: Health,
    seen: Seen,
    gate: Gate,
    /// Whether the last beat was.
    accepted: bool,
    /// Asterisk answered the last beat's ping, and then not any more.
    unheard: bool,
}

impl Heart {
    async fn run(mut self, mut beats: mpsc::Receiver<Beat>) {
        while let Some(beat) = beats.recv().await {
            if self.fresh.swap(false, Ordering::AcqRel) {
                self.health.connected(Instant::now());
                self.accepted = true;
                self.unheard = false;
            }
            self.beat(beat).await;
        }
    }

    async fn beat(&mut self, beat: Beat) {
        let time = timeout(SLOW, self.requests.ping()).await;
        let pinged = matches!(time, Ok(Ok(_)));
        let unanswered = self.requests.unanswered();
        let signs = Signs {
            answered: pinged && !self.unheard,
            unanswered: unanswered - self.seen.unanswered,
            late: beat.late,
            given_up: beat.given_up.saturating_sub(self.seen.given_up),
        };
        self.seen = Seen {
            unanswered,
            given_up: beat.given_up,
        };
        let gate = self.health.observe(Instant::now(), &signs);
        let moved = match (gate, time) {
            (Gate::Closed(_), _) => self.shut().await,
            (Gate::Open, Ok(Ok(now))) => self.renew(now).await,
            (Gate::Open, Ok(Err(error))) => Err(error.to_string()),
            (Gate::Open, Err(_)) => Err(late()),
        };
        self.tell(gate, &moved);
        self.accepted = moved.is_ok();
        self.unheard = pinged && moved.is_err();
        self.gate = gate;
        self.vitals.beaten(gate, self.accepted);
    }

    async fn renew(&self, now: Timestamp) -> Result<(), String> {
        let until = now.milliseconds().div_euclid(1000) + BEAT_HOLDS;
        in_time(self.requests.set_global(ALIVE_UNTIL, &until.to_string())).await
    }

    /// If this gets lost, the gate closes by itself.
    async fn shut(&self) -> Result<(), String> {
        in_time(self.requests.set_global(ALIVE_UNTIL, "0")).await
    }

    fn tell(&self, gate: Gate, moved: &Result<(), String>) {
        match (self.gate, gate) {
            (Gate::Open, Gate::Closed(symptom)) => {
                metrics::gate_closed(symptom);
                tracing::error!("new calls go to the fallback until this is over: {symptom}");
            }
            (Gate::Closed(_), Gate::Open) => {
                tracing::info!("it is over: new calls are served");
                self.well_again.notify_one();
            }
            (Gate::Closed(_), Gate::Closed(_)) => {}
            (Gate::Open, Gate::Open) => match (self.accepted, moved) {
                (true, Err(error)) => {
                    tracing::warn!(error, "no heartbeat: new calls go to the fallback");
                }
                (false, Ok(())) => {
                    tracing::info!("the heartbeat is back");
                    self.well_again.notify_one();
                }
                (true, Ok(())) | (false, Err(_)) => {}
            },
        }
    }
}

async fn in_time(request: impl Future<Output = Result<(), RequestError>>) -> Result<(), String> {
    match timeout(SLOW, request).await {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err(late()),
    }
}

fn late() -> String {
    format!("Asterisk does not answer within {SLOW:?}")
}
