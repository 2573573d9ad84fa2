//! Keeps the directory of phrases and clips below a size: what was used longest ago goes first, and
//! never what was used lately.

use std::collections::HashMap;
use std::fs::{self, DirEntry, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::files::{Files, Key};
use super::formats;

/// What was used in this time stays, however large the directory is.
const STAYS_FOR: Duration = Duration::from_secs(6 * 60 * 60);

/// So much of the limit is left after tidying up, so that it need not be done at once again.
const LEFT: f64 = 0.9;

/// What is in the directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Phrases: the sounds that clips are made of.
    pub phrases: u64,
    /// Clips: what Asterisk plays.
    pub clips: u64,
    /// All of it, in bytes.
    pub bytes: u64,
}

/// What tidying up has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// What was there before.
    pub before: Usage,
    /// Phrases and clips that were deleted.
    pub deleted: u64,
    /// What that has freed, in bytes.
    pub freed: u64,
}

/// A phrase or a clip with its files.
struct Item {
    kind: ItemKind,
    /// The master is deleted first: where it is missing, the clip is.
    files: Vec<PathBuf>,
    bytes: u64,
    last_used: SystemTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum ItemKind {
    Phrase,
    Clip,
}

/// What the directory holds.
///
/// # Errors
/// What the system says when it can't be listed.
pub(super) fn usage(files: &Files) -> io::Result<Usage> {
    Ok(usage_of(&items(files)?))
}

/// Deletes what was used longest ago until less than the limit is left. `in_use` is asked for the
/// name of each right before it goes.
///
/// # Errors
/// What the system says when the directory can't be listed. A file that can't be deleted is left.
pub(super) fn tidy(files: &Files, limit: u64, in_use: impl Fn(&str) -> bool) -> io::Result<Tidied> {
    let mut items = items(files)?;
    let before = usage_of(&items);
    let mut tidied = Tidied {
        before,
        ..Tidied::default()
    };
    if before.bytes <= limit {
        return Ok(tidied);
    }
    let goal = (limit as f64 * LEFT) as u64;
    let Some(horizon) = SystemTime::now().checked_sub(STAYS_FOR) else {
        return Ok(tidied);
    };
    items.retain(|item| item.last_used < horizon);
    items.sort_by_key(|item| item.last_used);
    for item in items {
        if before.bytes - tidied.freed <= goal {
            break;
        }
        if item.name().is_some_and(&in_use) {
            continue;
        }
        if item.delete() {
            tidied.deleted += 1;
            tidied.freed += item.bytes;
        }
    }
    Ok(tidied)
}

/// Notes that clips were used now.
pub(super) fn touch(files: &Files, used: impl IntoIterator<Item = Key>) {
    let now = SystemTime::now();
    for key in used {
        // A clip that is gone in the meantime was not used; one file of it tells for all.
        let base = files.clip(&key);
        let there = formats::files(&base).find_map(|file| File::open(file).ok());
        if let Some(file) = there {
            let _ = file.set_modified(now);
        }
    }
}

impl Item {
    fn name(&self) -> Option<&str> {
        self.files.first()?.file_stem()?.to_str()
    }

    fn delete(&self) -> bool {
        let mut deleted = true;
        for file in &self.files {
            deleted &= fs::remove_file(file).is_ok();
        }
        deleted
    }
}

fn usage_of(items: &[Item]) -> Usage {
    let of = |kind| items.iter().filter(|item| item.kind == kind).count() as u64;
    Usage {
        phrases: of(ItemKind::Phrase),
        clips: of(ItemKind::Clip),
        bytes: items.iter().map(|item| item.bytes).sum(),
    }
}

fn items(files: &Files) -> io::Result<Vec<Item>> {
    let mut items: HashMap<(ItemKind, PathBuf), Item> = HashMap::new();
    for (kind, directory) in [
        (ItemKind::Phrase, files.phrases()),
        (ItemKind::Clip, files.clips()),
    ] {
        for file in files_below(&directory)? {
            let Ok(facts) = file.metadata() else { continue };
            let path = file.path();
            let item = items
                .entry((kind, path.with_extension("")))
                .or_insert_with(|| Item {
                    kind,
                    files: Vec::new(),
                    bytes: 0,
                    last_used: SystemTime::UNIX_EPOCH,
                });
            item.bytes += facts.len();
            let used = facts.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            item.last_used = item.last_used.max(used);
            if formats::is_master(&path) {
                item.files.insert(0, path);
            } else {
                item.files.push(path);
            }
        }
    }
    Ok(items.into_values().collect())
}

/// The files of a directory of directories. What is not there yet has none.
fn files_below(directory: &Path) -> io::Result<Vec<DirEntry>> {
    let mut found = Vec::new();
    let parts = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        parts => parts?,
    };
    for part in parts {
        let part = part?;
        if !part.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(part.path())? {
            found.push(file?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
