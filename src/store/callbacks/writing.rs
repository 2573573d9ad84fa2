//! What happens to callback jobs, written. What is in memory follows when all of a group is on disk.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::domain::callback::{Begun, Job, JobId, State, Taken, Wanted};
use crate::domain::phone::PhoneNumber;

use super::{CallbackChange, Index, job};
use crate::store::change::Done;
use crate::store::error::StoreError;
use crate::store::stored::encode_callback;
use crate::store::trees::Trees;

/// The jobs that a group of writes has changed, in order; `None`: it is not there any more.
#[derive(Debug, Default)]
pub(in crate::store) struct CallbackWrites(Vec<(JobId, Option<Job>)>);

impl CallbackWrites {
    /// Writes one change.
    pub(in crate::store) fn carry_out(
        &mut self,
        trees: &Trees,
        change: &CallbackChange,
    ) -> Result<Done, StoreError> {
        let there = job(trees, change.id())?;
        if let CallbackChange::Put { wanted, at } = change {
            return match there {
                None => self.put(trees, Job::new(Wanted::clone(wanted), *at), Done::Stored),
                Some(mut job) => match job.take(Wanted::clone(wanted), *at) {
                    Taken::Changed => self.put(trees, job, Done::Stored),
                    Taken::Unchanged => Ok(Done::Unchanged),
                    Taken::Over => Ok(Done::Outdated),
                },
            };
        }
        let Some(mut job) = there else {
            return Ok(Done::NotThere);
        };
        let before = job.state;
        let has_worked = step(&mut job, change);
        let done = match has_worked {
            true => Done::Stored,
            false => Done::Outdated,
        };
        // What was refused may have turned out to be over.
        if !has_worked && job.state == before {
            return Ok(done);
        }
        self.put(trees, job, done)
    }

    fn put(&mut self, trees: &Trees, job: Job, done: Done) -> Result<Done, StoreError> {
        let id = job.wanted.id.clone();
        trees
            .callbacks
            .insert(id.as_str(), encode_callback(&job)?)?;
        self.0.push((id, Some(job)));
        Ok(done)
    }

    fn remove(&mut self, trees: &Trees, id: &JobId) -> Result<bool, StoreError> {
        let was_there = trees.callbacks.remove(id.as_str())?;
        self.0.push((id.clone(), None));
        Ok(was_there)
    }

    /// Removes all jobs to some numbers; whether there were any.
    pub(in crate::store) fn forget(
        &mut self,
        trees: &Trees,
        index: &Index,
        numbers: &BTreeSet<PhoneNumber>,
    ) -> Result<bool, StoreError> {
        if numbers.is_empty() {
            return Ok(false);
        }
        let mut ids = index.calling(numbers);
        let written = self.0.iter().filter(|(_, job)| job.is_some());
        ids.extend(written.map(|(id, _)| id.clone()));
        let mut any = false;
        for id in ids {
            let there = job(trees, &id)?;
            let phone = there
                .as_ref()
                .and_then(|job| job.wanted.destination.phone());
            if phone.is_some_and(|phone| numbers.contains(phone)) {
                any |= self.remove(trees, &id)?;
            }
        }
        Ok(any)
    }

    /// Removes jobs that have been over for long, if anything was written at all.
    pub(in crate::store) fn tidy(
        &mut self,
        trees: &Trees,
        index: &Index,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.0.is_empty() {
            return Ok(());
        }
        for id in index.outlived(now) {
            let there = job(trees, &id)?;
            if there.is_some_and(|job| matches!(job.state, State::Ended { .. })) {
                self.remove(trees, &id)?;
            }
        }
        Ok(())
    }

    pub(in crate::store) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of it is on disk: what is in memory follows.
    pub(in crate::store) fn publish(self, index: &mut Index, now: Timestamp) {
        for (id, job) in self.0 {
            match job {
                Some(job) => index.put(&job, now),
                None => index.remove(&id, now),
            }
        }
    }
}

/// Whether it could be done.
fn step(job: &mut Job, change: &CallbackChange) -> bool {
    match change {
        CallbackChange::Put { .. } => false,
        CallbackChange::Begin { at, rules, .. } => {
            matches!(job.begin(*at, rules), Begun::Attempt(_))
        }
        CallbackChange::ComesTo {
            attempt, progress, ..
        } => job.comes_to(*attempt, *progress),
        CallbackChange::Finish {
            attempt,
            result,
            rules,
            ..
        } => job.finish(*attempt, result.clone(), rules),
        CallbackChange::Cancel { at, .. } => job.cancel(*at),
        CallbackChange::Retry { at, .. } => job.retry(*at),
        CallbackChange::GiveUp { at, .. } => job.give_up_if_too_late(*at),
    }
}
