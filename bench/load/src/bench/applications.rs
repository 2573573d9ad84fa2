//! The applications: how each is started, and when it is ready.

use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::pbx::Pbx;
use super::processes::{self, Process};
use super::{Result, attempt, company, project, target, wait_until};

/// Speaking a thousand people's phrases ahead for the first time takes minutes.
const PATIENCE: Duration = Duration::from_secs(1200);

/// An application that serves the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Application {
    /// The dialplan alone.
    Native,
    /// PHP by AGI.
    Agi,
    /// Node's ari-client.
    Node,
    /// The crate asterisk-ari.
    Rust,
    /// The crate asterisk-ari for the menu; then the dialplan dials. Only if it is asked for.
    Handover,
    /// The least that can be asked of ARI: what bounds the others.
    Least,
    /// vizavi.
    Vizavi,
}

impl fmt::Display for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.dialled())
    }
}

impl Application {
    pub(crate) const ALL: [Self; 6] = [
        Self::Native,
        Self::Agi,
        Self::Node,
        Self::Rust,
        Self::Least,
        Self::Vizavi,
    ];

    /// What a caller dials to get it.
    pub(crate) fn dialled(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Agi => "agi",
            Self::Node => "node",
            Self::Rust => "rust",
            Self::Handover => "handover",
            Self::Least => "least",
            Self::Vizavi => "vizavi",
        }
    }

    /// How it is called in the report.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Native => "dialplan",
            Self::Agi => "PHP AGI",
            Self::Node => "Node ari-client",
            Self::Rust => "Rust asterisk-ari",
            Self::Handover => "Rust asterisk-ari, the dialplan dials",
            Self::Least => "ARI, the least",
            Self::Vizavi => "vizavi",
        }
    }
}

/// An application at work. Dropped, it is killed.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) application: Application,
    asterisk: u32,
    process: Option<Process>,
}

impl Running {
    /// Starts it, and waits until it serves calls. vizavi forgets the menus that it has made, unless
    /// they are to be kept: otherwise the first round would cost it more than the others.
    pub(crate) fn start(application: Application, pbx: &Pbx, menus_kept: bool) -> Result<Self> {
        let mut running = Self {
            application,
            asterisk: pbx.id(),
            process: None,
        };
        match application {
            // The dialplan is there; AGI starts its programs itself.
            Application::Native | Application::Agi => {}
            Application::Node => {
                let script = target().join("node/menu.js");
                let arguments = [script.as_os_str()];
                let started = start_peer(pbx, Path::new("node"), &arguments, "bench-node", &[]);
                running.process = Some(started?);
            }
            Application::Rust => {
                running.process = Some(start_peer(pbx, &rust_peer(), &[], "bench-rust", &[])?);
            }
            Application::Handover => {
                let started = start_peer(pbx, &rust_peer(), &[], "bench-handover", &["native"]);
                running.process = Some(started?);
            }
            Application::Least => {
                running.process = Some(start_peer(pbx, &least(), &[], "bench-least", &[])?);
            }
            Application::Vizavi => {
                let log = target().join("vizavi/log");
                if !menus_kept {
                    company::forget_menus()?;
                }
                running.process = Some(start_vizavi(pbx, &log)?);
                wait_for_vizavi(pbx, &log)?;
            }
        }
        Ok(running)
    }

    /// CPU time of the application and all that it starts. AGI's programs are Asterisk's children.
    pub(crate) fn cpu(&self) -> Duration {
        match (&self.process, self.application) {
            (Some(process), _) => {
                processes::cpu_of(process.id()) + processes::cpu_of_children(process.id())
            }
            (None, Application::Agi) => processes::cpu_of_children(self.asterisk),
            (None, _) => Duration::ZERO,
        }
    }

    /// Its memory and that of all that it starts, in KiB.
    pub(crate) fn memory(&self) -> u64 {
        match (&self.process, self.application) {
            (Some(process), _) => {
                processes::memory_of(process.id()) + processes::memory_of_children(process.id())
            }
            (None, Application::Agi) => processes::memory_of_children(self.asterisk),
            (None, _) => 0,
        }
    }
}

fn log_to(command: &mut Command, log: &Path) -> Result<()> {
    let output = attempt(format!("writing {}", log.display()), File::create(log))?;
    let errors = attempt(format!("writing {}", log.display()), output.try_clone())?;
    command.stdin(Stdio::null()).stdout(output).stderr(errors);
    Ok(())
}

fn rust_peer() -> PathBuf {
    project().join("target/bench-rust/release/bench-rust")
}

fn least() -> PathBuf {
    project().join("target/bench-least/release/bench-least")
}

/// Starts a program, and waits until it is connected.
fn start_peer(
    pbx: &Pbx,
    program: &Path,
    script: &[&OsStr],
    application: &str,
    more: &[&str],
) -> Result<Process> {
    let mut redirected = Ok(());
    let process = Process::start(program, |command| {
        command
            .args(script)
            .arg(pbx.http())
            .arg(application)
            .arg(&pbx.sound)
            .args(more);
        command.env("ARI_PASSWORD", &pbx.password);
        redirected = log_to(command, &target().join(format!("{application}.log")));
    });
    redirected?;
    let process = attempt(format!("starting {application}"), process)?;
    wait_for_application(pbx, application)?;
    Ok(process)
}

fn start_vizavi(pbx: &Pbx, log: &Path) -> Result<Process> {
    let mut redirected = Ok(());
    let process = Process::start(&company::vizavi(), |command| {
        command
            .args(["run", "--config"])
            .arg(company::settings_file());
        command.env("VIZAVI_ARI_PASSWORD", &pbx.password);
        redirected = log_to(command, log);
    });
    redirected?;
    attempt("starting vizavi", process)
}

fn wait_for_application(pbx: &Pbx, name: &str) -> Result<()> {
    wait_until(&format!("{name} does not connect"), PATIENCE, || {
        pbx.command("ari show apps")
            .is_ok_and(|said| said.contains(name))
    })
}

/// Until the dialplan lets calls in and every phrase is spoken.
fn wait_for_vizavi(pbx: &Pbx, log: &Path) -> Result<()> {
    wait_until("vizavi does not serve calls", PATIENCE, || {
        let globals = pbx.command("dialplan show globals").unwrap_or_default();
        let until = globals
            .lines()
            .find_map(|line| line.trim().strip_prefix("VIZAVI_ALIVE_UNTIL="));
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let is_open = until
            .and_then(|until| until.parse::<u64>().ok())
            .is_some_and(|until| until >= now);
        is_open && fs::read_to_string(log).is_ok_and(|said| said.contains("spoken"))
    })
}
