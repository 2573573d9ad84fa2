//! A table, as a spreadsheet writes it: each row becomes one JSON object.

use csv::{ByteRecord, Reader, ReaderBuilder};
use serde_json::{Map, Value};

use super::{Group, Input, Kind};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Text,
    /// Several texts with a `;`, `,` or `|` between them.
    List,
    Number,
    Truth,
    /// Absences: `2026-12-28/2027-01-08`, several with a `;` between them.
    Leave,
}

type Columns = &'static [(&'static str, Content)];

const EVENTS: Columns = &[
    ("id", Content::Text),
    ("type", Content::Text),
    ("time", Content::Text),
    ("client", Content::Text),
    ("employee", Content::Text),
    ("phones", Content::List),
    ("case", Content::Text),
    ("about", Content::Text),
    ("version", Content::Number),
    ("cancelled", Content::Truth),
];

const EMPLOYEES: Columns = &[
    ("id", Content::Text),
    ("last", Content::Text),
    ("first", Content::Text),
    ("middle", Content::Text),
    ("gender", Content::Text),
    ("department", Content::Text),
    ("extension", Content::Text),
    ("reach", Content::List),
    ("hours", Content::Text),
    ("leave", Content::Leave),
    ("until", Content::Text),
    ("successor", Content::Text),
    ("alias_of", Content::Text),
    ("technical", Content::Truth),
    ("language", Content::Text),
    ("version", Content::Number),
];

const CLIENTS: Columns = &[
    ("id", Content::Text),
    ("last", Content::Text),
    ("first", Content::Text),
    ("middle", Content::Text),
    ("organisation", Content::Text),
    ("phones", Content::List),
    ("language", Content::Text),
    ("version", Content::Number),
];

pub(super) struct Rows {
    reader: Reader<Input>,
    columns: Vec<(&'static str, Content)>,
    row: ByteRecord,
}

impl Rows {
    /// Reads the line of names.
    pub(super) fn open(mut input: Input, kind: Option<Kind>) -> Result<(Self, Kind), String> {
        let start = input.fill_buf().map_err(|error| error.to_string())?;
        let delimiter = delimiter(start);
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(input);
        let names = reader.headers().map_err(|_| not_utf8())?;
        let names: Vec<String> = names
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect();
        let kind = match kind {
            Some(kind) => kind,
            None => Kind::by_fields(&names.iter().map(String::as_str))?,
        };
        let columns = names
            .iter()
            .map(|name| column(name, kind))
            .collect::<Result<_, _>>()?;
        let rows = Self {
            reader,
            columns,
            row: ByteRecord::new(),
        };
        Ok((rows, kind))
    }

    /// Adds the next row to a group; false at the end.
    pub(super) fn next_into(&mut self, group: &mut Group) -> std::io::Result<bool> {
        let more = self.reader.read_byte_record(&mut self.row);
        let line = self.row.position().map_or(0, csv::Position::line);
        match more {
            Ok(false) => return Ok(false),
            Ok(true) => {}
            Err(error) => {
                group.refuse(line, error.to_string());
                return if error.is_io_error() {
                    Err(std::io::Error::other(error))
                } else {
                    Ok(true)
                };
            }
        }
        match self.object() {
            Ok(object) => {
                serde_json::to_writer(&mut group.body, &object)?;
                group.body.push(b'\n');
                group.lines.push(line);
            }
            Err(reason) => group.refuse(line, reason),
        }
        Ok(true)
    }

    fn object(&self) -> Result<Value, String> {
        if self.row.len() > self.columns.len() {
            let (cells, columns) = (self.row.len(), self.columns.len());
            return Err(format!(
                "it has {cells} cells, but there are {columns} columns"
            ));
        }
        let mut object = Map::new();
        for ((name, content), cell) in self.columns.iter().zip(&self.row) {
            let text = std::str::from_utf8(cell).map_err(|_| not_utf8())?.trim();
            if !text.is_empty() {
                let value = value(*content, text).map_err(|reason| format!("{name}: {reason}"))?;
                object.insert((*name).to_owned(), value);
            }
        }
        Ok(Value::Object(object))
    }
}

fn not_utf8() -> String {
    "it is not in UTF-8: save it as \"CSV UTF-8\"".to_owned()
}

/// Spreadsheets in Russian write `;`.
fn delimiter(start: &[u8]) -> u8 {
    let first_line = start
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |delimiter: u8| first_line.iter().filter(|byte| **byte == delimiter).count();
    let candidates = [b',', b';', b'\t'];
    let most = candidates
        .into_iter()
        .rev()
        .max_by_key(|delimiter| count(*delimiter));
    most.unwrap_or(b',')
}

fn column(name: &str, kind: Kind) -> Result<(&'static str, Content), String> {
    let columns = match kind {
        Kind::Events => EVENTS,
        Kind::Employees => EMPLOYEES,
        Kind::Clients => CLIENTS,
    };
    columns
        .iter()
        .find(|(known, _)| *known == name)
        .copied()
        .ok_or_else(|| {
            let known: Vec<&str> = columns.iter().map(|(known, _)| *known).collect();
            format!(
                "{kind} have no column {name:?}; they have: {}",
                known.join(", ")
            )
        })
}

fn value(content: Content, text: &str) -> Result<Value, String> {
    match content {
        Content::Text => Ok(text.into()),
        Content::List => Ok(parts(text, &[';', ',', '|']).map(Value::from).collect()),
        Content::Number => {
            let number: u64 = text
                .parse()
                .map_err(|_| format!("{text:?} is no whole number"))?;
            Ok(number.into())
        }
        Content::Truth => truth(text).map(Value::from),
        Content::Leave => parts(text, &[';']).map(leave).collect(),
    }
}

fn parts<'a>(text: &'a str, separators: &'a [char]) -> impl Iterator<Item = &'a str> {
    let parts = text.split(separators).map(str::trim);
    parts.filter(|part| !part.is_empty())
}

fn truth(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "да" | "истина" => Ok(true),
        "false" | "0" | "no" | "нет" | "ложь" => Ok(false),
        _ => Err(format!("{text:?} is neither true nor false")),
    }
}

fn leave(text: &str) -> Result<Value, String> {
    let (from, until) = text
        .split_once('/')
        .ok_or_else(|| format!("{text:?} is no absence; write it as 2026-12-28/2027-01-08"))?;
    Ok(serde_json::json!({ "from": from.trim(), "until": until.trim() }))
}
