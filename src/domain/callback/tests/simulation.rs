//! Days of a small company in virtual time: three operators, people who call, and four hundred people to
//! be called back. Chance is the same in every run, and the same with callbacks as without.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};

use super::*;
use crate::domain::callback::choose::{Entry, Queue};

const OPERATORS: usize = 3;
const JOBS: usize = 400;
const DAYS: u64 = 30;

/// How many people call within an hour, from eight o'clock on: before and after work, mostly. The hours in
/// which people are called back are those in which few call, which is what they are for.
const CALLERS_AN_HOUR: [f64; 12] = [
    48.0, 40.0, 8.0, 6.0, 6.0, 6.0, 20.0, 36.0, 40.0, 48.0, 44.0, 24.0,
];

/// How long a talk with somebody who called is on average, in seconds.
const TALK: f64 = 150.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// Somebody calls, and talks so long once they are taken.
    Caller(i64),
    /// An operator has talked with somebody who called.
    Free,
    JobComes(usize),
    AttemptEnds(usize, u32, usize),
    Wake,
}

/// What came of one day.
#[derive(Clone, Debug, Default)]
struct Day {
    callers: usize,
    waited: i64,
    attempts: usize,
    never_called: usize,
    reached: usize,
}

struct Company {
    now: Timestamp,
    events: BinaryHeap<Reverse<(Timestamp, u64, Event)>>,
    count: u64,
    rules: Rules,
    jobs: Vec<Job>,
    numbers: HashMap<JobId, usize>,
    queue: Queue,
    free: usize,
    callers: VecDeque<(Timestamp, i64)>,
    running: usize,
    /// What becomes of attempts.
    chance: fastrand::Rng,
    day: Day,
    checks: usize,
    /// When we look again, if nothing happens before.
    wakes: Option<Timestamp>,
}

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

fn eight() -> Timestamp {
    minute(-120)
}

/// A time until something happens that happens so often by chance.
fn exponential(chance: &mut fastrand::Rng, mean: f64) -> i64 {
    (-mean * (1.0 - chance.f64()).ln()).ceil() as i64
}

impl Company {
    fn new(seed: u64, rules: Rules) -> Self {
        let mut company = Self {
            now: eight(),
            events: BinaryHeap::new(),
            count: 0,
            rules,
            jobs: Vec::new(),
            numbers: HashMap::new(),
            queue: Queue::new(moscow()),
            free: OPERATORS,
            callers: VecDeque::new(),
            running: 0,
            chance: fastrand::Rng::with_seed(seed ^ 0xCA11),
            day: Day::default(),
            checks: 0,
            wakes: None,
        };
        let mut calls = fastrand::Rng::with_seed(seed);
        for (hour, rate) in CALLERS_AN_HOUR.into_iter().enumerate() {
            let mut second = exponential(&mut calls, 3600.0 / rate);
            while second < 3600 {
                let at = eight() + seconds(second + 3600 * hour as i64);
                let talk = exponential(&mut calls, TALK);
                company.plan(at, Event::Caller(talk));
                second += exponential(&mut calls, 3600.0 / rate);
            }
        }
        company
    }

    /// Most are left over from the night, the others come during the morning; some live further east.
    fn with_jobs(mut self) -> Self {
        let mut chance = fastrand::Rng::with_seed(7);
        for number in 0..JOBS {
            let mut wanted = wanted(&number.to_string(), number as u64);
            wanted.priority = chance.u8(3..7);
            wanted.appointment = Some(minute(60 * chance.i64(24..96)));
            if number % 10 == 0 {
                wanted.zone = Some(TimeZone::fixed(tz::offset(4)));
            }
            self.numbers.insert(wanted.id.clone(), number);
            let comes = if number < 300 { 0 } else { chance.i64(0..240) };
            let comes = eight() + SignedDuration::from_mins(comes);
            self.jobs.push(Job::new(wanted, comes));
            self.plan(comes, Event::JobComes(number));
        }
        self
    }

