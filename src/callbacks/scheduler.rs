//! The loop: the right job is called at the right moment, and never more at once than there is room for.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};

use super::{Attempts, Beginning, Callbacks, Free, News};
use crate::domain::callback::{AttemptResult, Job, JobId, Situation, State};
use crate::domain::rating::EmployeeId;
use crate::store::StoreError;

#[cfg(test)]
mod tests;

/// How often we look whether an operator is free while somebody is to be called, and how often at most
/// when much happens.
const BETWEEN_LOOKS: Duration = Duration::from_secs(3);

/// How long we sleep at most: by then it is noticed if the clock was changed.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
const SHORTEST_SLEEP: Duration = Duration::from_secs(1);

/// How long after the store failed it is asked again.
const AFTER_STORE_ERROR: Duration = Duration::from_secs(5);

/// How many owners of jobs are looked at in one go.
const MOST_OWNERS: usize = 20;

/// An attempt that goes on.
struct Running {
    id: JobId,
    number: u32,
    is_cancelled: bool,
}

/// Makes the calls that jobs ask for.
pub struct Scheduler {
    jobs: Callbacks,
    attempts: Arc<dyn Attempts>,
    news: Arc<dyn News>,
    changes: watch::Receiver<()>,
    results: JoinSet<Option<AttemptResult>>,
    running: HashMap<Id, Running>,
    /// Whether their attempts have begun nobody knows: the store failed as it was written.
    unsure: Vec<JobId>,
    /// Nobody is asked before this moment who is free.
    next_look: Instant,
}

impl Scheduler {
    /// For these jobs.
    #[must_use]
    pub fn new(jobs: Callbacks, attempts: Arc<dyn Attempts>, news: Arc<dyn News>) -> Self {
        Self {
            changes: jobs.changes(),
            jobs,
            attempts,
            news,
            results: JoinSet::new(),
            running: HashMap::new(),
            unsure: Vec::new(),
            next_look: Instant::now(),
        }
    }

