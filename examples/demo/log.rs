//! The application's log, from a moment on.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::hope::Hope;
use crate::support::application::Application;
use crate::support::company::{Result, SOON};
use crate::told::Hoping;

const POLL: Duration = Duration::from_millis(10);

/// What the application logs from now on.
#[derive(Clone, Copy)]
pub(crate) struct Log<'a> {
    application: &'a Application,
    from: usize,
}

impl<'a> Log<'a> {
    pub(crate) fn from_now(application: &'a Application) -> Self {
        let from = application.log().len();
        Self { application, from }
    }

    /// All that the application has logged.
    pub(crate) fn from_the_beginning(application: &'a Application) -> Self {
        Self {
            application,
            from: 0,
        }
    }

    /// All entries so far that begin with this message.
    pub(crate) fn all(&self, message: &str) -> Vec<Value> {
        let log = self.application.log();
        let new = log.get(self.from..).unwrap_or_default();
        let entries = new
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        let says = |entry: &Value| {
            entry["message"]
                .as_str()
                .is_some_and(|text| text.starts_with(message))
        };
        entries.filter(says).collect()
    }

    /// Waits for the first such entry.
    pub(crate) async fn wait_for(&self, message: &str) -> Result<Value> {
        let asked = Instant::now();
        loop {
            if let Some(entry) = self.all(message).into_iter().next() {
                return Ok(entry);
            }
            if asked.elapsed() > SOON {
                return Err(format!("it was not said within {SOON:?}"))
                    .hoping(Hope::LogSays(message.to_owned()));
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits for the entry, and gives its `after_ms`.
    pub(crate) async fn milliseconds(&self, message: &str) -> Result<i64> {
        let entry = self.wait_for(message).await?;
        after_ms(&entry)
    }
}

/// The milliseconds of an entry that measures.
pub(crate) fn after_ms(entry: &Value) -> Result<i64> {
    entry["after_ms"]
        .as_i64()
        .ok_or_else(|| entry.to_string())
        .hoping(Hope::LogSays("after_ms".to_owned()))
}

/// The last lines, shortened to time, level, what was said and the error.
pub(crate) fn tail(log: &str, lines: usize) -> String {
    let all: Vec<&str> = log.lines().collect();
    let last = &all[all.len().saturating_sub(lines)..];
    let lines: Vec<String> = last.iter().map(|line| short(line)).collect();
    lines.join("\n")
}

fn short(line: &str) -> String {
    let Ok(entry) = serde_json::from_str::<Value>(line) else {
        return format!("  {line}");
    };
    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let time = text("timestamp");
    let time = time.get(11..23).unwrap_or(&time);
    let known = |key: &&str| !entry[*key].is_null();
    let shown = |key: &str| format!(" {key}={}", entry[key]);
    let keys = ["event", "error", "after_ms", "state"].into_iter();
    let rest: String = keys.filter(known).map(shown).collect();
    format!("  {time} {:5} {}{}", text("level"), text("message"), rest)
}
