//! `[metrics]`: where those who watch over us look.

use std::net::SocketAddr;

use serde::Deserialize;
use toml::Spanned;

use super::unplaced;
use crate::config::Metrics;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMetrics {
    listen: Spanned<String>,
}

impl Default for RawMetrics {
    fn default() -> Self {
        Self {
            listen: unplaced("127.0.0.1:8097".to_owned()),
        }
    }
}

impl RawMetrics {
    pub(super) fn check(self, file: &TomlFile) -> Result<Metrics, FileError> {
        let text = self.listen.get_ref().trim();
        if text.is_empty() {
            return Ok(Metrics { listen: None });
        }
        let address: Result<SocketAddr, _> = text.parse();
        address
            .map(|address| Metrics {
                listen: Some(address),
            })
            .map_err(|_| {
                let message = "listen is an address and a port, such as 127.0.0.1:8097";
                file.mistake(&self.listen.span(), message)
            })
    }
}
