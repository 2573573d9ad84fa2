//! Watches over one attempt's task: if it fails, whatever the reason, nobody is left hanging, and
//! whoever ordered it is told.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
use crate::domain::callback::attempt::{Attempt, News, Order, Story};
use crate::domain::callback::report::INTERRUPTED;
use crate::speech::Speech;

/// How often one talk is taken over because its attempt failed. After that it goes on alone.
const MOST_TIMES: u32 = 3;

/// Which attempt it is, and since when it goes on.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    /// The id in the names of its legs.
    pub(super) leg: AttemptId,
    /// The id that whoever ordered it was given.
    pub(super) attempt: AttemptId,
    pub(super) at: Timestamp,
    pub(super) began: Instant,
    /// How often its talk was taken over because it failed.
    pub(super) times: u32,
}

impl Watch {
    /// An attempt that begins now.
    pub(super) fn beginning(id: AttemptId) -> Self {
        Self {
            leg: id.clone(),
            attempt: id,
            at: Timestamp::now(),
            began: Instant::now(),
            times: 0,
        }
    }
}

/// A talk that no attempt watches over.
pub(super) struct Talk {
    pub(super) watch: Watch,
    pub(super) order: Order,
    pub(super) story: Story,
}

/// An attempt that is over.
pub(super) struct Ended {
    /// The id in the names of its legs.
    pub(super) leg: AttemptId,
    /// It did not end by itself: something may be left that nobody knows.
    pub(super) failed: bool,
    /// Its talk, if that goes on and the attempt does not.
    pub(super) talk: Option<Box<Talk>>,
}

/// Whom an attempt is told to, and which it is.
pub(super) struct Witness {
    desk: Arc<dyn CallbackDesk>,
    watch: Watch,
    number: u32,
    /// The story as it was last known.
    story: Mutex<Story>,
}

impl Witness {
    pub(super) fn of(tools: &Tools, watch: Watch, order: &Order, story: Story) -> Self {
        Self {
            desk: Arc::clone(&tools.desk),
            watch,
            number: order.number,
            story: Mutex::new(story),
        }
    }

    /// Should the attempt fail, this is what is known of it.
    pub(super) fn remember(&self, story: &Story) {
        self.story().clone_from(story);
    }

    pub(super) fn attempt_goes_on(&self, news: News, story: &Story) {
        self.desk.attempt_goes_on(news, self.report(story.clone()));
    }

    pub(super) fn attempt_ended(&self, outcome: Option<Outcome>, story: Story) {
        told(outcome, &story);
        self.desk.attempt_ended(outcome, self.report(story));
    }

    fn story(&self) -> MutexGuard<'_, Story> {
        self.story.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, story: Story) -> AttemptReport {
        AttemptReport {
            attempt: self.watch.attempt.clone(),
            number: self.number,
            at: self.watch.at,
            began: self.watch.began,
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
    supervisors: &mut JoinSet<Ended>,
) -> Entry {
    let attempt = Attempt::new(order);
    let ledger = Ledger::default();
    start(tools, Watch::beginning(id), attempt, ledger, supervisors)
}

/// Watches over a talk that another process, or an attempt that failed, has begun.
pub(super) fn take_over(tools: Tools, talk: Talk, supervisors: &mut JoinSet<Ended>) -> Entry {
    let Talk {
        watch,
        order,
        story,
    } = talk;
    tracing::info!(callback = %watch.leg, "a talk is taken over");
    let attempt = Attempt::taken_over(order, story, Instant::now());
    start(tools, watch, attempt, Ledger::of_a_talk(), supervisors)
}

fn start(
    tools: Tools,
    watch: Watch,
    attempt: Attempt,
    ledger: Ledger,
    supervisors: &mut JoinSet<Ended>,
) -> Entry {
    let leg = watch.leg.clone();
    let span = tracing::info_span!("callback", id = %leg);
    let (mailbox, events) = mpsc::channel(MAILBOX);
    let witness = Witness::of(&tools, watch, attempt.order(), attempt.story().clone());
    let witness = Arc::new(witness);
    let ledger = Arc::new(ledger);
    let performer = Arc::new(Performer {
        id: leg.clone(),
        order: attempt.order().clone(),
        requests: tools.requests,
        ledger: Arc::clone(&ledger),
    });
    let task = AttemptTask::new(
        attempt,
        Arc::clone(&performer),
        tools.speech,
        Arc::clone(&witness),
        (mailbox.clone(), events),
    );
    let task = tokio::spawn(task.run().instrument(span.clone()));
    let entry = Entry {
        mailbox,
        ledger,
        task: task.abort_handle(),
        span: span.clone(),
    };
    let supervise = async move {
        let ended = task.await;
        let failed = ended.is_err();
        let talk = match ended {
            Ok((outcome, story)) => {
                witness.attempt_ended(Some(outcome), story);
                None
            }
            Err(error) => {
                let panicked = error.is_panic();
                tracing::error!(
                    panicked,
                    "the attempt failed; a talk goes on, other legs are brought home"
                );
                performer.rescue().await;
                after_failure(&performer, &witness)
            }
        };
        Ended { leg, failed, talk }
    };
    supervisors.spawn(supervise.instrument(span));
    entry
}

/// The talk if there is one, which is to be taken over. Otherwise the attempt is over: interrupted.
fn after_failure(performer: &Performer, witness: &Witness) -> Option<Box<Talk>> {
    let mut story = witness.story().clone();
    if !performer.ledger.is_bridged() {
        witness.attempt_ended(None, story);
        return None;
    }
    let now = Instant::now();
    story.connected.get_or_insert(now);
    let mut watch = witness.watch.clone();
    if watch.times == MOST_TIMES {
        tracing::error!("a talk whose attempt fails again and again goes on alone");
        story.talk_ended = Some(now);
        witness.attempt_ended(Some(Outcome::Connected), story);
        return None;
    }
    watch.times += 1;
    Some(Box::new(Talk {
        watch,
        order: performer.order.clone(),
        story,
    }))
}

fn told(outcome: Option<Outcome>, story: &Story) {
    let outcome = outcome.map_or(INTERRUPTED, Outcome::name);
    match story.fault {
        Some(fault) => tracing::warn!("the attempt has ended: {outcome}: {fault}"),
        None => tracing::info!("the attempt has ended: {outcome}"),
    }
}
