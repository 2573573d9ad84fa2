//! Callbacks: jobs of the store, called by the switchboard, told to webhooks.

mod counting;
mod orders;
mod owners;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::ari::Requests;
use crate::callbacks::{self, Attempts, Free, News, Scheduler};
use crate::domain::callback::attempt;
use crate::domain::callback::{AttemptResult, Job, JobId, Outcome, Progress};
use crate::domain::rating::EmployeeId;
use crate::metrics;
use crate::switchboard::Switchboard;
use crate::switchboard::callback::{AttemptId, AttemptReport, CallbackDesk, Callbacks, NotStarted};
use crate::webhooks::{CallbackFact, Fact, Kind, Outbox};

pub(super) use orders::Orders;
pub(super) use owners::Owners;

/// How long the last writes may take when we stop.
const LAST_WRITES: Duration = Duration::from_secs(2);

/// All that callbacks need, but for the switchboard.
pub(super) struct CallbackJobs {
    pub(super) jobs: callbacks::Callbacks,
    pub(super) orders: Orders,
    pub(super) owners: Owners,
    pub(super) outbox: Outbox,
}

impl CallbackJobs {
    /// Calls back whoever is to be.
    pub(super) fn begin(self, switchboard: &mut Switchboard, requests: Requests) -> CallingBack {
        let desk = Desk::telling(self.outbox, self.jobs.clone());
        let placing = Placing {
            door: switchboard.callbacks(Arc::new(desk.clone())),
            desk: desk.clone(),
            orders: self.orders,
            owners: self.owners,
            requests,
        };
        let scheduler = Scheduler::new(self.jobs, Arc::new(placing), Arc::new(desk));
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(scheduler.run(async move {
            let _ = stopped.wait_for(|stops| *stops).await;
        }));
        CallingBack { stop, task }
    }
}

/// People are being called back.
pub(super) struct CallingBack {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl CallingBack {
    /// Nobody is called from now on.
    pub(super) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until what came of the last attempts is written. What is not written in time, the next
    /// process finds out.
    pub(super) async fn finish(self) {
        self.stop();
        let mut task = self.task;
        if timeout(LAST_WRITES, &mut task).await.is_err() {
            task.abort();
        }
    }
}

/// An attempt that goes on, and who waits for its end.
struct Running {
    job: Box<Job>,
    /// It waits in the queue until an operator picks up.
    is_in_queue: bool,
    ended: oneshot::Sender<End>,
}

/// The end of an attempt, as the switchboard tells it.
type End = (Option<Outcome>, AttemptReport);

/// The attempts that go on. Clones are the same.
#[derive(Clone)]
struct Desk {
    running: Arc<Mutex<HashMap<AttemptId, Running>>>,
    outbox: Outbox,
    jobs: callbacks::Callbacks,
}

impl Desk {
    fn telling(outbox: Outbox, jobs: callbacks::Callbacks) -> Self {
        Self {
            running: Arc::default(),
            outbox,
            jobs,
        }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<AttemptId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many attempts wait in the queue until an operator picks up.
    fn in_queue(&self) -> usize {
        let running = self.running();
        running.values().filter(|one| one.is_in_queue).count()
    }

    fn tell(&self, fact: CallbackFact) {
        self.outbox.tell(Fact::Callback(Box::new(fact)));
    }
}

impl CallbackDesk for Desk {
    fn attempt_goes_on(&self, news: attempt::News, report: AttemptReport) {
        let kind = match news {
            attempt::News::OperatorAnswered => Kind::CallbackOperatorAnswered,
            attempt::News::PatientDialled => Kind::CallbackPersonDialled,
            attempt::News::Connected => Kind::CallbackConnected,
        };
        let job = self.running().get_mut(&report.attempt).map(|one| {
            one.is_in_queue = false;
            one.job.clone()
        });
        if let Some(job) = job {
            if let Some(progress) = how_far(&report.story) {
                let (desk, id) = (self.clone(), job.wanted.id.clone());
                let number = report.number;
                tokio::spawn(async move { desk.note(&id, number, progress).await });
            }
            let at = report.wall_clock(report.now);
            let about = (report.number, operator_of(&report));
            self.tell(CallbackFact::attempt_goes_on(kind, &job, about, at));
        }
    }

    fn attempt_ended(&self, outcome: Option<Outcome>, report: AttemptReport) {
        if let Some(running) = self.running().remove(&report.attempt) {
            // Nobody waits if we are stopping: then the next process finds out.
            let _ = running.ended.send((outcome, report));
        }
    }
}

impl Desk {
    /// Has it on disk how far an attempt has come, should we be stopped in the middle.
    async fn note(&self, id: &JobId, number: u32, progress: Progress) {
        if let Err(error) = self.jobs.comes_to(id, number, progress).await {
            tracing::warn!(%error, "how far an attempt has come can't be written");
        }
    }

