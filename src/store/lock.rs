//! One process at a time: a locked file that says who has the store.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use jiff::{Timestamp, Unit};

use super::error::OpenError;

const NAME: &str = "vizavi.lock";
/// The most that is read of somebody else's entry.
const LONGEST: u64 = 500;

/// Holds the store as long as it lives. The system lets go of it when the process ends, however it
/// does.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the store in a directory.
    pub(super) fn take(directory: &Path) -> Result<Self, OpenError> {
        let unusable = |reason: io::Error| {
            OpenError::unusable(
                directory,
                &format!("{NAME}: {reason}; see who may write it"),
            )
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let path = directory.join(NAME);
        let mut file = options.mode(0o600).open(path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::Held {
                    directory: directory.to_owned(),
                    by: holder(file),
                });
            }
            Err(TryLockError::Error(reason)) => return Err(unusable(reason)),
        }
        enter(&mut file).map_err(unusable)?;
        Ok(Self { _file: file })
    }
}

fn enter(file: &mut File) -> io::Result<()> {
    let now = Timestamp::now();
    let since = now.round(Unit::Second).unwrap_or(now);
    let entry = format!(
        "process {} ({}), since {since}",
        std::process::id(),
        command()
    );
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(entry.as_bytes())
}

/// The program and its first word, such as "vizavi run". More could be somebody's secret.
fn command() -> String {
    let mut words = std::env::args().take(2);
    let program = words.next().unwrap_or_default();
    let program = Path::new(&program).file_name().unwrap_or_default();
    let program = program.to_string_lossy().into_owned();
    match words.next() {
        Some(word) => format!("{program} {word}"),
        None => program,
    }
}

fn holder(file: File) -> String {
    let mut entry = String::new();
    // It may be just being written.
    let _ = file.take(LONGEST).read_to_string(&mut entry);
    if entry.is_empty() {
        entry.push_str("a process that has not said which");
    }
    entry
}
