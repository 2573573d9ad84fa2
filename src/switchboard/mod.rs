//! Leads Asterisk's events to their calls: one task a call, and nobody waits for anybody.
//!
//! The loop here awaits no request and no call, so that one sick call makes no other wait; see
//! [`Switchboard::run`]. Which event is whose stands in `routing`.

mod call_task;
pub mod callback;
mod fallback;
mod gap;
mod heartbeat;
mod inbox;
mod lanes;
mod ledger;
mod names;
mod notes;
mod performer;
mod profile;
mod reality;
mod reception;
mod recorder;
mod recovery;
mod registry;
mod release;
mod rescue;
mod routing;
mod stopwatch;
mod supervision;
mod takeover;
mod talk_note;
mod telephones;
mod translation;
mod vitals;
mod witness;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::ari::{Incoming, Requests, Socket};
use crate::domain::call::{Event, Policy};
use crate::service_manager::Pulse;
use crate::speech::Speech;
pub use profile::{Hours, Profile, Profiles, Wordings};
pub use reception::{LeftCallback, Reception, Report, Welcome};
pub use recorder::Recording;
pub use telephones::presence_of;
pub use vitals::{Condition, Vitals};

use callback::{Attempts, CallbackDesk, Callbacks};
use gap::Beliefs;
use heartbeat::{BEAT, Beat, Heartbeat};
use names::CallIds;
use recovery::{LOOKS_EVERY, Recovery};
use registry::Registry;
use supervision::Ended;

/// How long callers may take to reach the fallback when we stop.
const STOP_TIME: Duration = Duration::from_secs(5);

/// Requests that a sick line held back may still be carried out when the first look is over: after this
/// there is another.
const LATE_REQUESTS: Duration = Duration::from_secs(2);

/// How long the last look for callers may take when we stop.
const SWEEP_TIME: Duration = Duration::from_secs(1);

/// Whatever Asterisk sends is an event with a meaning, or nothing.
#[cfg(fuzzing)]
pub fn fuzzed_event(text: &str) {
    let event = crate::ari::Event::read(text);
    let _ = format!("{event:?}");
    let _ = translation::meaning(&event);
    let _ = names::parse(text);
}

/// A place in the dialplan, at priority 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// Its context.
    pub context: String,
    /// Its extension.
    pub extension: String,
}

/// What every call needs; the same for all.
pub struct Desk {
    /// To Asterisk.
    pub requests: Requests,
    /// Text to sound.
    pub speech: Speech,
    /// Knows callers.
    pub reception: Arc<dyn Reception>,
    /// What callers meet at the number that they called.
    pub profiles: Profiles,
    /// How patient calls are.
    pub policy: Policy,
    /// Where talks are recorded, if they are.
    pub recording: Option<Recording>,
    /// Beats as long as the switchboard's loop goes round.
    pub pulse: Pulse,
    /// Where our condition is noted.
    pub vitals: Vitals,
}

/// Why the switchboard ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// We were asked to stop, and every caller is talking or at the fallback.
    Stopped,
    /// Another process connected under our application's name and serves the calls now.
    Replaced,
}

/// Everything that is under way.
pub struct Switchboard {
    desk: Arc<Desk>,
    ids: Arc<CallIds>,
    calls: Registry,
    attempts: Attempts,
    /// One for each call; tells that it ended.
    supervisors: JoinSet<Ended>,
    recovery: Recovery,
    stopping: bool,
}

