//! A request before it is sent.

use std::fmt::Write;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// All that has a meaning in an address, or could have one.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What is asked.
pub(in crate::ari) struct Outgoing {
    method: Method,
    target: String,
    body: Option<String>,
}

/// What every request says.
pub(super) struct Headers {
    pub(super) host: HeaderValue,
    pub(super) authorization: HeaderValue,
}

impl Outgoing {
    /// `base` is the path that all of ARI is below, without a slash at its end; each segment is
    /// percent-encoded.
    pub(super) fn new(method: Method, base: &str, segments: &[&str]) -> Self {
        let mut target = base.to_owned();
        for segment in segments {
            target.push('/');
            target.extend(utf8_percent_encode(segment, ENCODED));
        }
        Self {
            method,
            target,
            body: None,
        }
    }

    /// With one parameter in the address.
    pub(super) fn query(mut self, name: &str, value: &str) -> Self {
        let value = utf8_percent_encode(value, ENCODED);
        let _ = write!(self.target, "?{name}={value}");
        self
    }

    pub(super) fn json(mut self, body: &Value) -> Self {
        self.body = Some(body.to_string());
        self
    }

    pub(super) fn with(self, headers: &Headers) -> hyper::http::Result<Request<Full<Bytes>>> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.target)
            .header(HOST, headers.host.clone())
            .header(AUTHORIZATION, headers.authorization.clone());
        if self.body.is_some() {
            let json = HeaderValue::from_static("application/json");
            request = request.header(CONTENT_TYPE, json);
        }
        request.body(Full::from(self.body.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(base: &str, segments: &[&str]) -> String {
        Outgoing::new(Method::GET, base, segments).target
    }

    #[test]
    fn a_segment_stays_one_segment() {
        let segments = ["channels", "a/b c?d%41#", "answer"];
        assert_eq!(
            target("/ari", &segments),
            "/ari/channels/a%2Fb%20c%3Fd%2541%23/answer"
        );
    }

    #[test]
    fn a_parameter_stays_one_parameter() {
        let request = Outgoing::new(Method::GET, "/ari", &["channels"]);
        let request = request.query("variable", "CDR(a)&b=c+д");
        assert_eq!(
            request.target,
            "/ari/channels?variable=CDR%28a%29%26b%3Dc%2B%D0%B4"
        );
    }
}
