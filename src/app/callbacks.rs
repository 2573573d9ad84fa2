//! Callbacks: jobs of the store, called by the switchboard, told to webhooks.

mod counting;
mod orders;
mod owners;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::ari::Requests;
use crate::callbacks::{self, Attempts, Free, News, Scheduler};
use crate::domain::callback::attempt;
use crate::domain::callback::{AttemptResult, Job, JobId, Outcome};
use crate::domain::rating::EmployeeId;
use crate::switchboard::Switchboard;
use crate::switchboard::callback::{AttemptId, AttemptReport, CallbackDesk, Callbacks};
use crate::webhooks::{CallbackFact, Fact, Kind, Outbox};

pub(super) use orders::Orders;
pub(super) use owners::Owners;

/// All that callbacks need, but for the switchboard.
pub(super) struct CallbackJobs {
    pub(super) jobs: callbacks::Callbacks,
    pub(super) orders: Orders,
    pub(super) owners: Owners,
    pub(super) outbox: Outbox,
}

impl CallbackJobs {
    /// Calls back whoever is to be, until it is aborted.
    pub(super) fn begin(self, switchboard: &mut Switchboard, requests: Requests) -> AbortHandle {
        let desk = Desk::telling(self.outbox);
        let placing = Placing {
            door: switchboard.callbacks(Arc::new(desk.clone())),
            desk: desk.clone(),
            orders: self.orders,
            owners: self.owners,
            requests,
        };
        let scheduler = Scheduler::new(self.jobs, Arc::new(placing), Arc::new(desk));
        tokio::spawn(scheduler.run()).abort_handle()
    }
}

/// An attempt that goes on, and who waits for its end.
struct Running {
    job: Box<Job>,
    ended: oneshot::Sender<AttemptResult>,
}

/// The attempts that go on. Clones are the same.
#[derive(Clone)]
struct Desk {
    running: Arc<Mutex<HashMap<AttemptId, Running>>>,
    outbox: Outbox,
}

impl Desk {
    fn telling(outbox: Outbox) -> Self {
        Self {
            running: Arc::default(),
            outbox,
        }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<AttemptId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
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
        let job = self
            .running()
            .get(&report.attempt)
            .map(|one| one.job.clone());
        if let Some(job) = job {
            let at = report.wall_clock(report.now);
            let about = (report.number, operator_of(&report));
            self.tell(CallbackFact::attempt_goes_on(kind, &job, about, at));
        }
    }

    fn attempt_ended(&self, outcome: Outcome, report: AttemptReport) {
        if let Some(running) = self.running().remove(&report.attempt) {
            // Nobody waits if we are stopping: then it is an interrupted one after the next start.
            let _ = running.ended.send(result(outcome, &report));
        }
    }
}

fn operator_of(report: &AttemptReport) -> Option<String> {
    Some(report.story.operator.0.clone()).filter(|number| !number.is_empty())
}

fn result(outcome: Outcome, report: &AttemptReport) -> AttemptResult {
    let story = &report.story;
    let talk_ended = story.talk_ended.unwrap_or(report.now);
    AttemptResult {
        ended: report.wall_clock(report.now),
        outcome: Some(outcome),
        cause: story.cause.and_then(|cause| cause.q850),
        sip: story.cause.and_then(|cause| cause.sip),
        talked: story
            .connected
            .map(|since| talk_ended.saturating_duration_since(since)),
        operator: operator_of(report),
    }
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
}

impl Attempts for Placing {
    fn who_is_free(&self, asked: HashSet<EmployeeId>) -> BoxFuture<'static, Free> {
        let (requests, queue) = (self.requests.clone(), self.orders.queue().to_owned());
        let owners = self.owners.clone();
        // Whoever is to be rung any moment is not free, although no telephone of theirs is busy yet.
        let owned = |one: &Running| Some(one.job.wanted.owner.as_ref()?.employee.clone());
        let rung = self.desk.running().values().filter_map(owned).collect();
        async move {
            let (operators, employees) = tokio::join!(
                counting::operators(&requests, &queue),
                owners.free(asked, rung)
            );
            Free {
                operators,
                employees,
            }
        }
        .boxed()
    }

    fn make(&self, job: Box<Job>, number: u32) -> BoxFuture<'static, AttemptResult> {
        let failed = |outcome| AttemptResult::of(Some(outcome), Timestamp::now());
        let order = match self.order(&job, number) {
            Ok(order) => order,
            Err(outcome) => return std::future::ready(failed(outcome)).boxed(),
        };
        let (ended, end) = oneshot::channel();
        // Its end may come at once: the switchboard's must wait until it is known here.
        let mut running = self.desk.running();
        match self.door.start_attempt(order) {
            Ok(id) => drop(running.insert(id, Running { job, ended })),
            Err(error) => {
                tracing::warn!(%error, "a callback was not begun");
                return std::future::ready(failed(Outcome::NetworkFailure)).boxed();
            }
        }
        drop(running);
        async move {
            match end.await {
                Ok(result) => result,
                Err(_) => AttemptResult::of(None, Timestamp::now()),
            }
        }
        .boxed()
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
