//! The command line: parse, call, exit code. Each command is a file of `commands`.

mod commands;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::ConfigFile;
use commands::backtest::BacktestArguments;
use commands::callbacks::CallbacksArguments;
use commands::calls::CallsArguments;
use commands::decline::DeclineArguments;
use commands::import::ImportArguments;
use commands::number::NumberArguments;
use commands::phrases::PhrasesArguments;
use commands::rank::RankArguments;
use commands::report::ReportArguments;
use commands::run::Replaced;
use commands::say::SayArguments;
use commands::token::TokenArguments;
use commands::webhooks::WebhooksArguments;

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
    /// Take events, employees or clients from files: CSV, or one JSON object a line
    Import(ImportArguments),
    /// List the calls that came, or tell the story of one
    Calls(CallsArguments),
    /// Tell whom a caller wants, and why
    Rank(RankArguments),
    /// Speak ahead, list and prune what callers hear
    Phrases(PhrasesArguments),
    /// Make, list and revoke the tokens with which CRMs sign in
    Token(TokenArguments),
    /// Speak a text as callers would hear it, and tell which service spoke
    Say(SayArguments),
    /// Measure on a log of what happened how well the rating would have guessed who was wanted
    Backtest(BacktestArguments),
    /// List what webhooks were not told yet, and send again what was given up
    Webhooks(WebhooksArguments),
    /// Add, list, show, cancel and retry callbacks
    Callbacks(CallbacksArguments),
    /// Tell what came of callbacks
    Report(ReportArguments),
    /// Print a Russian name in its six cases, as prompts say it
    Decline(DeclineArguments),
    /// Print a number in words, as prompts say it
    Number(NumberArguments),
}

const EXAMPLES: &str = "\
Examples:
  vizavi config > vizavi.toml        begin with a file that explains itself
  vizavi check -c vizavi.toml        is anything wrong with it?
  VIZAVI_ARI_PASSWORD=… vizavi run -c vizavi.toml
  vizavi import employees.csv clients.csv events.csv
  vizavi rank +74959262644           whom does this caller want, and why?
  vizavi calls                       what came of the calls?
  vizavi token make 1C               what the CRM signs in with
  vizavi say \"Соединяю.\" --out x.wav  what do callers hear?
  vizavi webhooks dead               what was the CRM never told?
  vizavi callbacks list              who is to be called back?
  vizavi backtest calls.csv          would the rating have known whom they want?
  vizavi decline \"Чулкова Евгения\"   how would a prompt say this name?
  vizavi number 34 --case genitive   and this number?";

fn main() -> ExitCode {
    match execute(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "vizavi: {error}");
            if error.is::<Replaced>() {
                return ExitCode::from(Replaced::EXIT_CODE);
            }
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Run(file) => commands::run::run(file.read()?),
        Command::Check(file) => commands::check::check(&file.read()?),
        Command::Config => commands::config::print(),
        Command::Import(arguments) => commands::import::import(&arguments),
        Command::Calls(arguments) => commands::calls::calls(&arguments),
        Command::Rank(arguments) => commands::rank::rank(&arguments),
        Command::Phrases(arguments) => commands::phrases::phrases(&arguments),
        Command::Token(arguments) => commands::token::token(&arguments),
        Command::Webhooks(arguments) => commands::webhooks::webhooks(&arguments),
        Command::Say(arguments) => commands::say::say(&arguments),
        Command::Backtest(arguments) => commands::backtest::backtest(&arguments),
        Command::Callbacks(arguments) => commands::callbacks::callbacks(&arguments),
        Command::Report(arguments) => commands::report::report(&arguments),
        Command::Decline(arguments) => commands::decline::decline(&arguments),
        Command::Number(arguments) => commands::number::number(&arguments),
    }
}
