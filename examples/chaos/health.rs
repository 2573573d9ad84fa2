//! What the application and Asterisk use: memory, descriptors, channels.

use std::fmt;
use std::fs;

use crate::fault::Scene;
use crate::support::company::Result;

/// How much more than at the beginning a process may have at the end.
const MORE_MEMORY: u64 = 32 * 1024;
const MORE_DESCRIPTORS: usize = 10;

/// At one moment, when nobody calls.
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

    pub(crate) fn is_like(&self, later: &Self) -> bool {
        later.kilobytes < self.kilobytes + MORE_MEMORY
            && later.descriptors < self.descriptors + MORE_DESCRIPTORS
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
