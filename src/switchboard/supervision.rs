//! Watches over one call's task: if it fails, whatever the reason, the caller goes to the fallback
//! and no other call notices.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use futures_util::future::BoxFuture;
use jiff::Timestamp as Moment;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tracing::Instrument;

use super::Desk;
use super::call_task::{CallTask, MAILBOX};
use super::ledger::Ledger;
use super::names::CallId;
use super::performer::Performer;
use super::profile::Profile;
use super::reception::Welcome;
use super::registry::Entry;
use super::stopwatch::Stopwatch;
use super::takeover::Found;
use super::talk_note::Clocks;
use super::witness::Witness;
use crate::ari::{Channel, Timestamp};
use crate::domain::call::{Call, Event, FallbackReason, Outcome};
use crate::domain::menu::Known;
use crate::domain::phone::PhoneNumber;
use crate::metrics;
use crate::speech::Speech;

/// Somebody who calls.
pub(super) struct Arrival {
    pub(super) caller: Channel,
    /// What they meet at the number that they called.
    pub(super) profile: Arc<Profile>,
    /// Speaks as their channel hears it.
    pub(super) speech: Speech,
    pub(super) at: Timestamp,
}

/// A call that is over for us.
pub(super) struct Ended {
    pub(super) call: CallId,
    /// Its talk, which goes on because the call failed.
    pub(super) talk: Option<Box<Found>>,
}

/// Where a call's events come in.
type Mailbox = (mpsc::Sender<Event>, mpsc::Receiver<Event>);

/// Begins a call, and puts its supervisor among the others.
pub(super) fn begin(
    desk: Arc<Desk>,
    id: CallId,
    arrival: Arrival,
    supervisors: &mut JoinSet<Ended>,
) -> Entry {
    let Arrival {
        caller,
        profile,
        speech,
        at,
    } = arrival;
    let performer = performer(&desk, (id, caller), &profile, Ledger::default());
    let watch = Watch { at, times: 0 };
    let work = |performer, mailbox| run((desk, speech), profile, performer, mailbox);
    start(performer, watch, work, supervisors)
}

/// Watches over a talk that is there already.
pub(super) fn take_over(desk: Arc<Desk>, found: Found, supervisors: &mut JoinSet<Ended>) -> Entry {
    let profile = desk.profiles.of(&found.caller, found.called.as_deref());
    let (leg, bridge) = (found.ongoing.leg, found.ongoing.bridge);
    let names = (found.call.clone(), found.caller.clone());
    let ledger = Ledger::of(leg, bridge);
    if found.was_handed_on() {
        ledger.replace(leg, found.leg.id.clone());
    }
    let performer = performer(&desk, names, &profile, ledger);
    let watch = Watch {
        at: found.caller.created_at,
        times: found.times + 1,
    };
    let work = |performer, mailbox| run_talk(desk, profile, found, performer, mailbox);
    start(performer, watch, work, supervisors)
}

fn performer(
    desk: &Desk,
    (call, caller): (CallId, Channel),
    profile: &Profile,
    ledger: Ledger,
) -> Arc<Performer> {
    Arc::new(Performer {
        call,
        requests: desk.requests.clone(),
        fallback: profile.fallback.clone(),
        own_fallback: profile.own_fallback.clone(),
        recording: desk.recording.clone(),
        ledger: Arc::new(ledger),
        caller,
    })
}

/// What is watched of a call from outside.
struct Watch {
    /// When it came, by Asterisk's clock.
    at: Timestamp,
    /// How often its talk was taken over.
    times: u32,
}

