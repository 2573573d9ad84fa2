//! Which failures of a service are news to the log.

use std::time::Duration;

use tokio::time::Instant;

use crate::speech::services::ServiceError;

/// A failure that goes on is told again after this.
const UNTIL_TOLD_AGAIN: Duration = Duration::from_secs(3600);

/// The last failure that the log has; none while all is well.
#[derive(Default)]
pub(super) struct News(Option<Told>);

/// A failure that the log has.
struct Told {
    reason: String,
    at: Instant,
    /// The service can't say some texts, and goes on with the others.
    is_about_a_text: bool,
}

impl News {
    /// The service spoke. Whether that is news: it did not before.
    pub(super) fn spoke(&mut self) -> bool {
        let is_news = self.0.as_ref().is_some_and(|told| !told.is_about_a_text);
        if is_news {
            self.0 = None;
        }
        is_news
    }

    /// What the log does not have yet.
    pub(super) fn of(&mut self, error: &ServiceError, now: Instant) -> Option<String> {
        let reason = error.to_string();
        let is_known = |told: &Told| told.reason == reason && now < told.at + UNTIL_TOLD_AGAIN;
        if self.0.as_ref().is_some_and(is_known) {
            return None;
        }
        self.0 = Some(Told {
            reason: reason.clone(),
            at: now,
            is_about_a_text: error.is_about_the_text(),
        });
        Some(reason)
    }
}
