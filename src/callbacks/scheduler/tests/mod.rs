//! Jobs in a real store, called by somebody who only pretends to. What the tests share is here; each file
//! has one side of it.

mod calling;
mod full_disk;
mod stopping;
mod telephones;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use self::telephones::{Heard, Shared, Telephones};
use super::*;
use crate::TestResult;
use crate::callbacks::Callbacks;
use crate::domain::callback::{
    Destination, Ending, Outcome, Owner, State, Wanted, test_rules::always_open,
};
use crate::domain::phone::PhoneNumber;
use crate::store::{self, CallbackChange, Change, Done, Store};

/// Longer than a disk takes, by the clock on the wall.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

fn wanted(id: &str, number: u64) -> TestResult<Wanted> {
    let phone = PhoneNumber::of_digits(79_160_000_000 + number);
    Ok(Wanted::new(JobId::parse(id)?, Destination::Phone(phone)))
}

/// A clinic whose jobs are being called.
struct Clinic {
    store: Store,
    telephones: Arc<Telephones>,
    heard: Arc<Heard>,
    _directory: TempDir,
}

impl Clinic {
    async fn with(telephones: Arc<Telephones>, jobs: Vec<Wanted>) -> TestResult<Self> {
        let directory = tempfile::tempdir()?;
        let place = store::Settings::new(directory.path().join("store"), TimeZone::UTC);
        let clinic = Self {
            store: Store::open(&place)?.store,
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
                .await?;
        }
        Ok(clinic)
    }

    fn works(&self) -> tokio::task::AbortHandle {
        self.works_until(std::future::pending()).abort_handle()
    }

    fn works_until(&self, stop: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        let attempts = Arc::new(Shared(Arc::clone(&self.telephones)));
        let news = Arc::clone(&self.heard);
        let jobs = Callbacks::new(self.store.clone(), always_open());
        let scheduler = Scheduler::new(jobs, attempts, news);
        tokio::spawn(scheduler.run(stop))
    }

    async fn change(&self, change: CallbackChange) -> TestResult<Done> {
        let change = Change::Callback(Box::new(change));
        Ok(self.store.write(vec![change]).await?[0])
    }

    fn job(&self, id: &str) -> TestResult<Job> {
        let job = self.store.callback(&JobId::parse(id)?)?;
        Ok(job.ok_or("there is no such job")?)
    }

    fn heard(&self) -> Vec<String> {
        lock(&self.heard.0).clone()
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

/// Nothing in these tests leaves half of a change behind.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn made(id: &str, number: u32) -> (String, u32) {
    (id.to_owned(), number)
}
