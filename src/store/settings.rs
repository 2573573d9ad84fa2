//! What the store is told when it is opened.

use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;

/// Keeps the whole process under 400 MiB with 500,000 clients and 10,000,000 events.
const CACHE_BYTES: u64 = 48 << 20;

/// A message takes about a kilobyte.
const MOST_MESSAGES: usize = 100_000;

/// A call takes about three hundred bytes.
const MOST_CALLS: u64 = 1_000_000;

/// Erasures of one hour are one rewriting.
const REWRITE_AFTER: Duration = Duration::from_secs(3_600);

/// Where the store is and how much it may take.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Belongs to the store alone. It is made if it is not there.
    pub directory: PathBuf,
    /// How much of what is on disk is kept in memory, as sled counts it: what the process takes for it
    /// is more.
    pub cache_bytes: u64,
    /// The company's local time.
    pub zone: TimeZone,
    /// How long after a client was erased the files are rewritten, so that nothing of them is left.
    pub rewrite_after: Duration,
    /// The most messages that wait for webhooks. With more of them, the oldest go.
    pub most_messages: usize,
    /// The most calls in the journal. With more of them, the oldest go.
    pub most_calls: u64,
}

impl Settings {
    /// A store in a directory, with the usual cache.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>, zone: TimeZone) -> Self {
        Self {
            directory: directory.into(),
            cache_bytes: CACHE_BYTES,
            zone,
            rewrite_after: REWRITE_AFTER,
            most_messages: MOST_MESSAGES,
            most_calls: MOST_CALLS,
        }
    }
}
