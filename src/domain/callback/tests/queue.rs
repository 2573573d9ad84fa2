//! The queue: who is next, and who is not.

use std::time::Instant;

use super::*;
use crate::domain::callback::choose::{Entry, Queue};

fn queue(jobs: &[Job], now: Timestamp) -> Queue {
    let mut queue = Queue::new(moscow());
    for job in jobs {
        queue.put(Entry::of(job).unwrap(), now);
    }
    queue
}

fn next(queue: &mut Queue, now: Timestamp) -> Option<String> {
    let next = queue.next(now, &usual_hours(), true, |_| false);
    next.map(|id| id.as_str().to_owned())
}

/// All that can be called now, in their order: each begins, so that the next one is next.
fn in_order(queue: &mut Queue, jobs: &[Job], now: Timestamp) -> Vec<String> {
    let mut order = Vec::new();
    while let Some(id) = next(queue, now) {
        let job = jobs.iter().find(|job| job.wanted.id.as_str() == id);
        let mut job = job.unwrap().clone();
        assert!(matches!(job.begin(now, &rules()), Begun::Attempt(_)));
        queue.put(Entry::of(&job).unwrap(), now);
        order.push(id);
    }
    order
}

fn job(id: &str, number: u64, change: impl FnOnce(&mut Wanted)) -> Job {
    let mut wanted = wanted(id, number);
    change(&mut wanted);
    Job::new(wanted, minute(0))
}

#[test]
fn the_highest_priority_comes_first_then_the_earliest_appointment_then_the_oldest() {
    let mut younger = job("younger", 1, |_| {});
    younger.created = minute(1);
    let jobs = [
        younger,
        job("older", 2, |_| {}),
        job("tomorrow", 3, |job| job.appointment = Some(minute(24 * 60))),
        job("today", 4, |job| job.appointment = Some(minute(60))),
        job("urgent", 5, |job| job.priority = 9),
        job("idle", 6, |job| job.priority = 0),
    ];
    let mut queue = queue(&jobs, minute(1));
    assert_eq!(
        in_order(&mut queue, &jobs, minute(1)),
        ["urgent", "today", "tomorrow", "older", "younger", "idle"]
    );
    assert_eq!(queue.running().count(), 6);
    assert_eq!(queue.waiting(), 0);
}

#[test]
fn nobody_comes_before_their_time() {
    let jobs = [
        job("now", 1, |_| {}),
        job("later", 2, |job| {
            job.not_before = Some(minute(30));
            job.priority = 9;
        }),
    ];
    let mut queue = queue(&jobs, minute(0));
    assert_eq!(next(&mut queue, minute(29)).as_deref(), Some("now"));
    assert_eq!(next(&mut queue, minute(30)).as_deref(), Some("later"));
}

#[test]
fn nobody_is_called_outside_of_their_hours_and_the_others_are_not_kept_waiting() {
    let east = TimeZone::fixed(tz::offset(7));
    let jobs = [
        job("here", 1, |_| {}),
        job("east", 2, |job| {
            job.zone = Some(east);
            job.priority = 9;
        }),
    ];
    let mut queue = queue(&jobs, minute(-600));
    assert_eq!(next(&mut queue, minute(-300)), None);
    let opens = queue.wakes(minute(-300), &usual_hours());
    assert_eq!(opens, Some(at("2026-11-20T09:30:00+07:00")));
    assert_eq!(next(&mut queue, minute(0)).as_deref(), Some("east"));
    // 14:30 in the east.
    assert_eq!(next(&mut queue, minute(30)).as_deref(), Some("here"));
    assert_eq!(next(&mut queue, minute(270)), None);
}

#[test]
fn one_person_is_not_called_twice_at_once() {
    let jobs = [
        job("first", 1, |job| job.priority = 9),
        job("same", 1, |_| {}),
        job("other", 2, |_| {}),
    ];
    let mut queue = queue(&jobs, minute(0));
    assert_eq!(in_order(&mut queue, &jobs, minute(0)), ["first", "other"]);
    queue.remove(&jobs[0].wanted.id, minute(1));
    assert_eq!(next(&mut queue, minute(1)).as_deref(), Some("same"));
}