    /// Works until `stop` completes, or nobody can change jobs any more. Then no attempt begins, and what
    /// came of the last ones is written.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        self.resume_interrupted().await;
        tokio::pin!(stop);
        loop {
            let wakes = match self.look().await {
                Ok(wakes) => wakes,
                Err(error) => {
                    tracing::error!(%error, "callbacks wait until the store works again");
                    Instant::now() + AFTER_STORE_ERROR
                }
            };
            tokio::select! {
                () = &mut stop => break,
                changed = self.changes.changed() => if changed.is_err() {
                    return;
                },
                Some(ended) = self.results.join_next_with_id() => self.attempt_ended(ended).await,
                () = sleep_until(wakes) => {}
            }
        }
        while let Some(ended) = self.results.join_next_with_id().await {
            self.attempt_ended(ended).await;
        }
    }

    /// Attempts of a process before this one go on, or somebody finds out what came of them. Until that
    /// is known, nobody calls these people.
    async fn resume_interrupted(&mut self) {
        let interrupted = loop {
            match self.jobs.running() {
                Ok(jobs) => break jobs,
                Err(StoreError::Closed) => return,
                Err(_) => sleep(AFTER_STORE_ERROR).await,
            }
        };
        for job in interrupted {
            if let State::Running { attempt, .. } = job.state {
                let id = job.wanted.id.clone();
                tracing::info!(job = id.as_str(), "a restart has interrupted an attempt");
                let resumed = self.attempts.resume(Box::new(job), attempt);
                self.watch(id, attempt, resumed);
            }
        }
    }

    /// Does what is to be done now. Gives the moment to look again.
    async fn look(&mut self) -> Result<Instant, StoreError> {
        self.settle_unsure().await?;
        self.cancel_unwanted()?;
        for job in self.jobs.end_overdue(Timestamp::now()).await? {
            self.news.job_ended(&job);
        }
        if self.running.len() >= self.jobs.rules().limits.together {
            return Ok(Instant::now() + LONGEST_SLEEP);
        }
        let Some(owners) = self.whose_are_due()? else {
            return Ok(Instant::now() + self.until_something_is_due());
        };
        if Instant::now() >= self.next_look {
            let free = self.attempts.who_is_free(owners).await;
            let begun = self.begin_what_may(free).await;
            // Counted from the last call on: whoever it rings needs a moment until they count as busy.
            self.next_look = Instant::now() + BETWEEN_LOOKS;
            begun?;
        }
        Ok(self.next_look)
    }

    /// An attempt that has begun by what is in the store, and that nobody makes, is over.
    async fn settle_unsure(&mut self) -> Result<(), StoreError> {
        while let Some(id) = self.unsure.last() {
            let state = self.jobs.job(id)?.map(|job| job.state);
            if let Some(State::Running { attempt, .. }) = state {
                let result = AttemptResult::of(None, Timestamp::now());
                if let Some(job) = self.jobs.end_attempt(id, attempt, result).await? {
                    self.tell(&job);
                }
            }
            self.unsure.pop();
        }
        Ok(())
    }

    fn cancel_unwanted(&mut self) -> Result<(), StoreError> {
        if self.running.is_empty() {
            return Ok(());
        }
        for job in self.jobs.to_be_cancelled()? {
            let id = &job.wanted.id;
            let mut running = self.running.values_mut();
            if let Some(running) = running.find(|one| one.id == *id && !one.is_cancelled) {
                running.is_cancelled = true;
                self.attempts.cancel(id);
            }
        }
        Ok(())
    }

    /// Whose own jobs are due; `None` if nobody's is, and no other either.
    fn whose_are_due(&self) -> Result<Option<HashSet<EmployeeId>>, StoreError> {
        let owners = RefCell::new(HashSet::new());
        let see = |owner: &EmployeeId| {
            let mut owners = owners.borrow_mut();
            if owners.len() < MOST_OWNERS {
                owners.insert(owner.clone());
            }
            false
        };
        let everybody_is_free = Situation {
            free_operators: usize::MAX,
            waiting_callers: 0,
            running: self.running.len(),
        };
        let now = Timestamp::now();
        let is_due = self.jobs.due(now, everybody_is_free, see)?.is_some();
        let owners = owners.into_inner();
        Ok((is_due || !owners.is_empty()).then_some(owners))
    }

    fn until_something_is_due(&self) -> Duration {
        let now = Timestamp::now();
        let wakes = self.jobs.wakes(now);
        let until = wakes.and_then(|wakes| Duration::try_from(wakes.duration_since(now)).ok());
        let until = until.unwrap_or(LONGEST_SLEEP);
        until.clamp(SHORTEST_SLEEP, LONGEST_SLEEP)
    }

    /// Each attempt that begins takes somebody away from the next.
    async fn begin_what_may(&mut self, mut free: Free) -> Result<(), StoreError> {
        free.operators.running = self.running.len();
        loop {
            let now = Timestamp::now();
            let is_free = |owner: &EmployeeId| free.employees.contains(owner);
            let Some(job) = self.jobs.due(now, free.operators, is_free)? else {
                return Ok(());
            };
            let id = &job.wanted.id;
            let beginning = self.jobs.begin_attempt(id, now).await;
            if beginning.is_err() {
                self.unsure.push(id.clone());
            }
            match beginning? {
                Beginning::Begun { attempt, job } => {
                    take_from(&mut free, &job, now);
                    self.call(job, attempt);
                }
                Beginning::NotNow(Some(over)) => self.news.job_ended(&over),
                Beginning::NotNow(None) => return Ok(()),
            }
        }
    }

    fn call(&mut self, job: Box<Job>, number: u32) {
        let id = job.wanted.id.clone();
        tracing::info!(job = id.as_str(), number, "an attempt begins");
        let made = self.attempts.make(job, number);
        self.watch(id, number, made);
    }

    fn watch(&mut self, id: JobId, number: u32, made: BoxFuture<'static, Option<AttemptResult>>) {
        let task = self.results.spawn(made);
        let running = Running {
            id,
            number,
            is_cancelled: false,
        };
        self.running.insert(task.id(), running);
    }

    async fn attempt_ended(&mut self, ended: Result<(Id, Option<AttemptResult>), JoinError>) {
        let (task, result) = match ended {
            Ok((task, result)) => (task, result),
            Err(error) => {
                tracing::error!(%error, "an attempt broke off");
                let nobody_knows = AttemptResult::of(None, Timestamp::now());
                (error.id(), Some(nobody_knows))
            }
        };
        let running = self.running.remove(&task);
        // Of two who talk on, the next process tells.
        if let (Some(Running { id, number, .. }), Some(result)) = (running, result) {
            self.finish(&id, number, result).await;
        }
        // Somebody may be free again.
        self.next_look = Instant::now();
    }

    /// Until it is written, the job runs by what is on disk, and nobody is called for it.
    async fn finish(&self, id: &JobId, number: u32, result: AttemptResult) {
        let mut has_failed = false;
        loop {
            match self.jobs.end_attempt(id, number, result.clone()).await {
                Ok(Some(job)) => return self.tell(&job),
                Ok(None) if has_failed => return self.tell_if_written(id, number),
                Ok(None) | Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!(%error, "what came of an attempt can't be written yet");
                    has_failed = true;
                    sleep(AFTER_STORE_ERROR).await;
                }
            }
        }
    }

    /// A write that failed may have been written all the same.
    fn tell_if_written(&self, id: &JobId, number: u32) {
        if let Ok(Some(job)) = self.jobs.job(id)
            && job.history.last().is_some_and(|last| last.number == number)
        {
            self.tell(&job);
        }
    }

    /// What is remembered of the attempt may be more than whoever made it knew.
    fn tell(&self, job: &Job) {
        if let Some(attempt) = job.history.last() {
            self.news.attempt_ended(job, &attempt.result);
        }
    }
}

/// Whoever gets this call takes no other.
fn take_from(free: &mut Free, job: &Job, now: Timestamp) {
    let owner = job.wanted.owner.as_ref();
    let is_still_theirs = |released: Option<Timestamp>| released.is_none_or(|at| at > now);
    if let Some(owner) = owner.filter(|owner| is_still_theirs(owner.released)) {
        free.employees.remove(&owner.employee);
        return;
    }
    let operators = &mut free.operators;
    operators.free_operators = operators.free_operators.saturating_sub(1);
    operators.running += 1;
}
