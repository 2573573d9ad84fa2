//! Watches over one attempt's task: if it fails, whatever the reason, nobody is left hanging, and
//! whoever ordered it is told.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::Instrument;

use super::desk::{AttemptReport, CallbackDesk};
use super::names::AttemptId;
use super::performer::{Ledger, Performer};
use super::registry::Entry;
use super::task::{AttemptTask, MAILBOX};
use crate::ari::Requests;
use crate::domain::callback::Outcome;
use crate::domain::callback::attempt::{News, Order, Story};
use crate::speech::Speech;

/// Whom an attempt is told to, and which it is.
pub(super) struct Witness {
    desk: Arc<dyn CallbackDesk>,
    attempt: AttemptId,
    number: u32,
    at: Timestamp,
    began: Instant,
}

impl Witness {
    pub(super) fn attempt_goes_on(&self, news: News, story: &Story) {
        self.desk.attempt_goes_on(news, self.report(story.clone()));
    }

    fn attempt_ended(&self, outcome: Outcome, story: Story) {
        self.desk.attempt_ended(outcome, self.report(story));
    }

    fn report(&self, story: Story) -> AttemptReport {
        AttemptReport {
            attempt: self.attempt.clone(),
            number: self.number,
            at: self.at,
            began: self.began,
            now: Instant::now(),
            story,
        }
    }
}

/// What every attempt needs; the same for all.
pub(super) struct Tools {
    pub(super) requests: Requests,
    pub(super) speech: Speech,
    pub(super) desk: Arc<dyn CallbackDesk>,
}

/// Begins an attempt, and puts its supervisor among the others.
pub(super) fn begin(
    tools: Tools,
    id: AttemptId,
    order: Order,
    supervisors: &mut JoinSet<AttemptId>,
) -> Entry {
    let span = tracing::info_span!("callback", %id);
    let (mailbox, events) = mpsc::channel(MAILBOX);
    let witness = Arc::new(Witness {
        desk: tools.desk,
        attempt: id.clone(),
        number: order.number,
        at: Timestamp::now(),
        began: Instant::now(),
    });
    let ledger = Arc::new(Ledger::default());
    let performer = Arc::new(Performer {
        id: id.clone(),
        order,
        requests: tools.requests,
        ledger: Arc::clone(&ledger),
    });
    let channel = (mailbox.clone(), events);
    let task = AttemptTask::new(
        Arc::clone(&performer),
        tools.speech,
        Arc::clone(&witness),
        channel,
    );
    let task = tokio::spawn(task.run().instrument(span.clone()));
    let entry = Entry {
        mailbox,
        ledger,
        task: task.abort_handle(),
        span: span.clone(),
    };
    let supervise = async move {
        let (outcome, story) = match task.await {
            Ok(ended) => ended,
            Err(error) => {
                let panicked = error.is_panic();
                tracing::error!(panicked, "the attempt failed; its legs are brought home");
                performer.rescue().await;
                (Outcome::NetworkFailure, Story::default())
            }
        };
        told(outcome, &story);
        witness.attempt_ended(outcome, story);
        id
    };
    supervisors.spawn(supervise.instrument(span));
    entry
}

fn told(outcome: Outcome, story: &Story) {
    match story.fault {
        Some(fault) => tracing::warn!("the attempt has ended: {outcome}: {fault}"),
        None => tracing::info!("the attempt has ended: {outcome}"),
    }
}
