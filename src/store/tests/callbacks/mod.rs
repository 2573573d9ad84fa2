//! Callback jobs. The words of the tests are here; each file has one side of it.

mod lists;
mod many;
mod steps;

use std::sync::Arc;

use super::*;
use crate::domain::callback::{
    AttemptResult, Destination, DiallingPolicy, Ending, Hours, Job, JobId, Limits, Outcome, Owner,
    Pauses, Progress, Rules, State, Wanted,
};
use crate::domain::rating::{Shift, WorkingHours};

/// Always open.
fn hours() -> Hours {
    let shift = |day| Shift {
        weekday: jiff::civil::Weekday::from_monday_zero_offset(day).unwrap(),
        from: jiff::civil::Time::midnight(),
        until: jiff::civil::Time::midnight(),
    };
    let week = WorkingHours((0..7).map(shift).collect());
    Hours::new(week, std::collections::BTreeSet::new()).unwrap()
}

fn rules() -> Arc<Rules> {
    Arc::new(Rules {
        hours: hours(),
        zone: TimeZone::UTC,
        pauses: Pauses::default(),
        attempts: 3,
        limits: Limits::default(),
        dialling: DiallingPolicy::default(),
    })
}

fn job_id(id: &str) -> JobId {
    JobId::parse(id).unwrap()
}

fn wanted(id: &str, number: u32) -> Wanted {
    Wanted::new(job_id(id), Destination::Phone(phone(number)))
}

fn callback(change: CallbackChange) -> Change {
    Change::Callback(Box::new(change))
}

fn put(wanted: Wanted, second: i64) -> Change {
    callback(CallbackChange::Put {
        wanted: Box::new(wanted),
        at: at(second),
    })
}

fn begin(id: &str, second: i64) -> Change {
    callback(CallbackChange::Begin {
        id: job_id(id),
        at: at(second),
        rules: rules(),
    })
}

fn finish(id: &str, attempt: u32, outcome: Option<Outcome>, second: i64) -> Change {
    callback(CallbackChange::Finish {
        id: job_id(id),
        attempt,
        result: AttemptResult::of(outcome, at(second)),
        rules: rules(),
    })
}

fn cancel(id: &str, second: i64) -> Change {
    callback(CallbackChange::Cancel {
        id: job_id(id),
        at: at(second),
    })
}

fn job(store: &Store, id: &str) -> Job {
    store.callback(&job_id(id)).unwrap().unwrap()
}

fn next(store: &Store, second: i64) -> Option<String> {
    let next = store.next_callback(at(second), &hours(), true, |_| false);
    next.map(|id| id.as_str().to_owned())
}

fn listed(store: &Store, filter: &CallbackFilter) -> Vec<String> {
    let jobs = store.callbacks_before(filter, None, 100).unwrap();
    let ids = jobs.iter().map(|job| job.wanted.id.as_str().to_owned());
    ids.collect()
}

fn dialled(id: &str, attempt: u32) -> Change {
    callback(CallbackChange::ComesTo {
        id: job_id(id),
        attempt,
        progress: Progress::Dialled,
    })
}
