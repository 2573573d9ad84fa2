//! Processes that don't outlive the bench, and what they take of the machine.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use nix::sys::sysinfo;
use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::{Pid, SysconfVar, sysconf};

/// A running process. Dropped, it is killed; so it is by the kernel when the bench dies.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts a program. `set_up` adds its arguments and redirections. The bench starts everything
    /// from its main thread, whose death is the one that counts.
    pub(crate) fn start(program: &Path, set_up: impl FnOnce(&mut Command)) -> io::Result<Self> {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program);
        set_up(&mut command);
        command.spawn().map(Self)
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it has already ended and been waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// CPU time of a process so far, all its threads, those that have ended too.
pub(crate) fn cpu_of(process: u32) -> Duration {
    let id = i32::try_from(process).unwrap_or_default();
    let time = clock_getcpuclockid(Pid::from_raw(id)).and_then(clock_gettime);
    time.map_or(Duration::ZERO, Duration::from)
}

/// CPU time of all that a process has started: children that are gone, and those that live, with theirs.
pub(crate) fn cpu_of_children(process: u32) -> Duration {
    let living: Duration = children(process)
        .into_iter()
        .map(|child| cpu_of(child) + cpu_of_children(child))
        .sum();
    living + stat(process).map_or(Duration::ZERO, |stat| stat.ended_children)
}

struct Stat {
    parent: u32,
    ended_children: Duration,
}

fn stat(process: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything.
    let rest = text.get(text.rfind(')')? + 2..)?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let ticks: u64 = fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?;
    let a_second = sysconf(SysconfVar::CLK_TCK).ok()??;
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        ended_children: Duration::from_secs_f64(ticks as f64 / a_second as f64),
    })
}

fn children(process: u32) -> Vec<u32> {
    let mut by_parent: HashMap<u32, Vec<u32>> = HashMap::new();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    for id in entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()) {
        if let Some(stat) = stat(id) {
            by_parent.entry(stat.parent).or_default().push(id);
        }
    }
    by_parent.remove(&process).unwrap_or_default()
}

/// Memory that a process would give back if it ended alone: what it shares counts in part. In KiB.
pub(crate) fn memory_of(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The same of all its children.
pub(crate) fn memory_of_children(process: u32) -> u64 {
    let each = |child| memory_of(child) + memory_of_children(child);
    children(process).into_iter().map(each).sum()
}

/// Time in which the machine's cores did nothing, and in which others than this machine used them.
pub(crate) fn idle_and_stolen() -> (Duration, Duration) {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = text.lines().next().unwrap_or_default();
    let ticks: Vec<f64> = line
        .split_whitespace()
        .skip(1)
        .filter_map(|tick| tick.parse().ok())
        .collect();
    let a_second = sysconf(SysconfVar::CLK_TCK).ok().flatten().unwrap_or(100) as f64;
    let seconds =
        |index: usize| Duration::from_secs_f64(ticks.get(index).unwrap_or(&0.0) / a_second);
    (seconds(3) + seconds(4), seconds(7))
}

/// The machine in a few words: its cores, their name, its memory.
pub(crate) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find(|line| line.starts_with("model name"));
    let name = name
        .and_then(|line| line.split_once(": "))
        .map_or("", |(_, name)| name);
    let memory = sysinfo::sysinfo().map_or(0, |info| info.ram_total() >> 30);
    format!("{cores} cores ({name}), {memory} GiB of memory")
}
