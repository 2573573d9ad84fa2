//! `make faults`: real calls to a small company while something breaks, one table cell for each fault and each moment of a call.
//!
//! | module | what is in it |
//! |---|---|
//! | `fault` | what breaks, how it is broken and mended, what is promised then |
//! | `moment` | where a call is when it breaks, and how it is brought there |
//! | `cell` | the calls of one cell: how they are placed, and broken |
//! | `waiting` | a caller who waits for somebody meanwhile |
//! | `measured` | what came of the calls of a cell, against what was promised |
//! | `callback` | the same for people who are called back |
//! | `line` | the line between the application and Asterisk, which can break in many ways |
//! | `crm` | a CRM that does not answer, or answers nonsense |
//! | `panicking` | the application inside of this program, with a defect planted |
//! | `process` | which application is tried, and how this program speaks |
//! | `table` | cells → `docs/faults.md` |

#[expect(
    dead_code,
    unused_imports,
    reason = "the tests use more of their harness than the fault table does"
)]
#[path = "../../tests/support/mod.rs"]
mod support;

mod callback;
mod cell;
mod crm;
mod fault;
mod line;
mod measured;
mod moment;
mod panicking;
mod process;
mod table;
mod waiting;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use clap::Parser;

use cell::Cell;
use fault::Fault;
use measured::Measured;
use moment::Moment;
use process::{application, say};
use support::company::Result;

/// Breaks what can break, while calls are under way.
#[derive(Clone, Parser)]
struct Arguments {
    /// How many calls each cell gets
    #[arg(long, default_value_t = 3)]
    calls: usize,
    /// How many Asterisks run side by side
    #[arg(long, default_value_t = 3)]
    at_once: usize,
    /// Only faults whose name contains this
    #[arg(long)]
    fault: Option<String>,
    /// Only moments whose name contains this
    #[arg(long)]
    moment: Option<String>,
    /// Where the table is written
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(Arguments::parse())),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("{error}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether all that was promised was kept.
async fn run(arguments: Arguments) -> Result<bool> {
    let program = application()?;
    let begun = Instant::now();
    let cells = wanted(&arguments);
    let count = cells.len();
    say(&format!("{count} cells, {} calls each", arguments.calls));
    let cells = Arc::new(Mutex::new(cells));
    let results = Arc::new(Mutex::new(Vec::new()));
    let workers = (0..arguments.at_once.max(1)).map(|_| {
        let (cells, results) = (Arc::clone(&cells), Arc::clone(&results));
        let (program, calls) = (program.clone(), arguments.calls);
        tokio::spawn(async move {
            while let Some(cell) = next(&cells) {
                let measured = cell.measure(&program, calls).await;
                let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                results.push(measured);
                if let Some(measured) = results.last() {
                    say(&format!("{:>3}/{count} {}", results.len(), measured.line()));
                }
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await?;
    }
    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|measured: &Measured| measured.cell);
    let text = table::write(&results, begun.elapsed());
    say(&text);
    if let Some(out) = &arguments.out {
        std::fs::write(out, &text)?;
    }
    Ok(results.iter().all(Measured::is_kept))
}

fn next(cells: &Mutex<VecDeque<Cell>>) -> Option<Cell> {
    let mut cells = cells.lock().unwrap_or_else(PoisonError::into_inner);
    cells.pop_front()
}

fn wanted(arguments: &Arguments) -> VecDeque<Cell> {
    let is_wanted = |filter: &Option<String>, name: &str| {
        filter.as_ref().is_none_or(|filter| name.contains(filter))
    };
    let mut cells = VecDeque::new();
    for fault in Fault::ALL {
        for moment in Moment::ALL {
            if is_wanted(&arguments.fault, fault.name())
                && is_wanted(&arguments.moment, moment.name())
            {
                cells.push_back(Cell { fault, moment });
            }
        }
    }
    cells
}
