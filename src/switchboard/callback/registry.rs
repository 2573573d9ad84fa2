//! The attempts that are under way, found by their ids.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::AbortHandle;
use tracing::Span;

use super::names::AttemptId;
use super::performer::Ledger;
use crate::domain::callback::attempt::Event;

/// An attempt as the switchboard sees it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) mailbox: mpsc::Sender<Event>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) task: AbortHandle,
    pub(super) span: Span,
}

impl Entry {
    /// Gives an event to the attempt. One that is too far behind to take it is sick: it is ended, and
    /// its supervisor cleans up.
    pub(super) fn tell(&self, event: Event) {
        match self.mailbox.try_send(event) {
            // An attempt that has just ended wants nothing more.
            Ok(()) | Err(TrySendError::Closed(_)) => {}
            Err(TrySendError::Full(_)) => {
                self.span
                    .in_scope(|| tracing::error!("the attempt does not keep up and is given up"));
                self.task.abort();
            }
        }
    }
}

/// All attempts under way.
pub(super) type Registry = HashMap<AttemptId, Entry>;
