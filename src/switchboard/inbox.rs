//! What a call or an attempt hears next: somebody's news, what came of its own requests, or that its time
//! is over.

use tokio::sync::mpsc;

use super::lanes::{Lanes, Performs};
use crate::domain::call::Deadline;

/// The next event; `None` when the deadline is reached.
///
/// Requests go on only while somebody waits here.
pub(super) async fn next_event<P: Performs>(
    mailbox: &mut mpsc::Receiver<P::Event>,
    lanes: &mut Lanes<P>,
    deadline: Option<Deadline>,
) -> Option<P::Event> {
    let passed = async {
        match deadline {
            Some(deadline) => tokio::time::sleep_until(deadline.at.into()).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        event = lanes.next() => Some(event),
        event = received(mailbox) => Some(event),
        () = passed => {
            let waited_for = deadline.map(|deadline| deadline.waits_for);
            tracing::debug!(waited_for, "deadline reached");
            None
        }
    }
}

async fn received<Event>(mailbox: &mut mpsc::Receiver<Event>) -> Event {
    match mailbox.recv().await {
        Some(event) => event,
        // Its task holds a sender itself, so this does not come; waiting is the harmless answer.
        None => std::future::pending().await,
    }
}
