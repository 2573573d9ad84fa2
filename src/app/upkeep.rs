//! What goes on beside the calls: the directory of the clips is kept tidy, and served; old calls leave
//! the journal.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::metrics;
use crate::speech::Speech;
use crate::store::{Change, Done, Store};

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
        count_phrases(&speech).await;
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

/// Tells those who watch over us what is kept.
pub(super) async fn count_phrases(speech: &Speech) {
    if let Ok(usage) = speech.usage().await {
        metrics::phrases_kept(usage.phrases, usage.clips, usage.bytes);
    }
}

/// How long the store has for others between two pieces of the old calls.
const BETWEEN_PIECES: Duration = Duration::from_millis(200);

/// Removes calls from the journal that came longer ago than `kept`, for as long as it runs.
pub(super) async fn prune_calls(store: Store, kept: SignedDuration) {
    let mut look = interval(EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let Ok(before) = Timestamp::now().checked_sub(kept) else {
            return;
        };
        loop {
            match store
                .write(vec![Change::PruneCalls(before)])
                .await
                .as_deref()
            {
                Ok([Done::Stored]) => sleep(BETWEEN_PIECES).await,
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, "old calls can't be removed; they will be later");
                    break;
                }
            }
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
