//! The directory of the clips: names by content, files that are whole or absent.
//!
//! Asterisk often runs as another user, so what is made here can be read by everyone.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::SpeechError;

const DIRECTORY_RIGHTS: u32 = 0o755;
const FILE_RIGHTS: u32 = 0o644;
const PHRASES: &str = "phrases";
const CLIPS: &str = "clips";
/// Files that were being written this long ago will never be finished.
const ABANDONED: Duration = Duration::from_secs(3600);

/// The name of a phrase or a clip: a digest of all that makes its sound.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 16]);

impl Key {
    /// The key of these parts. Each part's length counts, so that `["ab", "c"]` is not `["a", "bc"]`.
    pub(super) fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let mut key = [0; 16];
        key.copy_from_slice(&digest.finalize()[..16]);
        Self(key)
    }

    /// A key as it is written; `None` if it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digit = |byte: &u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != 16 || !rest.is_empty() {
            return None;
        }
        let mut key = [0; 16];
        for (byte, [high, low]) in key.iter_mut().zip(pairs) {
            *byte = digit(high)? << 4 | digit(low)?;
        }
        Some(Self(key))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The directory that all phrases and clips are in.
#[derive(Debug)]
pub(super) struct Files {
    root: PathBuf,
    /// Counts the files of this process, so that no two have the same name while unfinished.
    written: AtomicU64,
}

impl Files {
    /// Opens the directory, and creates what is missing in it.
    ///
    /// # Errors
    /// [`SpeechError::UnusableDirectory`] when it can't be created or written to, or when Asterisk
    /// could not take its name as a sound.
    pub(super) fn open(directory: &Path) -> Result<Self, SpeechError> {
        let unusable = |reason: String| SpeechError::UnusableDirectory {
            directory: directory.to_owned(),
            reason,
        };
        let root = std::path::absolute(directory).map_err(|error| unusable(error.to_string()))?;
        check_name(&root).map_err(|reason| unusable(reason.to_owned()))?;
        let files = Self {
            root,
            written: AtomicU64::new(0),
        };
        files
            .prepare()
            .map_err(|error| unusable(error.to_string()))?;
        files.warn_if_closed_to_others();
        Ok(files)
    }

    fn prepare(&self) -> io::Result<()> {
        create_open_to_all(&self.unfinished())?;
        self.remove_abandoned()?;
        let probe = self.unfinished_name();
        fs::write(&probe, b"probe")?;
        fs::remove_file(probe)
    }

    fn remove_abandoned(&self) -> io::Result<()> {
        for entry in fs::read_dir(self.unfinished())? {
            let entry = entry?;
            let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
            if age > ABANDONED {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn warn_if_closed_to_others(&self) {
        let Ok(facts) = fs::metadata(&self.root) else {
            return;
        };
        if facts.permissions().mode() & 0o005 != 0o005 {
            tracing::warn!(
                directory = %self.root.display(),
                "other users can't read the clips' directory; if Asterisk runs as another user, \
                 allow it to: chmod 755"
            );
        }
    }

    /// A file that has a name of its own.
    pub(super) fn named(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Where a phrase is kept.
    pub(super) fn phrase(&self, key: &Key) -> PathBuf {
        self.spread(PHRASES, key).with_extension("phrase")
    }

    /// Where a clip's files are, without an ending.
    pub(super) fn clip(&self, key: &Key) -> PathBuf {
        self.spread(CLIPS, key)
    }

    /// Where all phrases are, in directories.
    pub(super) fn phrases(&self) -> PathBuf {
        self.root.join(PHRASES)
    }

    /// Where all clips are, in directories.
    pub(super) fn clips(&self) -> PathBuf {
        self.root.join(CLIPS)
    }

    /// Two levels, so that no directory has too many entries.
    fn spread(&self, kind: &str, key: &Key) -> PathBuf {
        let name = key.to_string();
        self.root.join(kind).join(&name[..2]).join(name)
    }

    fn unfinished(&self) -> PathBuf {
        self.root.join("unfinished")
    }

    fn unfinished_name(&self) -> PathBuf {
        let count = self.written.fetch_add(1, Ordering::Relaxed);
        self.unfinished()
            .join(format!("{}-{count}", std::process::id()))
    }

    /// Writes a file whole or not at all: whoever opens it sees all of it.
    ///
    /// # Errors
    /// [`SpeechError::File`], and nothing is left behind.
    pub(super) fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), SpeechError> {
        let unfinished = self.unfinished_name();
        let written = in_directory_of(&unfinished, || write_new(&unfinished, bytes))
            .and_then(|()| in_directory_of(path, || fs::rename(&unfinished, path)));
        if written.is_err() {
            // The first error is the one worth telling.
            let _ = fs::remove_file(&unfinished);
        }
        written.map_err(SpeechError::file("write", path))
    }
}

/// A media URI separates sounds by commas and `&`.
fn check_name(root: &Path) -> Result<(), &'static str> {
    let name = root.to_str().ok_or("its name is not UTF-8")?;
    if name.contains([',', '&', '|']) || name.contains(char::is_control) {
        return Err("its name has a comma, an & or another character that Asterisk would read");
    }
    Ok(())
}

/// Does what needs the directory of a file. As a rule that is there; it is looked at only if the work fails
/// for want of it: it may be new, or somebody has emptied everything to have it spoken anew.
fn in_directory_of(path: &Path, work: impl Fn() -> io::Result<()>) -> io::Result<()> {
    let done = work();
    let wants_it = done.as_ref().is_err_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
        )
    });
    let Some(directory) = path.parent().filter(|_| wants_it) else {
        return done;
    };
    create_open_to_all(directory)?;
    work()
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(bytes)?;
    file.set_permissions(fs::Permissions::from_mode(FILE_RIGHTS))
}

/// Creates a directory and those above it that are missing. Those that exist keep their rights:
/// they are somebody's decision.
fn create_open_to_all(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    if let Some(parent) = directory.parent() {
        create_open_to_all(parent)?;
    }
    match fs::create_dir(directory) {
        // Another task was faster.
        Err(_) if directory.is_dir() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let message = format!("{} is a file, not a directory", directory.display());
            Err(io::Error::new(io::ErrorKind::NotADirectory, message))
        }
        Err(error) => Err(error),
        Ok(()) => fs::set_permissions(directory, fs::Permissions::from_mode(DIRECTORY_RIGHTS)),
    }
}

#[cfg(test)]
mod tests;
