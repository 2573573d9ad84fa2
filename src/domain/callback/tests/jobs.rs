//! One job: from its coming to its end.

use super::*;

fn job() -> Job {
    Job::new(wanted("1", 1), minute(0))
}

fn begin(job: &mut Job, minutes: i64) -> u32 {
    match job.begin(minute(minutes), &rules()) {
        Begun::Attempt(number) => number,
        other @ (Begun::NotNow | Begun::Ended(_)) => panic!("{other:?}"),
    }
}

/// An attempt that begins and ends in these minutes.
fn attempt(job: &mut Job, from: i64, until: i64, outcome: Outcome) -> State {
    let number = begin(job, from);
    let result = AttemptResult::of(Some(outcome), minute(until));
    assert!(job.finish(number, result, &rules()));
    job.state
}

fn ended(ending: Ending, minutes: i64) -> State {
    let at = minute(minutes);
    State::Ended { ending, at }
}

fn waiting(since: i64, next: i64) -> State {
    State::Waiting {
        since: minute(since),
        next: minute(next),
    }
}

#[test]
fn somebody_who_is_reached_at_the_second_attempt() {
    let mut job = job();
    assert_eq!(attempt(&mut job, 0, 1, Outcome::Busy), waiting(1, 6));
    assert_eq!(job.begin(minute(5), &rules()), Begun::NotNow);
    assert_eq!(
        attempt(&mut job, 6, 8, Outcome::Connected),
        ended(Ending::Connected, 8)
    );
    let numbers: Vec<u32> = job.history.iter().map(|attempt| attempt.number).collect();
    assert_eq!((numbers, job.used), (vec![1, 2], 1));
    assert_eq!(job.begin(minute(60), &rules()), Begun::NotNow);
}

#[test]
fn after_three_calls_in_vain_nobody_calls_any_more() {
    let mut job = job();
    attempt(&mut job, 0, 1, Outcome::NoAnswer);
    attempt(&mut job, 31, 32, Outcome::Unreachable);
    assert_eq!(
        attempt(&mut job, 92, 93, Outcome::Rejected),
        ended(Ending::AttemptsUsedUp, 93)
    );
}

#[test]
fn a_job_may_say_itself_how_many_attempts_it_gets() {
    let mut job = job();
    job.wanted.attempts = Some(1);
    assert_eq!(
        attempt(&mut job, 0, 1, Outcome::Busy),
        ended(Ending::AttemptsUsedUp, 1)
    );
}

#[test]
fn a_machine_or_nobody_instead_of_an_operator_uses_up_nothing_and_comes_ever_more_rarely() {
    let mut job = job();
    assert_eq!(attempt(&mut job, 0, 0, Outcome::Machine), waiting(0, 5));
    assert_eq!(
        attempt(&mut job, 5, 5, Outcome::OperatorMissing),
        waiting(5, 15)
    );
    assert_eq!(
        attempt(&mut job, 15, 15, Outcome::NetworkFailure),
        waiting(15, 35)
    );
    assert_eq!((job.begun, job.used), (3, 0));
    assert_eq!(attempt(&mut job, 35, 35, Outcome::Busy), waiting(35, 40));
    assert_eq!((job.used, job.mistakes), (1, 0));
    let hung_up = Outcome::OperatorDeclined(Decline::HungUp);
    assert_eq!(attempt(&mut job, 40, 40, hung_up), waiting(40, 45));
}

#[test]
fn an_operator_may_say_later_or_that_there_is_nothing_to_do() {
    let later = Outcome::OperatorDeclined(Decline::Postponed);
    let done = Outcome::OperatorDeclined(Decline::WrongOrDone);
    let mut job = job();
    assert_eq!(attempt(&mut job, 0, 1, later), waiting(1, 31));
    assert_eq!(job.used, 0);
    assert_eq!(attempt(&mut job, 31, 32, done), ended(Ending::Done, 32));
}

#[test]
fn what_was_interrupted_counts_as_an_attempt_if_the_person_was_called() {
    let mut job = job();
    let number = begin(&mut job, 0);
    assert!(job.comes_to(number, Progress::Dialled));
    assert!(!job.comes_to(number, Progress::Dialled), "known already");
    let unknown = AttemptResult::of(None, minute(3));
    assert!(job.finish(number, unknown.clone(), &rules()));
    assert_eq!((job.state, job.used), (waiting(3, 33), 1));
    assert!(!job.finish(number, unknown, &rules()), "only once");
    assert_eq!(job.history.len(), 1);
}

#[test]
fn what_was_interrupted_before_the_person_was_called_comes_again_soon_and_uses_up_nothing() {
    let mut job = job();
    for (from, next) in [(0, 2), (2, 5), (5, 10)] {
        let number = begin(&mut job, from);
        let unknown = AttemptResult::of(None, minute(from + 1));
        assert!(job.finish(number, unknown, &rules()));
        assert_eq!((job.state, job.used), (waiting(from + 1, next), 0));
    }
}