    fn plan(&mut self, at: Timestamp, event: Event) {
        self.count += 1;
        self.events.push(Reverse((at, self.count, event)));
    }

    fn live(mut self) -> Day {
        let end = eight() + seconds(12 * 3600);
        while let Some(Reverse((at, _, event))) = self.events.pop() {
            self.now = at;
            if at >= end && matches!(event, Event::Wake) {
                continue;
            }
            self.happens(event);
            self.take_callers();
            self.call_people_back();
        }
        self.day.never_called = self.jobs.iter().filter(|job| job.begun == 0).count();
        let reached = |job: &&Job| {
            let ending = Ending::Connected;
            matches!(job.state, State::Ended { ending: how, .. } if how == ending)
        };
        self.day.reached = self.jobs.iter().filter(reached).count();
        assert!(self.jobs.is_empty() || self.checks > 100);
        self.day
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Caller(talk) => {
                self.day.callers += 1;
                self.callers.push_back((self.now, talk));
            }
            Event::Free => self.free += 1,
            Event::JobComes(number) => self.put(number),
            Event::AttemptEnds(number, attempt, outcome) => {
                self.free += 1;
                self.running -= 1;
                let result = AttemptResult::of(Some(OUTCOMES[outcome].1), self.now);
                assert!(self.jobs[number].finish(attempt, result, &self.rules));
                self.put(number);
            }
            Event::Wake => self.wakes = None,
        }
    }

    fn put(&mut self, number: usize) {
        let job = &self.jobs[number];
        match Entry::of(job) {
            Some(entry) => self.queue.put(entry, self.now),
            None => self.queue.remove(&job.wanted.id, self.now),
        }
    }

    fn take_callers(&mut self) {
        while self.free > 0
            && let Some((came, talk)) = self.callers.pop_front()
        {
            self.free -= 1;
            self.day.waited += (self.now - came).total(jiff::Unit::Second).unwrap() as i64;
            self.plan(self.now + seconds(talk), Event::Free);
        }
    }

    fn situation(&self) -> Situation {
        Situation {
            free_operators: self.free,
            waiting_callers: self.callers.len(),
            running: self.running,
        }
    }

    fn call_people_back(&mut self) {
        for id in self.queue.overdue(self.now, 10) {
            let number = self.numbers[&id];
            assert!(self.jobs[number].give_up_if_too_late(self.now));
            self.put(number);
        }
        while self.rules.limits.room(self.situation()) > 0 {
            let hours = &self.rules.hours;
            let next = self.queue.next(self.now, hours, true, |_| false);
            let Some(number) = next.map(|id| self.numbers[id]) else {
                self.nobody_is_forgotten();
                break;
            };
            self.begin(number);
        }
        let wakes = self.queue.wakes(self.now, &self.rules.hours);
        let wakes = wakes.map(|wakes| wakes.max(self.now + seconds(1)));
        if let Some(wakes) = wakes
            && self.wakes.is_none_or(|planned| wakes < planned)
        {
            self.wakes = Some(wakes);
            self.plan(wakes, Event::Wake);
        }
    }

    /// Whenever an operator is free and nobody is called, there is really nobody to be called.
    fn nobody_is_forgotten(&mut self) {
        self.checks += 1;
        if !self.checks.is_multiple_of(20) {
            return;
        }
        for job in &self.jobs {
            let has_come = job.created < self.now;
            let begun = job.clone().begin(self.now, &self.rules);
            assert!(
                !has_come || !matches!(begun, Begun::Attempt(_)),
                "{job:?} is forgotten at {}",
                self.now
            );
        }
    }

    fn begin(&mut self, number: usize) {
        let job = &mut self.jobs[number];
        let Begun::Attempt(attempt) = job.begin(self.now, &self.rules) else {
            panic!("{job:?} was chosen and can't be called");
        };
        assert!(
            self.rules
                .hours
                .are_open(self.now, self.rules.zone_of(&job.wanted))
        );
        assert!(job.wanted.appointment.is_none_or(|end| self.now < end));
        self.put(number);
        self.free -= 1;
        self.running += 1;
        self.day.attempts += 1;
        let (outcome, takes) = some_outcome(&mut self.chance);
        let ends = Event::AttemptEnds(number, attempt, outcome);
        self.plan(self.now + seconds(takes), ends);
    }
}

