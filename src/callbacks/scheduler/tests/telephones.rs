//! Somebody who only pretends to call, and somebody who remembers what they are told.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::Notify;

use super::*;
use crate::callbacks::{Attempts, Free, News};
use crate::domain::callback::Outcome;

/// Pretends to call: every call lasts until it is told how it ended.
#[derive(Default)]
pub(super) struct Telephones {
    pub(super) free: Mutex<Free>,
    made: Mutex<Vec<(String, u32)>>,
    resumed: Mutex<Vec<(String, u32)>>,
    pub(super) cancelled: Mutex<Vec<String>>,
    outcome: Mutex<Option<Outcome>>,
    /// Whoever talks goes on talking without us.
    pub(super) goes_on: Mutex<bool>,
    ends: Arc<Notify>,
}

impl Telephones {
    pub(super) fn with_operators(free_operators: usize) -> Arc<Self> {
        let telephones = Self::default();
        telephones.set_operators(free_operators);
        Arc::new(telephones)
    }

    pub(super) fn set_operators(&self, free_operators: usize) {
        lock(&self.free).operators = Situation {
            free_operators,
            ..Situation::default()
        };
    }

    pub(super) fn made(&self) -> Vec<(String, u32)> {
        lock(&self.made).clone()
    }

    pub(super) fn resumed(&self) -> Vec<(String, u32)> {
        lock(&self.resumed).clone()
    }

    /// The calls that go on end so.
    pub(super) fn end(&self, outcome: Outcome) {
        *lock(&self.outcome) = Some(outcome);
        self.ends.notify_waiters();
    }

    fn end_of_one(self: &Arc<Self>) -> BoxFuture<'static, Option<AttemptResult>> {
        let telephones = Arc::clone(self);
        async move {
            telephones.ends.notified().await;
            let outcome = *lock(&telephones.outcome);
            let result = AttemptResult::of(outcome, Timestamp::now());
            Some(result).filter(|_| !*lock(&telephones.goes_on))
        }
        .boxed()
    }
}

/// The telephones, to be asked and watched.
pub(super) struct Shared(pub(super) Arc<Telephones>);

impl Attempts for Shared {
    fn who_is_free(&self, owners: HashSet<EmployeeId>) -> BoxFuture<'static, Free> {
        let mut free = lock(&self.0.free).clone();
        free.employees.retain(|employee| owners.contains(employee));
        std::future::ready(free).boxed()
    }

    fn make(&self, job: Box<Job>, number: u32) -> BoxFuture<'static, Option<AttemptResult>> {
        let id = job.wanted.id.as_str().to_owned();
        lock(&self.0.made).push((id, number));
        self.0.end_of_one()
    }

    fn resume(&self, job: Box<Job>, number: u32) -> BoxFuture<'static, Option<AttemptResult>> {
        let id = job.wanted.id.as_str().to_owned();
        lock(&self.0.resumed).push((id, number));
        self.0.end_of_one()
    }

    fn cancel(&self, id: &JobId) {
        lock(&self.0.cancelled).push(id.as_str().to_owned());
    }
}

/// Remembers what became of jobs.
#[derive(Default)]
pub(super) struct Heard(pub(super) Mutex<Vec<String>>);

impl News for Heard {
    fn attempt_ended(&self, job: &Job, result: &AttemptResult) {
        let outcome = result.outcome.map_or("nobody knows", Outcome::name);
        let news = format!("{}: {outcome}", job.wanted.id.as_str());
        lock(&self.0).push(news);
    }

    fn job_ended(&self, job: &Job) {
        let news = format!("{} is over", job.wanted.id.as_str());
        lock(&self.0).push(news);
    }
}
