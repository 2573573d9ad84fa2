//! Callback jobs: on disk under their ids, and in memory what is needed to list them and to choose the
//! next one.

mod index;
mod writing;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::domain::callback::{AttemptResult, Hours, Job, JobId, Progress, Rules, Wanted};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::EmployeeId;

use super::Store;
use super::error::StoreError;
use super::stored::decode_callback;
use super::trees::{Trees, caught};

pub(super) use index::Index;
pub(super) use writing::CallbackWrites;

/// The most jobs that wait. Whoever has more has to wait themselves.
pub const MOST_WAITING_CALLBACKS: usize = 200_000;

/// The most jobs that are over and are kept: the latest ones.
pub(super) const MOST_ENDED: usize = 100_000;

/// How long a job that is over is kept.
pub(super) const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(90 * 24);

/// What can happen to a callback job.
#[derive(Clone, Debug)]
pub enum CallbackChange {
    /// It comes, perhaps once more. [`Done::Outdated`](super::Done::Outdated): it is over and stays so.
    Put {
        /// What it asks for.
        wanted: Box<Wanted>,
        /// When it came.
        at: Timestamp,
    },
    /// An attempt is to begin. [`Done::Outdated`](super::Done::Outdated): it must not.
    Begin {
        /// Which job.
        id: JobId,
        /// When.
        at: Timestamp,
        /// What holds for all jobs.
        rules: Arc<Rules>,
    },
    /// An attempt has come so far. [`Done::Outdated`](super::Done::Outdated): that is known, or no such
    /// attempt is going on.
    ComesTo {
        /// Which job.
        id: JobId,
        /// Which attempt.
        attempt: u32,
        /// How far.
        progress: Progress,
    },
    /// An attempt is over. [`Done::Outdated`](super::Done::Outdated): no such attempt is going on.
    Finish {
        /// Which job.
        id: JobId,
        /// Which attempt.
        attempt: u32,
        /// How it ended.
        result: AttemptResult,
        /// What holds for all jobs.
        rules: Arc<Rules>,
    },
    /// It is not wanted any more. [`Done::Outdated`](super::Done::Outdated): it is over already.
    Cancel {
        /// Which job.
        id: JobId,
        /// When.
        at: Timestamp,
    },
    /// It is to be tried now, also if it was over. [`Done::Outdated`](super::Done::Outdated): it is
    /// being tried, or it is too late for it.
    Retry {
        /// Which job.
        id: JobId,
        /// When.
        at: Timestamp,
    },
    /// Its time is over. [`Done::Outdated`](super::Done::Outdated): it is not.
    GiveUp {
        /// Which job.
        id: JobId,
        /// When.
        at: Timestamp,
    },
}

impl CallbackChange {
    /// Which job.
    #[must_use]
    pub fn id(&self) -> &JobId {
        match self {
            Self::Put { wanted, .. } => &wanted.id,
            Self::Begin { id, .. }
            | Self::ComesTo { id, .. }
            | Self::Finish { id, .. }
            | Self::Cancel { id, .. }
            | Self::Retry { id, .. }
            | Self::GiveUp { id, .. } => id,
        }
    }
}

/// Which jobs are listed: those of which all of this holds.
#[derive(Clone, Debug, Default)]
pub struct CallbackFilter {
    /// They wait, run, or are over.
    pub phase: Option<Phase>,
    /// They came at this moment or later.
    pub from: Option<Timestamp>,
    /// They came before this moment.
    pub until: Option<Timestamp>,
    /// They call this number.
    pub phone: Option<PhoneNumber>,
    /// They are this employee's.
    pub owner: Option<EmployeeId>,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It waits for its next attempt.
    Waiting,
    /// Somebody is being called.
    Running,
    /// It is over.
    Ended,
}

/// A place in the list of jobs: when the job came, and which it is.
pub type CallbackPlace = (Timestamp, JobId);

/// How many callback jobs there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallbackCounts {
    /// They wait for an attempt.
    pub waiting: usize,
    /// Somebody is being called.
    pub running: usize,
    /// They are over.
    pub ended: usize,
}

impl Store {
    /// A callback job.
    ///
    /// # Errors
    /// [`StoreError`] if it can't be read.
    pub fn callback(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        self.read(|trees| job(trees, id))
    }

    /// The next jobs of a list, the latest first, at most so many: a page. It ends where fewer are
    /// returned. A single job that can't be read is left out and reported.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn callbacks_before(
        &self,
        filter: &CallbackFilter,
        before: Option<&CallbackPlace>,
        most: usize,
    ) -> Result<Vec<Job>, StoreError> {
        let ids = self.open.shared.callbacks().page(filter, before, most);
        self.callbacks(&ids)
    }

    fn callbacks(&self, ids: &[JobId]) -> Result<Vec<Job>, StoreError> {
        self.read(|trees| {
            let mut jobs = Vec::with_capacity(ids.len());
            for id in ids {
                match job(trees, id) {
                    Ok(job) => jobs.extend(job),
                    Err(reason @ (StoreError::Value(_) | StoreError::Newer(_))) => {
                        self.open.shared.has_failed(&reason);
                    }
                    Err(reason) => return Err(reason),
                }
            }
            Ok(jobs)
        })
    }

    /// The job for which somebody is to be called now: see
    /// [`Queue::next`](crate::domain::callback::choose::Queue::next).
    #[must_use]
    pub fn next_callback(
        &self,
        now: Timestamp,
        hours: &Hours,
        room: bool,
        is_free: impl Fn(&EmployeeId) -> bool,
    ) -> Option<JobId> {
        let mut index = self.open.shared.callbacks();
        index.queue.next(now, hours, room, is_free).cloned()
    }

    /// When it is worth asking for the next one again, if nothing happens before.
    #[must_use]
    pub fn callbacks_wake(&self, now: Timestamp, hours: &Hours) -> Option<Timestamp> {
        self.open.shared.callbacks().queue.wakes(now, hours)
    }

    /// Jobs whose time is over before anybody was called, at most so many.
    #[must_use]
    pub fn overdue_callbacks(&self, now: Timestamp, most: usize) -> Vec<JobId> {
        self.open.shared.callbacks().queue.overdue(now, most)
    }

    /// The jobs for which somebody is being called, or was when we were last stopped.
    #[must_use]
    pub fn running_callbacks(&self) -> Vec<JobId> {
        let index = self.open.shared.callbacks();
        index.queue.running().cloned().collect()
    }

    /// How many callback jobs there are.
    #[must_use]
    pub fn callback_counts(&self) -> CallbackCounts {
        self.open.shared.callbacks().counts()
    }

    /// How many jobs wait for an operator or for the hours to open, and for nothing else.
    #[must_use]
    pub fn due_callbacks(&self, now: Timestamp) -> usize {
        self.open.shared.callbacks().queue.due(now)
    }

    /// Changes whenever something has happened to callback jobs.
    #[must_use]
    pub fn callbacks_change(&self) -> watch::Receiver<()> {
        self.open.shared.callback_news()
    }
}

/// A job on disk.
pub(super) fn job(trees: &Trees, id: &JobId) -> Result<Option<Job>, StoreError> {
    caught(|| {
        let value = trees.callbacks.get(id.as_str())?;
        let job = value.map(|value| decode_callback(id, &value));
        Ok(job.transpose()?)
    })
}
