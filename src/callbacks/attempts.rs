//! Who places the calls that jobs ask for, and who hears what becomes of them.

use std::collections::HashSet;

use futures_util::future::BoxFuture;

use crate::domain::callback::{AttemptResult, Job, JobId, Situation};
use crate::domain::rating::EmployeeId;

/// Places the calls.
pub trait Attempts: Send + Sync {
    /// What is going on among the operators now, and who of these employees could take a call. Answers
    /// within a few seconds; with nobody who is free if that can't be told.
    fn who_is_free(&self, owners: HashSet<EmployeeId>) -> BoxFuture<'static, Free>;

    /// Makes one attempt, and says what came of it; `None` if the two talk on and we are about to stop.
    /// It must end, whatever happens.
    fn make(&self, job: Box<Job>, number: u32) -> BoxFuture<'static, Option<AttemptResult>>;

    /// As [`Attempts::make`], for an attempt that a process before this one has begun: nobody is called,
    /// two who talk are watched over, and whatever else is left of it is ended.
    fn resume(&self, job: Box<Job>, number: u32) -> BoxFuture<'static, Option<AttemptResult>>;

    /// The attempt for a job is not wanted any more. Two who talk go on talking.
    fn cancel(&self, id: &JobId);
}

/// Who could take a call.
#[derive(Clone, Debug, Default)]
pub struct Free {
    /// Of the operators. `running` is not known to whoever says this.
    pub operators: Situation,
    /// Of the employees who were asked for.
    pub employees: HashSet<EmployeeId>,
}

/// Hears what becomes of jobs.
pub trait News: Send + Sync {
    /// An attempt is over, and this is the job now. Returns at once.
    fn attempt_ended(&self, job: &Job, result: &AttemptResult);

    /// A job is over without another attempt: too late, or cancelled. Returns at once.
    fn job_ended(&self, job: &Job);
}
