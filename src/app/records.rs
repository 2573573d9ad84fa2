//! What came of calls, written into the store: each into the journal, and the rating learns from every
//! talk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{Notify, mpsc};
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

/// How long a call that is over waits for others, to be written with them: each writing waits for the
/// disk, and nobody waits for it.
const GATHERS: Duration = Duration::from_millis(200);

/// How many are written together at most.
const MOST_TOGETHER: usize = 50;

/// How long what waits may take to be written when we stop.
const STOP_TIME: Duration = Duration::from_secs(2);

/// Takes calls that are over.
#[derive(Clone)]
pub(super) struct Records(mpsc::Sender<(Outcome, Report)>);

/// Writes them.
pub(super) struct Writing {
    task: JoinHandle<()>,
    no_more: Arc<Notify>,
}

impl Records {
    /// Begins to write into the store.
    pub(super) fn begin(store: Store, callers: Arc<Callers>) -> (Self, Writing) {
        let (sender, mut reports) = mpsc::channel(MOST_WAITING);
        let no_more = Arc::new(Notify::new());
        let told = Arc::clone(&no_more);
        let task = tokio::spawn(async move {
            while let Some(ended) = gather(&mut reports, &told).await {
                write(&store, Arc::clone(&callers), ended).await;
            }
        });
        (Self(sender), Writing { task, no_more })
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
        self.no_more.notify_one();
        if timeout(STOP_TIME, self.task).await.is_err() {
            tracing::warn!("the store is slow: what came of the last calls is not kept");
        }
    }
}

/// The next call that is over, and those that are over soon after it, or before `no_more` says that there are
/// no others; `None` if there will be none at all.
async fn gather<Ended>(
    reports: &mut mpsc::Receiver<Ended>,
    no_more: &Notify,
) -> Option<Vec<Ended>> {
    let mut gathered = vec![reports.recv().await?];
    take_those_there(&mut gathered, reports);
    if gathered.len() < MOST_TOGETHER && !reports.is_closed() {
        // Reports are not listened for meanwhile: each would wake us.
        let _ = timeout(GATHERS, no_more.notified()).await;
        take_those_there(&mut gathered, reports);
    }
    Some(gathered)
}

fn take_those_there<Ended>(gathered: &mut Vec<Ended>, reports: &mut mpsc::Receiver<Ended>) {
    while gathered.len() < MOST_TOGETHER
        && let Ok(ended) = reports.try_recv()
    {
        gathered.push(ended);
    }
}

async fn write(store: &Store, callers: Arc<Callers>, ended: Vec<(Outcome, Report)>) {
    let changes = tokio::task::spawn_blocking(move || {
        let changes = ended.iter().map(|(outcome, report)| {
            let client = report.caller.as_ref();
            let client = client.map(|caller| client_of(&callers, caller));
            changes(client.as_ref(), *outcome, report)
        });
        changes.filter_map(kept).flatten().collect()
    });
    let Ok(changes) = changes.await else { return };
    match store.write(changes).await {
        Ok(_) => tracing::debug!("what came of calls is kept"),
        Err(error) => tracing::error!(%error, "what came of calls is not kept"),
    }
}

fn kept(changes: Result<Vec<Change>, NotAnId>) -> Option<Vec<Change>> {
    changes
        .inspect_err(|error| tracing::error!(%error, "what came of a call can't be kept"))
        .ok()
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

#[cfg(test)]
mod tests {
    use std::future::{Future, poll_fn};
    use std::pin::pin;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::time::{Instant as Virtual, sleep};

    use super::*;
    use crate::TestResult;

    #[tokio::test(start_paused = true)]
    async fn calls_that_end_soon_after_one_another_are_written_together() -> TestResult {
        let (sender, mut reports) = mpsc::channel(MOST_WAITING);
        let ends = async {
            for call in 1..=3 {
                sender.send(call).await?;
                sleep(GATHERS / 2 + Duration::from_millis(1)).await;
            }
            Ok(())
        };
        let no_more = Notify::new();
        let (gathered, sent) = tokio::join!(gather(&mut reports, &no_more), ends);
        assert_eq!(gathered, Some(vec![1, 2]));
        assert_eq!(gather(&mut reports, &Notify::new()).await, Some(vec![3]));
        sent
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_end_while_others_are_gathered_wake_nobody() -> TestResult {
        let (sender, mut reports) = mpsc::channel(MOST_WAITING);
        let wakes = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&wakes);
        let gathering = tokio::spawn(async move {
            let no_more = Notify::new();
            let mut gathering = pin!(gather(&mut reports, &no_more));
            let counting = poll_fn(|context| {
                counted.fetch_add(1, Ordering::Relaxed);
                gathering.as_mut().poll(context)
            });
            counting.await
        });
        for call in 1..=4 {
            sleep(GATHERS / 5).await;
            sender.send(call).await?;
        }
        assert_eq!(gathering.await?, Some(vec![1, 2, 3, 4]));
        // When it began, for the first call, and when the time was over.
        assert_eq!(wakes.load(Ordering::Relaxed), 3);
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_taken_is_written_at_once_when_nothing_more_comes() -> TestResult {
        let (sender, mut reports) = mpsc::channel(MOST_WAITING);
        sender.send(1).await?;
        drop(sender);
        let began = Virtual::now();
        assert_eq!(gather(&mut reports, &Notify::new()).await, Some(vec![1]));
        assert_eq!(gather(&mut reports, &Notify::new()).await, None);
        assert_eq!(began.elapsed(), Duration::ZERO);
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_being_gathered_is_written_at_once_when_we_stop() -> TestResult {
        let (sender, mut reports) = mpsc::channel(MOST_WAITING);
        let no_more = Notify::new();
        let began = Virtual::now();
        let stops = async {
            for call in 1..=2 {
                sender.send(call).await?;
                sleep(GATHERS / 4).await;
            }
            drop(sender);
            no_more.notify_one();
            Ok(())
        };
        let (gathered, sent) = tokio::join!(gather(&mut reports, &no_more), stops);
        assert_eq!(gathered, Some(vec![1, 2]));
        assert_eq!(began.elapsed(), GATHERS / 2);
        sent
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_are_written_together() -> TestResult {
        let (sender, mut reports) = mpsc::channel(MOST_WAITING);
        for call in 0..=MOST_TOGETHER {
            sender.send(call).await?;
        }
        let began = Virtual::now();
        let gathered = gather(&mut reports, &Notify::new()).await;
        assert_eq!(gathered.map(|calls| calls.len()), Some(MOST_TOGETHER));
        assert_eq!(began.elapsed(), Duration::ZERO);
        Ok(())
    }
}
