//! `[contract]`: where CRMs reach us.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use super::{unplaced, within};
use crate::config::{Certificate, Contract};
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawContract {
    listen: Spanned<String>,
    certificate: Option<Spanned<PathBuf>>,
    key: Option<PathBuf>,
    requests_a_second: Spanned<u32>,
    largest_megabytes: Spanned<usize>,
}

impl Default for RawContract {
    fn default() -> Self {
        Self {
            listen: unplaced("127.0.0.1:8087".to_owned()),
            certificate: None,
            key: None,
            requests_a_second: unplaced(50),
            largest_megabytes: unplaced(16),
        }
    }
}

impl RawContract {
    pub(super) fn check(self, file: &TomlFile) -> Result<Contract, FileError> {
        let requests = &self.requests_a_second;
        let largest = within(file, "largest_megabytes", &self.largest_megabytes, 1, 1024)?;
        let contract = Contract {
            requests_a_second: within(file, "requests_a_second", requests, 1, 100_000)?,
            largest: largest * 1024 * 1024,
            listen: self.listen(file)?,
            certificate: self.certificate(file)?,
        };
        if let Some(address) = contract.listen
            && !address.ip().is_loopback()
            && contract.certificate.is_none()
        {
            let message = "outside of this machine it needs `certificate` and `key`; otherwise \
                           listen on 127.0.0.1, behind a proxy that has them";
            return Err(file.mistake(&self.listen.span(), message));
        }
        Ok(contract)
    }

    fn listen(&self, file: &TomlFile) -> Result<Option<SocketAddr>, FileError> {
        let text = self.listen.get_ref().trim();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| {
            let message = "listen is an address and a port, such as 127.0.0.1:8087";
            file.mistake(&self.listen.span(), message)
        })
    }

    fn certificate(&self, file: &TomlFile) -> Result<Option<Certificate>, FileError> {
        match (&self.certificate, &self.key) {
            (None, _) => Ok(None),
            (Some(certificate), None) => {
                let message = "a certificate needs its `key`";
                Err(file.mistake(&certificate.span(), message))
            }
            (Some(certificate), Some(key)) => Ok(Some(Certificate {
                chain: file.path_beside(certificate.get_ref()),
                key: file.path_beside(key),
            })),
        }
    }
}
