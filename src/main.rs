//! The command line: parse, call, exit code.

use std::error::Error;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use indicatif::ProgressBar;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use vizavi::backtest::{Backtest, QuerySet, Refused};
use vizavi::config::{self, Log, Settings};
use vizavi::people::People;
use vizavi::switchboard::Ending;

/// Puts a caller through to the person they were dealing with: an Asterisk ARI application.
#[derive(Parser)]
#[command(version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve calls until SIGTERM or SIGINT
    Run(ConfigFile),
    /// Check the settings and the file of people, and name the first mistake
    Check(ConfigFile),
    /// Print all settings with their defaults and what they mean
    Config,
    /// Measure on a log of what happened how well the rating would have guessed who was wanted
    Backtest {
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
    },
}

#[derive(Args)]
struct ConfigFile {
    /// The file of settings
    #[arg(
        long,
        short,
        env = "VIZAVI_CONFIG",
        default_value = "/etc/vizavi/vizavi.toml"
    )]
    config: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  vizavi config > vizavi.toml        begin with a file that explains itself
  vizavi check -c vizavi.toml        is anything wrong with it?
  VIZAVI_ARI_PASSWORD=… vizavi run -c vizavi.toml
  vizavi backtest calls.csv          would the rating have known whom they want?";

/// Two that serve the same name would take the calls from each other for ever.
const REPLACED: &str = "another process has connected to Asterisk under this application's name and \
                        serves the calls now; if that was not meant, give each its own `application`";

fn main() -> ExitCode {
    match execute(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "vizavi: {error}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Run(file) => run(config::read(&file.config)?),
        Command::Check(file) => check(&config::read(&file.config)?),
        Command::Config => Ok(write!(std::io::stdout(), "{}", config::DEFAULT)?),
        Command::Backtest {
            file,
            queries,
            closing,
            json,
        } => backtest(&Backtest { queries, closing }, &file, json),
    }
}

fn run(settings: Settings) -> Result<(), Box<dyn Error>> {
    start_log(&settings.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        match vizavi::app::serve(settings, stop).await? {
            Ending::Stopped => Ok(()),
            Ending::Replaced => Err(REPLACED.into()),
        }
    })
}

fn check(settings: &Settings) -> Result<(), Box<dyn Error>> {
    filter(&settings.log.level)?;
    let people = People::read(&settings.people)?;
    let entries = people.entries().len();
    let callers = people.known_callers().count();
    writeln!(
        std::io::stdout(),
        "The settings are right. People and departments that can be reached: {entries}. Telephone \
         numbers with a menu of their own: {callers}."
    )?;
    Ok(())
}

/// The table on standard output, then the parameters; with `json`, only the numbers are there, and
/// the rest is on standard error.
fn backtest(backtest: &Backtest, file: &Path, json: bool) -> Result<(), Box<dyn Error>> {
    // It draws on standard error, and only if that is a terminal.
    let progress = ProgressBar::new(0);
    let (log, report) = backtest.run(file, &progress)?;
    let (mut output, mut notes) = (std::io::stdout(), std::io::stderr());
    if json {
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

/// Lines for people or JSON for machines, on standard error.
fn start_log(log: &Log) -> Result<(), Box<dyn Error>> {
    let filter = filter(&log.level)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if log.json {
        builder.json().flatten_event(true).init();
    } else {
        builder
            .with_target(false)
            .with_ansi(std::io::stderr().is_terminal())
            .init();
    }
    Ok(())
}

/// A plain level is ours; of what we stand on, only warnings are of use.
fn filter(level: &str) -> Result<EnvFilter, String> {
    let plain = level.chars().all(char::is_alphanumeric);
    let directives = if plain {
        format!("warn,vizavi={level}")
    } else {
        level.to_owned()
    };
    EnvFilter::try_new(directives)
        .map_err(|error| format!("[log] level = {level:?} can't be used: {error}"))
}
