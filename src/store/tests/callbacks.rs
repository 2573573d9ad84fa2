//! Callback jobs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;

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

#[test]
fn a_job_is_there_after_a_restart_with_all_that_was_done_for_it() {
    let (directory, store) = new();
    assert_eq!(write(&store, put(wanted("a", 1), NOW)), Done::Stored);
    assert_eq!(next(&store, NOW).as_deref(), Some("a"));
    assert_eq!(write(&store, begin("a", NOW)), Done::Stored);
    assert_eq!(next(&store, NOW), None);
    let busy = Some(Outcome::Busy);
    assert_eq!(write(&store, finish("a", 1, busy, NOW + 30)), Done::Stored);
    let before = job(&store, "a");
    drop(store);
    let store = open(directory.path());
    assert_eq!(job(&store, "a"), before);
    assert_eq!(next(&store, NOW + 329), None);
    assert_eq!(next(&store, NOW + 330).as_deref(), Some("a"));
}

#[test]
fn a_job_that_a_full_disk_does_not_take_is_not_acknowledged_and_not_called_until_it_is() {
    let (_directory, store) = new();
    store.next_write_fails();
    let refused = store.write_blocking(vec![put(wanted("a", 1), NOW)]);
    assert!(matches!(refused, Err(StoreError::Disk(_))), "{refused:?}");
    assert_eq!(next(&store, NOW), None);
    // It is sent again.
    write(&store, put(wanted("a", 1), NOW));
    assert_eq!(store.callback_counts().waiting, 1);
    assert_eq!(next(&store, NOW).as_deref(), Some("a"));
}

#[test]
fn a_job_that_comes_again_is_one_job_and_costs_no_writing() {
    let (_directory, store) = new();
    assert_eq!(write(&store, put(wanted("a", 1), NOW)), Done::Stored);
    assert_eq!(
        write(&store, put(wanted("a", 1), NOW + 60)),
        Done::Unchanged
    );
    let mut urgent = wanted("a", 1);
    urgent.priority = 9;
    assert_eq!(write(&store, put(urgent, NOW + 120)), Done::Stored);
    let job = job(&store, "a");
    assert_eq!((job.wanted.priority, job.created), (9, at(NOW)));
    assert_eq!(store.callback_counts().waiting, 1);
    write(&store, cancel("a", NOW + 130));
    assert_eq!(
        write(&store, put(wanted("a", 1), NOW + 140)),
        Done::Outdated
    );
}

#[test]
fn what_ran_when_we_were_stopped_is_found_and_called_by_nobody_until_that_is_decided() {
    let (directory, store) = new();
    let all = vec![
        put(wanted("a", 1), NOW),
        put(wanted("b", 1), NOW),
        begin("a", NOW),
        dialled("a", 1),
    ];
    store.write_blocking(all).unwrap();
    drop(store);
    let store = open(directory.path());
    assert_eq!(store.running_callbacks(), [job_id("a")]);
    assert_eq!(
        next(&store, NOW + 3600),
        None,
        "nor is the same person for another job"
    );
    assert_eq!(write(&store, begin("a", NOW + 3600)), Done::Outdated);
    assert_eq!(
        write(&store, finish("a", 1, None, NOW + 3600)),
        Done::Stored
    );
    let job = job(&store, "a");
    assert_eq!((job.used, job.history.len()), (1, 1));
    assert_eq!(next(&store, NOW + 3600).as_deref(), Some("b"));
    assert_eq!(
        write(&store, finish("a", 1, None, NOW + 3601)),
        Done::Outdated
    );
}

#[test]
fn a_store_with_jobs_shows_nobodys_number() {
    let (_directory, store) = new();
    write(&store, put(wanted("a", 1), NOW));
    assert!(!format!("{store:?}").contains("9160000001"));
}

#[test]
fn steps_of_a_job_that_is_not_there_are_told_so() {
    let (_directory, store) = new();
    for change in [begin("a", NOW), finish("a", 1, None, NOW), cancel("a", NOW)] {
        assert_eq!(write(&store, change), Done::NotThere);
    }
    assert_eq!(store.callback(&job_id("a")).unwrap(), None);
}