#[test]
fn a_talk_whose_end_nobody_saw_was_a_talk() {
    let mut job = job();
    let number = begin(&mut job, 0);
    assert!(!job.comes_to(number + 1, Progress::Connected));
    assert!(job.comes_to(number, Progress::Connected));
    assert!(!job.comes_to(number, Progress::Dialled), "it was further");
    let unknown = AttemptResult::of(None, minute(9));
    assert!(job.finish(number, unknown, &rules()));
    assert_eq!(job.state, ended(Ending::Connected, 9));
    assert_eq!(job.history[0].result.outcome, Some(Outcome::Connected));
}

#[test]
fn an_attempt_of_another_number_ends_nothing() {
    let mut job = job();
    let number = begin(&mut job, 0);
    let result = AttemptResult::of(Some(Outcome::Connected), minute(1));
    assert!(!job.finish(number + 1, result, &rules()));
    assert!(matches!(job.state, State::Running { .. }));
}

#[test]
fn nobody_is_called_outside_of_their_hours() {
    let mut job = job();
    assert_eq!(job.begin(minute(-31), &rules()), Begun::NotNow);
    assert_eq!(job.begin(minute(270), &rules()), Begun::NotNow);
    job.wanted.zone = Some(TimeZone::fixed(tz::offset(10)));
    assert_eq!(job.begin(minute(0), &rules()), Begun::NotNow);
}

#[test]
fn nobody_is_called_from_the_appointment_on() {
    let mut job = job();
    job.wanted.appointment = Some(minute(60));
    let begun = job.begin(minute(60), &rules());
    assert_eq!(begun, Begun::Ended(Ending::TooLate));
    assert_eq!(job.state, ended(Ending::TooLate, 60));
}

#[test]
fn who_could_only_be_called_after_the_appointment_is_given_up_at_once() {
    let mut job = job();
    job.wanted.appointment = Some(minute(31));
    assert_eq!(
        attempt(&mut job, 0, 1, Outcome::NoAnswer),
        ended(Ending::TooLate, 1)
    );
    // 14:00: half an hour later the hours are over, and the appointment is on the next morning.
    let mut job = self::job();
    job.wanted.appointment = Some(at("2026-11-21T09:30:00+03:00"));
    assert_eq!(
        attempt(&mut job, 240, 241, Outcome::NoAnswer),
        ended(Ending::TooLate, 241)
    );
}

#[test]
fn a_job_that_nobody_gets_round_to_is_over_when_its_time_is() {
    let mut job = job();
    job.wanted.not_after = Some(minute(60));
    assert!(!job.give_up_if_too_late(minute(59)));
    assert!(job.give_up_if_too_late(minute(60)));
    assert_eq!(job.state, ended(Ending::TooLate, 60));
    let mut endless = self::job();
    assert!(!endless.give_up_if_too_late(minute(29 * 24 * 60)));
    assert!(endless.give_up_if_too_late(minute(30 * 24 * 60)));
}

#[test]
fn a_number_that_does_not_exist_waits_for_another_and_begins_anew_with_it() {
    let mut job = job();
    attempt(&mut job, 0, 1, Outcome::Busy);
    assert_eq!(
        attempt(&mut job, 6, 7, Outcome::InvalidNumber),
        ended(Ending::NumberToBeCorrected, 7)
    );
    let mut same_number = wanted("1", 1);
    same_number.priority = 9;
    assert_eq!(job.take(same_number, minute(8)), Taken::Over);
    assert_eq!(job.take(wanted("1", 2), minute(9)), Taken::Changed);
    assert_eq!((job.state, job.used), (waiting(9, 9), 0));
    assert_eq!(begin(&mut job, 9), 3, "numbers of attempts go on");
}

#[test]
fn a_number_that_is_not_allowed_any_more_is_not_dialled() {
    let mut job = job();
    let mut rules = rules();
    rules.dialling.allowed.clear();
    let begun = job.begin(minute(0), &rules);
    assert_eq!(begun, Begun::Ended(Ending::NumberToBeCorrected));
}

#[test]
fn a_job_that_comes_again_changes_nothing_unless_it_has_changed() {
    let mut job = job();
    attempt(&mut job, 0, 1, Outcome::NoAnswer);
    let before = job.clone();
    assert_eq!(job.take(wanted("1", 1), minute(2)), Taken::Unchanged);
    assert_eq!(job, before);
    let mut urgent = wanted("1", 1);
    urgent.priority = 9;
    assert_eq!(job.take(urgent, minute(2)), Taken::Changed);
    assert_eq!((job.wanted.priority, job.state), (9, waiting(1, 31)));
    let mut tomorrow = wanted("1", 1);
    tomorrow.not_before = Some(minute(24 * 60));
    assert_eq!(job.take(tomorrow, minute(3)), Taken::Changed);
    assert_eq!(job.state, waiting(3, 24 * 60));
}

