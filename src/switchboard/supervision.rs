//! Watches over one call's task: if it fails, whatever the reason, the caller goes to the fallback
//! and no other call notices.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use futures_util::future::BoxFuture;
use jiff::Timestamp as Moment;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tracing::Instrument;

use super::Desk;
use super::call_task::{CallTask, MAILBOX};
use super::names::CallId;
use super::performer::{Ledger, Performer};
use super::profile::Profile;
use super::reception::Welcome;
use super::registry::Entry;
use super::stopwatch::Stopwatch;
use super::witness::Witness;
use crate::ari::{Channel, Timestamp};
use crate::domain::call::{Call, Event, FallbackReason, Outcome};
use crate::domain::menu::Known;
use crate::domain::phone::PhoneNumber;
use crate::metrics;

/// Somebody who calls.
pub(super) struct Arrival {
    pub(super) caller: Channel,
    /// What they meet at the number that they called.
    pub(super) profile: Arc<Profile>,
    pub(super) at: Timestamp,
}

/// Begins a call, and puts its supervisor among the others.
pub(super) fn begin(
    desk: Arc<Desk>,
    id: CallId,
    arrival: Arrival,
    (supervisors, given_up): (&mut JoinSet<CallId>, Arc<AtomicU64>),
) -> Entry {
    let Arrival {
        caller,
        profile,
        at,
    } = arrival;
    let span = tracing::info_span!("call", %id);
    let (mailbox, events) = mpsc::channel(MAILBOX);
    let ledger = Arc::new(Ledger::default());
    let performer = Arc::new(Performer {
        call: id.clone(),
        requests: desk.requests.clone(),
        fallback: profile.fallback.clone(),
        own_fallback: profile.own_fallback.clone(),
        recording: desk.recording.clone(),
        ledger: Arc::clone(&ledger),
        caller: caller.clone(),
    });
    let run = run(
        desk,
        profile,
        Arc::clone(&performer),
        (mailbox.clone(), events),
    );
    let task = tokio::spawn(run.instrument(span.clone()));
    let entry = Entry {
        caller: caller.id,
        mailbox,
        ledger,
        task: task.abort_handle(),
        span: span.clone(),
        stopwatch: Stopwatch::start(at),
        given_up,
    };
    let under_way = metrics::CallUnderWay::begin();
    let supervise = async move {
        after(task.await, &performer).await;
        drop(under_way);
        id
    };
    supervisors.spawn(supervise.instrument(span));
    entry
}

/// The whole call. Also what is known about the caller is asked in here: nothing of a call may fail
/// outside of its own task.
async fn run(
    desk: Arc<Desk>,
    profile: Arc<Profile>,
    performer: Arc<Performer>,
    mailbox: (mpsc::Sender<Event>, mpsc::Receiver<Event>),
) -> Outcome {
    let (at, arrived) = (jiff::Timestamp::now(), Instant::now());
    let caller = PhoneNumber::parse(&performer.caller.caller.number).ok();
    let sent_on = desk.profiles.why_sent_on(&profile, caller.as_ref(), at);
    let (call, asking) = match sent_on {
        Some(reason) => (sent_on_call(&desk, &profile, reason, at), None),
        None => {
            let welcome = desk
                .reception
                .welcome(caller.as_ref(), &profile.departments)
                .await;
            welcomed(&desk, &profile, welcome, at)
        }
    };
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

/// A call that we don't answer.
fn sent_on_call(desk: &Desk, profile: &Profile, reason: FallbackReason, at: Moment) -> Call {
    tracing::info!("a caller arrives who goes on at once: {reason}");
    let wording = profile.wording(None, at).clone();
    Call::sent_on(reason, wording, desk.policy.clone())
}

/// A call with the menu of the one who calls, and what is still being found out about them.
fn welcomed(
    desk: &Desk,
    profile: &Profile,
    welcome: Welcome,
    at: Moment,
) -> (Call, Option<BoxFuture<'static, Known>>) {
    let Welcome {
        known,
        language,
        asking,
    } = welcome;
    let menu = &known.menu;
    tracing::info!(menu = ?menu.kind, choices = menu.choices.len(), "a caller arrives");
    let (wording, policy) = (profile.wording(language, at).clone(), desk.policy.clone());
    let call = match asking {
        Some(_) => Call::while_asking(known, wording, policy),
        None => Call::new(known, wording, policy),
    };
    (call, asking)
}

async fn after(ended: Result<Outcome, JoinError>, performer: &Performer) {
    metrics::call_ended(ended.as_ref().ok().copied());
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