#[test]
fn what_turns_out_to_be_over_when_it_is_to_begin_is_over_on_disk() {
    let (_directory, store) = new();
    let mut wanted = wanted("a", 1);
    wanted.appointment = Some(at(NOW + 60));
    write(&store, put(wanted, NOW));
    assert_eq!(write(&store, begin("a", NOW + 60)), Done::Outdated);
    let ended = State::Ended {
        ending: Ending::TooLate,
        at: at(NOW + 60),
    };
    assert_eq!(job(&store, "a").state, ended);
    assert_eq!(store.callback_counts().ended, 1);
}

#[test]
fn jobs_are_listed_the_latest_first_filtered_and_page_by_page() {
    let (_directory, store) = new();
    let mut owned = wanted("c", 3);
    owned.owner = Some(Owner {
        employee: employee_id("anna"),
        released: None,
    });
    let all = vec![
        put(wanted("a", 1), NOW),
        put(wanted("b", 2), NOW + 10),
        put(owned, NOW + 20),
        put(wanted("d", 1), NOW + 30),
        begin("b", NOW + 40),
        cancel("a", NOW + 40),
    ];
    store.write_blocking(all).unwrap();
    let all = CallbackFilter::default();
    assert_eq!(listed(&store, &all), ["d", "c", "b", "a"]);
    let filtered = |change: fn(&mut CallbackFilter)| {
        let mut filter = CallbackFilter::default();
        change(&mut filter);
        listed(&store, &filter)
    };
    assert_eq!(filtered(|f| f.phase = Some(Phase::Waiting)), ["d", "c"]);
    assert_eq!(filtered(|f| f.phase = Some(Phase::Running)), ["b"]);
    assert_eq!(filtered(|f| f.phase = Some(Phase::Ended)), ["a"]);
    assert_eq!(filtered(|f| f.phone = Some(phone(1))), ["d", "a"]);
    assert_eq!(filtered(|f| f.owner = Some(employee_id("anna"))), ["c"]);
    assert_eq!(filtered(|f| f.from = Some(at(NOW + 10))), ["d", "c", "b"]);
    assert_eq!(filtered(|f| f.until = Some(at(NOW + 10))), ["a"]);
    let first = store.callbacks_before(&all, None, 2).unwrap();
    let place = (first[1].created, first[1].wanted.id.clone());
    let second = store.callbacks_before(&all, Some(&place), 2).unwrap();
    let ids: Vec<&str> = second.iter().map(|job| job.wanted.id.as_str()).collect();
    assert_eq!(ids, ["b", "a"]);
}

#[test]
fn jobs_to_a_client_who_is_erased_are_erased_too_and_nothing_else() {
    let (directory, store) = new();
    let all = vec![
        put_client("1", client_card("Ромашка", &[1, 2]), 1),
        put_client("2", client_card("Лютик", &[2]), 1),
        put(wanted("theirs", 1), NOW),
        put(wanted("shared", 2), NOW),
        put(wanted("other", 3), NOW),
    ];
    store.write_blocking(all).unwrap();
    let same_group = vec![
        put(wanted("also theirs", 1), NOW),
        Change::EraseClient(client_id("1")),
    ];
    store.write_blocking(same_group).unwrap();
    let all = CallbackFilter::default();
    assert_eq!(listed(&store, &all), ["shared", "other"]);
    drop(store);
    let store = open(directory.path());
    assert_eq!(listed(&store, &all), ["shared", "other"]);
    let alone = ClientId::of_phone(&phone(3));
    assert_eq!(write(&store, Change::EraseClient(alone)), Done::Stored);
    assert_eq!(listed(&store, &all), ["shared"]);
}

#[test]
fn jobs_that_have_been_over_for_long_are_forgotten() {
    let (directory, store) = new();
    let long_ago = Timestamp::now() - SignedDuration::from_hours(91 * 24);
    let second = long_ago.as_second();
    let all = vec![
        put(wanted("old", 1), second),
        cancel("old", second),
        put(wanted("waits", 2), second),
    ];
    store.write_blocking(all).unwrap();
    write(&store, put(wanted("new", 3), second));
    let all = CallbackFilter::default();
    assert_eq!(listed(&store, &all), ["waits", "new"]);
    drop(store);
    assert_eq!(listed(&open(directory.path()), &all), ["waits", "new"]);
}

