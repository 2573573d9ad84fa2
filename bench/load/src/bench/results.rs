//! All numbers of a run, kept as JSON so that the report can be written again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::added::Added;
use super::applications::Application;
use super::pbx::Pbx;
use super::statistics::median;
use super::{BenchError, Result, attempt, processes};

/// One window: calls at one rate through one application.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Window {
    pub(crate) application: Application,
    pub(crate) alternation: usize,
    /// New calls a second.
    pub(crate) rate: f64,
    pub(crate) calls: usize,
    /// How many failed, and how.
    pub(crate) failures: BTreeMap<String, usize>,
    /// From the first call to the end of the last.
    pub(crate) seconds: f64,
    pub(crate) most_at_once: usize,
    /// CPU time, in milliseconds: all of the window.
    pub(crate) asterisk_ms: f64,
    pub(crate) application_ms: f64,
    pub(crate) generator_ms: f64,
    /// Milliseconds in which a core did nothing, all cores together; and in which the host used it.
    pub(crate) idle_ms: f64,
    pub(crate) stolen_ms: f64,
    /// How often the calls were made again because others had the machine meanwhile.
    #[serde(default)]
    pub(crate) again: usize,
    /// INVITE → first packet of sound, of each call, in milliseconds.
    pub(crate) sound_ms: Vec<f64>,
    /// Key released → the employee's INVITE.
    pub(crate) key_ms: Vec<f64>,
    /// Picked up → each has heard the other.
    pub(crate) bridge_ms: Vec<f64>,
    /// One hangs up → the other is released.
    pub(crate) release_ms: Vec<f64>,
    /// Packets of the generator: sent, received, sent more than 10 ms late, and the latest (ms).
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) late: u64,
    pub(crate) latest_ms: f64,
    /// SIP messages sent again, and calls to employees that belong to no call.
    pub(crate) repeated: u32,
    pub(crate) strays: u32,
    /// Channels that were left in Asterisk after all calls were over.
    pub(crate) left_over: usize,
}

impl Window {
    pub(crate) fn failed(&self) -> usize {
        self.failures.values().sum()
    }

    pub(crate) fn failed_share(&self) -> f64 {
        self.failed() as f64 / self.calls.max(1) as f64
    }

    pub(crate) fn a_call(&self, milliseconds: f64) -> f64 {
        milliseconds / self.calls.max(1) as f64
    }

    /// How much of all processors others took meanwhile, in milliseconds a second.
    pub(crate) fn taken(&self) -> f64 {
        self.stolen_ms / self.seconds.max(0.001)
    }

    /// CPU time of a call, in milliseconds: Asterisk's.
    pub(crate) fn asterisk(&self) -> f64 {
        self.a_call(self.asterisk_ms)
    }

    /// The application's.
    pub(crate) fn own(&self) -> f64 {
        self.a_call(self.application_ms)
    }

    /// Both together.
    pub(crate) fn total(&self) -> f64 {
        self.asterisk() + self.own()
    }

    /// Both together, measured by what the telephones took meanwhile: they do the same for each application,
    /// so that how fast the machine was just then is taken out.
    pub(crate) fn steady(&self) -> f64 {
        (self.asterisk_ms + self.application_ms) / self.generator_ms.max(1.0)
    }
}

/// An application that has nothing to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Idle {
    pub(crate) application: Application,
    pub(crate) alternation: usize,
    /// CPU time for a second of doing nothing, in milliseconds.
    pub(crate) asterisk_ms_a_second: f64,
    pub(crate) application_ms_a_second: f64,
}

/// Memory in KiB, before and while many talk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Memory {
    pub(crate) application: Application,
    pub(crate) talking: usize,
    pub(crate) asterisk_before: u64,
    pub(crate) asterisk: u64,
    pub(crate) application_before: u64,
    pub(crate) application_talking: u64,
    /// How many of these calls failed.
    pub(crate) failed: usize,
}

