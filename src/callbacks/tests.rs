//! The seam between jobs and whoever makes the calls.

use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::*;
use crate::TestResult;
use crate::domain::callback::{Destination, Ending, Outcome, Wanted, test_rules::always_open};
use crate::domain::phone::PhoneNumber;
use crate::store::Settings;

const NOW: i64 = 1_795_165_200;

fn at(second: i64) -> TestResult<Timestamp> {
    Ok(Timestamp::from_second(NOW + second)?)
}

fn id(text: &str) -> TestResult<JobId> {
    Ok(JobId::parse(text)?)
}

fn open(directory: &TempDir) -> TestResult<Callbacks> {
    let opened = Store::open(&Settings::new(directory.path(), TimeZone::UTC))?;
    Ok(Callbacks::new(opened.store, always_open()))
}

async fn add(callbacks: &Callbacks, name: &str, change: impl FnOnce(&mut Wanted)) -> TestResult {
    let phone = PhoneNumber::parse("+79161234567")?;
    let mut wanted = Wanted::new(id(name)?, Destination::Phone(phone));
    change(&mut wanted);
    let put = CallbackChange::Put {
        wanted: Box::new(wanted),
        at: at(0)?,
    };
    assert_eq!(callbacks.write(put).await?, Done::Stored);
    Ok(())
}

fn three_free() -> Situation {
    Situation {
        free_operators: 3,
        ..Situation::default()
    }
}

fn due(callbacks: &Callbacks, second: i64) -> TestResult<Option<JobId>> {
    let due = callbacks.due(at(second)?, three_free(), |_| false)?;
    Ok(due.map(|job| job.wanted.id))
}

async fn begin(callbacks: &Callbacks, name: &str, second: i64) -> TestResult<u32> {
    match callbacks.begin_attempt(&id(name)?, at(second)?).await? {
        Beginning::Begun { attempt, .. } => Ok(attempt),
        Beginning::NotNow(job) => Err(format!("not now: {job:?}").into()),
    }
}

#[tokio::test]
async fn from_the_choice_to_the_end_everything_is_said_once() -> TestResult {
    let directory = TempDir::new()?;
    let callbacks = open(&directory)?;
    add(&callbacks, "a", |_| {}).await?;
    assert_eq!(due(&callbacks, 0)?, Some(id("a")?));
    let attempt = begin(&callbacks, "a", 0).await?;
    assert_eq!(due(&callbacks, 0)?, None);
    let again = callbacks.begin_attempt(&id("a")?, at(0)?).await?;
    assert_eq!(again, Beginning::NotNow(None));
    let result = AttemptResult::of(Some(Outcome::Connected), at(60)?);
    let ended = callbacks
        .end_attempt(&id("a")?, attempt, result.clone())
        .await;
    let state = State::Ended {
        ending: Ending::Connected,
        at: at(60)?,
    };
    assert_eq!(ended?.map(|job| job.state), Some(state));
    let twice = callbacks.end_attempt(&id("a")?, attempt, result).await;
    assert_eq!(twice?, None);
    Ok(())
}

#[tokio::test]
async fn without_an_operator_to_spare_nothing_is_due() -> TestResult {
    let directory = TempDir::new()?;
    let callbacks = open(&directory)?;
    add(&callbacks, "a", |_| {}).await?;
    for situation in [
        Situation {
            free_operators: 1,
            ..Situation::default()
        },
        Situation {
            waiting_callers: 1,
            ..three_free()
        },
        Situation {
            running: 3,
            ..three_free()
        },
    ] {
        let due = callbacks.due(at(0)?, situation, |_| true)?;
        assert_eq!(due, None, "{situation:?}");
    }
    Ok(())
}

#[tokio::test]
async fn after_a_crash_the_attempt_that_was_going_on_is_found_and_decided() -> TestResult {
    let directory = TempDir::new()?;
    let callbacks = open(&directory)?;
    add(&callbacks, "a", |_| {}).await?;
    let attempt = begin(&callbacks, "a", 0).await?;
    callbacks
        .comes_to(&id("a")?, attempt, Progress::Dialled)
        .await?;
    drop(callbacks);
    let callbacks = open(&directory)?;
    assert_eq!(due(&callbacks, 7200)?, None);
    let found = callbacks.running()?;
    assert_eq!(found[0].wanted.id, id("a")?);
    let unknown = AttemptResult::of(None, at(7200)?);
    let job = callbacks.end_attempt(&id("a")?, attempt, unknown).await;
    assert_eq!(job?.map(|job| job.used), Some(1));
    assert_eq!(due(&callbacks, 7200 + 1799)?, None);
    assert_eq!(due(&callbacks, 7200 + 1800)?, Some(id("a")?));
    assert_eq!(begin(&callbacks, "a", 7200 + 1800).await?, attempt + 1);
    Ok(())
}

#[tokio::test]
async fn a_job_that_is_cancelled_while_it_runs_is_told_to_whoever_makes_the_call() -> TestResult {
    let directory = TempDir::new()?;
    let callbacks = open(&directory)?;
    add(&callbacks, "a", |_| {}).await?;
    let attempt = begin(&callbacks, "a", 0).await?;
    assert_eq!(callbacks.to_be_cancelled()?, []);
    let mut changes = callbacks.store.callbacks_change();
    let cancel = CallbackChange::Cancel {
        id: id("a")?,
        at: at(5)?,
    };
    callbacks.write(cancel).await?;
    assert!(changes.has_changed()?);
    changes.mark_unchanged();
    assert_eq!(callbacks.to_be_cancelled()?.len(), 1);
    let result = AttemptResult::of(Some(Outcome::Cancelled), at(6)?);
    let job = callbacks.end_attempt(&id("a")?, attempt, result).await;
    let state = State::Ended {
        ending: Ending::Cancelled,
        at: at(6)?,
    };
    assert_eq!(job?.map(|job| job.state), Some(state));
    Ok(())
}

#[tokio::test]
async fn jobs_whose_time_is_over_are_ended_and_told() -> TestResult {
    let directory = TempDir::new()?;
    let callbacks = open(&directory)?;
    let far = at(400 * 24 * 3600)?;
    add(&callbacks, "a", |wanted| wanted.not_after = Some(far)).await?;
    assert_eq!(callbacks.end_overdue(at(100)?).await?, []);
    let month = 30 * 24 * 3600;
    let over = callbacks.end_overdue(at(month)?).await?;
    assert_eq!(over.len(), 1, "nothing waits for longer than thirty days");
    assert_eq!(callbacks.end_overdue(at(month)?).await?, []);
    let begun = callbacks.begin_attempt(&id("a")?, at(month)?).await?;
    assert!(matches!(begun, Beginning::NotNow(Some(_))));
    Ok(())
}
