//! What the application and Asterisk use: memory, descriptors, channels.

use std::fmt;
use std::fs;

use crate::fault::Scene;
use crate::support::company::Result;

/// How much more than when it was warm a process may have at the end, in parts of a hundred.
const MORE_MEMORY: u64 = 1;
const MORE_DESCRIPTORS: usize = 10;

/// At one moment.
pub(crate) struct Health {
    kilobytes: u64,
    descriptors: usize,
    threads: usize,
    channels: usize,
    bridges: usize,
}

impl Health {
    pub(crate) fn of(scene: &Scene) -> Result<Self> {
        let id = scene.company.application.process_id();
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next());
            number.and_then(|number| number.parse::<u64>().ok())
        };
        let asterisk = &scene.company.asterisk;
        Ok(Self {
            kilobytes: number("VmRSS:").ok_or("no memory is shown")?,
            threads: number("Threads:").ok_or("no threads are shown")? as usize,
            descriptors: fs::read_dir(format!("/proc/{id}/fd"))?.count(),
            channels: asterisk.channels()?.len(),
            bridges: asterisk.bridges()?.len(),
        })
    }

    /// Whether a process that was warm then has no more memory to speak of now.
    pub(crate) fn has_grown_little(&self, later: &Self) -> bool {
        later.kilobytes * 100 <= self.kilobytes * (100 + MORE_MEMORY)
    }

    /// Whether nothing is left over from between two quiet moments.
    pub(crate) fn is_like(&self, later: &Self) -> bool {
        later.descriptors < self.descriptors + MORE_DESCRIPTORS
            && later.channels == self.channels
            && later.bridges == self.bridges
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kilobytes,
            descriptors,
            threads,
            channels,
            bridges,
        } = self;
        write!(
            f,
            "{kilobytes} kB, {descriptors} descriptors, {threads} threads, {channels} channels, {bridges} bridges"
        )
    }
}
