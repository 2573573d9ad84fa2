//! What lies on disk: a store with clients, and phrases that were spoken before.

use std::cell::Cell;
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use vizavi::domain::language::{FixedPhrase, Language, fixed_phrase};
use vizavi::domain::prompt::{Clip, Haste, Phrase, Prompt};
use vizavi::speech::{Settings as SpeechSettings, Speech};
use vizavi::store::{Client, Settings, Store};

use super::crm::Crm;

const CLIENTS: u32 = 1000;
/// Of each client, on average.
const EVENTS: u32 = 8;

/// A store.
pub(crate) struct Kept {
    store: Store,
    crm: Crm,
    _directory: TempDir,
}

impl Kept {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let settings = Settings::new(directory.path(), jiff::tz::TimeZone::UTC);
        let store = Store::open(&settings).expect("a new store").store;
        let crm = Crm::new(CLIENTS, CLIENTS * EVENTS);
        store.write_blocking(crm.staff()).expect("employees");
        let changes = (0..crm.events).map(|number| crm.change(number));
        store.write_blocking(changes.collect()).expect("events");
        Self {
            store,
            crm,
            _directory: directory,
        }
    }

    /// Who calls from the telephone of a client, with what happened to them.
    pub(crate) fn look_up(&self, client: u32) -> Vec<Client> {
        let phone = self.crm.phone(client % self.crm.clients);
        self.store.clients_of(&phone).expect("clients")
    }
}

/// Phrases that are there.
pub(crate) struct Spoken {
    speech: Speech,
    runtime: Runtime,
    number: Cell<u64>,
    _directory: TempDir,
}

impl Spoken {
    /// For whatever channel comes.
    pub(crate) fn new() -> Self {
        Self::for_channel("")
    }

    /// For a channel with these formats, as Asterisk names them.
    pub(crate) fn for_channel(formats: &str) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut settings = SpeechSettings::new(directory.path());
        // The built-in prompts: nothing else need be installed.
        settings.russian.clear();
        settings.english.clear();
        let speech = Speech::open(settings).expect("a place for phrases");
        let speech = speech.for_channel(formats);
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let spoken = Self {
            speech,
            runtime,
            number: Cell::new(0),
            _directory: directory,
        };
        spoken.join();
        spoken
    }

    /// A clip of four phrases that was not there yet.
    pub(crate) fn join(&self) -> Clip {
        let number = self.number.get() + 1;
        self.number.set(number);
        let prompt = prompt(number);
        let made = self
            .runtime
            .block_on(self.speech.prepare(&prompt, Haste::Next));
        made.expect("a clip")
    }

    /// The clip that was made first.
    pub(crate) fn find(&self) -> Option<Clip> {
        self.speech.ready(&prompt(1))
    }
}

/// Another number has other pauses.
fn prompt(number: u64) -> Prompt {
    let greeting = fixed_phrase(FixedPhrase::Greeting, Language::Russian);
    let phrase = |at: u64| Phrase {
        text: greeting.to_owned(),
        language: Language::Russian,
        pause: Duration::from_micros(300_000 + (number + at) * 125),
    };
    Prompt {
        phrases: (0..4).map(phrase).collect(),
    }
}
