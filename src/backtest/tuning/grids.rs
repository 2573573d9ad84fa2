//! The methods that are tuned: where each begins, and the values that are tried.

use std::time::Duration;

use super::super::seen::Engine;
use super::{Knob, SeenKind, Tunable};
use crate::domain::rating::{
    CaseFactors, CaseStep, Factor, HalfLife, HalfLives, Kind, KindName, Rules, Weight,
};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

const PERIODS: [Duration; 8] = [
    HOUR,
    HOUR.saturating_mul(4),
    DAY,
    DAY.saturating_mul(3),
    DAY.saturating_mul(7),
    DAY.saturating_mul(14),
    DAY.saturating_mul(30),
    DAY.saturating_mul(120),
];

const WEIGHTS: [f64; 5] = [1.0, 10.0, 30.0, 100.0, 300.0];

const CAPS: [Option<u32>; 4] = [None, Some(1), Some(2), Some(4)];

const FACTORS: [f64; 7] = [1.0, 0.5, 0.3, 0.1, 0.03, 0.01, 0.003];

/// Shares of the three half-lives that are tried, from short to long.
const SHARES: [[f64; 3]; 5] = [
    [1.0, 0.3, 0.1],
    [1.0, 1.0, 1.0],
    [1.0, 0.1, 0.01],
    [1.0, 0.3, 0.03],
    [1.0, 0.03, 0.01],
];

/// Three half-lives that are tried, in hours.
const MIXTURES: [[u32; 3]; 5] = [
    [4, 72, 720],
    [1, 24, 720],
    [1, 12, 168],
    [12, 168, 2160],
    [24, 336, 4320],
];

/// Whole worth within a window for each type, nothing after it.
pub(in super::super) fn hard_windows(kinds: &[SeenKind]) -> Tunable {
    let start = Kind {
        half_lives: HalfLives::forever(),
        ..Kind::default()
    };
    let mut knobs: Vec<Knob> = vec![for_all(PERIODS, set_window)];
    for name in frequent(kinds) {
        knobs.push(for_one(name, WEIGHTS, set_weight));
        knobs.push(for_one(name, PERIODS, set_window));
    }
    Tunable {
        start: engine_of(kinds, &start, false),
        knobs,
    }
}

/// One half-life for each type.
pub(in super::super) fn decay(kinds: &[SeenKind]) -> Tunable {
    let mut start = Kind::default();
    set_half_life(&mut start, DAY);
    let mut knobs: Vec<Knob> = vec![for_all(PERIODS, set_half_life)];
    for name in frequent(kinds) {
        knobs.push(for_one(name, WEIGHTS, set_weight));
        knobs.push(for_one(name, PERIODS, set_half_life));
    }
    Tunable {
        start: engine_of(kinds, &start, false),
        knobs,
    }
}

/// The engine as it is: a mixture of half-lives, the state of cases if there are types that close
/// them, short lists topped up.
pub(in super::super) fn engine(kinds: &[SeenKind], closing: &[KindName]) -> Tunable {
    let mut start = engine_of(kinds, &Kind::default(), true);
    let mixtures = MIXTURES.map(|hours| SHARES.map(|shares| (hours, shares)));
    let mixtures = mixtures.as_flattened().to_vec();
    let mut knobs: Vec<Knob> = vec![for_all(mixtures, set_mixture)];
    knobs.push(for_all(CAPS, |kind, cap| kind.cap_a_day = cap));
    if !closing.is_empty() {
        for (name, kind) in &mut start.rules.kinds {
            kind.case = first_guess(name, closing);
        }
        for name in closing {
            let steps = [CaseStep::Resolves, CaseStep::Closes];
            knobs.push(for_one(name, steps, |kind, step| kind.case = step));
        }
        knobs.push(for_cases(|cases, factor| cases.passed_on = factor));
        knobs.push(for_cases(|cases, factor| cases.resolved = factor));
        knobs.push(for_cases(|cases, factor| cases.closed = factor));
    }
    for name in frequent(kinds) {
        knobs.push(for_one(name, WEIGHTS, set_weight));
    }
    Tunable { start, knobs }
}

/// The types that close are named in the order of a case's life: only the last one ends it for good.
fn first_guess(name: &KindName, closing: &[KindName]) -> CaseStep {
    if closing.last() == Some(name) {
        CaseStep::Closes
    } else if closing.contains(name) {
        CaseStep::Resolves
    } else {
        CaseStep::Opens
    }
}

fn engine_of(kinds: &[SeenKind], rules: &Kind, topped_up: bool) -> Engine {
    let kinds = kinds.iter().map(|kind| (kind.name.clone(), rules.clone()));
    Engine {
        rules: Rules {
            kinds: kinds.collect(),
            others: Some(rules.clone()),
            cases: CaseFactors::default(),
        },
        topped_up,
    }
}

fn frequent(kinds: &[SeenKind]) -> impl Iterator<Item = &KindName> {
    let frequent = kinds.iter().filter(|kind| kind.frequent);
    frequent.map(|kind| &kind.name)
}

fn set_weight(kind: &mut Kind, points: f64) {
    if let Ok(weight) = Weight::new(points) {
        kind.weight = weight;
    }
}

fn set_window(kind: &mut Kind, window: Duration) {
    kind.valid_for = Some(window);
}

fn set_half_life(kind: &mut Kind, period: Duration) {
    let share = 1.0;
    if let Ok(half_lives) = HalfLives::new(&[HalfLife { period, share }]) {
        kind.half_lives = half_lives;
    }
}

fn set_mixture(kind: &mut Kind, (hours, shares): ([u32; 3], [f64; 3])) {
    let part = |index: usize| HalfLife {
        period: HOUR * hours[index],
        share: shares[index],
    };
    if let Ok(half_lives) = HalfLives::new(&[part(0), part(1), part(2)]) {
        kind.half_lives = half_lives;
    }
}

/// Sets one value for all types.
fn for_all<T: Clone + 'static>(values: impl IntoIterator<Item = T>, set: fn(&mut Kind, T)) -> Knob {
    let values: Vec<T> = values.into_iter().collect();
    Box::new(move |engine| {
        let with = |value: &T| {
            let mut engine = engine.clone();
            let others = engine.rules.others.iter_mut();
            for kind in engine.rules.kinds.values_mut().chain(others) {
                set(kind, value.clone());
            }
            engine
        };
        values.iter().map(with).collect()
    })
}

/// Sets a value for one type.
fn for_one<T: Clone + 'static>(
    name: &KindName,
    values: impl IntoIterator<Item = T>,
    set: fn(&mut Kind, T),
) -> Knob {
    let (name, values) = (name.clone(), values.into_iter().collect::<Vec<T>>());
    Box::new(move |engine| {
        let with = |value: &T| {
            let mut engine = engine.clone();
            if let Some(kind) = engine.rules.kinds.get_mut(&name) {
                set(kind, value.clone());
            }
            engine
        };
        values.iter().map(with).collect()
    })
}

/// Sets what the state of a case changes.
fn for_cases(set: fn(&mut CaseFactors, Factor)) -> Knob {
    Box::new(move |engine| {
        let with = |value: f64| {
            let mut engine = engine.clone();
            set(&mut engine.rules.cases, Factor::new(value).ok()?);
            Some(engine)
        };
        FACTORS.into_iter().filter_map(with).collect()
    })
}