/// Out of a hundred attempts so many end like this, after so many seconds.
const OUTCOMES: [(u32, Outcome, i64); 8] = [
    (56, Outcome::Connected, 25),
    (24, Outcome::NoAnswer, 50),
    (9, Outcome::Busy, 15),
    (4, Outcome::Rejected, 20),
    (3, Outcome::Unreachable, 15),
    (2, Outcome::InvalidNumber, 15),
    (1, Outcome::OperatorMissing, 60),
    (1, Outcome::Machine, 10),
];

fn some_outcome(chance: &mut fastrand::Rng) -> (usize, i64) {
    let mut left = chance.u32(0..100);
    let talk = exponential(chance, 30.0);
    for (place, (of_a_hundred, outcome, takes)) in OUTCOMES.into_iter().enumerate() {
        if left < of_a_hundred {
            let talked = if outcome == Outcome::Connected {
                talk
            } else {
                0
            };
            return (place, takes + talked);
        }
        left -= of_a_hundred;
    }
    unreachable!("the outcomes are a hundred together");
}

/// All days together.
fn days(rules: &Rules, with_jobs: bool) -> Day {
    let mut all = Day::default();
    for seed in 1..=DAYS {
        let company = Company::new(seed, rules.clone());
        let day = match with_jobs {
            true => company.with_jobs().live(),
            false => company.live(),
        };
        all.callers += day.callers;
        all.waited += day.waited;
        all.attempts += day.attempts;
        all.never_called += day.never_called;
        all.reached += day.reached;
    }
    all
}

fn mean_wait(day: &Day) -> f64 {
    day.waited as f64 / day.callers as f64
}

#[test]
fn four_hundred_people_are_called_back_and_those_who_call_hardly_notice() {
    let (without, with) = (days(&rules(), false), days(&rules(), true));
    let growth = mean_wait(&with) / mean_wait(&without) - 1.0;
    eprintln!(
        "{:.1} s without, {:.1} s with callbacks: {:.2} % more; of {} jobs {} were never called, {} \
         people were reached in {} attempts",
        mean_wait(&without),
        mean_wait(&with),
        growth * 100.0,
        DAYS as usize * JOBS,
        with.never_called,
        with.reached,
        with.attempts
    );
    assert_eq!(with.callers, without.callers);
    assert!((0.0..0.05).contains(&growth), "{growth}");
    // Whenever an operator could be spared, somebody was called: that is looked at all the time. On some
    // days nobody could for so long that a few have to wait for the next day.
    assert!(with.never_called * 100 <= DAYS as usize * JOBS);
}

/// The model can show harm: it is the limits and the hours that prevent it.
#[test]
fn without_limits_and_hours_those_who_call_would_wait_for_it() {
    let mut greedy = rules();
    greedy.limits = Limits {
        together: OPERATORS,
        reserve: 0,
        share: 1.0,
    };
    let shifts = (0..7).map(|day| Shift {
        weekday: Weekday::from_monday_zero_offset(day).unwrap(),
        from: time(8, 0, 0, 0),
        until: time(20, 0, 0, 0),
    });
    greedy.hours = Hours::new(WorkingHours(shifts.collect()), BTreeSet::new()).unwrap();
    let (without, with) = (days(&greedy, false), days(&greedy, true));
    let growth = mean_wait(&with) / mean_wait(&without) - 1.0;
    eprintln!("greedily: {:.1} % more", growth * 100.0);
    assert!(growth > 0.1, "{growth}");
}
