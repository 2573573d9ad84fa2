//! One JSON object a line.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

use serde::de::IgnoredAny;

use super::{Group, Input, Kind, LONGEST_LINE};

pub(super) struct Lines {
    input: Input,
    number: u64,
    /// The first line was read to see what the file is.
    waiting: Option<Vec<u8>>,
}

impl Lines {
    /// Looks at the first line with something in it.
    pub(super) fn open(input: Input) -> Result<(Self, Result<Kind, String>), String> {
        let mut lines = Self {
            input,
            number: 0,
            waiting: None,
        };
        let first = lines.read().map_err(|error| error.to_string())?;
        let first = first.unwrap_or_default();
        let fields: BTreeMap<String, IgnoredAny> =
            serde_json::from_slice(&first).unwrap_or_default();
        let kind = Kind::by_fields(&fields.keys().map(String::as_str));
        lines.waiting = Some(first);
        Ok((lines, kind))
    }

    /// Adds the next line to a group; false at the end.
    pub(super) fn next_into(&mut self, group: &mut Group) -> std::io::Result<bool> {
        let line = match self.waiting.take() {
            Some(line) => Some(line),
            None => self.read()?,
        };
        let Some(line) = line else { return Ok(false) };
        if line.len() as u64 >= LONGEST_LINE {
            group.refuse(
                self.number,
                format!("the line is longer than {LONGEST_LINE} bytes"),
            );
            self.skip_the_rest(&line)?;
            return Ok(true);
        }
        group.body.extend_from_slice(line.trim_ascii());
        group.body.push(b'\n');
        group.lines.push(self.number);
        Ok(true)
    }

    /// The next line that is not blank.
    fn read(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        loop {
            let mut line = Vec::new();
            let read = self
                .input
                .by_ref()
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if !line.trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
    }

    fn skip_the_rest(&mut self, line: &[u8]) -> std::io::Result<()> {
        if line.ends_with(b"\n") {
            return Ok(());
        }
        self.input.skip_until(b'\n').map(|_| ())
    }
}
