//! What goes on beside the calls: the directory of the clips is kept tidy, and served.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::speech::Speech;

/// How often we look. What was used is noted then, too, so it must be well below the time for which
/// used clips stay.
const EVERY: Duration = Duration::from_secs(10 * 60);

/// Keeps the directory of phrases and clips below its size for as long as it runs.
pub(super) async fn keep_tidy(speech: Speech, largest: u64) {
    let mut look = interval(EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Nothing has been used yet.
    look.tick().await;
    loop {
        look.tick().await;
        match speech.tidy(largest).await {
            Ok(tidied) if tidied.deleted > 0 => {
                let (deleted, freed) = (tidied.deleted, tidied.freed);
                tracing::info!(
                    deleted,
                    freed,
                    "phrases that were used long ago are deleted"
                );
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the phrases can't be tidied up"),
        }
    }
}

/// Gives clips to an Asterisk that is elsewhere, if the settings want it.
pub(super) async fn serve_clips(speech: Speech) {
    if let Err(error) = speech.serve().await {
        tracing::error!(
            %error,
            "clips can't be served, so callers will hear nothing and go to the fallback: see \
             [speech] listen"
        );
    }
}
