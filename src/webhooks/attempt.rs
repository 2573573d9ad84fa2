//! One attempt to deliver one message.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use super::settings::{Reason, Settings};
use super::signature::Key;
use crate::domain::delivery::{Answer, Message};
use crate::{outgoing, tls};

/// What a body is.
const CONTENT_TYPE: &str = "application/cloudevents+json; charset=utf-8";

/// Sends messages to one webhook.
#[derive(Clone)]
pub(super) struct Post {
    client: Client,
    url: Url,
    key: Key,
    deadline: Duration,
}

impl Post {
    /// Opens no connection yet.
    pub(super) fn new(webhook: &Settings, deadline: Duration) -> Result<Self, Reason> {
        let is_https = webhook.url.scheme() == "https";
        let tls = tls::client_config(webhook.ca_file.as_deref(), is_https)?;
        let client = outgoing::guarded(Client::builder(), webhook.allow_private)
            .use_preconfigured_tls((*tls).clone())
            .redirect(Policy::none())
            .no_proxy()
            .timeout(deadline)
            .build()?;
        Ok(Self {
            client,
            url: webhook.url.clone(),
            key: webhook.key()?,
            deadline,
        })
    }

    /// Sends a message; says what was answered within the deadline.
    pub(super) async fn send(&self, message: &Message) -> Answer {
        let second = Timestamp::now().as_second();
        let signature = self.key.sign(&message.id, second, &message.body);
        let request = self
            .client
            .post(self.url.clone())
            .header("content-type", CONTENT_TYPE)
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", second)
            .header("webhook-signature", signature)
            .body(message.body.clone());
        match request.send().await {
            Ok(response) => Answer::Status(response.status().as_u16()),
            Err(error) if error.is_timeout() => {
                Answer::None(format!("it did not answer within {:?}", self.deadline))
            }
            Err(error) => Answer::None(format!("it can't be reached: {}", reason(error))),
        }
    }
}

/// The innermost cause, without the address: it may have a secret in it.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut innermost: &dyn std::error::Error = &error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}
