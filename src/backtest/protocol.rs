//! What is asked, and what may be known when it is asked.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use super::log::Row;
use crate::domain::rating::ClientId;

/// The type of the rows that a timer writes: nobody turned up.
const WRITTEN_BY_A_TIMER: &str = "Closed";

/// A client who comes back sooner than this is still busy with the same thing.
const A_RETURN: Duration = Duration::from_secs(3600);

/// Which rows are queries: "this client turned up, who handled it?"
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum QuerySet {
    /// The rows that the log marks with query = 1
    Flagged,
    /// Rows of any type but Closed, at least an hour after the client's previous event
    Returns,
}

/// The queries, cut in two by time.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// The first moment of the test: query number ⌊0.8·n⌋ of all n, from 0.
    pub(super) cut: Timestamp,
    /// The first row at or after the cut.
    pub(super) first_row: usize,
    /// Rows before the cut that are queries.
    pub(super) before: Vec<usize>,
    /// Rows at or after the cut that are queries.
    pub(super) test: Vec<usize>,
}

/// What a method is told: never who handled it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub(super) client: &'a ClientId,
    pub(super) now: Timestamp,
}

impl QuerySet {
    /// The rows that are queries, in time order.
    pub(super) fn of(self, rows: &[Row]) -> Vec<usize> {
        match self {
            Self::Flagged => (0..rows.len())
                .filter(|&index| rows[index].flagged)
                .collect(),
            Self::Returns => returns(rows),
        }
    }

    /// Cuts the queries in two. `None` if there are none.
    pub(super) fn split(self, rows: &[Row]) -> Option<Split> {
        let queries = self.of(rows);
        let cut = rows[*queries.get(queries.len() * 4 / 5)?].time;
        let first_row = rows.partition_point(|row| row.time < cut);
        let (before, test) = queries.into_iter().partition(|&query| query < first_row);
        Some(Split {
            cut,
            first_row,
            before,
            test,
        })
    }
}

fn returns(rows: &[Row]) -> Vec<usize> {
    let mut last_seen: HashMap<&ClientId, Timestamp> = HashMap::new();
    let mut queries = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let previous = last_seen.insert(&row.client, row.time);
        let away = previous.map(|previous| row.time.duration_since(previous).unsigned_abs());
        let came_back = away.is_some_and(|away| away >= A_RETURN);
        if came_back && row.kind.as_str() != WRITTEN_BY_A_TIMER {
            queries.push(index);
        }
    }
    queries
}

/// Goes through rows in time order. All queries of one moment are asked before any row of that
/// moment is shown: the only place that decides what a method may know.
///
/// `queries` are indices into `rows`, in order.
pub(super) fn replay<Memory>(
    rows: &[Row],
    queries: &[usize],
    memory: &mut Memory,
    mut ask: impl FnMut(&Memory, Question<'_>, usize),
    show: impl Fn(&mut Memory, &Row),
) {
    let mut queries = queries.iter().copied().peekable();
    let mut begin = 0;
    for moment in rows.chunk_by(|a, b| a.time == b.time) {
        let end = begin + moment.len();
        while let Some(query) = queries.next_if(|&query| query < end) {
            let question = Question {
                client: &rows[query].client,
                now: rows[query].time,
            };
            ask(memory, question, query);
        }
        for row in moment {
            show(memory, row);
        }
        begin = end;
    }
}
