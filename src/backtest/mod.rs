//! How well each method would have guessed who handled a client, on a log of what really happened.
//!
//! Prequential: whatever is asked, only events with a strictly smaller time are known, and parameters
//! are chosen on the part of the log before the test begins. `docs/backtest.md` has the whole of it.

mod log;
mod plain;
mod protocol;
mod report;
mod seen;
mod tuning;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;

pub use log::{Log, LogError, Malformed, Refused, RefusedLine, Row};
pub use protocol::QuerySet;
pub use report::{HitRates, Report};

use crate::domain::rating::{ClientRecord, Employee, EmployeeId, KindName, NotAnId, Staff};
use protocol::{Question, Split, replay};
use report::Hits;
use seen::{Engine, LONGEST, Seen};
use tuning::{SeenKind, Task, Tunable};

/// A type that is rarer than one event in this many keeps the parameters of all types.
const RARE: usize = 50;

/// What is to be tested, and how.
#[derive(Clone, Debug)]
pub struct Backtest {
    /// Which rows are queries.
    pub queries: QuerySet,
    /// The types of event that close their case; every other type opens it. Without any, cases don't
    /// matter.
    pub closing: Vec<String>,
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum BacktestError {
    /// The log can't be opened.
    #[error("{path}: it can't be opened: {reason}")]
    NotOpened {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The log can't be used.
    #[error("{path}: {reason}")]
    Log {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: LogError,
    },
    /// No row is a query.
    #[error("{}", no_queries(*.0))]
    NoQueries(QuerySet),
    /// A closing type can't be one.
    #[error("--closing: {0}")]
    NotAType(#[from] NotAnId),
    /// A closing type that no event has.
    #[error("--closing: the log has no events of type {missing:?}; its types are: {known}")]
    UnknownType {
        /// The type.
        missing: String,
        /// Those there are.
        known: String,
    },
}

fn no_queries(queries: QuerySet) -> &'static str {
    match queries {
        QuerySet::Flagged => {
            "no row of the log has query = 1; mark the rows to be predicted, or ask for \
             --queries returns"
        }
        QuerySet::Returns => {
            "in this log no client comes back after an hour or more; try --queries flagged"
        }
    }
}

impl Backtest {
    /// Reads a log and tests every method on it.
    ///
    /// # Errors
    /// [`BacktestError`]: the file, its form, or nothing in it to predict.
    pub fn run(&self, path: &Path, progress: &ProgressBar) -> Result<(Log, Report), BacktestError> {
        let file = File::open(path).map_err(|reason| BacktestError::NotOpened {
            path: path.to_owned(),
            reason,
        })?;
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        begin(progress, "reading", size, "{bytes} of {total_bytes}");
        let log = Log::read(progress.wrap_read(file)).map_err(|reason| BacktestError::Log {
            path: path.to_owned(),
            reason,
        })?;
        let report = self.on(&log.rows, progress)?;
        progress.finish_and_clear();
        Ok((log, report))
    }

    /// Tests every method on the events of a log.
    ///
    /// # Errors
    /// [`BacktestError`]: nothing to predict, or a closing type that isn't there.
    pub fn on(&self, rows: &[Row], progress: &ProgressBar) -> Result<Report, BacktestError> {
        let split = self
            .queries
            .split(rows)
            .ok_or(BacktestError::NoQueries(self.queries))?;
        let closing = self.closing(rows)?;
        let staff = everybody(rows);
        let (before, from_cut) = rows.split_at(split.first_row);

        let mut seen = Seen::nothing();
        let tasks = learn(before, &split, &mut seen, progress);
        let kinds = kinds(before);
        let engines = tune_all(&kinds, &closing, &tasks, &staff, progress);
        let known_to_tuning = tasks.len();
        drop(tasks);

        let hits = test(from_cut, &split, &mut seen, &engines, &staff, progress);
        Ok(Report::new(&split, known_to_tuning, &hits, &engines))
    }

    fn closing(&self, rows: &[Row]) -> Result<Vec<KindName>, BacktestError> {
        let known: BTreeSet<&KindName> = rows.iter().map(|row| &row.kind).collect();
        let names = self.closing.iter().map(|name| {
            let name = KindName::parse(name.trim())?;
            if known.contains(&name) {
                return Ok(name);
            }
            let known: Vec<&str> = known.iter().map(|kind| kind.as_str()).collect();
            Err(BacktestError::UnknownType {
                missing: name.as_str().to_owned(),
                known: known.join(", "),
            })
        });
        names.collect()
    }
}

/// Goes through the part before the cut, and keeps what tuning is done on: an even sample of its
/// queries.
fn learn(rows: &[Row], split: &Split, seen: &mut Seen, progress: &ProgressBar) -> Vec<Task> {
    begin(
        progress,
        "learning",
        rows.len() as u64,
        "{pos} of {len} events",
    );
    let (_, latest) = split.before.split_at(split.before.len() / 2);
    let step = latest.len().div_ceil(tuning::MOST_TASKS).max(1);
    let sample: Vec<usize> = latest.iter().copied().step_by(step).collect();
    let mut tasks = Vec::with_capacity(sample.len());
    let ask = |seen: &Seen, question: Question<'_>, query: usize| {
        progress.set_position(query as u64);
        tasks.push(Task {
            client: question.client.clone(),
            now: question.now,
            record: seen
                .records
                .get(question.client)
                .cloned()
                .unwrap_or_default(),
            leaders: seen.leaders(question.now),
            answer: rows[query].employee.clone(),
        });
    };
    replay(rows, &sample, seen, ask, Seen::show);
    tasks
}

/// The methods that have parameters.
struct Engines {
    hard_windows: Engine,
    decay: Engine,
    engine: Engine,
}

fn tune_all(
    kinds: &[SeenKind],
    closing: &[KindName],
    tasks: &[Task],
    staff: &Staff,
    progress: &ProgressBar,
) -> Engines {
    let tune = |name: &'static str, tunable: Tunable| {
        begin(progress, name, 0, "{elapsed}");
        tuning::tune(tunable, tasks, staff, progress)
    };
    Engines {
        hard_windows: tune("tuning hard windows", tuning::hard_windows(kinds)),
        decay: tune("tuning decay", tuning::decay(kinds)),
        engine: tune("tuning the engine", tuning::engine(kinds, closing)),
    }
}

