//! A file of events, employees or clients → what the contract takes, group by group.
//!
//! CSV and NDJSON are read as a stream. Every line becomes one JSON object of the contract, so a file
//! means exactly what the same thing means when it is sent; whoever takes the groups says what became
//! of each line.

mod csv;
mod kind;
mod ndjson;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

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
}

enum Lines {
    Csv(csv::Rows),
    Ndjson(ndjson::Lines),
}

type Input = Box<dyn BufRead + Send>;

impl Source {
    /// Opens a file and finds out what it is. `watched` sees all that is read, for a progress bar.
    ///
    /// # Errors
    /// [`ImportError`]: it can't be read, or it can't be told what it is.
    pub fn open<R: Read + Send + 'static>(
        path: &Path,
        kind: Option<Kind>,
        watched: impl FnOnce(File) -> R,
    ) -> Result<Self, ImportError> {
        let unreadable = |reason| ImportError::Unreadable {
            path: path.to_owned(),
            reason,
        };
        let file = File::open(path).map_err(unreadable)?;
        let mut input: Input = Box::new(BufReader::with_capacity(1 << 16, watched(file)));
        skip_byte_order_mark(&mut input).map_err(unreadable)?;
        let first = input.fill_buf().map_err(unreadable)?;
        let is_json = first.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        let opened = if is_json {
            Self::of_ndjson(input, kind)
        } else {
            Self::of_csv(input, kind)
        };
        opened.map_err(|reason| ImportError::NotUnderstood {
            path: path.to_owned(),
            reason,
        })
    }

    fn of_ndjson(input: Input, kind: Option<Kind>) -> Result<Self, String> {
        let (lines, found) = ndjson::Lines::open(input)?;
        Ok(Self {
            kind: kind.map_or(found, Ok)?,
            lines: Lines::Ndjson(lines),
        })
    }

    fn of_csv(input: Input, kind: Option<Kind>) -> Result<Self, String> {
        let (rows, kind) = csv::Rows::open(input, kind)?;
        Ok(Self {
            kind,
            lines: Lines::Csv(rows),
        })
    }

    /// The next lines; `None` at the end.
    ///
    /// # Errors
    /// What the system says when the file can't be read on.
    pub fn next_group(&mut self) -> std::io::Result<Option<Group>> {
        let mut group = Group::default();
        while group.lines.len() + group.refused.len() < GROUP {
            let more = match &mut self.lines {
                Lines::Csv(rows) => rows.next_into(&mut group)?,
                Lines::Ndjson(lines) => lines.next_into(&mut group)?,
            };
            if !more {
                break;
            }
        }
        let empty = group.lines.is_empty() && group.refused.is_empty();
        Ok((!empty).then_some(group))
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
