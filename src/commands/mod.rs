//! One file for each command: its arguments, and what it prints. The work is done elsewhere.

pub(crate) mod backtest;
pub(crate) mod callbacks;
pub(crate) mod calls;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod decline;
pub(crate) mod import;
pub(crate) mod number;
pub(crate) mod phrases;
pub(crate) mod rank;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod say;
pub(crate) mod token;
pub(crate) mod webhooks;

mod door;
mod example;
mod log;

use std::path::PathBuf;

use clap::Args;
use vizavi::config::Settings;
use vizavi::toml_file::FileError;

/// Where the settings are.
#[derive(Args)]
pub(crate) struct ConfigFile {
    /// The file of settings
    #[arg(
        long,
        short,
        global = true,
        env = "VIZAVI_CONFIG",
        default_value = "/etc/vizavi/vizavi.toml"
    )]
    config: PathBuf,
}

impl ConfigFile {
    pub(crate) fn read(&self) -> Result<Settings, FileError> {
        vizavi::config::read(&self.config)
    }
}

/// A moment without what a reader has no use for.
fn to_the_second(moment: &str) -> String {
    let Some((seconds, rest)) = moment.split_once('.') else {
        return moment.to_owned();
    };
    let offset = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{seconds}{offset}")
}