#[test]
fn a_person_is_not_called_twice_either_when_a_job_that_runs_gets_another_number() {
    let mut runs = job("runs", 1, |_| {});
    let jobs = [runs.clone(), job("same", 1, |_| {})];
    let mut queue = queue(&jobs, minute(0));
    assert!(matches!(runs.begin(minute(0), &rules()), Begun::Attempt(1)));
    queue.put(Entry::of(&runs).unwrap(), minute(0));
    runs.take(wanted("runs", 2), minute(1));
    queue.put(Entry::of(&runs).unwrap(), minute(1));
    assert_eq!(next(&mut queue, minute(1)), None);
    let busy = AttemptResult::of(Some(Outcome::Busy), minute(2));
    assert!(runs.finish(1, busy, &rules()));
    queue.put(Entry::of(&runs).unwrap(), minute(2));
    assert_eq!(next(&mut queue, minute(2)).as_deref(), Some("same"));
}

#[test]
fn a_queue_shows_nobodys_number() {
    let queue = queue(&[job("a", 1, |_| {})], minute(0));
    let shown = format!("{queue:?}");
    assert!(
        shown.starts_with("Queue { waiting: 1, running: 0"),
        "{shown}"
    );
    assert!(!shown.contains("9160000001"), "{shown}");
}

#[test]
fn an_extension_is_no_telephone_number_with_the_same_digits() {
    let extension = |text: &str| {
        let extension = crate::domain::directory::Extension::parse(text).unwrap();
        Destination::Extension(extension)
    };
    let jobs = [
        job("a", 1, |job| job.destination = extension("02")),
        job("b", 1, |job| job.destination = extension("2")),
        job("c", 1, |job| job.destination = extension("02")),
    ];
    let mut queue = queue(&jobs, minute(0));
    assert_eq!(in_order(&mut queue, &jobs, minute(0)), ["a", "b"]);
}

#[test]
fn from_the_appointment_on_nobody_is_called_and_the_job_is_overdue() {
    let jobs = [
        job("over", 1, |job| {
            job.appointment = Some(minute(60));
            job.priority = 9;
        }),
        job("other", 2, |_| {}),
    ];
    let mut queue = queue(&jobs, minute(0));
    assert_eq!(next(&mut queue, minute(59)).as_deref(), Some("over"));
    assert_eq!(queue.overdue(minute(59), 10), []);
    assert_eq!(next(&mut queue, minute(60)).as_deref(), Some("other"));
    assert_eq!(queue.overdue(minute(60), 10), [jobs[0].wanted.id.clone()]);
    assert_eq!(queue.wakes(minute(0), &usual_hours()), Some(minute(60)));
}

#[test]
fn an_owners_job_waits_for_its_owner_until_it_is_anybodys() {
    let jobs = [
        job("hers", 1, |job| {
            job.priority = 9;
            job.owner = Some(Owner {
                employee: employee("eugenia"),
                released: Some(minute(60)),
            });
        }),
        job("other", 2, |_| {}),
    ];
    let mut queue = queue(&jobs, minute(0));
    let mut asked = |now, room, free: &str| {
        let is_free = |owner: &EmployeeId| owner.as_str() == free;
        let next = queue.next(now, &usual_hours(), room, is_free);
        next.map(|id| id.as_str().to_owned())
    };
    assert_eq!(asked(minute(1), true, "").as_deref(), Some("other"));
    assert_eq!(asked(minute(1), true, "eugenia").as_deref(), Some("hers"));
    assert_eq!(asked(minute(1), false, "eugenia").as_deref(), Some("hers"));
    assert_eq!(asked(minute(59), false, "maria"), None);
    assert_eq!(asked(minute(60), true, "").as_deref(), Some("hers"));
    assert_eq!(asked(minute(60), false, "eugenia"), None);
}

#[test]
fn a_job_that_has_changed_is_where_it_belongs_now() {
    let mut jobs = [job("a", 1, |_| {}), job("b", 2, |_| {})];
    let mut queue = queue(&jobs, minute(0));
    jobs[1].wanted.priority = 9;
    queue.put(Entry::of(&jobs[1]).unwrap(), minute(0));
    assert_eq!(in_order(&mut queue, &jobs, minute(0)), ["b", "a"]);
}

