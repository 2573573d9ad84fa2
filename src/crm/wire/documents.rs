//! One body, many documents: the elements of an array, the lines of a stream.

use serde::Deserialize;
use serde_json::value::RawValue;

/// The longest line of a stream, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024;

/// The mark that some programs write before UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The same without a byte order mark.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// The elements of a JSON array, each as its own text. Ends where the array does, or where it stops
/// being one: whoever asks has checked the whole of it before.
pub struct Elements<'a>(&'a str);

impl<'a> Elements<'a> {
    /// `None` if it does not begin like an array.
    #[must_use]
    pub fn of(array: &'a str) -> Option<Self> {
        array.trim_ascii_start().strip_prefix('[').map(Self)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_ascii_start();
        let rest = rest.strip_prefix(',').unwrap_or(rest).trim_ascii_start();
        if rest.is_empty() || rest.starts_with(']') {
            return None;
        }
        let mut deserializer = serde_json::Deserializer::from_str(rest);
        let element = <&RawValue>::deserialize(&mut deserializer).ok()?.get();
        self.0 = &rest[element.len()..];
        Some(element)
    }
}

/// Cuts a stream that comes in pieces into its lines.
#[derive(Default)]
pub struct Lines {
    /// The beginning of a line whose end has not come yet.
    begun: Vec<u8>,
    /// What begins the current line is too long already, and is not kept.
    too_long: bool,
    number: u64,
}

/// One line of a stream that is not blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The first line is 1.
    pub number: u64,
    /// What is in it; `None` if that is longer than [`LONGEST_LINE`].
    pub text: Option<&'a [u8]>,
}

impl Lines {
    /// The next piece of the stream: calls `line` for each line that ends in it.
    pub fn push(&mut self, mut piece: &[u8], mut line: impl FnMut(Line<'_>)) {
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            self.ends_with(&piece[..end], &mut line);
            piece = &piece[end + 1..];
        }
        self.keep(piece);
    }

    /// The stream is over: calls `line` for what has no line break after it.
    pub fn finish(mut self, mut line: impl FnMut(Line<'_>)) {
        self.ends_with(&[], &mut line);
    }

    fn ends_with(&mut self, end: &[u8], line: &mut impl FnMut(Line<'_>)) {
        self.number += 1;
        // Most lines come whole, and need not be copied.
        if self.begun.is_empty() && !self.too_long && end.len() <= LONGEST_LINE {
            tell(self.number, end, line);
            return;
        }
        self.keep(end);
        if self.too_long {
            line(Line {
                number: self.number,
                text: None,
            });
        } else {
            tell(self.number, &self.begun, line);
        }
        self.begun.clear();
        self.too_long = false;
    }

    fn keep(&mut self, piece: &[u8]) {
        if self.begun.len() + piece.len() > LONGEST_LINE {
            self.too_long = true;
            self.begun.clear();
        }
        if !self.too_long {
            self.begun.extend_from_slice(piece);
        }
    }
}

fn tell(number: u64, text: &[u8], line: &mut impl FnMut(Line<'_>)) {
    let mark = BYTE_ORDER_MARK.as_bytes();
    let marked = text.strip_prefix(mark).filter(|_| number == 1);
    let text = marked.unwrap_or(text).trim_ascii();
    if !text.is_empty() {
        line(Line {
            number,
            text: Some(text),
        });
    }
}