#[test]
fn what_changes_while_somebody_is_called_holds_from_the_next_attempt_on() {
    let mut job = job();
    let number = begin(&mut job, 0);
    assert_eq!(job.take(wanted("1", 2), minute(1)), Taken::Changed);
    assert!(matches!(job.state, State::Running { .. }));
    let busy = AttemptResult::of(Some(Outcome::Busy), minute(2));
    assert!(job.finish(number, busy, &rules()));
    assert_eq!(job.wanted.destination, phone(2));
}

#[test]
fn a_job_that_is_over_stays_so_whatever_comes() {
    let mut job = job();
    attempt(&mut job, 0, 1, Outcome::Connected);
    assert_eq!(job.take(wanted("1", 2), minute(2)), Taken::Over);
    assert_eq!(job.state, ended(Ending::Connected, 1));
}

#[test]
fn a_cancelled_job_is_over_at_once_or_with_its_attempt() {
    let mut waits = job();
    assert!(waits.cancel(minute(1)));
    assert_eq!(waits.state, ended(Ending::Cancelled, 1));
    assert!(!waits.cancel(minute(2)), "only once");

    let mut runs = job();
    let number = begin(&mut runs, 0);
    assert!(runs.cancel(minute(1)));
    let State::Running { cancelled, .. } = runs.state else {
        panic!("it runs until its attempt is over");
    };
    assert!(cancelled);
    let result = AttemptResult::of(Some(Outcome::Cancelled), minute(2));
    assert!(runs.finish(number, result, &rules()));
    assert_eq!(runs.state, ended(Ending::Cancelled, 2));
}

#[test]
fn who_talked_all_the_same_has_talked() {
    let mut job = job();
    let number = begin(&mut job, 0);
    job.cancel(minute(1));
    let result = AttemptResult::of(Some(Outcome::Connected), minute(2));
    assert!(job.finish(number, result, &rules()));
    assert_eq!(job.state, ended(Ending::Connected, 2));
}

#[test]
fn when_we_stop_in_the_middle_the_job_goes_on_with_us() {
    let mut job = job();
    assert_eq!(attempt(&mut job, 0, 1, Outcome::Cancelled), waiting(1, 1));
    assert_eq!(job.used, 0);
}

#[test]
fn somebody_may_want_a_job_tried_again_now() {
    let mut job = job();
    attempt(&mut job, 0, 1, Outcome::NoAnswer);
    assert!(job.retry(minute(2)));
    assert_eq!((job.state, job.used), (waiting(2, 2), 1));
    attempt(&mut job, 2, 3, Outcome::Connected);
    assert!(job.retry(minute(4)));
    assert_eq!((job.state, job.used), (waiting(4, 4), 0));
    begin(&mut job, 4);
    assert!(!job.retry(minute(5)), "it is being tried");
}

#[test]
fn nobody_may_want_that_after_the_appointment() {
    let mut job = job();
    job.wanted.appointment = Some(minute(60));
    job.give_up_if_too_late(minute(60));
    assert!(!job.retry(minute(61)));
}

#[test]
fn a_clock_that_is_put_back_makes_no_pause_endless() {
    let mut job = job();
    attempt(&mut job, 0, 1, Outcome::NoAnswer);
    let year = 365 * 24 * 60;
    assert!(matches!(
        job.begin(minute(-year), &rules()),
        Begun::Attempt(2)
    ));
}

#[test]
fn a_clock_that_is_put_back_does_not_bring_a_beginning_forward() {
    let mut job = job();
    job.wanted.not_before = Some(minute(10));
    let day = 24 * 60;
    assert_eq!(job.begin(minute(-day), &rules()), Begun::NotNow);
}

#[test]
fn only_so_many_attempts_are_remembered() {
    let mut job = job();
    for _ in 0..30 {
        let number = begin(&mut job, 0);
        let stopped = AttemptResult::of(Some(Outcome::Cancelled), minute(0));
        assert!(job.finish(number, stopped, &rules()));
    }
    let numbers: Vec<u32> = job.history.iter().map(|attempt| attempt.number).collect();
    assert_eq!(numbers, (11..=30).collect::<Vec<_>>());
}

#[test]
fn what_can_never_be_called_is_not_taken() {
    let rules = rules();
    let mut job = wanted("1", 1);
    assert_eq!(rules.check(&job, minute(0)), Ok(()));
    job.appointment = Some(minute(0));
    assert_eq!(
        rules.check(&job, minute(0)),
        Err(NotPossible::AppointmentOver)
    );
    job.appointment = None;
    job.not_after = Some(minute(-1));
    assert_eq!(rules.check(&job, minute(0)), Err(NotPossible::TooLate));
    job.not_after = Some(minute(10));
    job.not_before = Some(minute(10));
    assert_eq!(
        rules.check(&job, minute(0)),
        Err(NotPossible::EndsBeforeItBegins)
    );
    // From 15:00 until 09:00 on the next day.
    job.not_before = Some(minute(5 * 60));
    job.not_after = Some(minute(23 * 60));
    assert_eq!(rules.check(&job, minute(0)), Err(NotPossible::NeverOpen));
    job.not_after = Some(minute(24 * 60));
    assert_eq!(rules.check(&job, minute(0)), Ok(()));
}
