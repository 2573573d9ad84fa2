//! `vizavi backtest`

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use indicatif::ProgressBar;
use vizavi::backtest::{Backtest, QuerySet, Refused};

#[derive(Args)]
pub(crate) struct BacktestArguments {
    /// CSV with the columns ts, client, employee, type, case, query, in the order of time
    file: PathBuf,
    /// Which rows are to be predicted
    #[arg(long, value_enum, default_value = "flagged")]
    queries: QuerySet,
    /// The types of event that close their case, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "TYPE")]
    closing: Vec<String>,
    /// Print the hit rates as JSON
    #[arg(long)]
    json: bool,
}

/// The table on standard output, then the parameters; with `--json`, only the numbers are there, and
/// the rest is on standard error.
pub(crate) fn backtest(arguments: &BacktestArguments) -> Result<(), Box<dyn Error>> {
    let backtest = Backtest {
        queries: arguments.queries,
        closing: arguments.closing.clone(),
    };
    // It draws on standard error, and only if that is a terminal.
    let progress = ProgressBar::new(0);
    let (log, report) = backtest.run(&arguments.file, &progress)?;
    let (mut output, mut notes) = (std::io::stdout(), std::io::stderr());
    if arguments.json {
        writeln!(output, "{}", serde_json::to_string(&report)?)?;
        write!(notes, "{}", report.parameters())?;
    } else {
        write!(output, "{report}\n{}", report.parameters())?;
    }
    tell_refused(&log.refused, &mut notes)?;
    Ok(())
}

fn tell_refused(refused: &Refused, notes: &mut impl Write) -> std::io::Result<()> {
    if refused.count == 0 {
        return Ok(());
    }
    writeln!(notes, "{} lines were refused:", refused.count)?;
    for line in &refused.named {
        writeln!(notes, "  line {}: {}", line.line, line.reason)?;
    }
    let others = refused.count - refused.named.len() as u64;
    if others > 0 {
        writeln!(notes, "  and {others} more")?;
    }
    Ok(())
}
