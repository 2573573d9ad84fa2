//! `[ari]`: how to reach Asterisk.

use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use super::unplaced;
use crate::ari::{self, Secret};
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawAri {
    url: Spanned<String>,
    user: String,
    password: String,
    application: Spanned<String>,
    ca_file: Option<PathBuf>,
}

impl Default for RawAri {
    fn default() -> Self {
        Self {
            url: unplaced("http://127.0.0.1:8088/ari".to_owned()),
            user: "vizavi".to_owned(),
            password: String::new(),
            application: unplaced("vizavi".to_owned()),
            ca_file: None,
        }
    }
}

impl RawAri {
    pub(super) fn check(
        self,
        file: &TomlFile,
        password: Option<String>,
    ) -> Result<ari::Settings, FileError> {
        let url = self.url.get_ref();
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(file.mistake(&self.url.span(), "url must begin with http:// or https://"));
        }
        let application = self.application.get_ref();
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if application.is_empty() || !application.chars().all(allowed) {
            let message = "application must be letters, digits, - and _, as in Stasis(…)";
            return Err(file.mistake(&self.application.span(), message));
        }
        let password = Secret::new(password.unwrap_or(self.password));
        let mut settings = ari::Settings::new(url.clone(), self.user, password);
        settings.application.clone_from(application);
        settings.ca_file = self.ca_file.map(|path| file.path_beside(&path));
        Ok(settings)
    }
}