fn start<Work>(
    performer: Arc<Performer>,
    Watch { at, times }: Watch,
    work: impl FnOnce(Arc<Performer>, Mailbox) -> Work,
    supervisors: &mut JoinSet<Ended>,
) -> Entry
where
    Work: Future<Output = Outcome> + Send + 'static,
{
    let id = performer.call.clone();
    let span = tracing::info_span!("call", %id);
    let (mailbox, events) = mpsc::channel(MAILBOX);
    let work = work(Arc::clone(&performer), (mailbox.clone(), events));
    let task = tokio::spawn(work.instrument(span.clone()));
    let entry = Entry {
        caller: performer.caller.id.clone(),
        mailbox,
        ledger: Arc::clone(&performer.ledger),
        task: task.abort_handle(),
        span: span.clone(),
        stopwatch: Stopwatch::start(at),
        given_up: Arc::default(),
    };
    let under_way = metrics::CallUnderWay::begin();
    let supervise = async move {
        let talk = after(task.await, &performer).await;
        drop(under_way);
        let talk = talk.map(|found| Box::new(Found { times, ..*found }));
        Ended { call: id, talk }
    };
    supervisors.spawn(supervise.instrument(span));
    entry
}

/// The whole call. Also what is known about the caller is asked in here: nothing of a call may fail
/// outside of its own task.
async fn run(
    (desk, speech): (Arc<Desk>, Speech),
    profile: Arc<Profile>,
    performer: Arc<Performer>,
    mailbox: Mailbox,
) -> Outcome {
    let (at, arrived) = (jiff::Timestamp::now(), Instant::now());
    let caller = PhoneNumber::parse(&performer.caller.caller.number).ok();
    let sent_on = desk.profiles.why_sent_on(&profile, caller.as_ref(), at);
    let (call, asking) = match sent_on {
        Some(reason) => (sent_on_call(&desk, &profile, reason, at), None),
        None => {
            let asked =
                desk.reception
                    .welcome(&performer.caller.id, caller.as_ref(), &profile.departments);
            let (call, asking) = welcomed(&desk, &profile, asked.await, at);
            let calls_back = |caller: &PhoneNumber| desk.reception.calls_back(caller);
            let may = caller.as_ref().is_some_and(calls_back);
            (call.calling_back(may), asking)
        }
    };
    let witness = Witness {
        reception: Arc::clone(&desk.reception),
        call: performer.call.to_string(),
        caller,
        at,
        arrived,
    };
    let mut task = CallTask::new(call, performer, speech, witness, mailbox);
    if let Some(asking) = asking {
        task.ask(asking);
    }
    task.run().await
}

/// A talk that another process, or a call that failed, has begun.
async fn run_talk(
    desk: Arc<Desk>,
    profile: Arc<Profile>,
    found: Found,
    performer: Arc<Performer>,
    mailbox: Mailbox,
) -> Outcome {
    let arrived = found.ongoing.came;
    let at = Clocks::read().wall_clock(arrived);
    tracing::info!("a talk is taken over");
    let witness = Witness {
        reception: Arc::clone(&desk.reception),
        call: performer.call.to_string(),
        caller: PhoneNumber::parse(&performer.caller.caller.number).ok(),
        at,
        arrived,
    };
    let wording = profile.wording(None, at).clone();
    let call = Call::taken_over(&found.ongoing, wording, desk.policy.clone());
    CallTask::new(call, performer, desk.speech.clone(), witness, mailbox)
        .run()
        .await
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
    let other = profile.other_language(profile.wording(language, at).language, at);
    let (wording, policy) = (profile.wording(language, at).clone(), desk.policy.clone());
    let call = match asking {
        Some(_) => Call::while_asking(known, wording, policy),
        None => Call::new(known, wording, policy),
    };
    (call.also_in(other), asking)
}

/// What is done when a call is over; the talk if that goes on unwatched.
async fn after(ended: Result<Outcome, JoinError>, performer: &Performer) -> Option<Box<Found>> {
    metrics::call_ended(ended.as_ref().ok().copied());
    match ended {
        Ok(Outcome::Stuck) => {
            tracing::error!("the caller could not be sent away; the lease does it");
        }
        Ok(outcome) => tracing::info!("the call has ended: {outcome}"),
        Err(error) => {
            let panicked = error.is_panic();
            tracing::error!(
                panicked,
                "the call failed; a talk goes on, another caller goes to the fallback"
            );
            return performer.rescue().await;
        }
    }
    None
}
