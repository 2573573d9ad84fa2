//! Jobs in a real store, and somebody who only pretends to call.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::*;
use crate::callbacks::{Attempts, Callbacks, Free, News};
use crate::crm::working_hours;
use crate::domain::callback::{
    Destination, DiallingPolicy, Ending, Hours, Limits, Outcome, Owner, Pauses, Rules, State,
    Wanted,
};
use crate::domain::phone::PhoneNumber;
use crate::store::{self, CallbackChange, Change, Done, Store};

/// Longer than a disk takes, by the clock on the wall.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Pretends to call: every call lasts until it is told how it ended.
#[derive(Default)]
struct Telephones {
    free: Mutex<Free>,
    made: Mutex<Vec<(String, u32)>>,
    resumed: Mutex<Vec<(String, u32)>>,
    cancelled: Mutex<Vec<String>>,
    outcome: Mutex<Option<Outcome>>,
    /// Whoever talks goes on talking without us.
    goes_on: Mutex<bool>,
    ends: Arc<Notify>,
}

impl Telephones {
    fn with_operators(free_operators: usize) -> Arc<Self> {
        let telephones = Self::default();
        telephones.set_operators(free_operators);
        Arc::new(telephones)
    }

    fn set_operators(&self, free_operators: usize) {
        self.free.lock().unwrap().operators = Situation {
            free_operators,
            ..Situation::default()
        };
    }

    fn made(&self) -> Vec<(String, u32)> {
        self.made.lock().unwrap().clone()
    }

    fn resumed(&self) -> Vec<(String, u32)> {
        self.resumed.lock().unwrap().clone()
    }

    /// The calls that go on end so.
    fn end(&self, outcome: Outcome) {
        *self.outcome.lock().unwrap() = Some(outcome);
        self.ends.notify_waiters();
    }

    fn end_of_one(self: &Arc<Self>) -> BoxFuture<'static, Option<AttemptResult>> {
        let telephones = Arc::clone(self);
        async move {
            telephones.ends.notified().await;
            let outcome = *telephones.outcome.lock().unwrap();
            let result = AttemptResult::of(outcome, Timestamp::now());
            Some(result).filter(|_| !*telephones.goes_on.lock().unwrap())
        }
        .boxed()
    }
}

/// The telephones, to be asked and watched.
struct Shared(Arc<Telephones>);

impl Attempts for Shared {
    fn who_is_free(&self, owners: HashSet<EmployeeId>) -> BoxFuture<'static, Free> {
        let mut free = self.0.free.lock().unwrap().clone();
        free.employees.retain(|employee| owners.contains(employee));
        std::future::ready(free).boxed()
    }

    fn make(&self, job: Box<Job>, number: u32) -> BoxFuture<'static, Option<AttemptResult>> {
        let id = job.wanted.id.as_str().to_owned();
        self.0.made.lock().unwrap().push((id, number));
        self.0.end_of_one()
    }

    fn resume(&self, job: Box<Job>, number: u32) -> BoxFuture<'static, Option<AttemptResult>> {
        let id = job.wanted.id.as_str().to_owned();
        self.0.resumed.lock().unwrap().push((id, number));
        self.0.end_of_one()
    }

    fn cancel(&self, id: &JobId) {
        self.0
            .cancelled
            .lock()
            .unwrap()
            .push(id.as_str().to_owned());
    }
}

/// Remembers what became of jobs.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl News for Heard {
    fn attempt_ended(&self, job: &Job, result: &AttemptResult) {
        let outcome = result.outcome.map_or("nobody knows", Outcome::name);
        let news = format!("{}: {outcome}", job.wanted.id.as_str());
        self.0.lock().unwrap().push(news);
    }

    fn job_ended(&self, job: &Job) {
        let news = format!("{} is over", job.wanted.id.as_str());
        self.0.lock().unwrap().push(news);
    }
}

fn rules() -> Rules {
    let week = working_hours("daily 00:00-24:00").unwrap();
    Rules {
        hours: Hours::new(week, BTreeSet::new()).unwrap(),
        zone: TimeZone::UTC,
        pauses: Pauses::default(),
        attempts: 3,
        limits: Limits::default(),
        dialling: DiallingPolicy::default(),
    }
}

fn wanted(id: &str, number: u64) -> Wanted {
    let phone = PhoneNumber::of_digits(79_160_000_000 + number);
    Wanted::new(JobId::parse(id).unwrap(), Destination::Phone(phone))
}

/// A clinic whose jobs are being called.
struct Clinic {
    store: Store,
    telephones: Arc<Telephones>,
    heard: Arc<Heard>,
    _directory: TempDir,
}

