//! Callback jobs at work: which one is next, what is written before and after each attempt.
//!
//! The store keeps the jobs, `domain::callback` decides; this is what whoever makes the calls has of
//! both. Whatever it answers is on disk.

mod attempts;
mod scheduler;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::domain::callback::{AttemptResult, Job, JobId, Progress, Rules, Situation, State};
use crate::domain::rating::EmployeeId;
use crate::store::{CallbackChange, Change, Done, Store, StoreError};

pub use attempts::{Attempts, Free, News};
pub use scheduler::Scheduler;

#[cfg(test)]
mod tests;

/// So many jobs whose time is over are written together.
const GROUP: usize = 500;

/// Callback jobs at work. Clones are the same.
#[derive(Clone, Debug)]
pub struct Callbacks {
    store: Store,
    rules: Arc<Rules>,
}

/// What came of the wish to begin an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// It has begun, and that is on disk: the person may be called for this job as it is now.
    Begun {
        /// The attempt's number.
        attempt: u32,
        /// The job. What is in it holds for the whole attempt.
        job: Box<Job>,
    },
    /// Nobody may be called for it now. If it turned out to be over, this is what it has become.
    NotNow(Option<Box<Job>>),
}

impl Callbacks {
    /// The jobs of a store.
    #[must_use]
    pub fn new(store: Store, rules: Rules) -> Self {
        Self {
            store,
            rules: Arc::new(rules),
        }
    }

    /// What holds for all jobs.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The job for which somebody is to be called now, if there is one and an operator for it.
    /// `is_free` is whether an employee could take a call for a job of their own.
    ///
    /// It stays the next one until its attempt has begun, so attempts are begun one after the other.
    ///
    /// # Errors
    /// [`StoreError`] if the job can't be read.
    pub fn due(
        &self,
        now: Timestamp,
        situation: Situation,
        is_free: impl Fn(&EmployeeId) -> bool,
    ) -> Result<Option<Job>, StoreError> {
        if situation.running >= self.rules.limits.together {
            return Ok(None);
        }
        let room = self.rules.limits.room(situation) > 0;
        let next = self
            .store
            .next_callback(now, &self.rules.hours, room, is_free);
        match next {
            Some(id) => self.store.callback(&id),
            None => Ok(None),
        }
    }

    /// Changes whenever something has happened to jobs.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.store.callbacks_change()
    }

    /// When it is worth asking for the next one again, if nothing happens before: no job has changed
    /// ([`Store::callbacks_change`]), and no operator has become free.
    #[must_use]
    pub fn wakes(&self, now: Timestamp) -> Option<Timestamp> {
        self.store.callbacks_wake(now, &self.rules.hours)
    }

    /// Begins an attempt. Only when this has answered, somebody may be dialled.
    ///
    /// # Errors
    /// [`StoreError`]: then nobody may be dialled. Whether the attempt has begun is not known;
    /// [`Callbacks::running`] tells.
    pub async fn begin_attempt(&self, id: &JobId, now: Timestamp) -> Result<Beginning, StoreError> {
        let begin = CallbackChange::Begin {
            id: id.clone(),
            at: now,
            rules: Arc::clone(&self.rules),
        };
        let done = self.write(begin).await?;
        let job = self.store.callback(id)?;
        match job {
            Some(job) if done == Done::Stored => match job.state {
                State::Running { attempt, .. } => Ok(Beginning::Begun {
                    attempt,
                    job: Box::new(job),
                }),
                State::Waiting { .. } | State::Ended { .. } => Ok(Beginning::NotNow(None)),
            },
            Some(job) if matches!(job.state, State::Ended { .. }) => {
                Ok(Beginning::NotNow(Some(Box::new(job))))
            }
            Some(_) | None => Ok(Beginning::NotNow(None)),
        }
    }

    /// An attempt has come so far: if we are stopped now, that is known. To say the same twice changes
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError`]: it is not written.
    pub async fn comes_to(
        &self,
        id: &JobId,
        attempt: u32,
        progress: Progress,
    ) -> Result<(), StoreError> {
        let id = id.clone();
        let comes_to = CallbackChange::ComesTo {
            id,
            attempt,
            progress,
        };
        self.write(comes_to).await.map(drop)
    }

    /// An attempt is over. Gives what the job has become; `None` if no such attempt was going on, or if
    /// the person was erased meanwhile. To say the same twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError`]: it is to be said again. Until then the job runs.
    pub async fn end_attempt(
        &self,
        id: &JobId,
        attempt: u32,
        result: AttemptResult,
    ) -> Result<Option<Job>, StoreError> {
        let finish = CallbackChange::Finish {
            id: id.clone(),
            attempt,
            result,
            rules: Arc::clone(&self.rules),
        };
        match self.write(finish).await? {
            Done::Stored => self.store.callback(id),
            Done::Unchanged | Done::Outdated | Done::NotThere | Done::Event(_) => Ok(None),
        }
    }

    /// A job, as it is now.
    ///
    /// # Errors
    /// [`StoreError`] if it can't be read.
    pub fn job(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        self.store.callback(id)
    }

    /// The jobs whose attempts are going on by what is on disk. Right after a start these are the ones
    /// in which we were stopped: whoever finds out how such an attempt ended, or that nobody knows
    /// (an outcome of `None`), says so by [`Callbacks::end_attempt`]. Until then nobody is called for
    /// them, nor for other jobs to their telephones.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn running(&self) -> Result<Vec<Job>, StoreError> {
        let ids = self.store.running_callbacks().into_iter();
        let jobs = ids.filter_map(|id| self.store.callback(&id).transpose());
        jobs.collect()
    }

    /// The attempts that go on although their jobs were cancelled: calls to be ended, unless the two
    /// talk.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn to_be_cancelled(&self) -> Result<Vec<Job>, StoreError> {
        let mut running = self.running()?;
        running.retain(|job| {
            let cancelled = |state| {
                matches!(
                    state,
                    State::Running {
                        cancelled: true,
                        ..
                    }
                )
            };
            cancelled(job.state)
        });
        Ok(running)
    }

    /// Ends the jobs whose time is over before anybody was called; gives them, so that it can be told.
    ///
    /// # Errors
    /// [`StoreError`]: it is to be tried again.
    pub async fn end_overdue(&self, now: Timestamp) -> Result<Vec<Job>, StoreError> {
        let ids = self.store.overdue_callbacks(now, GROUP);
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let give_up = |id: &JobId| {
            let id = id.clone();
            Change::Callback(Box::new(CallbackChange::GiveUp { id, at: now }))
        };
        let done = self.store.write(ids.iter().map(give_up).collect()).await?;
        let ended = ids
            .iter()
            .zip(done)
            .filter(|(_, done)| *done == Done::Stored);
        let jobs = ended.filter_map(|(id, _)| self.store.callback(id).transpose());
        jobs.collect()
    }

    async fn write(&self, change: CallbackChange) -> Result<Done, StoreError> {
        let done = self
            .store
            .write(vec![Change::Callback(Box::new(change))])
            .await?;
        done.first().copied().ok_or(StoreError::BrokeOff)
    }
}
