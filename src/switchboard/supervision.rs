//! Watches over one call's task: if it fails, whatever the reason, the caller goes to the fallback
//! and no other call notices.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tracing::Instrument;

use super::Desk;
use super::call_task::{CallTask, MAILBOX};
use super::names::CallId;
use super::performer::{Ledger, Performer};
use super::reception::Welcome;
use super::registry::Entry;
use super::stopwatch::Stopwatch;
use super::witness::Witness;
use crate::ari::{Channel, Timestamp};
use crate::domain::call::{Call, Event, Outcome};
use crate::domain::menu::Known;
use crate::domain::phone::PhoneNumber;

/// Begins a call, and puts its supervisor among the others.
pub(super) fn begin(
    desk: Arc<Desk>,
    id: CallId,
    caller: Channel,
    at: Timestamp,
    supervisors: &mut JoinSet<CallId>,
) -> Entry {
    let span = tracing::info_span!("call", %id);
    let (mailbox, events) = mpsc::channel(MAILBOX);
    let ledger = Arc::new(Ledger::default());
    let performer = Arc::new(Performer {
        call: id.clone(),
        requests: desk.requests.clone(),
        fallback: desk.fallback.clone(),
        ledger: Arc::clone(&ledger),
        caller: caller.clone(),
    });
    let run = run(desk, Arc::clone(&performer), (mailbox.clone(), events));
    let task = tokio::spawn(run.instrument(span.clone()));
    let entry = Entry {
        caller: caller.id,
        mailbox,
        ledger,
        task: task.abort_handle(),
        span: span.clone(),
        stopwatch: Stopwatch::start(at),
    };
    let supervise = async move {
        after(task.await, &performer).await;
        id
    };
    supervisors.spawn(supervise.instrument(span));
    entry
}

/// The whole call. Also what is known about the caller is asked in here: nothing of a call may fail
/// outside of its own task.
async fn run(
    desk: Arc<Desk>,
    performer: Arc<Performer>,
    mailbox: (mpsc::Sender<Event>, mpsc::Receiver<Event>),
) -> Outcome {
    let (at, arrived) = (jiff::Timestamp::now(), Instant::now());
    let caller = PhoneNumber::parse(&performer.caller.caller.number).ok();
    let Welcome { known, asking } = desk.reception.welcome(caller.as_ref()).await;
    let menu = &known.menu;
    tracing::info!(menu = ?menu.kind, choices = menu.choices.len(), "a caller arrives");
    let call = begin_call(&desk, known, asking.is_some());
    let witness = Witness {
        reception: Arc::clone(&desk.reception),
        call: performer.call.to_string(),
        caller,
        at,
        arrived,
    };
    let mut task = CallTask::new(call, performer, desk.speech.clone(), witness, mailbox);
    if let Some(asking) = asking {
        task.ask(asking);
    }
    task.run().await
}

fn begin_call(desk: &Desk, known: Known, asking: bool) -> Call {
    let (wording, policy) = (desk.wording.clone(), desk.policy.clone());
    if asking {
        return Call::while_asking(known, wording, policy);
    }
    Call::new(known, wording, policy)
}

async fn after(ended: Result<Outcome, JoinError>, performer: &Performer) {
    match ended {
        Ok(Outcome::Stuck) => {
            tracing::error!("the caller could not be sent away; the lease does it");
        }
        Ok(outcome) => tracing::info!("the call has ended: {outcome}"),
        Err(error) => {
            let panicked = error.is_panic();
            tracing::error!(panicked, "the call failed; the caller goes to the fallback");
            performer.rescue().await;
        }
    }
}
