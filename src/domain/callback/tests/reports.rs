//! What is counted.

use std::time::Duration;

use super::*;
use crate::domain::callback::report::{Reached, Report};

fn job(id: &str, attempts: &[(i64, Outcome, &str)]) -> Job {
    let mut job = Job::new(wanted(id, 1), minute(0));
    for (minutes, outcome, operator) in attempts {
        let Begun::Attempt(number) = job.begin(minute(*minutes), &rules()) else {
            panic!("it begins");
        };
        let talked = *outcome == Outcome::Connected;
        let result = AttemptResult {
            talked: talked.then_some(Duration::from_secs(90)),
            operator: Some((*operator).to_owned()),
            ..AttemptResult::of(Some(*outcome), minute(*minutes))
        };
        assert!(job.finish(number, result, &rules()));
    }
    job
}

#[test]
fn attempts_are_counted_by_outcome_hour_and_operator_and_jobs_by_their_end() {
    let jobs = [
        job(
            "a",
            &[(0, Outcome::Busy, "anna"), (61, Outcome::Connected, "olga")],
        ),
        job("b", &[(1, Outcome::Connected, "anna")]),
        job("c", &[(2, Outcome::InvalidNumber, "anna")]),
        job("d", &[(3, Outcome::Busy, "olga")]),
        job("e", &[(200, Outcome::Connected, "olga")]),
    ];
    let mut report = Report::new(minute(0), minute(200), moscow());
    jobs.iter().for_each(|job| report.add(job));
    let outcomes: Vec<_> = report.outcomes.into_iter().collect();
    assert_eq!(
        outcomes,
        [("busy", 2), ("connected", 2), ("invalid-number", 1)]
    );
    let talked = |attempts, connected| Reached {
        attempts,
        connected,
        talked: Duration::from_secs(90 * connected),
    };
    let hours: Vec<_> = report.hours.into_iter().collect();
    assert_eq!(hours, [(10, talked(4, 1)), (11, talked(1, 1))]);
    let operators: Vec<_> = report.operators.into_iter().collect();
    assert_eq!(
        operators,
        [
            ("anna".to_owned(), talked(3, 1)),
            ("olga".to_owned(), talked(2, 1))
        ]
    );
    let endings: Vec<_> = report.endings.into_iter().collect();
    assert_eq!(endings, [("connected", 2), ("number-to-be-corrected", 1)]);
    let attempts: Vec<_> = report.attempts_to_success.into_iter().collect();
    assert_eq!(attempts, [(1, 1), (2, 1)]);
}

#[test]
fn the_share_of_numbers_to_be_corrected_is_of_the_jobs_that_are_over() {
    let mut report = Report::new(minute(0), minute(200), moscow());
    assert!(report.share_to_be_corrected().abs() < f64::EPSILON);
    report.add(&job("a", &[(0, Outcome::InvalidNumber, "anna")]));
    for id in ["b", "c", "d"] {
        report.add(&job(id, &[(0, Outcome::Connected, "anna")]));
    }
    report.add(&job("waits", &[(0, Outcome::Busy, "anna")]));
    assert!((report.share_to_be_corrected() - 0.25).abs() < f64::EPSILON);
    assert_eq!((report.ended(), report.attempts()), (4, 5));
}
