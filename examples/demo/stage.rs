//! What the audience sees: headings, lines with their time, colour on a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use vizavi::domain::language::Language;

use crate::words::{Numerals, Said};

/// Where a line is broken. Wider than this is hard to read.
const WIDTH: usize = 96;
/// Before the words of a line: the time, right-aligned.
const MARGIN: usize = 11;

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "1;31";
const GREEN: &str = "32";

/// Standard output, in one language.
pub(crate) struct Stage {
    language: Language,
    colour: bool,
}

impl Stage {
    /// Colour only on a terminal, and only if nobody minds (<https://no-color.org>).
    pub(crate) fn new(language: Language) -> Self {
        let minded = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = io::stdout().is_terminal() && !minded;
        Self { language, colour }
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    pub(crate) fn heading(&self, said: &Said<'_>) {
        self.print(&format!(
            "\n{}",
            self.paint(BOLD, &said.words(self.language))
        ));
    }

    /// A paragraph of its own, over the whole width.
    pub(crate) fn paragraph(&self, said: &Said<'_>) {
        self.print(&format!("\n{}", wrapped(&said.words(self.language), 0)));
    }

    /// What happened so long after dialling.
    pub(crate) fn at(&self, time: Duration, said: &Said<'_>) {
        let time = format!(
            "{:>7} {}",
            Numerals(self.language).seconds(time),
            self.second()
        );
        self.margin(&time, said);
    }

    /// What has no moment of its own.
    pub(crate) fn note(&self, said: &Said<'_>) {
        self.margin("", said);
    }

    /// A line of a table: what, and how much.
    pub(crate) fn row(&self, what: &Said<'_>, values: &[Said<'_>]) {
        let values: Vec<String> = values
            .iter()
            .map(|said| said.words(self.language))
            .collect();
        let what = what.words(self.language);
        self.print(&format!("  {what:<48} {}", values.join("   ")));
    }

    pub(crate) fn verdict(&self, good: bool, said: &Said<'_>) {
        let code = if good { GREEN } else { RED };
        self.print(&self.paint(code, &said.words(self.language)));
    }

    /// As it is.
    pub(crate) fn raw(&self, text: &str) {
        self.print(text);
    }

    fn margin(&self, time: &str, said: &Said<'_>) {
        let text = wrapped(&said.words(self.language), MARGIN);
        let time = self.paint(DIM, &format!("{time:<width$}", width = MARGIN));
        self.print(&format!("{time}{}", text.trim_start()));
    }

    fn second(&self) -> &'static str {
        match self.language {
            Language::Russian => "с",
            Language::English => "s",
        }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour {
            return format!("\x1b[{code}m{text}\x1b[0m");
        }
        text.to_owned()
    }

    /// A reader who has gone away (`make demo | head`) is no reason to stop: cleaning up is.
    fn print(&self, text: &str) {
        let mut out = io::stdout().lock();
        let _ = writeln!(out, "{text}");
        let _ = out.flush();
    }
}

/// Breaks a text into lines, each with so many spaces before it.
fn wrapped(text: &str, margin: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else {
            break;
        };
        let length = line.chars().count() + 1 + word.chars().count();
        if line.is_empty() {
            line.push_str(word);
        } else if margin + length > WIDTH {
            lines.push(word.to_owned());
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    let indent = " ".repeat(margin);
    let lines: Vec<String> = lines.iter().map(|line| format!("{indent}{line}")).collect();
    lines.join("\n")
}
