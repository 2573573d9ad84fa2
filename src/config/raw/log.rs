//! `[log]`: how we log.

use serde::Deserialize;

use crate::config::Log;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawLog {
    format: RawFormat,
    level: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawFormat {
    Lines,
    Json,
}

impl Default for RawLog {
    fn default() -> Self {
        Self {
            format: RawFormat::Lines,
            level: "info".to_owned(),
        }
    }
}

impl RawLog {
    pub(super) fn check(self) -> Log {
        Log {
            json: self.format == RawFormat::Json,
            level: self.level,
        }
    }
}