impl Clinic {
    async fn with(telephones: Arc<Telephones>, jobs: Vec<Wanted>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let place = store::Settings::new(directory.path().join("store"), TimeZone::UTC);
        let clinic = Self {
            store: Store::open(&place).unwrap().store,
            telephones,
            heard: Arc::default(),
            _directory: directory,
        };
        let at = Timestamp::now();
        for wanted in jobs {
            clinic
                .change(CallbackChange::Put {
                    wanted: Box::new(wanted),
                    at,
                })
                .await;
        }
        clinic
    }

    fn works(&self) -> tokio::task::AbortHandle {
        self.works_until(std::future::pending()).abort_handle()
    }

    fn works_until(&self, stop: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        let attempts = Arc::new(Shared(Arc::clone(&self.telephones)));
        let news = Arc::clone(&self.heard);
        let jobs = Callbacks::new(self.store.clone(), rules());
        let scheduler = Scheduler::new(jobs, attempts, news);
        tokio::spawn(scheduler.run(stop))
    }

    async fn change(&self, change: CallbackChange) -> Done {
        let change = Change::Callback(Box::new(change));
        self.store.write(vec![change]).await.unwrap()[0]
    }

    fn job(&self, id: &str) -> Job {
        let job = self.store.callback(&JobId::parse(id).unwrap()).unwrap();
        job.unwrap()
    }

    fn heard(&self) -> Vec<String> {
        self.heard.0.lock().unwrap().clone()
    }
}

/// The scheduler's time is virtual and the store's is the disk's own, so a little of both passes.
async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = std::time::Instant::now();
    while !is_so() {
        assert!(began.elapsed() < LONGEST_WAIT, "never: {what}");
        std::thread::sleep(Duration::from_millis(1));
        sleep(Duration::from_millis(20)).await;
    }
}

fn made(id: &str, number: u32) -> (String, u32) {
    (id.to_owned(), number)
}

