//! `[presence]`: whether Asterisk is asked whose telephone would ring.

use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPresence {
    pub(super) ask: bool,
}

impl Default for RawPresence {
    fn default() -> Self {
        Self { ask: true }
    }
}
