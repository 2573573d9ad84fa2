//! Where the contract is served, and how much of it at once.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::domain::callback::Rules;
use crate::domain::language::Language;

/// Where and how the contract is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address for CRMs. Without TLS it must be of this machine alone. `None`: only the socket.
    pub listen: Option<SocketAddr>,
    /// Certificate and key; `None` for plain HTTP.
    pub tls: Option<Tls>,
    /// Where the socket for this machine's own programs is made.
    pub directory: PathBuf,
    /// The company's local time.
    pub zone: TimeZone,
    /// What reasons are told in, unless a question says otherwise.
    pub language: Language,
    /// What holds for callback jobs; `None`: none are taken.
    pub callbacks: Option<Arc<Rules>>,
    /// How much is served at once.
    pub limits: Limits,
}

/// A certificate with its key.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The certificate and those between it and its authority, in PEM form.
    pub certificate: PathBuf,
    /// The key, in PEM form.
    pub key: PathBuf,
}

/// How much is served at once.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The longest body that is not a stream of lines, in bytes.
    pub body: usize,
    /// The requests that one token may make in a second, over time.
    pub rate: NonZeroU32,
    /// The requests that one token may make at once.
    pub burst: NonZeroU32,
    /// The connections of one listener.
    pub connections: usize,
    /// A request's line and headers must be here in this time; an idle connection is closed after it.
    pub head_time: Duration,
    /// The next piece of a body must be here in this time.
    pub piece_time: Duration,
    /// A body that is not a stream must be here in this time.
    pub body_time: Duration,
    /// A write to the store must be done in this time.
    pub write_time: Duration,
    /// How long requests that have begun may go on when we are told to stop.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        const RATE: NonZeroU32 = NonZeroU32::new(50).unwrap();
        const BURST: NonZeroU32 = NonZeroU32::new(100).unwrap();
        Self {
            body: 16 << 20,
            rate: RATE,
            burst: BURST,
            connections: 256,
            head_time: Duration::from_secs(10),
            piece_time: Duration::from_secs(10),
            body_time: Duration::from_secs(60),
            write_time: Duration::from_secs(30),
            grace: Duration::from_secs(5),
        }
    }
}
