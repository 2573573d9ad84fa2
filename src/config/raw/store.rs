//! `[store]`: where what must survive is kept.

use std::path::PathBuf;

use jiff::SignedDuration;
use serde::Deserialize;
use toml::Spanned;

use super::{unplaced, within};
use crate::config::Store;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawStore {
    directory: PathBuf,
    cache_megabytes: Spanned<u64>,
    calls_days: Spanned<u32>,
}

impl Default for RawStore {
    fn default() -> Self {
        Self {
            directory: "/var/lib/vizavi/store".into(),
            cache_megabytes: unplaced(128),
            calls_days: unplaced(90),
        }
    }
}

impl RawStore {
    pub(super) fn check(self, file: &TomlFile) -> Result<Store, FileError> {
        let megabytes = within(file, "cache_megabytes", &self.cache_megabytes, 8, 65_536)?;
        let days = within(file, "calls_days", &self.calls_days, 1, 3650)?;
        Ok(Store {
            directory: file.path_beside(&self.directory),
            cache_bytes: megabytes * 1024 * 1024,
            calls_kept: SignedDuration::from_hours(i64::from(days) * 24),
        })
    }
}
