//! What is needed to reach one Asterisk. Opens and reads nothing.

use std::path::PathBuf;
use std::time::Duration;

use super::Secret;

/// How to reach Asterisk, and how long to wait for it.
///
/// A server's certificate is always verified over `https`: there is no setting against it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `http://127.0.0.1:8088/ari` or `https://…`, with or without a slash at the end.
    pub base_url: String,
    /// The user in `ari.conf`. It must not be `read_only`.
    pub user: String,
    /// That user's password.
    pub password: Secret,
    /// The name that the dialplan's `Stasis()` uses.
    pub application: String,
    /// A PEM file of certificate authorities to trust besides the system's own.
    pub ca_file: Option<PathBuf>,
    /// How long a connection may take to be made, TLS included.
    pub connect_timeout: Duration,
    /// How long a request may take from its start to the end of its answer.
    pub request_timeout: Duration,
    /// How often the WebSocket is pinged.
    pub ping_interval: Duration,
    /// How long the WebSocket may be silent before it is given up. Longer than `ping_interval`.
    pub ping_deadline: Duration,
    /// The longest wait before the first new attempt to connect.
    pub first_backoff: Duration,
    /// The longest wait before any new attempt; the wait doubles up to it.
    pub longest_backoff: Duration,
}

impl Settings {
    /// The usual waits, the application `vizavi`, and no certificate authorities but the system's.
    #[must_use]
    pub fn new(base_url: impl Into<String>, user: impl Into<String>, password: Secret) -> Self {
        Self {
            base_url: base_url.into(),
            user: user.into(),
            password,
            application: "vizavi".to_owned(),
            ca_file: None,
            connect_timeout: Duration::from_secs(1),
            request_timeout: Duration::from_secs(2),
            ping_interval: Duration::from_secs(1),
            ping_deadline: Duration::from_secs(2),
            first_backoff: Duration::from_millis(100),
            longest_backoff: Duration::from_secs(1),
        }
    }
}