#[tokio::test(start_paused = true)]
async fn a_job_is_called_and_what_came_of_it_is_kept_and_told() {
    let clinic = Clinic::with(Telephones::with_operators(3), vec![wanted("a", 1)]).await;
    clinic.works();
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
    clinic.telephones.end(Outcome::Connected);
    until("told", || clinic.heard() == ["a: connected"]).await;
    let state = clinic.job("a").state;
    assert!(matches!(
        state,
        State::Ended {
            ending: Ending::Connected,
            ..
        }
    ));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_called_until_an_operator_is_free() {
    let clinic = Clinic::with(Telephones::with_operators(1), vec![wanted("a", 1)]).await;
    clinic.works();
    sleep(Duration::from_secs(60)).await;
    assert!(
        clinic.telephones.made().is_empty(),
        "one stays for those who call us"
    );
    clinic.telephones.set_operators(2);
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
}

#[tokio::test(start_paused = true)]
async fn each_call_takes_an_operator_away_from_the_next() {
    let jobs = (0..5).map(|number| wanted(&format!("job-{number}"), number));
    let clinic = Clinic::with(Telephones::with_operators(3), jobs.collect()).await;
    clinic.works();
    until("called", || clinic.telephones.made().len() == 2).await;
    clinic.telephones.set_operators(1);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(clinic.telephones.made().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_cancelled_while_it_is_called_ends_its_call() {
    let clinic = Clinic::with(Telephones::with_operators(3), vec![wanted("a", 1)]).await;
    clinic.works();
    until("called", || !clinic.telephones.made().is_empty()).await;
    let (id, at) = (JobId::parse("a").unwrap(), Timestamp::now());
    clinic.change(CallbackChange::Cancel { id, at }).await;
    let cancelled = || clinic.telephones.cancelled.lock().unwrap().clone();
    until("cancelled", || cancelled() == ["a"]).await;
    clinic.telephones.end(Outcome::Cancelled);
    until("told", || clinic.heard() == ["a: cancelled"]).await;
    assert_eq!(cancelled(), ["a"], "once is enough");
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_nobody_is_called_twice_for_one_attempt() {
    let clinic = Clinic::with(Telephones::with_operators(3), vec![wanted("a", 1)]).await;
    let first = clinic.works();
    until("called", || !clinic.telephones.made().is_empty()).await;
    first.abort();
    clinic.works();
    until("resumed", || clinic.telephones.resumed() == [made("a", 1)]).await;
    sleep(Duration::from_secs(600)).await;
    assert_eq!(
        clinic.heard(),
        Vec::<String>::new(),
        "not before it is known"
    );
    assert!(matches!(clinic.job("a").state, State::Running { .. }));
    clinic.telephones.end(Outcome::NoAnswer);
    until("told", || clinic.heard() == ["a: no-answer"]).await;
    sleep(Duration::from_secs(60)).await;
    assert_eq!(clinic.telephones.made(), [made("a", 1)]);
    assert!(matches!(clinic.job("a").state, State::Waiting { .. }));
}

#[tokio::test(start_paused = true)]
async fn while_an_attempt_of_the_process_before_is_looked_for_others_are_called() {
    let both = vec![
        wanted("a", 1),
        // To the same telephone.
        wanted("b", 1),
        wanted("c", 2),
    ];
    let clinic = Clinic::with(Telephones::with_operators(2), both).await;
    let first = clinic.works();
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
    first.abort();
    clinic.telephones.set_operators(9);
    clinic.works();
    until("called", || {
        clinic.telephones.made() == [made("a", 1), made("c", 1)]
    })
    .await;
    sleep(Duration::from_secs(60)).await;
    assert_eq!(clinic.telephones.made().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_came_of_an_attempt_is_written_also_when_we_stop() {
    let jobs = vec![wanted("a", 1), wanted("b", 2)];
    let clinic = Clinic::with(Telephones::with_operators(2), jobs).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let works = clinic.works_until(async { drop(stopped.await) });
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
    stop.send(()).unwrap();
    clinic.telephones.set_operators(9);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(
        clinic.telephones.made().len(),
        1,
        "nobody is called any more"
    );
    clinic.telephones.end(Outcome::Cancelled);
    works.await.unwrap();
    assert_eq!(clinic.heard(), ["a: cancelled"]);
    assert!(matches!(clinic.job("a").state, State::Waiting { .. }));
}

#[tokio::test(start_paused = true)]
async fn with_a_full_disk_the_result_is_kept_until_it_can_be_written() {
    let clinic = Clinic::with(Telephones::with_operators(2), vec![wanted("a", 1)]).await;
    clinic.works();
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
    for _ in 0..3 {
        clinic.store.next_write_fails();
    }
    clinic.telephones.set_operators(9);
    clinic.telephones.end(Outcome::Busy);
    let full = || clinic.store.condition() == store::Condition::Fails;
    until("the disk is full", full).await;
    assert_eq!(
        clinic.heard(),
        Vec::<String>::new(),
        "not before it is written"
    );
    until("told", || clinic.heard() == ["a: busy"]).await;
    assert_eq!(clinic.telephones.made(), [made("a", 1)], "nobody twice");
    assert_eq!(clinic.job("a").used, 1);
}

#[tokio::test(start_paused = true)]
async fn with_a_full_disk_nobody_is_called_and_the_job_is_not_lost() {
    let clinic = Clinic::with(Telephones::with_operators(2), vec![wanted("a", 1)]).await;
    clinic.store.next_write_fails();
    clinic.works();
    // It may have been written all the same.
    until("told", || clinic.heard() == ["a: nobody knows"]).await;
    assert!(clinic.telephones.made().is_empty());
    assert_eq!(clinic.job("a").used, 0);
    assert!(matches!(clinic.job("a").state, State::Waiting { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_talk_that_goes_on_without_us_is_left_to_the_next_process() {
    let clinic = Clinic::with(Telephones::with_operators(2), vec![wanted("a", 1)]).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let works = clinic.works_until(async { drop(stopped.await) });
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
    stop.send(()).unwrap();
    *clinic.telephones.goes_on.lock().unwrap() = true;
    sleep(Duration::from_secs(1)).await;
    clinic.telephones.end(Outcome::Connected);
    works.await.unwrap();
    assert_eq!(clinic.heard(), Vec::<String>::new());
    assert!(matches!(clinic.job("a").state, State::Running { .. }));
}

#[tokio::test(start_paused = true)]
async fn ones_own_job_waits_for_its_owner_alone() {
    let eugenia = EmployeeId::parse("eugenia").unwrap();
    let owner = Some(Owner {
        employee: eugenia.clone(),
        released: None,
    });
    let own = Wanted {
        owner,
        ..wanted("own", 1)
    };
    let clinic = Clinic::with(Telephones::with_operators(3), vec![own]).await;
    clinic.works();
    sleep(Duration::from_secs(60)).await;
    assert!(clinic.telephones.made().is_empty());
    clinic
        .telephones
        .free
        .lock()
        .unwrap()
        .employees
        .insert(eugenia);
    until("called", || clinic.telephones.made() == [made("own", 1)]).await;
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_time_is_over_is_told_as_over() {
    let soon = Timestamp::now() + SignedDuration::from_millis(300);
    let late = Wanted {
        not_after: Some(soon),
        ..wanted("late", 1)
    };
    let clinic = Clinic::with(Telephones::with_operators(0), vec![late]).await;
    tokio::time::resume();
    clinic.works();
    until("told", || clinic.heard() == ["late is over"]).await;
    assert!(clinic.telephones.made().is_empty());
}
