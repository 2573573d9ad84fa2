//! Reading a log: CSV with the columns `ts`, `client`, `employee`, `type`, `case`, `query`.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::hash::Hash;
use std::io::Read;

use csv::ByteRecord;
use jiff::Timestamp;

use crate::domain::rating::{CaseId, ClientId, EmployeeId, KindName, NotAnId};

/// The columns, in the order of [`Columns`].
const NAMES: [&str; 6] = ["ts", "client", "employee", "type", "case", "query"];

/// What editors put before the first column's name.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One event of a log.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line it stands on, from 1.
    pub line: u64,
    /// When it happened.
    pub time: Timestamp,
    /// Whose event it is.
    pub client: ClientId,
    /// Who handled it.
    pub employee: EmployeeId,
    /// Its type.
    pub kind: KindName,
    /// What it belongs to.
    pub case: Option<CaseId>,
    /// The client turned up, and this employee handled it.
    pub flagged: bool,
}

/// A log that was read: its events in time order, and the lines that are none.
#[derive(Debug, Default)]
pub struct Log {
    /// The events.
    pub rows: Vec<Row>,
    /// The lines that were left out.
    pub refused: Refused,
}

/// Lines that were left out.
#[derive(Debug, Default)]
pub struct Refused {
    /// How many.
    pub count: u64,
    /// The first [`Refused::MOST_NAMED`] of them.
    pub named: Vec<RefusedLine>,
}

/// One line that was left out.
#[derive(Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: Malformed,
}

impl Refused {
    /// How many lines are kept with their reason; the others are only counted.
    pub const MOST_NAMED: usize = 20;

    fn add(&mut self, line: u64, reason: Malformed) {
        self.count += 1;
        if self.named.len() < Self::MOST_NAMED {
            self.named.push(RefusedLine { line, reason });
        }
    }
}

/// Why a line is no event.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Too few or too many fields.
    #[error("it has {found} fields, the first line names {expected}")]
    Fields {
        /// As many as the line has.
        found: usize,
        /// As many as the header has.
        expected: usize,
    },
    /// Other bytes than UTF-8.
    #[error("{0} is not UTF-8 text")]
    NotText(&'static str),
    /// A time that can't be read.
    #[error("ts is a whole number of seconds since 1970, such as 1456721820")]
    Time,
    /// A mark other than 0 and 1.
    #[error("query is 0 or 1")]
    Mark,
    /// A field that can't be an id.
    #[error("{column}: {reason}")]
    Id {
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        reason: NotAnId,
    },
}

/// A log that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It can't be read.
    #[error("it can't be read: {0}")]
    Unreadable(#[from] csv::Error),
    /// There is nothing in it.
    #[error("it is empty; its first line must be: ts,client,employee,type,case,query")]
    Empty,
    /// The header lacks a column.
    #[error(
        "its first line names no column {0:?}; it must name ts,client,employee,type,case,query, \
         separated by commas"
    )]
    NoColumn(&'static str),
    /// A header, and no event after it.
    #[error("it has no events ({refused} lines were refused{})", first(.named))]
    NoEvents {
        /// How many lines were refused.
        refused: u64,
        /// The first of them.
        named: Option<RefusedLine>,
    },
    /// Not in time order.
    #[error(
        "line {line} is earlier than line {earlier}; a log must be in the order of time, so sort it \
         by ts"
    )]
    Unsorted {
        /// The line that is too early.
        line: u64,
        /// The event before it.
        earlier: u64,
    },
}

fn first(named: &Option<RefusedLine>) -> String {
    named.as_ref().map_or_else(String::new, |refused| {
        format!("; line {}: {}", refused.line, refused.reason)
    })
}

impl Log {
    /// Reads a log as a stream.
    ///
    /// # Errors
    /// [`LogError`] for what can't be read, lacks a column, has no events or isn't in time order. A
    /// malformed line is no error: it is left out and counted.
    pub fn read(source: impl Read) -> Result<Self, LogError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
        let columns = Columns::find(reader.byte_headers()?)?;
        let mut log = Self::default();
        let mut ids = Ids::default();
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record)? {
            let line = record.position().map_or(0, csv::Position::line);
            match columns.row(&record, line, &mut ids) {
                Ok(row) => log.push(row)?,
                Err(reason) => log.refused.add(line, reason),
            }
        }
        if log.rows.is_empty() {
            return Err(LogError::NoEvents {
                refused: log.refused.count,
                named: log.refused.named.into_iter().next(),
            });
        }
        Ok(log)
    }

    fn push(&mut self, row: Row) -> Result<(), LogError> {
        if let Some(last) = self.rows.last().filter(|last| row.time < last.time) {
            return Err(LogError::Unsorted {
                line: row.line,
                earlier: last.line,
            });
        }
        self.rows.push(row);
        Ok(())
    }
}

/// Where the columns are.
struct Columns {
    indices: [usize; NAMES.len()],
    count: usize,
}

impl Columns {
    fn find(header: &ByteRecord) -> Result<Self, LogError> {
        if header.is_empty() {
            return Err(LogError::Empty);
        }
        let mut indices = [0; NAMES.len()];
        for (index, name) in indices.iter_mut().zip(NAMES) {
            let named = |field: &[u8]| {
                let field = field.strip_prefix(BYTE_ORDER_MARK).unwrap_or(field);
                field.trim_ascii() == name.as_bytes()
            };
            *index = header
                .iter()
                .position(named)
                .ok_or(LogError::NoColumn(name))?;
        }
        Ok(Self {
            indices,
            count: header.len(),
        })
    }

    fn row(&self, record: &ByteRecord, line: u64, ids: &mut Ids) -> Result<Row, Malformed> {
        if record.len() != self.count {
            return Err(Malformed::Fields {
                found: record.len(),
                expected: self.count,
            });
        }
        let field = |column: usize| self.field(record, column);
        let seconds: i64 = field(0)?.parse().map_err(|_| Malformed::Time)?;
        let case = field(4)?;
        Ok(Row {
            line,
            time: Timestamp::from_second(seconds).map_err(|_| Malformed::Time)?,
            client: id(NAMES[1], &mut ids.clients, ClientId::parse(field(1)?))?,
            employee: id(NAMES[2], &mut ids.employees, EmployeeId::parse(field(2)?))?,
            kind: id(NAMES[3], &mut ids.kinds, KindName::parse(field(3)?))?,
            case: if case.is_empty() {
                None
            } else {
                Some(id(NAMES[4], &mut ids.cases, CaseId::parse(case))?)
            },
            flagged: match field(5)? {
                "0" => false,
                "1" => true,
                _ => return Err(Malformed::Mark),
            },
        })
    }

    fn field<'a>(&self, record: &'a ByteRecord, column: usize) -> Result<&'a str, Malformed> {
        let bytes = &record[self.indices[column]];
        let text = str::from_utf8(bytes).map_err(|_| Malformed::NotText(NAMES[column]))?;
        Ok(text.trim())
    }
}

/// Every id is kept in memory once.
#[derive(Default)]
struct Ids {
    clients: HashSet<ClientId>,
    employees: HashSet<EmployeeId>,
    kinds: HashSet<KindName>,
    cases: HashSet<CaseId>,
}

fn id<T: Clone + Eq + Hash>(
    column: &'static str,
    known: &mut HashSet<T>,
    parsed: Result<T, NotAnId>,
) -> Result<T, Malformed> {
    let parsed = parsed.map_err(|reason| Malformed::Id { column, reason })?;
    if let Some(there) = known.get(&parsed) {
        return Ok(there.clone());
    }
    known.insert(parsed.clone());
    Ok(parsed)
}
