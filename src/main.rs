//! The command line: parse, call, exit code. Each command is a file of `commands`.

mod commands;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::ConfigFile;
use commands::backtest::BacktestArguments;

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
    /// Check the settings, and name the first mistake
    Check(ConfigFile),
    /// Print all settings with their defaults and what they mean
    Config,
    /// Measure on a log of what happened how well the rating would have guessed who was wanted
    Backtest(BacktestArguments),
}

const EXAMPLES: &str = "\
Examples:
  vizavi config > vizavi.toml        begin with a file that explains itself
  vizavi check -c vizavi.toml        is anything wrong with it?
  VIZAVI_ARI_PASSWORD=… vizavi run -c vizavi.toml
  vizavi backtest calls.csv          would the rating have known whom they want?";

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
        Command::Run(file) => commands::run::run(file.read()?),
        Command::Check(file) => commands::check::check(&file.read()?),
        Command::Config => commands::config::print(),
        Command::Backtest(arguments) => commands::backtest::backtest(&arguments),
    }
}
