//! What can go wrong with the store.

use std::path::{Path, PathBuf};

use super::stored::Unreadable;

/// The store can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Somebody else has it open.
    #[error(
        "the store in {} is already open: {by}; stop that one first, or give this one a directory of its own",
        .directory.display()
    )]
    Held {
        /// The directory of the store.
        directory: PathBuf,
        /// "process 1234 (vizavi run), since 2026-11-20T09:00:00Z".
        by: String,
    },
    /// A later version of this program has written it.
    #[error(
        "the store in {} was written by a later version of this program ({what}); start that version, or give this one a directory of its own",
        .directory.display()
    )]
    Newer {
        /// The directory of the store.
        directory: PathBuf,
        /// What this version does not know.
        what: String,
    },
    /// The directory or a file in it can't be used.
    #[error("the store in {} can't be used: {reason}", .directory.display())]
    Unusable {
        /// The directory of the store.
        directory: PathBuf,
        /// What is wrong, and what to do.
        reason: String,
    },
}

impl OpenError {
    pub(super) fn unusable(directory: &Path, reason: &impl ToString) -> Self {
        Self::Unusable {
            directory: directory.to_owned(),
            reason: reason.to_string(),
        }
    }
}

/// The store could not be read or written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full, or gives an error.
    #[error(
        "the store's disk: {0}; see that it has space left and can be written, then it goes on by itself"
    )]
    Disk(String),
    /// The files are damaged.
    #[error(
        "the store's files are damaged: {0}; at the next start they are put aside and a new store is begun"
    )]
    Damaged(String),
    /// One value can't be read. Only what it belongs to is affected.
    #[error("a value of the store can't be read: {0}")]
    Value(String),
    /// A value has a shape that only a later version of this program knows.
    #[error(
        "a value of the store was written by a later version of this program ({0}); start that version"
    )]
    Newer(String),
    /// A mistake in the program ended the work on this. Whether it has been written is not known.
    #[error("the store broke off in the middle because of a mistake in the program")]
    BrokeOff,
    /// The store is being opened anew after its disk gave an error.
    #[error("the store is being opened anew after an error of its disk; ask again in a moment")]
    Reopening,
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
}

impl From<Unreadable> for StoreError {
    fn from(reason: Unreadable) -> Self {
        match reason {
            Unreadable::Newer(_) => Self::Newer(reason.to_string()),
            Unreadable::Damaged => Self::Value(reason.to_string()),
        }
    }
}

impl From<postcard::Error> for StoreError {
    fn from(reason: postcard::Error) -> Self {
        Self::Value(reason.to_string())
    }
}

impl From<sled::Error> for StoreError {
    fn from(reason: sled::Error) -> Self {
        match &reason {
            sled::Error::Io(reason) if !is_damage(reason) => Self::Disk(reason.to_string()),
            sled::Error::Io(_)
            | sled::Error::Corruption { .. }
            | sled::Error::CollectionNotFound(_)
            | sled::Error::ReportableBug(_)
            | sled::Error::Unsupported(_) => Self::Damaged(reason.to_string()),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(reason: std::io::Error) -> Self {
        Self::Disk(reason.to_string())
    }
}

/// Whether an error means that a file does not have what should be in it.
pub(super) fn is_damage(reason: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(reason.kind(), InvalidData | InvalidInput | UnexpectedEof)
}
