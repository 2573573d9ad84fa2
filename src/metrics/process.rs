//! What this process takes, as Prometheus' own clients name it. Read when somebody asks.

use std::fmt::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::gauge::ConstGauge;

/// Where Linux tells about us.
const STATUS: &str = "/proc/self/status";
const FILES: &str = "/proc/self/fd";

/// Tells about this process.
#[derive(Debug)]
pub(super) struct Process {
    started: f64,
}

impl Process {
    /// It has started about now.
    pub(super) fn new() -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            started: started.unwrap_or_default().as_secs_f64(),
        }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        let status = std::fs::read_to_string(STATUS).unwrap_or_default();
        let files = std::fs::read_dir(FILES).map_or(0, Iterator::count);
        let kibibytes = field(&status, "VmRSS:").unwrap_or(0);
        let threads = field(&status, "Threads:").unwrap_or(0);
        let gauges = [
            (
                "process_resident_memory_bytes",
                "Memory in use",
                kibibytes as f64 * 1024.0,
            ),
            ("process_threads", "Threads", threads as f64),
            (
                "process_open_fds",
                "Open files and connections",
                files as f64,
            ),
            (
                "process_start_time_seconds",
                "When it started, in seconds since 1970",
                self.started,
            ),
        ];
        for (name, help, value) in gauges {
            let gauge = ConstGauge::new(value);
            let metric = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
            gauge.encode(metric)?;
        }
        Ok(())
    }
}

/// The number of a line such as `VmRSS:     1234 kB`.
fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_threads_are_read() {
        let status = "Name:\tvizavi\nVmRSS:\t    1234 kB\nThreads:\t7\n";
        assert_eq!(field(status, "VmRSS:"), Some(1234));
        assert_eq!(field(status, "Threads:"), Some(7));
        assert_eq!(field(status, "VmPeak:"), None);
    }
}
