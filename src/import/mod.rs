//! A file of events, employees or clients → what the contract takes, group by group.
//!
//! CSV and NDJSON are read as a stream, a window of lines at a time. Every line becomes one JSON object of the contract, so a file
//! means exactly what the same thing means when it is sent; whoever takes the groups says what became
//! of each line.

mod csv;
mod kind;
mod ndjson;
mod window;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use window::Window;

pub use kind::Kind;

/// How many lines go together.
pub const GROUP: usize = 5000;

/// The longest line, in bytes.
const LONGEST_LINE: u64 = 1024 * 1024;

/// Lines that go together, as NDJSON.
#[derive(Debug, Default)]
pub struct Group {
    /// One JSON object a line.
    pub body: Vec<u8>,
    /// Where each of them is in the file, counted from 1.
    pub lines: Vec<u64>,
    /// Lines that are no objects at all.
    pub refused: Vec<Refused>,
    /// How many bytes of the file are done when this group is.
    pub end: u64,
}

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where it is in the file, counted from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// Why a file can't be imported at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It can't be opened or read.
    #[error("{path}: it can't be read: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// Its first line tells nothing.
    #[error("{path}: {reason}")]
    NotUnderstood {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// A file that is being read.
pub struct Source {
    /// What is in it.
    pub kind: Kind,
    lines: Lines,
    window: Window,
    /// Bytes of the file that were read.
    read: Arc<AtomicU64>,
}

enum Lines {
    Csv(csv::Rows),
    Ndjson(ndjson::Lines),
}

type Input = Box<dyn BufRead + Send>;

/// A file, and how much of it was read.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Source {
    /// Opens a file and finds out what it is.
    ///
    /// # Errors
    /// [`ImportError`]: it can't be read, or it can't be told what it is.
    pub fn open(path: &Path, kind: Option<Kind>) -> Result<Self, ImportError> {
        let unreadable = |reason| ImportError::Unreadable {
            path: path.to_owned(),
            reason,
        };
        let file = File::open(path).map_err(unreadable)?;
        let read = Arc::new(AtomicU64::default());
        let counted = Counted {
            file,
            read: Arc::clone(&read),
        };
        let mut input: Input = Box::new(BufReader::with_capacity(1 << 16, counted));
        skip_byte_order_mark(&mut input).map_err(unreadable)?;
        let first = input.fill_buf().map_err(unreadable)?;
        let is_json = first.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        let opened = if is_json {
            Lines::of_ndjson(input, kind)
        } else {
            Lines::of_csv(input, kind)
        };
        let (lines, kind) = opened.map_err(|reason| ImportError::NotUnderstood {
            path: path.to_owned(),
            reason,
        })?;
        Ok(Self {
            kind,
            lines,
            window: Window::default(),
            read,
        })
    }

    /// The next lines; `None` at the end. In large files they are not in the file's order.
    ///
    /// # Errors
    /// What the system says when the file can't be read on.
    pub fn next_group(&mut self) -> std::io::Result<Option<Group>> {
        if let Some(group) = self.window.next_group() {
            return Ok(Some(group));
        }
        let start = self.read.load(Ordering::Relaxed);
        let mut group = Group::default();
        while group.body.len() < window::SIZE && self.lines.next_into(&mut group)? {}
        let end = self.read.load(Ordering::Relaxed);
        self.window = Window::new(group, self.kind, start..end);
        Ok(self.window.next_group())
    }
}

impl Lines {
    fn of_ndjson(input: Input, kind: Option<Kind>) -> Result<(Self, Kind), String> {
        let (lines, found) = ndjson::Lines::open(input)?;
        Ok((Self::Ndjson(lines), kind.map_or(found, Ok)?))
    }

    fn of_csv(input: Input, kind: Option<Kind>) -> Result<(Self, Kind), String> {
        let (rows, kind) = csv::Rows::open(input, kind)?;
        Ok((Self::Csv(rows), kind))
    }

    /// Adds the next line to a group; false at the end.
    fn next_into(&mut self, group: &mut Group) -> std::io::Result<bool> {
        match self {
            Self::Csv(rows) => rows.next_into(group),
            Self::Ndjson(lines) => lines.next_into(group),
        }
    }
}

impl Group {
    fn refuse(&mut self, line: u64, reason: impl Into<String>) {
        self.refused.push(Refused {
            line,
            reason: reason.into(),
        });
    }
}

fn skip_byte_order_mark(input: &mut Input) -> std::io::Result<()> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    if input.fill_buf()?.starts_with(MARK) {
        input.consume(MARK.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