/// Everything.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) date: String,
    pub(crate) machine: String,
    /// How busy the machine was with other things.
    #[serde(default)]
    pub(crate) load_before: String,
    pub(crate) asterisk: String,
    pub(crate) versions: Vec<String>,
    /// Whether vizavi found menus again that it had made for earlier calls.
    pub(crate) menus_kept: bool,
    /// Calls that went wrong on purpose: how, and what the telephones said.
    pub(crate) noticed: Vec<(String, String)>,
    pub(crate) proof: Option<Window>,
    pub(crate) windows: Vec<Window>,
    pub(crate) idle: Vec<Idle>,
    pub(crate) memory: Vec<Memory>,
    pub(crate) limits: Vec<Window>,
    /// What later runs measured anew.
    #[serde(default)]
    pub(crate) added: Vec<Added>,
}

impl Results {
    pub(crate) fn new(pbx: &Pbx, menus_kept: bool) -> Result<Self> {
        Ok(Self {
            date: first_line("date", &["-u", "+%Y-%m-%d"])?,
            machine: processes::machine(),
            load_before: load_average(),
            asterisk: pbx.version.clone(),
            versions: vec![
                first_line("php", &["--version"])?,
                format!("Node {}", first_line("node", &["--version"])?),
            ],
            noticed: Vec::new(),
            menus_kept,
            proof: None,
            windows: Vec::new(),
            idle: Vec::new(),
            memory: Vec::new(),
            limits: Vec::new(),
            added: Vec::new(),
        })
    }

    pub(crate) fn read(file: &Path) -> Result<Self> {
        let what = format!("reading {}", file.display());
        let text = attempt(what.clone(), fs::read_to_string(file))?;
        serde_json::from_str(&text).map_err(|error| BenchError::Other(format!("{what}: {error}")))
    }

    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        let what = format!("writing {}", file.display());
        let text = serde_json::to_string(self)
            .map_err(|error| BenchError::Other(format!("{what}: {error}")))?;
        attempt(what, fs::write(file, text))
    }

    /// The windows of one application at one rate.
    pub(crate) fn of(&self, application: Application, rate: f64) -> Vec<&Window> {
        let fits = |window: &&Window| {
            window.application == application && (window.rate - rate).abs() < 1e-9
        };
        self.windows.iter().filter(fits).collect()
    }

    /// One number of each window of an application at a rate.
    pub(crate) fn each(
        &self,
        application: Application,
        rate: f64,
        number: fn(&Window) -> f64,
    ) -> Vec<f64> {
        self.of(application, rate).into_iter().map(number).collect()
    }

    /// The median of them.
    pub(crate) fn middle(
        &self,
        application: Application,
        rate: f64,
        number: fn(&Window) -> f64,
    ) -> f64 {
        median(&self.each(application, rate, number))
    }

    /// How many times the dialplan's median an application's is; 0 if there is none of the dialplan.
    pub(crate) fn times_native(
        &self,
        application: Application,
        rate: f64,
        number: fn(&Window) -> f64,
    ) -> f64 {
        let native = self.middle(Application::Native, rate, number);
        if native > 0.0 {
            self.middle(application, rate, number) / native
        } else {
            0.0
        }
    }

    pub(crate) fn rates(&self) -> Vec<f64> {
        let mut rates: Vec<f64> = self.windows.iter().map(|window| window.rate).collect();
        rates.sort_by(f64::total_cmp);
        rates.dedup();
        rates
    }

    pub(crate) fn applications(&self) -> Vec<Application> {
        let mut all: Vec<Application> = self
            .windows
            .iter()
            .map(|window| window.application)
            .collect();
        all.sort();
        all.dedup();
        all
    }
}

fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}

fn first_line(program: &str, arguments: &[&str]) -> Result<String> {
    let output = attempt(
        format!("asking {program}"),
        Command::new(program).args(arguments).output(),
    )?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
