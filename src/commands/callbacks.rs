//! `vizavi callbacks`

mod told;

use std::io::Write;

use axum::http::{Method, StatusCode};
use clap::{Args, Subcommand, ValueEnum};
use serde::Deserialize;

use super::ConfigFile;
use super::door::{self, Door, Result};
use told::{Job, Page};

const PATH: &str = "/v1/callbacks";

const EXAMPLES: &str = "\
Examples:
  vizavi callbacks add crm-17 --phone \"8 916 123-45-67\" --name \"Петров Иван\" \\
      --appointment 2026-11-23T15:00 --reason \"подтвердить приём\"
  vizavi callbacks add note-3 --phone +79161234567 --owner chulkova --released 2026-11-23T12:00
  vizavi callbacks list --state waiting
  vizavi callbacks list --from 2026-11-01 --to 2026-11-30 --csv > november.csv
  vizavi callbacks show crm-17       what was done for it?
  vizavi callbacks cancel crm-17
  vizavi callbacks retry crm-17      not after its pause, but now";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CallbacksArguments {
    #[command(flatten)]
    config: ConfigFile,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Add a callback, or change one that waits
    Add(Box<Wanted>),
    /// List callbacks, the latest first
    List(Filter),
    /// Show a callback, and what was done for it
    Show {
        /// Its id
        id: String,
        /// Print it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Cancel a callback; a call that goes on for it is ended, unless the two talk
    Cancel {
        /// Its id
        id: String,
    },
    /// Try a callback now, also one that is over; hours and operators are waited for all the same
    Retry {
        /// Its id
        id: String,
    },
}

/// What a callback asks for, as the contract names it.
#[derive(Args, serde::Serialize)]
struct Wanted {
    /// Which callback it is: the same id is the same callback
    id: String,
    /// The number to call, in any usual spelling
    #[arg(
        long,
        required_unless_present = "extension",
        conflicts_with = "extension"
    )]
    phone: Option<String>,
    /// Instead of it: a telephone of our own PBX
    #[arg(long)]
    extension: Option<String>,
    /// Who is called: the whole name
    #[arg(long)]
    name: Option<String>,
    /// Whose name it is, if the name does not tell: m or f
    #[arg(long)]
    gender: Option<String>,
    /// What the call is before, such as 2026-11-23T15:00
    #[arg(long, value_name = "TIME")]
    appointment: Option<String>,
    /// With whom the appointment is
    #[arg(long)]
    specialist: Option<String>,
    /// Why the person is called
    #[arg(long)]
    reason: Option<String>,
    /// What the operator is told, in your own words
    #[arg(long, value_name = "TEXT")]
    say: Option<String>,
    /// What the operator is told it in: ru or en
    #[arg(long)]
    language: Option<String>,
    /// 0 to 9; higher ones are called first
    #[arg(long)]
    priority: Option<u64>,
    /// Nobody is called before
    #[arg(long, value_name = "TIME")]
    not_before: Option<String>,
    /// Nobody is called from then on
    #[arg(long, value_name = "TIME")]
    not_after: Option<String>,
    /// The most attempts
    #[arg(long)]
    attempts: Option<u64>,
    /// The employee whose call it is
    #[arg(long, value_name = "EMPLOYEE")]
    owner: Option<String>,
    /// From then on anybody may make it
    #[arg(long, value_name = "TIME", requires = "owner")]
    released: Option<String>,
    /// The person's local time, such as Asia/Yekaterinburg or +05:00
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    time_zone: Option<String>,
    /// Print what became of it as JSON
    #[arg(long)]
    #[serde(skip)]
    json: bool,
}

