//! `vizavi report`

use std::fmt::Write as _;
use std::io::Write as _;

use axum::http::Method;
use clap::{Args, Subcommand};
use serde::Deserialize;

use super::door::{self, Door, Result};
use super::{ConfigFile, to_the_second};

const EXAMPLES: &str = "\
Examples:
  vizavi report callbacks --from 2026-11-01 --to 2026-11-30
  vizavi report callbacks --from 2026-11-20 --to 2026-11-20 --csv > today.csv";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ReportArguments {
    #[command(flatten)]
    config: ConfigFile,
    #[command(subcommand)]
    about: About,
}

#[derive(Subcommand)]
enum About {
    /// What came of callbacks: by outcome, hour and operator
    #[command(after_help = EXAMPLES)]
    Callbacks {
        /// The first day, such as 2026-11-01
        #[arg(long, value_name = "DAY")]
        from: String,
        /// The last day
        #[arg(long, value_name = "DAY")]
        to: String,
        /// Print it as JSON
        #[arg(long, conflicts_with = "csv")]
        json: bool,
        /// Print it as a table: what is counted, its name, attempts, connected, seconds
        #[arg(long)]
        csv: bool,
    },
}

#[derive(Deserialize)]
struct Report {
    from: String,
    to: String,
    attempts: u64,
    outcomes: Vec<Counted>,
    hours: Vec<Reached>,
    operators: Vec<Reached>,
    ended: u64,
    endings: Vec<Counted>,
    attempts_to_success: Vec<Counted>,
    share_to_be_corrected: f64,
}

#[derive(Deserialize)]
struct Counted {
    name: String,
    count: u64,
}

#[derive(Deserialize)]
struct Reached {
    name: String,
    attempts: u64,
    connected: u64,
    talk_seconds: u64,
}

pub(crate) fn report(arguments: &ReportArguments) -> Result<()> {
    let settings = arguments.config.read()?;
    let About::Callbacks {
        from,
        to,
        json,
        csv,
    } = &arguments.about;
    let (from, to) = (door::encoded(from), door::encoded(to));
    let path = format!("/v1/reports/callbacks?from={from}&to={to}");
    door::block_on(async {
        let door = Door::open(&settings)?;
        let answer = door.send(Method::GET, &path, Vec::new()).await?;
        let report: Report = answer.good()?;
        match (json, csv) {
            (true, _) => answer.print()?,
            (_, true) => std::io::stdout().write_all(&report.table()?)?,
            _ => write!(std::io::stdout(), "{}", report.told())?,
        }
        door.close();
        Ok(())
    })
}

impl Report {
    fn told(&self) -> String {
        let mut text = String::new();
        let (from, to) = (to_the_second(&self.from), to_the_second(&self.to));
        let _ = writeln!(text, "From {from} until {to}");
        let _ = writeln!(text, "\nAttempts: {}", self.attempts);
        tell_counts(&mut text, &self.outcomes);
        for (title, rows) in [("hour", &self.hours), ("operator", &self.operators)] {
            let _ = writeln!(text, "\nBy {title}: attempts, connected, average talk");
            for row in rows {
                let average = row.talk_seconds.checked_div(row.connected).unwrap_or(0);
                let (attempts, connected, name) = (row.attempts, row.connected, &row.name);
                let _ = writeln!(text, "{attempts:>8} {connected:>8} {average:>6} s  {name}");
            }
        }
        let _ = writeln!(text, "\nJobs that are over: {}", self.ended);
        tell_counts(&mut text, &self.endings);
        let share = self.share_to_be_corrected * 100.0;
        let _ = writeln!(text, "{share:>7.1}%  numbers to be corrected");
        let _ = writeln!(text, "\nAttempts until somebody was reached");
        tell_counts(&mut text, &self.attempts_to_success);
        text
    }

    fn table(&self) -> Result<Vec<u8>> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["what", "name", "count", "connected", "talk_seconds"])?;
        let counts = [
            ("outcome", &self.outcomes),
            ("ending", &self.endings),
            ("attempts to success", &self.attempts_to_success),
        ];
        for (what, rows) in counts {
            for row in rows {
                table.write_record([what, &row.name, &row.count.to_string(), "", ""])?;
            }
        }
        for (what, rows) in [("hour", &self.hours), ("operator", &self.operators)] {
            for row in rows {
                let numbers = [row.attempts, row.connected, row.talk_seconds];
                let [attempts, connected, seconds] = numbers.map(|number| number.to_string());
                table.write_record([what, &row.name, &attempts, &connected, &seconds])?;
            }
        }
        Ok(table.into_inner().map_err(|error| error.to_string())?)
    }
}

fn tell_counts(text: &mut String, counts: &[Counted]) {
    for Counted { name, count } in counts {
        let _ = writeln!(text, "{count:>8}  {name}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let json = r#"{"from": "2026-11-20T00:00:00+03:00", "to": "2026-11-21T00:00:00+03:00",
            "attempts": 4, "outcomes": [{"name": "busy", "count": 1}, {"name": "connected", "count": 3}],
            "hours": [{"name": "10:00", "attempts": 4, "connected": 3, "talk_seconds": 180}],
            "operators": [{"name": "anna", "attempts": 4, "connected": 3, "talk_seconds": 180}],
            "ended": 4, "endings": [{"name": "connected", "count": 3}],
            "attempts_to_success": [{"name": "1", "count": 3}], "share_to_be_corrected": 0.25}"#;
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_report_is_told_in_columns() {
        assert_eq!(
            report().told(),
            "From 2026-11-20T00:00:00+03:00 until 2026-11-21T00:00:00+03:00\n\n\
             Attempts: 4\n       1  busy\n       3  connected\n\n\
             By hour: attempts, connected, average talk\n       4        3     60 s  10:00\n\n\
             By operator: attempts, connected, average talk\n       4        3     60 s  anna\n\n\
             Jobs that are over: 4\n       3  connected\n   25.0%  numbers to be corrected\n\n\
             Attempts until somebody was reached\n       3  1\n"
        );
    }

    #[test]
    fn as_a_table_each_count_is_a_row() {
        let table = String::from_utf8(report().table().unwrap()).unwrap();
        assert_eq!(
            table,
            "what,name,count,connected,talk_seconds\noutcome,busy,1,,\noutcome,connected,3,,\n\
             ending,connected,3,,\nattempts to success,1,3,,\nhour,10:00,4,3,180\n\
             operator,anna,4,3,180\n"
        );
    }
}
