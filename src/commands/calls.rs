//! `vizavi calls`

mod story;

use std::fmt::Write as _;
use std::io::Write as _;

use axum::http::{Method, StatusCode};
use clap::Args;
use serde::Deserialize;

use self::story::Step;
use super::door::{self, Answered, Door, Result};
use super::{ConfigFile, to_the_second};

/// The most calls that the contract gives at once.
const LONGEST_PAGE: usize = 1000;

const EXAMPLES: &str = "\
Examples:
  vizavi calls                                   the latest calls, with their ids
  vizavi calls 19a5c3e1f02.17                    the story of one of them
  vizavi calls --from 2026-11-21T14:30:00 --until 2026-11-21T14:35:00
  vizavi calls --phone \"8 495 926-26-44\"         all calls from this number
  vizavi calls --outcome fallback --from 2026-11-21
  vizavi calls --json --limit 5";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CallsArguments {
    #[command(flatten)]
    config: ConfigFile,
    /// The id of a call whose story is to be told
    #[arg(conflicts_with_all = ["phone", "client", "from", "until", "outcome", "limit"])]
    call: Option<String>,
    /// Only calls from this number, in any usual spelling
    #[arg(long)]
    phone: Option<String>,
    /// Only calls of the client with this id
    #[arg(long)]
    client: Option<String>,
    /// Only calls that came then or later: a day, or a time such as 2026-11-21T14:30:00
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Only calls that came before: a time, or a day, which is included
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Only calls with this outcome
    #[arg(long, value_parser = ["talked", "talks_on", "callback_left", "hung_up", "fallback", "stuck"])]
    outcome: Option<String>,
    /// At most so many calls, the latest
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// Print JSON: one call a line, or the story of one
    #[arg(long)]
    json: bool,
}

/// A page of calls as the contract gives it.
#[derive(Deserialize)]
struct Page {
    calls: Vec<serde_json::Value>,
    next: Option<String>,
}

/// A call as the contract tells it.
#[derive(Deserialize)]
struct Call {
    id: String,
    time: String,
    phone: Option<String>,
    client: Option<String>,
    named: bool,
    menu: Option<String>,
    offered: Vec<Person>,
    chosen: Vec<Person>,
    talked: Option<Person>,
    talked_seconds: Option<f64>,
    outcome: String,
    reason: Option<String>,
    seconds: f64,
    #[serde(default)]
    steps: Vec<Step>,
}

/// Somebody who can be offered.
#[derive(Deserialize)]
struct Person {
    employee: String,
    name: Option<String>,
    extension: Option<String>,
}

pub(crate) fn calls(arguments: &CallsArguments) -> Result<()> {
    let settings = arguments.config.read()?;
    door::block_on(async {
        let door = Door::open(&settings)?;
        match &arguments.call {
            Some(call) => tell(&door, call, arguments.json).await?,
            None => list(&door, arguments).await?,
        }
        door.close();
        Ok(())
    })
}

async fn tell(door: &Door, call: &str, json: bool) -> Result<()> {
    let path = format!("/v1/calls/{}", door::encoded(call));
    let answer = door.send(Method::GET, &path, Vec::new()).await?;
    if answer.status == StatusCode::NOT_FOUND {
        return Err(format!("{call}: {}", answer.problem()).into());
    }
    let told: Call = answer.good()?;
    if json {
        return answer.print();
    }
    Ok(write!(std::io::stdout(), "{}", told.story())?)
}

async fn list(door: &Door, arguments: &CallsArguments) -> Result<()> {
    let mut output = std::io::stdout();
    let mut lines = Vec::new();
    let mut left = arguments.limit;
    let mut after = None;
    while left > 0 {
        let answer = page(door, arguments, left.min(LONGEST_PAGE), after).await?;
        let page: Page = answer.good()?;
        left = left.saturating_sub(page.calls.len());
        for call in page.calls {
            if arguments.json {
                writeln!(output, "{call}")?;
            } else {
                lines.push(serde_json::from_value::<Call>(call)?.columns());
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if arguments.json {
        return Ok(());
    }
    write!(output, "{}", table(&lines))?;
    if after.is_some() {
        writeln!(output, "… and earlier ones: see --limit and --until")?;
    }
    Ok(())
}

async fn page(
    door: &Door,
    arguments: &CallsArguments,
    limit: usize,
    after: Option<String>,
) -> Result<Answered> {
    let mut path = format!("/v1/calls?limit={limit}");
    let wanted = [
        ("phone", &arguments.phone),
        ("client", &arguments.client),
        ("from", &arguments.from),
        ("until", &arguments.until),
        ("outcome", &arguments.outcome),
        ("after", &after),
    ];
    for (name, value) in wanted {
        if let Some(value) = value {
            let _ = write!(path, "&{name}={}", door::encoded(value));
        }
    }
    door.send(Method::GET, &path, Vec::new()).await
}

/// The columns of the list.
const HEAD: [&str; 7] = [
    "time", "call", "caller", "offered", "chosen", "outcome", "seconds",
];

type Columns = [String; HEAD.len()];

impl Call {
    fn columns(&self) -> Columns {
        [
            to_the_second(&self.time),
            self.id.clone(),
            self.caller().to_owned(),
            names(&self.offered),
            names(&self.chosen),
            self.ended(),
            format!("{:.0}", self.seconds),
        ]
    }

    fn caller(&self) -> &str {
        self.phone.as_deref().unwrap_or("withheld")
    }

    fn ended(&self) -> String {
        let outcome = self.outcome.replace('_', " ");
        match &self.reason {
            Some(reason) => format!("{outcome}: {}", reason.replace('_', " ")),
            None => outcome,
        }
    }
}

impl Person {
    /// Such as "Чулкова Евгения 34"; the id if nobody knows more.
    fn shown(&self) -> String {
        let name = self.name.as_ref().unwrap_or(&self.employee);
        match &self.extension {
            Some(extension) => format!("{name} {extension}"),
            None => name.clone(),
        }
    }
}

fn names(people: &[Person]) -> String {
    if people.is_empty() {
        return "-".to_owned();
    }
    let shown: Vec<String> = people.iter().map(Person::shown).collect();
    shown.join(", ")
}

/// Columns as wide as they must be, with two blanks between them.
fn table(lines: &[Columns]) -> String {
    if lines.is_empty() {
        return "No call.\n".to_owned();
    }
    let head = HEAD.map(str::to_owned);
    let all = || std::iter::once(&head).chain(lines);
    let mut widths = [0; HEAD.len()];
    for line in all() {
        for (width, text) in widths.iter_mut().zip(line) {
            *width = text.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for line in all() {
        let columns = line.iter().zip(widths);
        let columns = columns.map(|(text, width)| format!("{text:width$}"));
        let _ = writeln!(
            text,
            "{}",
            columns.collect::<Vec<_>>().join("  ").trim_end()
        );
    }
    text
}
