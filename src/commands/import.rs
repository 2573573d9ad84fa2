//! `vizavi import`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::pin::pin;

use axum::http::Method;
use clap::Args;
use futures_util::stream::{self, StreamExt};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;
use tokio::sync::mpsc;
use vizavi::import::{Group, Kind, Source};

use super::ConfigFile;
use super::door::{self, Door, Result};

/// While one group is written, the next one is read.
const GROUPS_AT_ONCE: usize = 3;
/// So many groups are read ahead: about a window of them.
const GROUPS_AHEAD: usize = 32;

/// So many refused lines are listed for each file; the others are counted.
const MOST_LISTED: usize = 100;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ImportArguments {
    #[command(flatten)]
    config: ConfigFile,
    /// CSV with a line of names, or one JSON object a line
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What is in the files; otherwise their fields tell
    #[arg(long = "as", value_enum, value_name = "KIND")]
    kind: Option<Kind>,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  vizavi import employees.csv clients.csv events.csv
  vizavi import --as events january.ndjson
Whatever was imported before is repeated without harm: the id and the version tell.";

/// What became of one file.
#[derive(Debug, Default, serde::Serialize)]
struct Summary {
    file: PathBuf,
    kind: String,
    accepted: u64,
    repeated: u64,
    outdated: u64,
    from_the_future: u64,
    refused: u64,
    /// The first of the refused lines.
    refusals: Vec<Complaint>,
    /// What was left out of lines that were taken.
    warnings: Vec<Complaint>,
}

#[derive(Clone, Debug, serde::Serialize)]
struct Complaint {
    line: u64,
    reason: String,
}

/// What became of one group, as the contract tells it.
#[derive(Debug, Default, Deserialize)]
struct Report {
    #[serde(default, alias = "stored")]
    accepted: u64,
    #[serde(default, alias = "unchanged")]
    repeated: u64,
    #[serde(default)]
    outdated: u64,
    #[serde(default)]
    from_the_future: u64,
    refused: u64,
    refusals: Vec<OfIndex>,
    warnings: Vec<OfIndex>,
}

#[derive(Debug, Deserialize)]
struct OfIndex {
    index: usize,
    reason: String,
}

pub(crate) fn import(arguments: &ImportArguments) -> Result<()> {
    let settings = arguments.config.read()?;
    door::block_on(async {
        let door = Door::open(&settings)?;
        let mut summaries = Vec::new();
        for file in &arguments.files {
            let summary = import_file(&door, file, arguments.kind).await?;
            if !arguments.json {
                tell(&summary)?;
            }
            summaries.push(summary);
        }
        if arguments.json {
            writeln!(std::io::stdout(), "{}", serde_json::to_string(&summaries)?)?;
        }
        door.close();
        let refused: u64 = summaries.iter().map(|summary| summary.refused).sum();
        if refused > 0 {
            return Err(format!("{refused} lines were refused; all others are on disk").into());
        }
        Ok(())
    })
}

async fn import_file(door: &Door, file: &Path, kind: Option<Kind>) -> Result<Summary> {
    let progress = progress_for(file);
    let source = Source::open(file, kind)?;
    let kind = source.kind;
    let mut summary = Summary {
        file: file.to_owned(),
        kind: kind.to_string(),
        ..Summary::default()
    };
    let groups = stream::unfold(read_ahead(source), |mut groups| async {
        Some((groups.recv().await?, groups))
    });
    let mut sent = pin!(
        groups
            .map(|group| async { send(door, kind, group?).await })
            .buffered(GROUPS_AT_ONCE)
    );
    while let Some(group) = sent.next().await {
        let (report, group) = group?;
        summary.add(&report, &group);
        progress.set_position(group.end);
    }
    progress.finish_and_clear();
    Ok(summary)
}

/// Reads on a thread of its own, as far ahead as there is room.
fn read_ahead(mut source: Source) -> mpsc::Receiver<std::io::Result<Group>> {
    let (groups, read) = mpsc::channel(GROUPS_AHEAD);
    std::thread::spawn(move || {
        while let Some(group) = source.next_group().transpose() {
            // Nobody wants the rest after a failure.
            if groups.blocking_send(group).is_err() {
                return;
            }
        }
    });
    read
}

/// It draws on standard error, and only if that is a terminal.
fn progress_for(file: &Path) -> ProgressBar {
    let size = std::fs::metadata(file).map_or(0, |metadata| metadata.len());
    let progress = ProgressBar::new(size);
    let style = "{msg} {wide_bar} {bytes}/{total_bytes} {eta}";
    if let Ok(style) = ProgressStyle::with_template(style) {
        progress.set_style(style);
    }
    progress.set_message(file.display().to_string());
    progress
}

/// Sends one group; gives what became of it.
async fn send(door: &Door, kind: Kind, mut group: Group) -> Result<(Report, Group)> {
    if group.lines.is_empty() {
        return Ok((Report::default(), group));
    }
    let body = std::mem::take(&mut group.body);
    let answer = door.send(Method::POST, kind.path(), body).await?;
    Ok((answer.good()?, group))
}

impl Summary {
    fn add(&mut self, report: &Report, group: &Group) {
        let Group { lines, refused, .. } = group;
        self.accepted += report.accepted;
        self.repeated += report.repeated;
        self.outdated += report.outdated;
        self.from_the_future += report.from_the_future;
        self.refused += report.refused + refused.len() as u64;
        let of_line = |one: &OfIndex| Complaint {
            line: lines.get(one.index).copied().unwrap_or_default(),
            reason: one.reason.clone(),
        };
        let mut refusals: Vec<Complaint> = report.refusals.iter().map(of_line).collect();
        refusals.extend(refused.iter().map(|one| Complaint {
            line: one.line,
            reason: one.reason.clone(),
        }));
        let warnings = report.warnings.iter().map(of_line);
        keep_first(&mut self.refusals, refusals);
        keep_first(&mut self.warnings, warnings);
    }
}

/// In the order of the lines, whatever the order in which they were sent.
fn keep_first(listed: &mut Vec<Complaint>, more: impl IntoIterator<Item = Complaint>) {
    listed.extend(more);
    listed.sort_by_key(|one| one.line);
    listed.truncate(MOST_LISTED);
}

fn tell(summary: &Summary) -> Result<()> {
    let (mut output, mut notes) = (std::io::stdout(), std::io::stderr());
    let Summary { file, kind, .. } = summary;
    writeln!(
        output,
        "{}: {kind}: {} accepted, {} repeated, {} outdated, {} refused",
        file.display(),
        summary.accepted,
        summary.repeated,
        summary.outdated,
        summary.refused,
    )?;
    if summary.from_the_future > 0 {
        writeln!(
            output,
            "  later than now, so that they count as of now: {} (check the time zone)",
            summary.from_the_future
        )?;
    }
    for (title, complaints, all) in [
        ("refused", &summary.refusals, summary.refused),
        ("warning", &summary.warnings, summary.warnings.len() as u64),
    ] {
        for one in complaints {
            writeln!(notes, "  line {}: {title}: {}", one.line, one.reason)?;
        }
        let more = all.saturating_sub(complaints.len() as u64);
        if more > 0 {
            writeln!(notes, "  and {more} more {title}")?;
        }
    }
    Ok(())
}
