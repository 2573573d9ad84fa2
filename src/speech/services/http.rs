//! Asking over HTTP: bounded answers, and reasons that can be shown. Time is bounded by who asks.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, Url};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use crate::tls;

use super::{LARGEST_ANSWER, Online, ServiceError, presentable};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How much of a refusal is read, in bytes.
const LARGEST_REFUSAL: usize = 16 * 1024;

/// What a service answered.
pub(super) struct Answer {
    /// In lower case; empty if there was none.
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

/// A client for one service, and for the other addresses that it is asked at.
///
/// # Errors
/// An address or the certificates can't be used; as a sentence.
pub(super) fn client(online: &Online, others: &[&str]) -> Result<Client, String> {
    let urls = [&[online.base_url.as_str()], others].concat();
    for url in &urls {
        Url::parse(url).map_err(|error| format!("{url:?} is no address ({error})"))?;
    }
    let encrypted = urls.iter().any(|url| url.starts_with("https:"));
    let tls = tls::client_config(online.ca_file.as_deref(), encrypted)
        .map_err(|error| error.to_string())?;
    let mut builder = Client::builder();
    // A proxy of the environment is for the world outside.
    if urls.iter().all(|url| is_on_this_machine(url)) {
        builder = builder.no_proxy();
    }
    builder
        .use_preconfigured_tls((*tls).clone())
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .build()
        .map_err(|error| format!("the HTTP client can't be made: {error}"))
}

fn is_on_this_machine(url: &str) -> bool {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str);
    matches!(host, Some("localhost" | "[::1]")) || host.is_some_and(|host| host.starts_with("127."))
}

/// Asks, and reads the whole answer.
///
/// # Errors
/// Any answer but a success; its reason is shown unless it repeats something private.
pub(super) async fn ask(request: RequestBuilder, private: &[&str]) -> Result<Answer, ServiceError> {
    let mut response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    if !status.is_success() {
        let retry_after = retry_after(response.headers());
        // The status alone is worth telling too.
        let body = read(&mut response, LARGEST_REFUSAL)
            .await
            .unwrap_or_default();
        return Err(ServiceError::Refused {
            status: status.as_u16(),
            reason: presentable(&reason(&body), private),
            retry_after,
        });
    }
    let content_type = header(response.headers(), CONTENT_TYPE.as_str()).to_lowercase();
    let body = read(&mut response, LARGEST_ANSWER).await?;
    if body.is_empty() {
        return Err(ServiceError::BadAnswer("it is empty".to_owned()));
    }
    Ok(Answer { content_type, body })
}

impl Answer {
    /// The body, where a sound is expected: other things come with status 200 too.
    pub(super) fn sound(self, private: &[&str]) -> Result<Vec<u8>, ServiceError> {
        if self.content_type.starts_with("text/") || is_page(&self.body) {
            return Err(bad("it is a page, not a sound; check base_url"));
        }
        let json = serde_json::from_slice::<IgnoredAny>(&self.body).is_ok();
        if json || self.content_type.starts_with("application/json") {
            let reason = presentable(&reason(&self.body), private);
            return Err(bad(format!("it is a message, not a sound: {reason}")));
        }
        Ok(self.body)
    }

    /// The samples a second that the content type names.
    pub(super) fn declared_rate(&self) -> Option<u32> {
        let (_, rate) = self.content_type.split_once("rate=")?;
        let digits = rate.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    }

    /// The body as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ServiceError> {
        // What serde says may quote the answer.
        serde_json::from_slice(&self.body).map_err(|error| {
            bad(format!(
                "it is not the JSON it should be ({:?})",
                error.classify()
            ))
        })
    }
}

/// Bare samples may begin with any byte, so a bracket alone says nothing.
fn is_page(body: &[u8]) -> bool {
    let start = body.trim_ascii_start();
    let start = start[..start.len().min(9)].to_ascii_lowercase();
    let pages: [&[u8]; 4] = [b"<!doctype", b"<html", b"<?xml", b"<head"];
    pages.iter().any(|page| start.starts_with(page))
}

/// An answer that is not of the agreed form.
pub(super) fn bad(reason: impl Into<String>) -> ServiceError {
    ServiceError::BadAnswer(reason.into())
}

/// A header as text; empty if it is missing or no text.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Seconds only: no speech service is known to send a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = header(headers, RETRY_AFTER.as_str()).trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

async fn read(response: &mut Response, limit: usize) -> Result<Vec<u8>, ServiceError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > limit {
            return Err(ServiceError::TooLong(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What a body gives as its reason, in any of the forms that services have.
pub(super) fn reason(body: &[u8]) -> String {
    let Ok(json) = serde_json::from_slice::<Value>(body) else {
        let text = String::from_utf8_lossy(body);
        let page = text.trim_start().starts_with('<');
        return if page { "a page" } else { text.trim() }.to_owned();
    };
    let places = [
        "/message",
        "/error_message",
        "/reason",
        "/error/message",
        "/error",
        "/detail",
    ];
    places
        .iter()
        .find_map(|place| json.pointer(place)?.as_str())
        .unwrap_or_default()
        .to_owned()
}

/// Without the address: a key may be in it.
fn unreachable(error: reqwest::Error) -> ServiceError {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(deeper) = cause {
        words = deeper.to_string();
        cause = deeper.source();
    }
    ServiceError::Unreachable(words)
}
