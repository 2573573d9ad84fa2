//! `vizavi phrases`

use std::collections::BTreeSet;
use std::io::Write;

use axum::http::Method;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;
use vizavi::app::{MOST_LINES, Said};
use vizavi::config::Settings;
use vizavi::domain::directory::{Endpoint, Entry, Extension, Name};
use vizavi::domain::language::Language;
use vizavi::domain::menu::Mode;
use vizavi::domain::person::{Gender, PersonName};
use vizavi::domain::prompt::Prompt;
use vizavi::domain::rating::EmployeeId;
use vizavi::speech::{Speech, Usage};

use super::ConfigFile;
use super::door::{self, Door, Result};

#[derive(Args)]
pub(crate) struct PhrasesArguments {
    #[command(flatten)]
    config: ConfigFile,
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Copy, Subcommand)]
enum Action {
    /// Speak everything that callers may hear, as far as it can be known
    Warm,
    /// List what callers may hear, and whether it is spoken already
    List,
    /// Tell how much is spoken, and how many characters the whole directory would cost
    Stats {
        /// Print it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete what was used longest ago, if there is more than the settings allow
    Prune,
}

pub(crate) fn phrases(arguments: &PhrasesArguments) -> Result<()> {
    let settings = arguments.config.read()?;
    door::block_on(async {
        let speech = Speech::open(settings.speech.clone())?;
        match arguments.action {
            Action::Warm => warm(&speech, prompts(&settings).await?).await,
            Action::List => list(&speech, &prompts(&settings).await?),
            Action::Stats { json } => stats(&speech, &settings, json).await,
            Action::Prune => prune(&speech, settings.speech.largest).await,
        }
    })
}

/// Everything that can be known of what callers will hear.
async fn prompts(settings: &Settings) -> Result<Vec<Prompt>> {
    let entries = entries(settings).await?;
    Ok(prompts_of(settings, settings.menu.mode, &entries))
}

fn prompts_of(settings: &Settings, mode: Mode, entries: &[Entry]) -> Vec<Prompt> {
    let mut settings = settings.clone();
    settings.menu.mode = mode;
    let said = Said {
        profiles: settings.profiles(),
        longest_menu: settings.menu.longest,
        says_busy: settings.presence.says_busy,
        callback_key: settings.menu.policy.callback_key,
        most_lines: MOST_LINES,
    };
    let languages = said.languages();
    let mut prompts = said.to_everybody(&languages);
    for language in Language::ALL.into_iter().filter(|l| languages.contains(l)) {
        prompts.extend(said.lines(entries.iter().cloned(), language));
    }
    prompts
}

#[derive(Deserialize)]
struct Employees {
    employees: Vec<Employee>,
}

#[derive(Deserialize)]
struct Employee {
    id: String,
    #[serde(default)]
    last: String,
    #[serde(default)]
    first: String,
    #[serde(default)]
    middle: String,
    gender: Option<Gender>,
    department: Option<String>,
    extension: Option<String>,
}

/// Everybody whom callers may be offered, from the process that has the store.
async fn entries(settings: &Settings) -> Result<Vec<Entry>> {
    let door = Door::open(settings)?;
    let answer = door.send(Method::GET, "/v1/employees", Vec::new()).await?;
    let employees: Employees = answer.good()?;
    door.close();
    Ok(employees
        .employees
        .into_iter()
        .filter_map(Employee::entry)
        .collect())
}

impl Employee {
    fn entry(self) -> Option<Entry> {
        let extension = Extension::parse(&self.extension?).ok()?;
        let name = match self.department {
            Some(department) => Name::Department(department),
            None => Name::Person(PersonName::new(&self.last, &self.first, &self.middle).ok()?),
        };
        Some(Entry {
            id: EmployeeId::parse(&self.id).ok()?,
            name,
            gender: self.gender,
            endpoint: Endpoint::of_extension(&extension),
            more_endpoints: Vec::new(),
            extension,
        })
    }
}

async fn warm(speech: &Speech, prompts: Vec<Prompt>) -> Result<()> {
    // It draws on standard error, and only if that is a terminal.
    let progress = ProgressBar::new(prompts.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("speaking {wide_bar} {pos}/{len} {eta}") {
        progress.set_style(style);
    }
    let warming = speech
        .warm(prompts, |warming| {
            progress.set_position((warming.ready + warming.failed) as u64);
        })
        .await;
    progress.finish_and_clear();
    writeln!(std::io::stdout(), "{} prompts are ready.", warming.ready)?;
    if warming.failed > 0 {
        return Err(format!("{} prompts can't be spoken", warming.failed).into());
    }
    Ok(())
}

fn list(speech: &Speech, prompts: &[Prompt]) -> Result<()> {
    let mut output = std::io::stdout();
    for prompt in prompts {
        let mark = if speech.ready(prompt).is_some() {
            "ready  "
        } else {
            "missing"
        };
        let texts: Vec<&str> = prompt
            .phrases
            .iter()
            .map(|phrase| phrase.text.as_str())
            .collect();
        writeln!(output, "{mark}  {}", texts.join(" "))?;
    }
    Ok(())
}

/// What all that is said would cost in one mode.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
struct Cost {
    phrases: usize,
    characters: usize,
}

impl Cost {
    /// Each text is bought once.
    fn of(prompts: &[Prompt]) -> Self {
        let phrases = prompts.iter().flat_map(|prompt| &prompt.phrases);
        let texts: BTreeSet<&str> = phrases.map(|phrase| phrase.text.as_str()).collect();
        Self {
            phrases: texts.len(),
            characters: texts.iter().map(|text| text.chars().count()).sum(),
        }
    }
}

async fn stats(speech: &Speech, settings: &Settings, json: bool) -> Result<()> {
    let usage = speech.usage().await?;
    let entries = entries(settings).await?;
    let [quality, economy] =
        [Mode::Quality, Mode::Economy].map(|mode| Cost::of(&prompts_of(settings, mode, &entries)));
    let mut output = std::io::stdout();
    if json {
        let stats = serde_json::json!({
            "phrases": usage.phrases, "clips": usage.clips, "bytes": usage.bytes,
            "quality": quality, "economy": economy,
        });
        return Ok(writeln!(output, "{stats}")?);
    }
    let Usage {
        phrases,
        clips,
        bytes,
    } = usage;
    writeln!(
        output,
        "Spoken: {phrases} phrases and {clips} clips, {:.1} MB.\n\
         The whole directory would cost\n  \
         in quality: {} sentences, {} characters\n  \
         in economy: {} fragments, {} characters",
        bytes as f64 / 1e6,
        quality.phrases,
        quality.characters,
        economy.phrases,
        economy.characters,
    )?;
    Ok(())
}

async fn prune(speech: &Speech, largest: u64) -> Result<()> {
    let tidied = speech.tidy(largest).await?;
    writeln!(
        std::io::stdout(),
        "{:.1} MB were there; {} phrases and clips are deleted, {:.1} MB.",
        tidied.before.bytes as f64 / 1e6,
        tidied.deleted,
        tidied.freed as f64 / 1e6,
    )?;
    Ok(())
}