impl Switchboard {
    /// A switchboard without calls.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        let attempts = Attempts::none(desk.requests.clone(), desk.speech.clone());
        Self {
            desk: Arc::new(desk),
            ids: Arc::new(CallIds::new()),
            calls: Registry::default(),
            attempts,
            supervisors: JoinSet::new(),
            recovery: Recovery::new(),
            stopping: false,
        }
    }

    /// Makes callbacks too, from now on: for whoever orders them, of which `desk` hears.
    #[must_use]
    pub fn callbacks(&mut self, desk: Arc<dyn CallbackDesk>) -> Callbacks {
        self.attempts.open(desk, Arc::clone(&self.ids))
    }

    /// Serves calls until `stop` completes or another process takes over.
    ///
    /// New calls come as long as the heartbeat keeps the dialplan's gate open, which this loop
    /// itself drives while Asterisk is connected.
    pub async fn run(mut self, mut socket: Socket, stop: impl Future<Output = ()>) -> Ending {
        let heartbeat = Heartbeat::start(self.desk.requests.clone(), self.desk.vitals.clone());
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut look = tokio::time::interval(LOOKS_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        look.reset();
        let mut connected = false;
        tokio::pin!(stop);
        let ending = loop {
            tokio::select! {
                incoming = socket.next() => match incoming {
                    Some(Incoming::Connected) => {
                        connected = true;
                        self.desk.vitals.connected(true);
                        heartbeat.connected(self.beat(Duration::ZERO));
                        self.on_connected();
                    }
                    Some(Incoming::Event(event)) => self.on_event(&event),
                    Some(Incoming::Lost { reason }) => {
                        connected = false;
                        self.desk.vitals.connected(false);
                        tracing::warn!("{reason}");
                    }
                    Some(Incoming::Replaced) | None => break Ending::Replaced,
                },
                Some(ended) = self.supervisors.join_next() => self.on_call_ended(ended),
                () = self.attempts.go_on() => {}
                Some(word) = self.recovery.next() => self.on_word(word),
                _ = look.tick(), if connected => self.close_gap(),
                () = heartbeat.well_again(), if connected => {
                    self.close_gap();
                    look.reset_after(LATE_REQUESTS);
                }
                due = beat.tick() => {
                    self.desk.pulse.beat();
                    self.desk.vitals.go_on();
                    if connected {
                        heartbeat.beat(self.beat(due.elapsed()));
                    }
                }
                () = &mut stop => break Ending::Stopped,
            }
            if connected && self.attempts.takes_a_look() {
                self.close_gap();
            }
        };
        heartbeat.stop(ending).await;
        self.drain(&mut socket).await;
        if ending == Ending::Stopped {
            self.sweep().await;
        }
        ending
    }

    fn beat(&self, late: Duration) -> Beat {
        let given_up = self.calls.given_up();
        Beat { late, given_up }
    }

    fn on_connected(&mut self) {
        tracing::info!("connected to Asterisk: calls are served");
        self.close_gap();
    }

    fn on_call_ended(&mut self, ended: Result<Ended, tokio::task::JoinError>) {
        match ended {
            Ok(ended) => {
                self.calls.remove(&ended.call);
                if let Some(talk) = ended.talk {
                    self.take_over(*talk);
                }
            }
            Err(error) => {
                tracing::error!(%error, "a call's supervisor failed; the lease takes the caller");
            }
        }
    }

    /// Everybody who is not talking goes to the fallback; talks go on without us.
    async fn drain(&mut self, socket: &mut Socket) {
        let (calls, callbacks) = (self.calls.len(), self.attempts.len());
        tracing::info!(calls, callbacks, "stopping");
        self.stopping = true;
        self.attempts.stop();
        for (_, call) in self.calls.iter() {
            call.tell(Event::Stop);
        }
        let drained = tokio::time::timeout(STOP_TIME, async {
            while self.calls.len() + self.attempts.len() > 0 {
                tokio::select! {
                    Some(incoming) = socket.next() => {
                        if let Incoming::Event(event) = incoming {
                            self.on_event(&event);
                        }
                    }
                    Some(ended) = self.supervisors.join_next() => self.on_call_ended(ended),
                    () = self.attempts.go_on() => {}
                }
            }
        });
        if drained.await.is_err() {
            tracing::warn!("some callers are left to their leases");
        }
    }

    /// Who came through the gate before it was closed, and of whom we had not read yet, goes to
    /// the fallback now instead of at the end of the lease.
    async fn sweep(&self) {
        let fallback = &self.desk.profiles.general.fallback;
        let beliefs = Beliefs::of(&self.calls, self.attempts.beliefs());
        let swept = gap::sweep(&self.desk.requests, fallback, &beliefs);
        if tokio::time::timeout(SWEEP_TIME, swept).await.is_err() {
            tracing::warn!("Asterisk is slow; who is still with us is left to the lease");
        }
    }
}