#[derive(Args)]
struct Filter {
    /// Only those that wait, run, or are over
    #[arg(long, value_enum)]
    state: Option<State>,
    /// Only those that call this number
    #[arg(long)]
    phone: Option<String>,
    /// Only those of this employee
    #[arg(long, value_name = "EMPLOYEE")]
    owner: Option<String>,
    /// Only those that came on this day or later
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Only those that came on this day or earlier
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// The most that are shown, 1 to 1000
    #[arg(long, default_value_t = 100)]
    limit: usize,
    /// Print them as JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print all of them as a table
    #[arg(long)]
    csv: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum State {
    /// They wait for an attempt
    Waiting,
    /// Somebody is being called
    Running,
    /// They are over
    Ended,
}

/// What became of one that was added.
#[derive(Deserialize)]
struct Added {
    stored: u64,
    unchanged: u64,
    refusals: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    reason: String,
}

pub(crate) fn callbacks(arguments: &CallbacksArguments) -> Result<()> {
    let settings = arguments.config.read()?;
    door::block_on(async {
        let door = Door::open(&settings)?;
        match &arguments.action {
            Action::Add(wanted) => add(&door, wanted).await?,
            Action::List(filter) => list(&door, filter).await?,
            Action::Show { id, json } => show(&door, id, *json).await?,
            Action::Cancel { id } => cancel(&door, id).await?,
            Action::Retry { id } => retry(&door, id).await?,
        }
        door.close();
        Ok(())
    })
}

async fn add(door: &Door, wanted: &Wanted) -> Result<()> {
    let line = serde_json::to_string(wanted)?;
    let answer = door.send(Method::POST, PATH, line.into()).await?;
    let added: Added = answer.good()?;
    if wanted.json {
        answer.print()?;
    }
    if let Some(refusal) = added.refusals.first() {
        return Err(refusal.reason.clone().into());
    }
    if wanted.json {
        return Ok(());
    }
    let id = &wanted.id;
    let said = match (added.stored, added.unchanged) {
        (1.., _) => format!("The callback {id} waits."),
        (_, 1..) => format!("The callback {id} is there already."),
        _ => return Err(format!("the callback {id} is over; vizavi callbacks retry {id}").into()),
    };
    Ok(writeln!(std::io::stdout(), "{said}")?)
}

async fn list(door: &Door, filter: &Filter) -> Result<()> {
    let answer = door.send(Method::GET, &filter.path(), Vec::new()).await?;
    if filter.csv {
        if !answer.status.is_success() {
            return Err(answer.problem().into());
        }
        return Ok(std::io::stdout().write_all(&answer.body)?);
    }
    let page: Page = answer.good()?;
    if filter.json {
        return answer.print();
    }
    Ok(write!(std::io::stdout(), "{}", page.told())?)
}

impl Filter {
    fn path(&self) -> String {
        let state = self.state.and_then(|state| state.to_possible_value());
        let state = state.map(|state| state.get_name().to_owned());
        let parameters = [
            ("state", state.as_deref()),
            ("phone", self.phone.as_deref()),
            ("owner", self.owner.as_deref()),
            ("from", self.from.as_deref()),
            ("to", self.to.as_deref()),
            ("format", self.csv.then_some("csv")),
        ];
        let mut path = format!("{PATH}?limit={}", self.limit);
        for (name, value) in parameters {
            if let Some(value) = value {
                path.push_str(&format!("&{name}={}", door::encoded(value)));
            }
        }
        path
    }
}

async fn show(door: &Door, id: &str, json: bool) -> Result<()> {
    let path = format!("{PATH}/{}", door::encoded(id));
    let answer = door.send(Method::GET, &path, Vec::new()).await?;
    if answer.status == StatusCode::NOT_FOUND {
        return Err(nothing_under(id).into());
    }
    let job: Job = answer.good()?;
    if json {
        return answer.print();
    }
    Ok(write!(std::io::stdout(), "{}", job.told())?)
}

async fn cancel(door: &Door, id: &str) -> Result<()> {
    let path = format!("{PATH}/{}", door::encoded(id));
    step(door, Method::DELETE, &path, id, "is cancelled").await
}

async fn retry(door: &Door, id: &str) -> Result<()> {
    let path = format!("{PATH}/{}/retry", door::encoded(id));
    step(door, Method::POST, &path, id, "waits to be tried now").await
}

async fn step(door: &Door, method: Method, path: &str, id: &str, done: &str) -> Result<()> {
    let answer = door.send(method, path, Vec::new()).await?;
    match answer.status {
        StatusCode::NO_CONTENT => Ok(writeln!(std::io::stdout(), "The callback {id} {done}.")?),
        StatusCode::NOT_FOUND => Err(nothing_under(id).into()),
        _ => Err(format!("the callback {id}: {}", answer.problem()).into()),
    }
}

fn nothing_under(id: &str) -> String {
    format!("there is no callback {id}; vizavi callbacks list shows them")
}
