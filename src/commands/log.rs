//! How a command that runs for long says what it does.

use std::error::Error;
use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use vizavi::config::Log;

/// Lines for people or JSON for machines, on standard error.
pub(super) fn start(log: &Log) -> Result<(), Box<dyn Error>> {
    let filter = filter(&log.level)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // A line that can't be written, on a full disk, is told on the same standard error, and that it
        // can't be told there is a panic.
        .log_internal_errors(false)
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
pub(super) fn filter(level: &str) -> Result<EnvFilter, String> {
    let plain = level.chars().all(char::is_alphanumeric);
    let directives = if plain {
        format!("warn,vizavi={level}")
    } else {
        level.to_owned()
    };
    EnvFilter::try_new(directives)
        .map_err(|error| format!("[log] level = {level:?} can't be used: {error}"))
}
