//! `vizavi webhooks`

use std::io::Write;

use axum::http::{Method, StatusCode};
use clap::{Args, Subcommand};
use serde::Deserialize;

use super::door::{self, Door, Result};
use super::{ConfigFile, to_the_second};

const WAITING: &str = "/v1/webhooks/waiting";
const DEAD: &str = "/v1/webhooks/dead";

const EXAMPLES: &str = "\
Examples:
  vizavi webhooks list               what still waits to be told
  vizavi webhooks dead               what was given up, and why
  vizavi webhooks resend 17          send message 17 of these again
  vizavi webhooks resend --all       send all of them again
  vizavi webhooks dead --json";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct WebhooksArguments {
    #[command(flatten)]
    config: ConfigFile,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List the messages that wait for their webhook, oldest first
    List {
        /// Print them as JSON
        #[arg(long)]
        json: bool,
    },
    /// List the messages that were given up, and why
    Dead {
        /// Print them as JSON
        #[arg(long)]
        json: bool,
    },
    /// Send messages again that were given up
    Resend {
        /// The number of one of them, as `dead` shows it
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<u64>,
        /// All of them
        #[arg(long)]
        all: bool,
    },
}

#[derive(Deserialize)]
struct Listed {
    count: usize,
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    number: u64,
    webhook: String,
    #[serde(rename = "type")]
    kind: String,
    call: String,
    time: String,
    attempts: u32,
    due: Option<String>,
    why: Option<String>,
}

#[derive(Deserialize)]
struct Resent {
    resent: usize,
}

pub(crate) fn webhooks(arguments: &WebhooksArguments) -> Result<()> {
    let settings = arguments.config.read()?;
    door::block_on(async {
        let door = Door::open(&settings)?;
        match arguments.action {
            Action::List { json } => list(&door, WAITING, json).await?,
            Action::Dead { json } => list(&door, DEAD, json).await?,
            Action::Resend { id: Some(id), .. } => resend(&door, id).await?,
            Action::Resend { id: None, .. } => resend_all(&door).await?,
        }
        door.close();
        Ok(())
    })
}

async fn list(door: &Door, path: &str, json: bool) -> Result<()> {
    let answer = door.send(Method::GET, path, Vec::new()).await?;
    let listed: Listed = answer.good()?;
    if json {
        return answer.print();
    }
    let mut output = std::io::stdout();
    if listed.messages.is_empty() {
        let nothing = if path == DEAD {
            "No message was given up."
        } else {
            "No message waits."
        };
        writeln!(output, "{nothing}")?;
    }
    let shown = listed.messages.len();
    for message in listed.messages {
        writeln!(output, "{}", message.in_a_line())?;
    }
    if shown < listed.count {
        writeln!(output, "… and {} more", listed.count - shown)?;
    }
    Ok(())
}

impl Message {
    fn in_a_line(&self) -> String {
        let Self {
            number,
            webhook,
            kind,
            call,
            attempts,
            ..
        } = self;
        let time = to_the_second(&self.time);
        let state = match (&self.why, &self.due) {
            (Some(why), _) => why.clone(),
            (None, Some(due)) if *attempts > 0 => {
                format!("tried {attempts} times, again at {}", to_the_second(due))
            }
            (None, _) => "not tried yet".to_owned(),
        };
        format!("{number}  {time}  {webhook}  {kind}  call {call}  {state}")
    }
}

async fn resend(door: &Door, id: u64) -> Result<()> {
    let path = format!("{DEAD}/{id}");
    let answer = door.send(Method::POST, &path, Vec::new()).await?;
    match answer.status {
        StatusCode::NO_CONTENT => Ok(writeln!(std::io::stdout(), "Message {id} is sent again.")?),
        StatusCode::NOT_FOUND => Err(format!(
            "no message that was given up has the number {id}; vizavi webhooks dead shows them"
        )
        .into()),
        _ => Err(answer.problem().into()),
    }
}

async fn resend_all(door: &Door) -> Result<()> {
    let answer = door.send(Method::POST, DEAD, Vec::new()).await?;
    let resent: Resent = answer.good()?;
    Ok(writeln!(
        std::io::stdout(),
        "Messages that are sent again: {}.",
        resent.resent
    )?)
}
