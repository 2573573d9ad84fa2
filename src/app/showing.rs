//! How we are, shown to those who watch over us: a probe, Prometheus, a load balancer.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::crm::{Check, Observed, Readiness, Watching};
use crate::domain::health::Gate;
use crate::metrics::{self, Kept, ToCallBack};
use crate::store::{Condition, Store};
use crate::switchboard::{Fallback, Vitals};

/// A heartbeat that was accepted longer ago holds no gate open.
const HEARTBEAT_HOLDS: Duration = Duration::from_secs(5);

/// A loop that has not gone round for so long is stuck. While it waits for Asterisk, it goes round
/// every two seconds, or as long as a request takes.
const STUCK: Duration = Duration::from_secs(10);

/// What is looked at.
pub(super) struct Watched {
    pub(super) vitals: Vitals,
    pub(super) store: Store,
    pub(super) fallback: Fallback,
}

impl Observed for Watched {
    fn is_alive(&self) -> bool {
        let looped = self.vitals.condition().looped;
        looped.is_none_or(|ago| ago < STUCK)
    }

    fn readiness(&self) -> Readiness {
        let condition = self.vitals.condition();
        let heartbeat = condition.accepted.is_some_and(|ago| ago < HEARTBEAT_HOLDS);
        let gate = match condition.gate {
            None => Check::failed("gate", "no heartbeat yet"),
            Some(Gate::Closed(symptom)) => Check::failed("gate", symptom.to_string()),
            Some(Gate::Open) if !heartbeat => {
                Check::failed("gate", "Asterisk has not accepted a heartbeat lately")
            }
            Some(Gate::Open) => Check::good("gate"),
        };
        let Fallback { context, extension } = &self.fallback;
        let fallback = match condition.fallback {
            Some(false) => {
                let missing = format!("the dialplan has no {context},{extension}");
                Check::failed("fallback", missing)
            }
            Some(true) => Check::good("fallback"),
            None => Check::unknown("fallback", "looked for with the first call"),
        };
        let asterisk = match condition.connected {
            true => Check::good("asterisk"),
            false => Check::failed("asterisk", "not connected"),
        };
        let store = match self.store.condition() {
            Condition::Works => Check::good("store"),
            Condition::Fails => Check::degraded("store", "it can't be written: see the log"),
            Condition::Hangs => Check::degraded("store", "its disk hangs"),
        };
        Readiness {
            checks: vec![asterisk, gate, fallback, store],
        }
    }

    fn metrics(&self) -> String {
        let counts = self.store.counts();
        metrics::kept(Kept {
            clients: counts.clients,
            employees: counts.employees as u64,
            bytes: counts.bytes_on_disk,
            waiting: counts.messages as u64,
            dead: counts.dead_letters as u64,
            works: self.store.condition() == Condition::Works,
        });
        let callbacks = self.store.callback_counts();
        let due = self.store.due_callbacks(Timestamp::now());
        metrics::to_call_back(ToCallBack {
            due: due as u64,
            later: callbacks.waiting.saturating_sub(due) as u64,
            running: callbacks.running as u64,
        });
        let condition = self.vitals.condition();
        let beats = condition.accepted.is_some_and(|ago| ago < HEARTBEAT_HOLDS);
        metrics::gate(condition.connected && beats && condition.gate == Some(Gate::Open));
        metrics::fallback_missing(condition.fallback == Some(false));
        metrics::text()
    }
}

/// It is being shown.
pub(super) struct Showing {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Showing {
    /// Begins, if there is an address. If that can't be used, it is said.
    pub(super) async fn begin(listen: Option<SocketAddr>, watched: Watched) -> Option<Self> {
        let watching = match Watching::open(listen?).await {
            Ok(watching) => watching,
            Err(error) => {
                tracing::error!(%error, "nobody can see how we are; calls are served without it");
                return None;
            }
        };
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(watching.serve(watched, async {
            let _ = stopped.await;
        }));
        Some(Self { stop, task })
    }

    /// Ends.
    pub(super) async fn end(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TestResult;

    fn watched() -> TestResult<(tempfile::TempDir, Watched)> {
        let directory = tempfile::tempdir()?;
        let settings = crate::store::Settings::new(directory.path(), jiff::tz::TimeZone::UTC);
        let store = Store::open(&settings)?.store;
        let fallback = Fallback {
            context: "vizavi".to_owned(),
            extension: "fallback".to_owned(),
        };
        let vitals = Vitals::default();
        let watched = Watched {
            vitals,
            store,
            fallback,
        };
        Ok((directory, watched))
    }

    #[test]
    fn before_anything_is_known_it_is_alive_and_not_ready() -> TestResult {
        let (_directory, watched) = watched()?;
        assert!(watched.is_alive());
        assert!(!watched.readiness().is_ready());
        Ok(())
    }

    #[test]
    fn what_is_kept_is_counted() -> TestResult {
        let (_directory, watched) = watched()?;
        let text = watched.metrics();
        for line in [
            "vizavi_clients 0\n",
            "vizavi_webhook_messages{state=\"dead\"} 0\n",
            "vizavi_callbacks{state=\"due\"} 0\n",
            "vizavi_callbacks{state=\"later\"} 0\n",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        Ok(())
    }

    #[test]
    fn what_is_degraded_or_unknown_does_not_make_it_unready() {
        let checks = vec![
            Check::good("gate"),
            Check::unknown("fallback", "later"),
            Check::degraded("store", "full"),
        ];
        assert!(
            Readiness {
                checks: checks.clone()
            }
            .is_ready()
        );
        let failed = [checks, vec![Check::failed("asterisk", "gone")]].concat();
        assert!(!Readiness { checks: failed }.is_ready());
    }
}