#[test]
fn a_clock_that_is_put_back_makes_nobody_wait_for_a_year() {
    let mut job = job("a", 1, |_| {});
    let year = 365 * 24 * 60;
    job.state = State::Waiting {
        since: minute(year),
        next: minute(year + 30),
    };
    let mut queue = queue(&[job], minute(year));
    assert_eq!(next(&mut queue, minute(year)), None);
    assert_eq!(next(&mut queue, minute(0)), None);
    assert_eq!(next(&mut queue, minute(29)), None);
    assert_eq!(next(&mut queue, minute(30)).as_deref(), Some("a"));
}

#[test]
fn jobs_that_were_put_by_a_clock_that_was_ahead_are_called_when_it_is_right_again() {
    let jobs = [job("a", 1, |job| job.appointment = Some(minute(24 * 60)))];
    let year = 365 * 24 * 60;
    let mut queue = queue(&jobs, minute(year));
    assert_eq!(next(&mut queue, minute(0)).as_deref(), Some("a"));
}

#[test]
fn a_clock_that_jumps_ahead_ends_what_is_over_and_calls_what_is_due() {
    let jobs = [
        job("over", 1, |job| job.appointment = Some(minute(60))),
        job("due", 2, |job| job.not_before = Some(minute(30))),
    ];
    let mut queue = queue(&jobs, minute(0));
    let tomorrow = minute(24 * 60);
    assert_eq!(next(&mut queue, tomorrow).as_deref(), Some("due"));
    assert_eq!(queue.overdue(tomorrow, 10).len(), 1);
}

/// The worst that can be: a hundred thousand jobs, some for one and the same moment, in all local times.
#[test]
fn of_a_hundred_thousand_jobs_the_next_one_is_found_without_looking_at_all_of_them() {
    let zones: Vec<TimeZone> = (2..13)
        .map(|hours| TimeZone::fixed(tz::offset(hours)))
        .collect();
    let mut queue = Queue::new(moscow());
    for number in 0..100_000_u32 {
        let job = job(&number.to_string(), u64::from(number), |job| {
            job.priority = (number % 10) as u8;
            job.zone = Some(zones[number as usize % zones.len()].clone());
            job.not_before = (number % 2 == 0).then(|| minute(i64::from(number % 3)));
            job.not_after = (number % 5 == 0).then(|| minute(90));
        });
        queue.put(Entry::of(&job).unwrap(), minute(-600));
    }
    let mut took = Vec::new();
    let mut taken = 0;
    for second in 0..2000_i64 {
        let now = minute(0) + SignedDuration::from_secs(second * 6);
        let begun = Instant::now();
        let id = queue.next(now, &usual_hours(), true, |_| false).cloned();
        took.push(begun.elapsed());
        if let Some(id) = id {
            queue.remove(&id, now);
            taken += 1;
        }
    }
    took.sort_unstable();
    // On a busy machine anything may be held up once.
    let (usual, longest) = (took[1000], took[1980]);
    eprintln!("a choice took {usual:?}, one of a hundred {longest:?}");
    assert!(taken > 1900, "{taken}");
    // A build without optimisation takes its time.
    let most = if cfg!(debug_assertions) { 50 } else { 1 };
    assert!(longest.as_millis() < most, "{longest:?}");
}

#[test]
fn due_is_what_waits_for_an_operator_or_the_hours_and_not_for_its_moment_or_its_line() {
    let jobs = [
        job("now", 1, |_| {}),
        job("later", 2, |job| job.not_before = Some(minute(30))),
        job("runs", 3, |_| {}),
        job("same line", 3, |_| {}),
    ];
    let mut queue = queue(&jobs, minute(0));
    let mut runs = jobs[2].clone();
    assert!(matches!(runs.begin(minute(0), &rules()), Begun::Attempt(_)));
    queue.put(Entry::of(&runs).unwrap(), minute(0));
    assert_eq!((queue.due(minute(0)), queue.waiting()), (1, 3));
    assert_eq!(
        queue.due(minute(30)),
        2,
        "also before anybody asked for the next"
    );
    next(&mut queue, minute(30));
    assert_eq!(queue.due(minute(30)), 2);
}
