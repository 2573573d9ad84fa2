//! `vizavi token`

use std::io::Write;

use axum::http::{Method, StatusCode};
use clap::{Args, Subcommand, ValueEnum};
use serde::Deserialize;
use serde_json::json;

use super::door::{self, Door, Result};
use super::{ConfigFile, to_the_second};

#[derive(Args)]
pub(crate) struct TokenArguments {
    #[command(flatten)]
    config: ConfigFile,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a token and show it, once
    Make {
        /// What it is for, such as "1C"
        name: String,
        /// What it allows
        #[arg(long, value_enum, value_delimiter = ',', default_value = "write,read")]
        scopes: Vec<Scope>,
    },
    /// List all tokens, without their secrets
    List {
        /// Print them as JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token: who has it can't sign in any more
    Revoke {
        /// Its id, as `list` shows it
        #[arg(allow_hyphen_values = true)]
        id: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Scope {
    /// Send events, employees, clients and callbacks
    Write,
    /// Ask for rankings, menus, employees, clients and callbacks
    Read,
    /// Everything, tokens and erasing included
    Administer,
}

#[derive(Deserialize)]
struct Listed {
    tokens: Vec<Token>,
}

#[derive(Deserialize)]
struct Token {
    id: String,
    name: String,
    scopes: Vec<String>,
    created: String,
    token: Option<String>,
}

pub(crate) fn token(arguments: &TokenArguments) -> Result<()> {
    let settings = arguments.config.read()?;
    door::block_on(async {
        let door = Door::open(&settings)?;
        match &arguments.action {
            Action::Make { name, scopes } => make(&door, name, scopes).await?,
            Action::List { json } => list(&door, *json).await?,
            Action::Revoke { id } => revoke(&door, id).await?,
        }
        door.close();
        Ok(())
    })
}

async fn make(door: &Door, name: &str, scopes: &[Scope]) -> Result<()> {
    let scopes: Vec<String> = scopes
        .iter()
        .filter_map(|scope| Some(scope.to_possible_value()?.get_name().to_owned()))
        .collect();
    let wanted = json!({ "name": name, "scopes": scopes }).to_string();
    let answer = door.send(Method::POST, "/v1/tokens", wanted.into()).await?;
    let made: Token = answer.good()?;
    let secret = made.token.unwrap_or_default();
    // Alone on standard output, so that it can be piped to where it is needed.
    writeln!(
        std::io::stderr(),
        "The token {} ({}), shown only now:",
        made.id,
        made.name
    )?;
    Ok(writeln!(std::io::stdout(), "{secret}")?)
}

async fn list(door: &Door, json: bool) -> Result<()> {
    let answer = door.send(Method::GET, "/v1/tokens", Vec::new()).await?;
    let listed: Listed = answer.good()?;
    if json {
        return answer.print();
    }
    let mut output = std::io::stdout();
    if listed.tokens.is_empty() {
        writeln!(output, "There are no tokens.")?;
    }
    for token in listed.tokens {
        let scopes = token.scopes.join(",");
        writeln!(
            output,
            "{}  {}  {scopes}  {}",
            token.id,
            to_the_second(&token.created),
            token.name
        )?;
    }
    Ok(())
}

async fn revoke(door: &Door, id: &str) -> Result<()> {
    let path = format!("/v1/tokens/{}", door::encoded(id));
    let answer = door.send(Method::DELETE, &path, Vec::new()).await?;
    match answer.status {
        StatusCode::NO_CONTENT => Ok(writeln!(std::io::stdout(), "The token {id} is revoked.")?),
        StatusCode::NOT_FOUND => {
            Err(format!("there is no token {id}; vizavi token list shows them").into())
        }
        _ => Err(answer.problem().into()),
    }
}
