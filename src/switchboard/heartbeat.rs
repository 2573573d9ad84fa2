//! Shows the dialplan that we live: a global variable holds the moment, by Asterisk's own clock,
//! until which calls may be handed to us. If nobody renews it, the gate closes by itself.
//!
//! The switchboard's own loop drives it: a loop that is stuck sends no beats.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Ending;
use crate::ari::Requests;

/// The dialplan compares it with `${EPOCH}`.
const ALIVE_UNTIL: &str = "VIZAVI_ALIVE_UNTIL";

/// How often the switchboard shows that it lives.
pub(super) const BEAT: Duration = Duration::from_secs(1);

/// For how many seconds a beat holds: long enough that one slow answer closes no gate.
const BEAT_HOLDS: i64 = 4;

/// The beating heart, as the switchboard holds it.
pub(super) struct Heartbeat {
    requests: Requests,
    beats: mpsc::Sender<()>,
    task: JoinHandle<()>,
}

impl Heartbeat {
    pub(super) fn start(requests: Requests) -> Self {
        let (beats, received) = mpsc::channel(1);
        let task = tokio::spawn(run(requests.clone(), received));
        Self {
            requests,
            beats,
            task,
        }
    }

    /// One beat, carried out aside. If the one before is still under way, this one is left out.
    pub(super) fn beat(&self) {
        let _ = self.beats.try_send(());
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

async fn run(requests: Requests, mut beats: mpsc::Receiver<()>) {
    let mut healthy = true;
    while beats.recv().await.is_some() {
        let result = renew(&requests).await;
        match (&result, healthy) {
            (Err(error), true) => {
                tracing::warn!(%error, "no heartbeat: new calls go to the fallback");
            }
            (Ok(()), false) => tracing::info!("the heartbeat is back"),
            (Ok(()), true) | (Err(_), false) => {}
        }
        healthy = result.is_ok();
    }
}

async fn renew(requests: &Requests) -> Result<(), crate::ari::RequestError> {
    let now = requests.ping().await?;
    let until = now.milliseconds().div_euclid(1000) + BEAT_HOLDS;
    requests.set_global(ALIVE_UNTIL, &until.to_string()).await
}
