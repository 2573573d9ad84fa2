//! Mistakes in a TOML file, with the file, the line and what was expected.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// Why a file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file can't be read at all.
    #[error("{path} can't be read ({source}): check the path and who may read it")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file says something that can't be meant.
    #[error("{path}, line {line}: {message}")]
    Mistake {
        /// Which file.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// What is wrong, and what was expected.
        message: String,
    },
}

/// A TOML file as it was read, to find the lines of what turns out wrong later.
pub(crate) struct TomlFile {
    path: PathBuf,
    text: String,
}

impl TomlFile {
    /// Reads the file's text.
    pub(crate) fn read(path: &Path) -> Result<Self, FileError> {
        let text = std::fs::read_to_string(path).map_err(|source| FileError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            path: path.to_owned(),
            text,
        })
    }

    #[cfg(test)]
    pub(crate) fn of(path: &str, text: &str) -> Self {
        Self {
            path: path.into(),
            text: text.to_owned(),
        }
    }

    /// Parses the text.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, FileError> {
        toml::from_str(&self.text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            self.mistake(&span, error.message().trim_end())
        })
    }

    /// A mistake at a place that the parser gave.
    pub(crate) fn mistake(&self, span: &Range<usize>, message: impl Into<String>) -> FileError {
        let before = self.text.get(..span.start).unwrap_or(&self.text);
        FileError::Mistake {
            path: self.path.clone(),
            line: before.matches('\n').count() + 1,
            message: message.into(),
        }
    }

    /// A path written in this file: relative ones start at the file's own directory.
    pub(crate) fn path_beside(&self, path: &Path) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path)
    }
}