/// Whether a beginning that failed is on disk nobody knows; but what is in memory says the same as the
/// disk, so that it can be ended.
#[test]
fn after_a_beginning_that_failed_memory_and_disk_agree() {
    for fault in [shared::Fault::Panic, shared::Fault::Disk] {
        let (_directory, store) = new();
        write(&store, put(wanted("a", 1), NOW));
        store.open.shared.faults.lock().unwrap().push_back(fault);
        let failed = store.write_blocking(vec![begin("a", NOW)]);
        assert!(failed.is_err());
        write(&store, put(wanted("b", 2), NOW));
        let runs = matches!(job(&store, "a").state, State::Running { .. });
        let found = store.running_callbacks().contains(&job_id("a"));
        assert_eq!(found, runs, "{fault:?}");
        let stopped = Some(Outcome::Cancelled);
        write(&store, finish("a", 1, stopped, NOW + 1));
        assert_eq!(next(&store, NOW + 1).as_deref(), Some("a"), "{fault:?}");
    }
}

#[test]
fn whoever_waits_for_jobs_hears_of_them_and_of_nothing_else() {
    let (_directory, store) = new();
    let change = store.callbacks_change();
    write(&store, put_employee("anna", "Чулкова", 1));
    assert!(!change.has_changed().unwrap());
    write(&store, put(wanted("a", 1), NOW));
    assert!(change.has_changed().unwrap());
}

fn a_full_job(number: u32, now: i64) -> Wanted {
    let name = PersonName::new("Константинопольский", "Александр", "Владимирович").unwrap();
    Wanted {
        person: Some(name),
        appointment: Some(at(now + 86_400 + i64::from(number % 5_000))),
        specialist: Some("Кардиолог Маслова Елена Игоревна".to_owned()),
        reason: Some("подтвердить приём".to_owned()),
        say: Some("Напомнить взять с собой результаты анализов и полис.".to_owned()),
        priority: (number % 10) as u8,
        ..wanted(&format!("crm-{number}"), number)
    }
}

/// The resident memory of this process, in bytes.
fn memory() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages.split_whitespace().nth(1);
    resident
        .and_then(|pages| pages.parse::<u64>().ok())
        .unwrap_or_default()
        * 4096
}

/// Measures; `cargo test --release --lib -- --ignored --nocapture a_hundred_thousand_jobs`.
#[test]
#[ignore = "it takes its time and only means something in a build for release, alone"]
fn a_hundred_thousand_jobs_are_taken_found_and_listed_in_time() {
    let (directory, store) = new();
    // In memory, jobs are put where they belong by the clock.
    let now = Timestamp::now().as_second();
    let begun = Instant::now();
    for group in 0..200 {
        let jobs = (0..500).map(|number| put(a_full_job(group * 500 + number, now), now));
        store.write_blocking(jobs.collect()).unwrap();
    }
    eprintln!("taken in {:?}", begun.elapsed());
    drop(store);

    let before = memory();
    let begun = Instant::now();
    let store = open(directory.path());
    let start = begun.elapsed();
    eprintln!("opened in {start:?}, {} MiB", (memory() - before) >> 20);
    assert_eq!(store.callback_counts().waiting, 100_000);

    let (mut page, mut choices) = (Duration::ZERO, Vec::new());
    for filter in [
        CallbackFilter::default(),
        CallbackFilter {
            phone: Some(phone(0)),
            ..CallbackFilter::default()
        },
    ] {
        let begun = Instant::now();
        let jobs = store.callbacks_before(&filter, None, 100).unwrap();
        page = page.max(begun.elapsed());
        eprintln!("{} jobs listed in {:?}", jobs.len(), begun.elapsed());
    }
    for second in 0..1_000 {
        let begun = Instant::now();
        let id = next(&store, now + second).unwrap();
        choices.push(begun.elapsed());
        write(&store, cancel(&id, now + second));
    }
    choices.sort_unstable();
    let choice = choices[990];
    eprintln!(
        "a choice took {:?}, one of a hundred {choice:?}",
        choices[500]
    );

    for time in ["first", "second"] {
        let begun = Instant::now();
        for group in 180..200 {
            let jobs = (0..500).map(|number| put(a_full_job(group * 500 + number, now), now));
            store.write_blocking(jobs.collect()).unwrap();
        }
        eprintln!(
            "10,000 of them again, the {time} time: {:?}",
            begun.elapsed()
        );
    }
    eprintln!("memory: {} MiB more than before", (memory() - before) >> 20);
    assert!(start < Duration::from_secs(2), "{start:?}");
    assert!(page < Duration::from_millis(50), "{page:?}");
    assert!(choice < Duration::from_millis(1), "{choice:?}");
}
