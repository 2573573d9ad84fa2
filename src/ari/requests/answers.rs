//! What an answer means: how an exchange failed, and what Asterisk refused.

use std::error::Error;

use hyper::StatusCode;
use serde::Deserialize;

use super::super::{RequestError, Thing};

/// An ARI answer that is not a success: `message` nearly always, `error` for failed allocations.
#[derive(Deserialize)]
struct Refusal {
    #[serde(alias = "error")]
    message: String,
}

pub(super) fn refused(status: StatusCode, body: &[u8], thing: Thing) -> RequestError {
    let refusal = serde_json::from_slice::<Refusal>(body).ok();
    // A 404 that is not ARI's own, or is about the address itself, means a wrong address or a
    // module that is not loaded. Nobody left.
    let Some(Refusal { message }) = refusal else {
        let message = "the answer is not ARI's".to_owned();
        return RequestError::Refused {
            status: status.as_u16(),
            message,
        };
    };
    match (status, message.as_str()) {
        (StatusCode::NOT_FOUND, "Provided variable was not found") => {
            RequestError::Gone(Thing::Variable)
        }
        (StatusCode::NOT_FOUND, words) if words != "Resource not found" => {
            RequestError::Gone(thing)
        }
        _ => RequestError::Refused {
            status: status.as_u16(),
            message,
        },
    }
}

/// Asterisk says 400, not 404, when a channel that is only named in a request has left.
pub(super) fn channel_gone(error: RequestError) -> RequestError {
    let said_so = |message: &str| {
        matches!(
            message,
            "Channel not found" | "Provided originator channel was not found"
        )
    };
    if matches!(&error, RequestError::Refused { status: 400, message } if said_so(message)) {
        return RequestError::Gone(Thing::Channel);
    }
    error
}

/// Asterisk says 422, not 404, when a channel that is to be followed has left.
pub(super) fn source_gone(error: RequestError) -> RequestError {
    if matches!(&error, RequestError::Refused { status: 422, .. }) {
        return RequestError::Gone(Thing::Channel);
    }
    error
}

/// Says where an answer can't be read, without a word of what it holds.
pub(super) fn unreadable(error: &serde_json::Error) -> RequestError {
    let (line, column) = (error.line(), error.column());
    let kind = error.classify();
    RequestError::Unknown(format!(
        "the answer can't be read at {line}:{column} ({kind:?})"
    ))
}

/// An error with its causes, outermost first.
pub(in crate::ari) fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}
