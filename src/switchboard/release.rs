//! Letting go of what we hold in Asterisk, also while it does not answer.

use std::time::Duration;

use tokio::time::sleep;

use crate::ari::{ChannelId, HangupReason, RequestError, Requests};

/// The dialplan's variable on a leg that talks with the caller without us.
const KEPT: &str = "VIZAVI_KEPT";

/// How often a request is repeated without which a leg or a bridge would be left.
const RELEASE_TRIES: u32 = 5;
const BETWEEN_RELEASE_TRIES: Duration = Duration::from_millis(500);

/// Whether the dialplan has brought a leg together with whom it waited for, because we had fallen silent.
pub(super) async fn is_kept(requests: &Requests, leg: &ChannelId) -> Result<bool, RequestError> {
    Ok(requests.variable(leg, KEPT).await?.is_some())
}

/// Hangs a leg up, unless it [is kept](is_kept), and says whether it is. Nothing is hung up while Asterisk
/// does not say: a line that holds the request back may carry it into their talk.
pub(super) async fn hang_up_unless_kept(
    requests: &Requests,
    leg: &ChannelId,
) -> Result<bool, RequestError> {
    let is_kept = is_kept(requests, leg).await?;
    if !is_kept {
        requests.hang_up(leg, HangupReason::Normal).await?;
    }
    Ok(is_kept)
}

/// Hangs a leg up, unless it [is kept](is_kept), and tries again while Asterisk does not say.
pub(super) async fn release_leg(requests: &Requests, leg: &ChannelId) {
    let mut tries = Tries::to("hang up a leg");
    while tries
        .again_after(hang_up_unless_kept(requests, leg).await)
        .await
    {}
}

/// Counts the tries of a request without which something would be left in Asterisk.
pub(super) struct Tries {
    what: &'static str,
    left: u32,
}

impl Tries {
    pub(super) fn to(what: &'static str) -> Self {
        Self {
            what,
            left: RELEASE_TRIES,
        }
    }

    /// Whether the request is to be made again: it failed, and not because there is nothing left to
    /// be done. Waits a moment before it says so.
    pub(super) async fn again_after<T>(&mut self, result: Result<T, RequestError>) -> bool {
        let error = match result {
            Ok(_) | Err(RequestError::Gone(_)) => return false,
            Err(error) => error,
        };
        self.left = self.left.saturating_sub(1);
        tracing::warn!(%error, tries_left = self.left, "failed to {}", self.what);
        sleep(BETWEEN_RELEASE_TRIES).await;
        self.left > 0
    }
}
