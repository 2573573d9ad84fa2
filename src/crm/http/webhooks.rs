//! What webhooks were not told: messages that wait, and messages that were given up.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Contract;
use super::access::MayAdminister;
use super::path::Id;
use super::problem::Problem;
use crate::domain::delivery::{DeadLetter, Message};
use crate::store::{Change, Numbered};

/// The most messages of one answer.
const MOST: usize = 1000;

/// So many messages are sent again together.
const GROUP: usize = 500;

/// What is said of every message. Who called is left out.
#[derive(Serialize, ToSchema)]
pub(super) struct WebhookMessage {
    /// Its `webhook-id`.
    id: String,
    /// The webhook's name.
    webhook: String,
    /// What it tells.
    #[serde(rename = "type")]
    kind: String,
    /// The call.
    call: String,
    /// When it happened.
    time: String,
    /// How often it was tried.
    attempts: u32,
}

/// A message that waits, without who called.
#[derive(Serialize, ToSchema)]
pub(super) struct WaitingMessage {
    /// Its number.
    number: u64,
    #[serde(flatten)]
    message: WebhookMessage,
    /// When it may be tried.
    due: String,
}

/// Messages that wait.
#[derive(Serialize, ToSchema)]
pub(super) struct WaitingMessages {
    /// How many there are.
    count: usize,
    /// The oldest of them, up to 1000.
    messages: Vec<WaitingMessage>,
}

/// A message that was given up.
#[derive(Serialize, ToSchema)]
pub(super) struct DeadMessage {
    /// Its number, by which it is sent again.
    number: u64,
    #[serde(flatten)]
    message: WebhookMessage,
    /// When it was given up.
    died: String,
    /// Why.
    why: String,
}

/// Messages that were given up.
#[derive(Serialize, ToSchema)]
pub(super) struct DeadMessages {
    /// How many there are.
    count: usize,
    /// The oldest of them, up to 1000.
    messages: Vec<DeadMessage>,
}

/// How many are sent again.
#[derive(Serialize, ToSchema)]
pub(super) struct Resent {
    /// So many.
    resent: usize,
}

/// Messages that wait for their webhook
#[utoipa::path(
    get, path = "/v1/webhooks/waiting", tag = "webhooks",
    responses((status = 200, description = "The oldest.", body = WaitingMessages))
)]
pub(super) async fn waiting(
    State(contract): State<Arc<Contract>>,
    _: MayAdminister,
) -> Result<Json<WaitingMessages>, Problem> {
    let page = contract.store.messages_after(0, MOST)?;
    let messages = page.into_iter().map(|message| contract.waiting(message));
    Ok(Json(WaitingMessages {
        count: contract.store.counts().messages,
        messages: messages.collect(),
    }))
}

/// Messages that were given up
#[utoipa::path(
    get, path = "/v1/webhooks/dead", tag = "webhooks",
    responses((status = 200, description = "The oldest.", body = DeadMessages))
)]
pub(super) async fn dead(
    State(contract): State<Arc<Contract>>,
    _: MayAdminister,
) -> Result<Json<DeadMessages>, Problem> {
    let page = contract.store.dead_letters_after(0, MOST)?;
    let messages = page.into_iter().map(|letter| contract.dead(letter));
    Ok(Json(DeadMessages {
        count: contract.store.counts().dead_letters,
        messages: messages.collect(),
    }))
}

/// Send a message again that was given up
#[utoipa::path(
    post, path = "/v1/webhooks/dead/{id}", tag = "webhooks",
    params(("id" = u64, Path, description = "The message's number.")),
    responses(
        (status = 204, description = "It waits again."),
        (status = 404, description = "No message that was given up has this number.", body = Problem),
    )
)]
pub(super) async fn resend(
    State(contract): State<Arc<Contract>>,
    _: MayAdminister,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    let number = id.parse();
    let number = number.map_err(|_| Problem::not_found("a message's number has digits only"))?;
    let due = Timestamp::now();
    contract.remove(Change::TellAgain { number, due }).await
}

/// Send all messages again that were given up
#[utoipa::path(
    post, path = "/v1/webhooks/dead", tag = "webhooks",
    responses((status = 200, description = "All of them wait again.", body = Resent))
)]
pub(super) async fn resend_all(
    State(contract): State<Arc<Contract>>,
    _: MayAdminister,
) -> Result<Json<Resent>, Problem> {
    let (mut resent, mut after) = (0, 0);
    let due = Timestamp::now();
    loop {
        let page = contract.store.dead_letters_after(after, GROUP)?;
        let Some((last, _)) = page.last() else {
            return Ok(Json(Resent { resent }));
        };
        after = *last;
        resent += page.len();
        let again = page.into_iter();
        let again = again.map(|(number, _)| Change::TellAgain { number, due });
        contract.write(again.collect()).await?;
    }
}

impl Contract {
    fn waiting(&self, (number, message): Numbered<Message>) -> WaitingMessage {
        WaitingMessage {
            number,
            due: self.reader.moments().write_time(message.due),
            message: self.message(message),
        }
    }

    fn dead(&self, (number, letter): Numbered<DeadLetter>) -> DeadMessage {
        DeadMessage {
            number,
            died: self.reader.moments().write_time(letter.died),
            why: letter.why,
            message: self.message(letter.message),
        }
    }

    fn message(&self, message: Message) -> WebhookMessage {
        WebhookMessage {
            time: self.reader.moments().write_time(message.made),
            id: message.id,
            webhook: message.webhook,
            kind: message.kind,
            call: message.call,
            attempts: message.attempts,
        }
    }
}
