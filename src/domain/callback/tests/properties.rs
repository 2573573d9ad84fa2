//! What holds whatever happens.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::domain::callback::choose::{Entry, Queue};

fn some_outcome() -> impl Strategy<Value = Option<Outcome>> {
    let declined = [Decline::Postponed, Decline::WrongOrDone, Decline::HungUp];
    let mut all = vec![
        Outcome::Connected,
        Outcome::Busy,
        Outcome::NoAnswer,
        Outcome::Rejected,
        Outcome::Unreachable,
        Outcome::InvalidNumber,
        Outcome::Machine,
        Outcome::NetworkFailure,
        Outcome::OperatorMissing,
        Outcome::Cancelled,
    ];
    all.extend(declined.map(Outcome::OperatorDeclined));
    proptest::option::weighted(0.9, prop::sample::select(all))
}

prop_compose! {
    fn some_job(id: usize)(
        number in 0_u64..6,
        priority in 0..=HIGHEST_PRIORITY,
        appointment in proptest::option::of(1_i64..3000),
        not_before in proptest::option::of(0_i64..600),
        not_after in proptest::option::of(1_i64..3000),
        attempts in proptest::option::of(1_u32..4),
        offset in prop::sample::select(vec![2_i8, 3, 7, 12]),
    ) -> Job {
        let mut wanted = wanted(&id.to_string(), number);
        wanted.priority = priority;
        wanted.appointment = appointment.map(minute);
        wanted.not_before = not_before.map(minute);
        wanted.not_after = not_after.map(minute);
        wanted.attempts = attempts;
        wanted.zone = Some(TimeZone::fixed(tz::offset(offset)));
        Job::new(wanted, minute(0))
    }
}

fn some_jobs() -> impl Strategy<Value = Vec<Job>> {
    (1_usize..12).prop_flat_map(|count| (0..count).map(some_job).collect::<Vec<_>>())
}

/// The first of all jobs, found by looking at all of them.
fn looked_for(jobs: &[Job], now: Timestamp) -> Option<&Job> {
    let rules = rules();
    let running = |job: &&Job| matches!(job.state, State::Running { .. });
    let is_busy = |job: &Job| {
        let mut others = jobs.iter().filter(running);
        others.any(|other| other.wanted.destination == job.wanted.destination)
    };
    let can_begin = |job: &&Job| {
        let begun = (*job).clone().begin(now, &rules);
        matches!(begun, Begun::Attempt(_)) && !is_busy(job)
    };
    jobs.iter().filter(can_begin).min_by_key(|job| {
        let wanted = &job.wanted;
        let appointment = wanted.appointment.unwrap_or(Timestamp::MAX);
        (std::cmp::Reverse(wanted.priority), appointment, job.created)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_job_ends_after_its_attempts_and_never_calls_out_of_its_time(
        mut job in some_job(1),
        outcomes in vec((some_outcome(), 0_i64..200), 1..60),
    ) {
        let rules = rules();
        prop_assume!(rules.check(&job.wanted, minute(0)).is_ok());
        let mut now = minute(0);
        for (outcome, minutes) in outcomes {
            now += SignedDuration::from_mins(minutes);
            let begun = job.begin(now, &rules);
            if let Begun::Attempt(number) = begun {
                prop_assert!(rules.hours.are_open(now, rules.zone_of(&job.wanted)));
                prop_assert!(now < job.end());
                prop_assert!(job.wanted.not_before.is_none_or(|begin| begin <= now));
                prop_assert!(job.finish(number, AttemptResult::of(outcome, now), &rules));
            }
            prop_assert!(job.used <= job.most_attempts(&rules));
            prop_assert!(job.history.len() <= MOST_REMEMBERED);
            let used_up = job.used == job.most_attempts(&rules);
            let is_ended = matches!(job.state, State::Ended { .. });
            prop_assert!(is_ended || !used_up);
            if let State::Waiting { next, .. } = job.state {
                prop_assert!(next < job.end());
            }
        }
    }

    /// The queue, which looks at few jobs, chooses as if it looked at all of them.
    #[test]
    fn the_queue_chooses_whom_one_finds_by_looking_at_all_jobs(
        mut jobs in some_jobs(),
        steps in vec((0_i64..120, some_outcome(), 0_usize..12, 0_u8..4), 1..60),
    ) {
        let rules = rules();
        let mut now = minute(0);
        let mut queue = Queue::new(moscow());
        for job in &jobs {
            queue.put(Entry::of(job).unwrap(), now);
        }
        for (minutes, outcome, which, act) in steps {
            now += SignedDuration::from_mins(minutes);
            let count = jobs.len();
            let which = which % count;
            match act {
                // Somebody changes a job.
                0 => {
                    let mut wanted = jobs[which].wanted.clone();
                    wanted.priority = (wanted.priority + 3) % 10;
                    jobs[which].take(wanted, now);
                }
                1 => drop(jobs[which].retry(now)),
                // An attempt is over.
                2 => {
                    if let State::Running { attempt, .. } = jobs[which].state {
                        jobs[which].finish(attempt, AttemptResult::of(outcome, now), &rules);
                    }
                }
                _ => {
                    let expected = looked_for(&jobs, now).map(|job| job.wanted.clone());
                    let chosen = queue.next(now, &rules.hours, true, |_| false).cloned();
                    let rank = |id: &JobId| {
                        let job = jobs.iter().find(|job| job.wanted.id == *id).unwrap();
                        (job.wanted.priority, job.wanted.appointment)
                    };
                    prop_assert_eq!(chosen.is_some(), expected.is_some());
                    if let (Some(chosen), Some(expected)) = (&chosen, &expected) {
                        prop_assert_eq!(rank(chosen), (expected.priority, expected.appointment));
                        let job = jobs.iter_mut().find(|job| job.wanted.id == *chosen).unwrap();
                        let begun = job.begin(now, &rules);
                        prop_assert!(matches!(begun, Begun::Attempt(_)), "{:?}", begun);
                        queue.put(Entry::of(job).unwrap(), now);
                    }
                    continue;
                }
            }
            match Entry::of(&jobs[which]) {
                Some(entry) => queue.put(entry, now),
                None => queue.remove(&jobs[which].wanted.id, now),
            }
        }
    }
}
