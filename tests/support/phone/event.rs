//! What happens to a phone, and the diary in which it is kept.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// How a call ended, as the phone saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Hung up, refused or given up on this phone.
    Here,
    /// The other side hung up an established call, or gave up calling.
    There,
    /// Our call wasn't taken: the SIP answer, 486 when busy.
    Refused {
        /// The SIP status code.
        code: u16,
        /// Its words.
        phrase: String,
    },
    /// Whatever else baresip says.
    Otherwise(String),
}

impl Ending {
    fn from_words(words: &str) -> Self {
        match words {
            "Connection reset by user" => return Self::Here,
            "Connection reset by peer" => return Self::There,
            _ => {}
        }
        let (code, phrase) = words.split_once(' ').unwrap_or((words, ""));
        match code.parse() {
            Ok(code @ 300..=699) => Self::Refused {
                code,
                phrase: phrase.to_owned(),
            },
            _ => Self::Otherwise(words.to_owned()),
        }
    }
}

/// Something that happened to a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// The PBX has accepted its registration (again and again, as it is renewed).
    Registered,
    /// The PBX has refused its registration.
    NotRegistered(String),
    /// It rings: someone calls.
    Incoming {
        /// The user part of the caller's address.
        number: String,
        /// The caller's display name; empty when there is none.
        name: String,
    },
    /// The phone it called rings (180).
    Ringing,
    /// Sound may come before the answer (183).
    EarlyMedia,
    /// The call is answered and both talk.
    Established,
    /// The other side pressed a key (RFC 4733).
    KeyPressed(char),
    /// The call is over.
    Closed(Ending),
}

/// A kind of [`Event`], to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Registered,
    NotRegistered,
    Incoming,
    Ringing,
    EarlyMedia,
    Established,
    KeyPressed,
    Closed,
}

impl Event {
    /// Its kind.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Registered => Kind::Registered,
            Self::NotRegistered(_) => Kind::NotRegistered,
            Self::Incoming { .. } => Kind::Incoming,
            Self::Ringing => Kind::Ringing,
            Self::EarlyMedia => Kind::EarlyMedia,
            Self::Established => Kind::Established,
            Self::KeyPressed(_) => Kind::KeyPressed,
            Self::Closed(_) => Kind::Closed,
        }
    }

    /// What baresip's event means; `None` for those that mean nothing here.
    pub(super) fn from_baresip(message: &serde_json::Value) -> Option<Self> {
        let text = |key: &str| message[key].as_str().unwrap_or_default();
        let event = match text("type") {
            "REGISTER_OK" => Self::Registered,
            "REGISTER_FAIL" => Self::NotRegistered(text("param").to_owned()),
            "CALL_INCOMING" => Self::Incoming {
                number: user_of(text("peeruri")),
                name: text("peerdisplayname").to_owned(),
            },
            "CALL_RINGING" => Self::Ringing,
            "CALL_PROGRESS" => Self::EarlyMedia,
            "CALL_ESTABLISHED" => Self::Established,
            "CALL_DTMF_START" => Self::KeyPressed(text("param").chars().next()?),
            "CALL_CLOSED" => Self::Closed(Ending::from_words(text("param"))),
            _ => return None,
        };
        Some(event)
    }
}

/// `sip:34@127.0.0.1:5060` → `34`.
fn user_of(uri: &str) -> String {
    let address = uri.split_once(':').map_or(uri, |(_, address)| address);
    address
        .split(['@', ';'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// An event and its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Happened {
    /// When the phone reported it, within a few milliseconds.
    pub at: Instant,
    /// What it was.
    pub event: Event,
}

#[derive(Debug)]
struct Entry {
    happened: Happened,
    seen: bool,
}

/// All that happened to a phone, in order.
#[derive(Debug)]
pub(super) struct Diary {
    begun: Instant,
    entries: Mutex<Vec<Entry>>,
    length: watch::Sender<usize>,
}

impl Diary {
    pub(super) fn new(begun: Instant) -> Self {
        Self {
            begun,
            entries: Mutex::default(),
            length: watch::Sender::new(0),
        }
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note(&self, event: Event) {
        let mut entries = self.entries();
        entries.push(Entry {
            happened: Happened {
                at: Instant::now(),
                event,
            },
            seen: false,
        });
        self.length.send_replace(entries.len());
    }

    /// From here on, only what comes later is waited for.
    pub(super) fn turn_the_page(&self) {
        self.entries()
            .iter_mut()
            .for_each(|entry| entry.seen = true);
    }

    pub(super) fn all(&self) -> Vec<Happened> {
        self.entries()
            .iter()
            .map(|entry| entry.happened.clone())
            .collect()
    }

    /// How many calls have come in so far.
    pub(super) fn incoming_calls(&self) -> usize {
        self.entries()
            .iter()
            .filter(|entry| entry.happened.event.kind() == Kind::Incoming)
            .count()
    }

    /// Whether the last call that came in is neither answered nor over.
    pub(super) fn rings(&self) -> bool {
        let entries = self.entries();
        let mut kinds = entries
            .iter()
            .rev()
            .map(|entry| entry.happened.event.kind());
        kinds.find(|kind| matches!(kind, Kind::Incoming | Kind::Established | Kind::Closed))
            == Some(Kind::Incoming)
    }

    fn take(&self, kind: Kind) -> Option<Happened> {
        let mut entries = self.entries();
        let entry = entries
            .iter_mut()
            .find(|entry| !entry.seen && entry.happened.event.kind() == kind)?;
        entry.seen = true;
        Some(entry.happened.clone())
    }

    /// The first event of that kind that no wait has returned yet, come or still to come.
    pub(super) async fn next(&self, kind: Kind) -> Happened {
        let mut length = self.length.subscribe();
        loop {
            length.mark_unchanged();
            if let Some(happened) = self.take(kind) {
                return happened;
            }
            if length.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

impl fmt::Display for Diary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.entries();
        if entries.is_empty() {
            return f.write_str("\n  nothing");
        }
        for Entry {
            happened: Happened { at, event },
            ..
        } in &*entries
        {
            let after: Duration = at.duration_since(self.begun);
            write!(f, "\n  {:8.3} s  {event:?}", after.as_secs_f64())?;
        }
        Ok(())
    }
}
