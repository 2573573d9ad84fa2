//! The result: a table for people, JSON for machines, the parameters that were chosen.

use std::fmt::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::Engines;
use super::protocol::Split;
use super::seen::Engine;
use super::tuning::LEAST_TASKS;
use crate::domain::rating::{CaseStep, EmployeeId, HalfLives, Kind};

/// Top-1, top-2 and top-3 hit rates, from 0 to 1.
pub type HitRates = [f64; 3];

/// How often each method was right.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The queries of the test.
    pub n: usize,
    /// Each method's hit rates.
    pub methods: Methods,
    /// The parameters, in words.
    #[serde(skip)]
    parameters: String,
}

/// The hit rates of each method.
#[derive(Debug, PartialEq, Serialize)]
pub struct Methods {
    /// Whom the client dealt with most often.
    pub most_frequent: HitRates,
    /// Whom the client dealt with last.
    pub most_recent: HitRates,
    /// The same, topped up with those who are busiest.
    pub most_recent_fill: HitRates,
    /// The engine with a validity period for each type and no fading.
    pub hard_windows: HitRates,
    /// The engine with one half-life for each type.
    pub decay: HitRates,
    /// The engine with all it has.
    pub engine: HitRates,
}

/// What is counted during the test.
#[derive(Default)]
pub(super) struct Hits {
    pub(super) queries: usize,
    pub(super) most_frequent: Counter,
    pub(super) most_recent: Counter,
    pub(super) most_recent_fill: Counter,
    pub(super) hard_windows: Counter,
    pub(super) decay: Counter,
    pub(super) engine: Counter,
}

/// How often the answer was in first, second and third place.
#[derive(Default)]
pub(super) struct Counter([usize; 3]);

impl Counter {
    pub(super) fn count(&mut self, choices: &[EmployeeId], answer: &EmployeeId) {
        let place = choices.iter().position(|choice| choice == answer);
        if let Some(count) = place.and_then(|place| self.0.get_mut(place)) {
            *count += 1;
        }
    }

    fn rates(&self, queries: usize) -> HitRates {
        let [first, second, third] = self.0;
        let rate = |hits: usize| hits as f64 / queries.max(1) as f64;
        [
            rate(first),
            rate(first + second),
            rate(first + second + third),
        ]
    }
}

impl Report {
    pub(super) fn new(split: &Split, tasks: usize, hits: &Hits, engines: &Engines) -> Self {
        let n = hits.queries;
        Self {
            n,
            methods: Methods {
                most_frequent: hits.most_frequent.rates(n),
                most_recent: hits.most_recent.rates(n),
                most_recent_fill: hits.most_recent_fill.rates(n),
                hard_windows: hits.hard_windows.rates(n),
                decay: hits.decay.rates(n),
                engine: hits.engine.rates(n),
            },
            parameters: parameters(split.cut, tasks, engines),
        }
    }

    /// The parameters of the tuned methods, and what they were chosen on.
    #[must_use]
    pub fn parameters(&self) -> &str {
        &self.parameters
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let methods = &self.methods;
        let table = [
            ("most frequent", methods.most_frequent),
            ("most recent", methods.most_recent),
            ("most recent + fill", methods.most_recent_fill),
            ("hard windows", methods.hard_windows),
            ("decay", methods.decay),
            ("engine", methods.engine),
        ];
        writeln!(
            f,
            "{:<20}{:>7}{:>7}{:>7}",
            "method", "top-1", "top-2", "top-3"
        )?;
        for (name, [first, second, third]) in table {
            writeln!(f, "{name:<20}{first:>7.3}{second:>7.3}{third:>7.3}")?;
        }
        writeln!(f, "n = {}", self.n)
    }
}

fn parameters(cut: Timestamp, tasks: usize, engines: &Engines) -> String {
    let mut text = if tasks < LEAST_TASKS {
        format!("Parameters: not chosen, since {tasks} queries before {cut} are too few.\n")
    } else {
        format!("Parameters, chosen on {tasks} queries before {cut}:\n")
    };
    let methods = [
        ("hard windows", &engines.hard_windows),
        ("decay", &engines.decay),
        ("engine", &engines.engine),
    ];
    for (name, engine) in methods {
        let _ = writeln!(text, "{name}:");
        text.push_str(&described(engine));
    }
    text
}

fn described(engine: &Engine) -> String {
    let mut kinds: Vec<_> = engine.rules.kinds.iter().collect();
    kinds.sort_by_key(|(name, _)| *name);
    let mut text = String::new();
    for (name, kind) in &kinds {
        let _ = writeln!(text, "  {}: {}", name.as_str(), kind_in_words(kind));
    }
    if kinds.iter().any(|(_, kind)| kind.case != CaseStep::Leaves) {
        let cases = &engine.rules.cases;
        let _ = writeln!(
            text,
            "  case resolved × {}, closed × {}, passed on × {}",
            cases.resolved.value(),
            cases.closed.value(),
            cases.passed_on.value()
        );
    }
    if engine.topped_up {
        text.push_str(
            "  short lists are topped up with the busiest, by a count with a half-life of 1 d\n",
        );
    }
    text
}

fn kind_in_words(kind: &Kind) -> String {
    let mut words = format!("weight {}", kind.weight.points());
    if let Some(valid_for) = kind.valid_for {
        let _ = write!(words, ", valid for {}", period(valid_for.as_secs_f64()));
    }
    if kind.half_lives != HalfLives::forever() {
        let parts = kind.half_lives.parts();
        let parts: Vec<String> = parts
            .map(|(seconds, share)| format!("{} ({:.0} %)", period(seconds), share * 100.0))
            .collect();
        let _ = write!(words, ", half-life {}", parts.join(" + "));
    }
    if let Some(cap) = kind.cap_a_day {
        let _ = write!(words, ", {cap} a day at most");
    }
    match kind.case {
        CaseStep::Leaves => {}
        CaseStep::Opens => words.push_str(", opens its case"),
        CaseStep::Resolves => words.push_str(", resolves its case"),
        CaseStep::Closes => words.push_str(", closes its case"),
    }
    words
}

fn period(seconds: f64) -> String {
    const DAY: f64 = 86_400.0;
    if seconds < DAY {
        format!("{} h", seconds / 3_600.0)
    } else {
        format!("{} d", seconds / DAY)
    }
}
