//! `[crm]`: whom we ask about a caller.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::{unplaced, within};
use crate::config::Secrets;
use crate::crm::{AskingSettings, PLACE_OF_PHONE};
use crate::secret::Secret;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCrm {
    url: Spanned<String>,
    token: String,
    deadline_milliseconds: Spanned<u64>,
    ca_file: Option<PathBuf>,
    allow_private: bool,
}

impl Default for RawCrm {
    fn default() -> Self {
        Self {
            url: unplaced(String::new()),
            token: String::new(),
            deadline_milliseconds: unplaced(300),
            ca_file: None,
            allow_private: false,
        }
    }
}

impl RawCrm {
    /// `None` if the CRM is not asked.
    pub(super) fn check(
        self,
        file: &TomlFile,
        secrets: &Secrets,
    ) -> Result<Option<AskingSettings>, FileError> {
        let name = "deadline_milliseconds";
        let deadline = within(file, name, &self.deadline_milliseconds, 10, 1000)?;
        let url = self.url.get_ref().trim();
        if url.is_empty() {
            return Ok(None);
        }
        if !url.starts_with("http://") && !url.starts_with("https://") {
            let message = "url must begin with http:// or https://";
            return Err(file.mistake(&self.url.span(), message));
        }
        if !url.contains(PLACE_OF_PHONE) {
            let message = format!("url must have {PLACE_OF_PHONE} where the caller's number goes");
            return Err(file.mistake(&self.url.span(), message));
        }
        let token = secrets.crm_token.clone().unwrap_or(self.token);
        Ok(Some(AskingSettings {
            url: url.to_owned(),
            token: Some(token)
                .filter(|token| !token.is_empty())
                .map(Secret::new),
            deadline: Duration::from_millis(deadline),
            ca_file: self.ca_file.map(|path| file.path_beside(&path)),
            allow_private: self.allow_private,
        }))
    }
}