/// Asks every method every query of the test.
fn test(
    rows: &[Row],
    split: &Split,
    seen: &mut Seen,
    engines: &Engines,
    staff: &Staff,
    progress: &ProgressBar,
) -> Hits {
    begin(
        progress,
        "testing",
        rows.len() as u64,
        "{pos} of {len} events",
    );
    let queries: Vec<usize> = split
        .test
        .iter()
        .map(|query| query - split.first_row)
        .collect();
    let mut hits = Hits::default();
    let nothing = ClientRecord::default();
    let ask = |seen: &Seen, question: Question<'_>, query: usize| {
        progress.set_position(query as u64);
        let Question { client, now } = question;
        let answer = &rows[query].employee;
        let record = seen.records.get(client).unwrap_or(&nothing);
        let leaders = seen.leaders(now);
        let choose = |engine: &Engine| engine.choices(client, record, staff, &leaders, now);
        let recent = seen.pairs.most_recent(client, LONGEST);
        hits.queries += 1;
        hits.most_frequent
            .count(&seen.pairs.most_frequent(client, LONGEST), answer);
        hits.most_recent.count(&recent, answer);
        hits.most_recent_fill
            .count(&fill(recent, &leaders.of_the_week), answer);
        hits.hard_windows
            .count(&choose(&engines.hard_windows), answer);
        hits.decay.count(&choose(&engines.decay), answer);
        hits.engine.count(&choose(&engines.engine), answer);
    };
    replay(rows, &queries, seen, ask, Seen::show);
    hits
}

fn fill(mut choices: Vec<EmployeeId>, leaders: &[EmployeeId]) -> Vec<EmployeeId> {
    for leader in leaders {
        if choices.len() < LONGEST && !choices.contains(leader) {
            choices.push(leader.clone());
        }
    }
    choices
}

/// A log says nothing about who has left or is away: everybody may be offered.
fn everybody(rows: &[Row]) -> Staff {
    let mut staff = Staff::new(TimeZone::UTC);
    for row in rows {
        if staff.get(&row.employee).is_none() {
            staff.put(row.employee.clone(), Employee::default());
        }
    }
    staff
}

fn kinds(rows: &[Row]) -> Vec<SeenKind> {
    let mut counts: BTreeMap<&KindName, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(&row.kind).or_default() += 1;
    }
    let kind = |(name, count): (&KindName, usize)| SeenKind {
        name: name.clone(),
        frequent: count * RARE >= rows.len(),
    };
    counts.into_iter().map(kind).collect()
}

/// A new stretch of work on the progress bar.
fn begin(progress: &ProgressBar, what: &'static str, length: u64, counted: &str) {
    let template = if length == 0 {
        format!("{{spinner}} {{msg}} {counted}")
    } else {
        format!("{{msg}} {{wide_bar}} {counted}")
    };
    if let Ok(style) = ProgressStyle::with_template(&template) {
        progress.set_style(style);
    }
    progress.set_length(length);
    progress.set_position(0);
    progress.set_message(what);
}
