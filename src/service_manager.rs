//! The service manager that started us, systemd mostly: it hears when we are ready, that we live, and
//! that we stop. Without one, all of this does nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sd_notify::NotifyState;

/// So often as we may be silent, divided by this, we show that we live.
const BEATS: u32 = 4;

/// Shows that the work goes on. Clones are one pulse.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Arc<AtomicBool>);

impl Pulse {
    /// The work goes on.
    pub fn beat(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_beaten(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// We have all that we need on this machine.
pub(crate) fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// What we are at, for `systemctl status`.
pub(crate) fn status(status: &str) {
    tell(&[NotifyState::Status(status)]);
}

/// We were asked to stop, and do.
pub fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("stopping")]);
}

/// Tells that we live for as long as the pulse beats, if anybody wants to hear it. Does not end.
pub(crate) async fn keep_telling_that_we_live(pulse: Pulse) {
    let Some(longest_silence) = sd_notify::watchdog_enabled() else {
        return;
    };
    let mut beats = tokio::time::interval(longest_silence / BEATS);
    loop {
        beats.tick().await;
        if pulse.has_beaten() {
            tell(&[NotifyState::Watchdog]);
        }
    }
}

fn tell(news: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(news) {
        tracing::debug!(%error, "the service manager can't be told");
    }
}
