//! Reads bodies: no longer, no slower and no more at once than the limits say.

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt;
use serde::de::IgnoredAny;
use tokio::sync::SemaphorePermit;

use super::Contract;
use super::problem::Problem;
use crate::crm::wire::without_mark;

/// Bodies up to this length, in bytes, need no turn of their own.
pub(super) const SMALL: usize = 256 << 10;

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// One document, or an array.
    Json,
    /// A document in each line.
    Lines,
    /// One CloudEvent.
    CloudEvent,
    /// An array of CloudEvents.
    CloudEvents,
}

/// How formats are called; one has several names.
const NAMES: [(&str, Format); 6] = [
    ("application/json", Format::Json),
    ("application/x-ndjson", Format::Lines),
    ("application/cloudevents+json", Format::CloudEvent),
    ("application/cloudevents-batch+json", Format::CloudEvents),
    ("application/ndjson", Format::Lines),
    ("application/jsonl", Format::Lines),
];

impl Format {
    /// The format that the headers name, if it is one of these.
    pub(super) fn of(headers: &HeaderMap, known: &[Self]) -> Result<Self, Problem> {
        let named = headers
            .get(CONTENT_TYPE)
            .and_then(|name| name.to_str().ok());
        let format = named
            .and_then(from_header)
            .filter(|format| known.contains(format));
        format.ok_or_else(|| {
            let first_names = NAMES.iter().take(4);
            let names = first_names.filter(|(_, format)| known.contains(format));
            let names: Vec<&str> = names.map(|(name, _)| *name).collect();
            Problem::other_format(&names)
        })
    }
}

fn from_header(header: &str) -> Option<Format> {
    let mut parts = header.split(';').map(str::trim);
    let name = parts.next()?.to_ascii_lowercase();
    let other_charset = parts.any(|parameter| {
        let parameter = parameter.to_ascii_lowercase().replace('"', "");
        parameter
            .strip_prefix("charset=")
            .is_some_and(|charset| charset != "utf-8" && charset != "utf8")
    });
    let (_, format) = NAMES.iter().find(|(other, _)| *other == name)?;
    (!other_charset).then_some(*format)
}

impl Contract {
    /// The next piece of a body; `None` after the last.
    pub(super) async fn piece(&self, body: &mut Body) -> Result<Option<Bytes>, Problem> {
        loop {
            let frame = tokio::time::timeout(self.limits.piece_time, body.frame()).await;
            match frame.map_err(|_| Problem::too_slow())? {
                None => return Ok(None),
                Some(Err(_)) => {
                    let detail = "the body broke off, or is not what its headers say";
                    return Err(Problem::bad_request(detail));
                }
                // What is no data is a trailer.
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }

    /// A whole body that is JSON in UTF-8.
    pub(super) async fn json(&self, headers: &HeaderMap, body: Body) -> Result<Json<'_>, Problem> {
        let length = headers
            .get(CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok());
        let length: Option<usize> = length.and_then(|length| length.parse().ok());
        if length.is_some_and(|length| length > self.limits.body) {
            return Err(Problem::too_large(self.limits.body));
        }
        let turn = match length {
            Some(length) if length <= SMALL => None,
            Some(_) | None => Some(self.turn().await?),
        };
        let whole = self.whole(length.unwrap_or_default(), body);
        let whole = tokio::time::timeout(self.limits.body_time, whole).await;
        let bytes = whole.map_err(|_| Problem::too_slow())??;
        let text = if bytes.len() <= SMALL {
            checked(bytes)?
        } else {
            let checking = tokio::task::spawn_blocking(move || checked(bytes));
            checking.await.map_err(|_| Problem::unavailable())??
        };
        Ok(Json { text, _turn: turn })
    }

    /// A turn for a body that is not small.
    async fn turn(&self) -> Result<SemaphorePermit<'_>, Problem> {
        let turn = tokio::time::timeout(self.limits.body_time, self.large_bodies.acquire()).await;
        turn.ok()
            .and_then(Result::ok)
            .ok_or_else(Problem::unavailable)
    }

    async fn whole(&self, length: usize, mut body: Body) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::with_capacity(length);
        while let Some(piece) = self.piece(&mut body).await? {
            if bytes.len() + piece.len() > self.limits.body {
                return Err(Problem::too_large(self.limits.body));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }
}

/// A body that is JSON. As long as it is there, it keeps its turn if it needs one: that bounds what
/// is in memory.
pub(super) struct Json<'a> {
    text: String,
    _turn: Option<SemaphorePermit<'a>>,
}

impl Json<'_> {
    /// The JSON, without a byte order mark.
    pub(super) fn text(&self) -> &str {
        without_mark(&self.text)
    }
}

fn checked(bytes: Vec<u8>) -> Result<String, Problem> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to() + 1;
        Problem::bad_request(format!("the body is not UTF-8, from byte {place} on"))
    })?;
    serde_json::from_str::<IgnoredAny>(without_mark(&text))
        .map_err(|error| Problem::no_json(&error))?;
    Ok(text)
}
