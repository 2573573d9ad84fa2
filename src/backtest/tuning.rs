//! Choosing the parameters of a method: one knob after the other, each on the queries before the cut.

mod grids;

use std::num::NonZero;
use std::thread;

use indicatif::ProgressBar;
use jiff::Timestamp;

use super::seen::{Engine, Leaders};
use crate::domain::rating::{ClientId, ClientRecord, EmployeeId, KindName, Staff};

pub(super) use grids::{decay, engine, hard_windows};

/// More queries than this say nothing new; an even sample of them is used.
pub(super) const MOST_TASKS: usize = 4_000;

/// Fewer than this say nothing: the parameters stay as they are.
pub(super) const LEAST_TASKS: usize = 50;

/// A knob is turned only for a gain in the mean of the three hit rates that is no noise.
const LEAST_GAIN: f64 = 0.002;

/// How often all knobs are tried.
const ROUNDS: usize = 2;

/// One query with all that was known when it was asked.
pub(super) struct Task {
    pub(super) client: ClientId,
    pub(super) now: Timestamp,
    pub(super) record: ClientRecord,
    pub(super) leaders: Leaders,
    /// Who handled it.
    pub(super) answer: EmployeeId,
}

/// A method before tuning, and what may be changed about it.
pub(super) struct Tunable {
    pub(super) start: Engine,
    pub(super) knobs: Vec<Knob>,
}

/// One thing that may be changed: from an engine to the engines with other values of it.
pub(super) type Knob = Box<dyn Fn(&Engine) -> Vec<Engine>>;

/// A type of event, and whether there are enough events of it to choose its parameters.
pub(super) struct SeenKind {
    pub(super) name: KindName,
    pub(super) frequent: bool,
}

/// Turns every knob to where it does best on the tasks.
pub(super) fn tune(
    tunable: Tunable,
    tasks: &[Task],
    staff: &Staff,
    progress: &ProgressBar,
) -> Engine {
    let mut best = tunable.start;
    if tasks.len() < LEAST_TASKS {
        return best;
    }
    let mut best_value = value(&best, tasks, staff);
    for _ in 0..ROUNDS {
        let before = best_value;
        for knob in &tunable.knobs {
            progress.tick();
            for candidate in knob(&best) {
                let value = value(&candidate, tasks, staff);
                if value > best_value + LEAST_GAIN {
                    (best, best_value) = (candidate, value);
                }
            }
        }
        if best_value <= before {
            break;
        }
    }
    best
}

/// The mean of the top-1, top-2 and top-3 hit rates.
fn value(engine: &Engine, tasks: &[Task], staff: &Staff) -> f64 {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let each = tasks.len().div_ceil(workers).max(1);
    let points: u64 = thread::scope(|scope| {
        let parts = tasks.chunks(each);
        let running: Vec<_> = parts
            .map(|part| scope.spawn(move || points(engine, part, staff)))
            .collect();
        running
            .into_iter()
            .map(|worker| worker.join().unwrap_or_default())
            .sum()
    });
    points as f64 / (3 * tasks.len()) as f64
}

/// Three points for the first place, two for the second, one for the third.
fn points(engine: &Engine, tasks: &[Task], staff: &Staff) -> u64 {
    let points = tasks.iter().map(|task| {
        let choices = engine.choices(&task.client, &task.record, staff, &task.leaders, task.now);
        match choices.iter().position(|choice| *choice == task.answer) {
            Some(0) => 3,
            Some(1) => 2,
            Some(2) => 1,
            Some(_) | None => 0,
        }
    });
    points.sum()
}
