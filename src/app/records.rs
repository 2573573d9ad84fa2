//! What came of calls, written into the store: each into the journal, and the rating learns from every
//! talk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::callers::Callers;
use crate::domain::call::{CallRecord, Moment, Outcome, Talk};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{
    Body, ClientId, EmployeeId, Event, EventId, Happening, KindName, NotAnId, Observed,
};
use crate::store::{Change, Store};
use crate::switchboard::Report;

/// The type of the event that a talk becomes.
const TALKED: &str = "call.talked";

/// The most calls whose outcome waits to be written.
const MOST_WAITING: usize = 1000;

/// How long what waits may take to be written when we stop.
const STOP_TIME: Duration = Duration::from_secs(2);

/// Takes calls that are over.
#[derive(Clone)]
pub(super) struct Records(mpsc::Sender<(Outcome, Report)>);

/// Writes them.
pub(super) struct Writing(JoinHandle<()>);

impl Records {
    /// Begins to write into the store.
    pub(super) fn begin(store: Store, callers: Arc<Callers>) -> (Self, Writing) {
        let (sender, mut reports) = mpsc::channel(MOST_WAITING);
        let writing = tokio::spawn(async move {
            while let Some((outcome, report)) = reports.recv().await {
                write(&store, Arc::clone(&callers), outcome, report).await;
            }
        });
        (Self(sender), Writing(writing))
    }

    /// Takes a call. Returns at once; if the store is far behind, the call is not kept.
    pub(super) fn keep(&self, outcome: Outcome, report: Report) {
        if self.0.try_send((outcome, report)).is_err() {
            tracing::warn!("the store is far behind: what came of a call is not kept");
        }
    }
}

impl Writing {
    /// Waits until all that was taken is written. Nobody may hold [`Records`] any more.
    pub(super) async fn finish(self) {
        if timeout(STOP_TIME, self.0).await.is_err() {
            tracing::warn!("the store is slow: what came of the last calls is not kept");
        }
    }
}

async fn write(store: &Store, callers: Arc<Callers>, outcome: Outcome, report: Report) {
    let caller = report.caller.clone();
    let client =
        tokio::task::spawn_blocking(move || caller.map(|caller| client_of(&callers, &caller)));
    let Ok(client) = client.await else { return };
    match changes(client.as_ref(), outcome, &report) {
        Ok(changes) => match store.write(changes).await {
            Ok(_) => tracing::debug!(call = report.call, "what came of a call is kept"),
            Err(error) => tracing::error!(%error, "what came of a call is not kept"),
        },
        Err(error) => tracing::error!(%error, "what came of a call can't be kept"),
    }
}

fn client_of(callers: &Callers, caller: &PhoneNumber) -> ClientId {
    callers
        .client_of(caller)
        .unwrap_or_else(|_| ClientId::of_phone(caller))
}

fn changes(
    client: Option<&ClientId>,
    outcome: Outcome,
    report: &Report,
) -> Result<Vec<Change>, NotAnId> {
    let record = record(client, outcome, report);
    let mut changes = vec![Change::KeepCall(Box::new(record))];
    if let Some(client) = client {
        changes.extend(learnt(client, report)?);
    }
    Ok(changes)
}

fn record(client: Option<&ClientId>, outcome: Outcome, report: &Report) -> CallRecord {
    let story = &report.story;
    let after = |at: Instant| at.saturating_duration_since(report.arrived);
    let steps = story.steps.iter().map(|moment| Moment {
        at: after(moment.at),
        what: moment.what.clone(),
    });
    CallRecord {
        call: report.call.clone(),
        at: report.at,
        caller: report.caller.clone(),
        client: client.filter(|client| !client.is_a_phone()).cloned(),
        named: story.caller.is_some(),
        menu: story.menu,
        offered: story.offered.clone(),
        chosen: story.chosen.clone(),
        talked: talked(report),
        outcome,
        length: after(report.now),
        steps: steps.collect(),
    }
}

fn talked(report: &Report) -> Option<(EmployeeId, Duration)> {
    let talk = report.story.talk.as_ref()?;
    Some((talk.employee.clone(), talk.length(report.now)))
}

/// What the rating learns from it.
fn learnt(client: &ClientId, report: &Report) -> Result<Vec<Change>, NotAnId> {
    let story = &report.story;
    let mut changes = vec![Change::Observe {
        client: client.clone(),
        call: Box::new(Observed {
            call: report.call.clone(),
            at: report.at,
            offered: story.offered.clone(),
            chosen: story.chosen.clone(),
            talked: talked(report),
        }),
    }];
    if let Some(talk) = &story.talk {
        changes.push(Change::Event {
            client: client.clone(),
            event: talk_event(report, talk)?,
            arrived: Timestamp::now(),
        });
    }
    Ok(changes)
}

fn talk_event(report: &Report, talk: &Talk) -> Result<Event, NotAnId> {
    Ok(Event {
        id: EventId::parse(&format!("call:{}", report.call))?,
        version: 0,
        body: Body::Happened(Happening {
            kind: KindName::parse(TALKED)?,
            employee: talk.employee.clone(),
            case: None,
            phones: Vec::new(),
            about: None,
        }),
        time: report.wall_clock(talk.began),
    })
}
