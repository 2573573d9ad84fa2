//! Recordings of a person: a directory with WAV files and `manifest.tsv`, a line `file<TAB>text`
//! for each. They are played where the text is exactly what is to be said, once both are cleaned.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use crate::domain::language::Language;
use crate::speech::sound::Decoded;
use crate::speech::text;

use super::{LARGEST_ANSWER, Service, ServiceError, samples_of_file};

/// The list of recordings.
const MANIFEST: &str = "manifest.tsv";
/// The largest list, in bytes.
const LARGEST_MANIFEST: u64 = 4 * 1024 * 1024;

pub(super) struct Recordings {
    directory: PathBuf,
    /// Each cleaned text with its file.
    files: HashMap<String, String>,
    /// Changes when a recording is changed, so that the old one is not played from the cache.
    changed: String,
}

impl Recordings {
    /// Reads the list.
    ///
    /// # Errors
    /// The line that can't be meant; as a sentence.
    pub(super) fn open(directory: &Path) -> Result<Self, String> {
        let manifest = directory.join(MANIFEST);
        let unusable = |reason: String| format!("{} {reason}", manifest.display());
        let list = std::fs::metadata(&manifest)
            .and_then(|facts| match facts.len() {
                0..=LARGEST_MANIFEST => std::fs::read_to_string(&manifest),
                _ => Err(std::io::ErrorKind::FileTooLarge.into()),
            })
            .map_err(|error| unusable(format!("can't be read ({error})")))?;
        let mut recordings = Self {
            directory: directory.to_owned(),
            files: HashMap::new(),
            changed: String::new(),
        };
        for (number, line) in list.lines().enumerate() {
            recordings
                .add(line)
                .map_err(|reason| unusable(format!("line {}: {reason}", number + 1)))?;
        }
        Ok(recordings)
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let (file, said) = line
            .split_once('\t')
            .ok_or("a line is a file's name, a tabulator and what is said in it")?;
        let plain = Path::new(file)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !plain {
            return Err(format!("{file:?} must be a file of this directory"));
        }
        let facts = std::fs::metadata(self.directory.join(file))
            .map_err(|error| format!("{file:?} can't be read ({error})"))?;
        let changed = facts.modified().ok();
        let changed = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        self.changed += &format!("{file}:{}:{changed:?};", facts.len());
        for language in Language::ALL {
            let cleaned = text::clean(said, language).map_err(|error| error.to_string())?;
            if let Some(other) = self.files.insert(cleaned, file.to_owned())
                && other != file
            {
                return Err(format!(
                    "{file:?} and {other:?} say the same; leave one out"
                ));
            }
        }
        Ok(())
    }
}

impl Service for Recordings {
    fn voice(&self, _language: Language) -> Option<Vec<String>> {
        let directory = self.directory.display().to_string();
        Some(vec![
            "recordings".to_owned(),
            directory,
            self.changed.clone(),
        ])
    }

    fn can_say(&self, text: &str, _language: Language) -> bool {
        self.files.contains_key(text)
    }

    async fn speak(&self, text: &str, _language: Language) -> Result<Decoded, ServiceError> {
        let file = self.files.get(text).ok_or(ServiceError::NotRecorded)?;
        let path = self.directory.join(file);
        let unreadable = |source| ServiceError::Recording {
            file: file.clone(),
            source: Arc::new(source),
        };
        let facts = tokio::fs::metadata(&path).await.map_err(unreadable)?;
        if facts.len() > LARGEST_ANSWER as u64 {
            return Err(ServiceError::TooLong(LARGEST_ANSWER));
        }
        let bytes = tokio::fs::read(&path).await.map_err(unreadable)?;
        samples_of_file(bytes).await
    }
}