    /// What an attempt came to; `None` if the two talk on without us.
    async fn result_of(&self, id: &JobId, (outcome, report): End) -> Option<AttemptResult> {
        let story = &report.story;
        if outcome == Some(Outcome::Connected) && story.talk_ended.is_none() {
            return None;
        }
        if let (None, Some(progress)) = (outcome, how_far(story)) {
            self.note(id, report.number, progress).await;
        }
        Some(result(outcome, &report))
    }
}

fn how_far(story: &attempt::Story) -> Option<Progress> {
    match (story.connected, story.patient_dialled) {
        (Some(_), _) => Some(Progress::Connected),
        (None, Some(_)) => Some(Progress::Dialled),
        (None, None) => None,
    }
}

fn operator_of(report: &AttemptReport) -> Option<String> {
    Some(report.story.operator.0.clone()).filter(|number| !number.is_empty())
}

fn result(outcome: Option<Outcome>, report: &AttemptReport) -> AttemptResult {
    let story = &report.story;
    let talk_ended = story.talk_ended.unwrap_or(report.now);
    AttemptResult {
        ended: report.wall_clock(report.now),
        outcome,
        cause: story.cause.and_then(|cause| cause.q850),
        sip: story.cause.and_then(|cause| cause.sip),
        talked: story
            .connected
            .map(|since| talk_ended.saturating_duration_since(since)),
        operator: operator_of(report),
    }
}

/// An attempt that is over before it has begun.
fn came_to(outcome: Option<Outcome>) -> BoxFuture<'static, Option<AttemptResult>> {
    let result = AttemptResult::of(outcome, Timestamp::now());
    std::future::ready(Some(result)).boxed()
}

/// Places the calls, through the switchboard.
struct Placing {
    door: Callbacks,
    desk: Desk,
    orders: Orders,
    owners: Owners,
    requests: Requests,
}

impl Placing {
    /// What is to be done for a job, or what it can't be done for.
    fn order(&self, job: &Job, number: u32) -> Result<attempt::Order, Outcome> {
        let owner = match Owners::of(job, Timestamp::now()) {
            // They were free a moment ago.
            Some(owner) => Some(self.owners.reached(owner).ok_or(Outcome::OperatorMissing)?),
            None => None,
        };
        let order = self.orders.order(job, number, owner);
        order.ok_or(Outcome::InvalidNumber)
    }

    /// Gives an order to the switchboard, and waits for what comes of it.
    fn watch(
        &self,
        job: Box<Job>,
        is_in_queue: bool,
        order: impl FnOnce(&Callbacks) -> Result<AttemptId, NotStarted>,
    ) -> Result<BoxFuture<'static, Option<AttemptResult>>, NotStarted> {
        let (ended, end) = oneshot::channel();
        let id = job.wanted.id.clone();
        // Its end may come at once: the switchboard's must wait until it is known here.
        let mut running = self.desk.running();
        let one = Running {
            job,
            is_in_queue,
            ended,
        };
        running.insert(order(&self.door)?, one);
        drop(running);
        let desk = self.desk.clone();
        let result = async move {
            match end.await {
                Ok(end) => desk.result_of(&id, end).await,
                Err(_) => Some(AttemptResult::of(None, Timestamp::now())),
            }
        };
        Ok(result.boxed())
    }
}

impl Attempts for Placing {
    fn who_is_free(&self, asked: HashSet<EmployeeId>) -> BoxFuture<'static, Free> {
        let (requests, queue) = (self.requests.clone(), self.orders.queue().to_owned());
        let owners = self.owners.clone();
        // Whoever is to be rung any moment is not free, although no telephone of theirs is busy yet.
        let owned = |one: &Running| Some(one.job.wanted.owner.as_ref()?.employee.clone());
        let rung = self.desk.running().values().filter_map(owned).collect();
        let in_queue = self.desk.in_queue();
        async move {
            let (operators, employees) = tokio::join!(
                counting::operators(&requests, &queue, in_queue),
                owners.free(asked, rung)
            );
            Free {
                operators,
                employees,
            }
        }
        .boxed()
    }

    fn make(&self, job: Box<Job>, number: u32) -> BoxFuture<'static, Option<AttemptResult>> {
        let order = match self.order(&job, number) {
            Ok(order) => order,
            Err(outcome) => return came_to(Some(outcome)),
        };
        let is_in_queue = order.operators.owner.is_empty();
        let begun = self.watch(job, is_in_queue, |door| door.start_attempt(order));
        begun.unwrap_or_else(|error| {
            tracing::warn!(%error, "a callback was not begun");
            came_to(Some(match error {
                NotStarted::Stopped => Outcome::Cancelled,
                NotStarted::TooMany => Outcome::NetworkFailure,
            }))
        })
    }

    fn resume(&self, job: Box<Job>, number: u32) -> BoxFuture<'static, Option<AttemptResult>> {
        let owner = Owners::of(&job, Timestamp::now());
        let owner = owner.and_then(|owner| self.owners.reached(owner));
        let Some(order) = self.orders.order(&job, number, owner) else {
            return came_to(None);
        };
        let resumed = self.watch(job, false, |door| door.resume_attempt(order));
        resumed.unwrap_or_else(|error| {
            tracing::warn!(%error, "a callback is left to the next process");
            std::future::ready(None).boxed()
        })
    }
    fn cancel(&self, id: &JobId) {
        let attempts: Vec<AttemptId> = {
            let running = self.desk.running();
            let of_job = running.iter().filter(|(_, one)| one.job.wanted.id == *id);
            of_job.map(|(attempt, _)| attempt.clone()).collect()
        };
        for attempt in attempts {
            if let Err(error) = self.door.cancel(&attempt) {
                tracing::warn!(%error, "a cancelled callback goes on");
            }
        }
    }
}

impl News for Desk {
    fn attempt_ended(&self, job: &Job, result: &AttemptResult) {
        metrics::attempted(result.outcome);
        self.tell(CallbackFact::attempt_ended(job, result));
        self.tell_if_over(job);
    }

    fn job_ended(&self, job: &Job) {
        self.tell_if_over(job);
    }
}

impl Desk {
    fn tell_if_over(&self, job: &Job) {
        if let Some(fact) = CallbackFact::job_ended(job) {
            self.tell(fact);
        }
    }
}
