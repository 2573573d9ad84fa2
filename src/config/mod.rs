//! TOML and environment → validated settings. Opens nothing but its file.

mod business;
mod callbacks;
mod raw;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::ari;
use crate::crm::AskingSettings;
use crate::domain::call::{Policy, WaitSound};
use crate::domain::directory::Entry;
use crate::domain::language::Language;
use crate::domain::language::names::NameDictionary;
use crate::domain::menu::template::{Template, Templates};
use crate::domain::menu::{Announcement, Key, Mode, SummonsTemplates, Wording};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::Rules;
use crate::speech;
use crate::switchboard::{Fallback, Recording};
use crate::toml_file::{FileError, TomlFile};
use crate::webhooks;
pub use business::{Closed, Hours, Number};
use raw::Raw;

pub use callbacks::{Accept, CallbackAttempt, Callbacks, Silence};

/// All settings with their defaults and what they mean, as `vizavi config` prints them.
pub const DEFAULT: &str = include_str!("default.toml");

/// The environment variable that holds the ARI user's password; it wins over the file.
pub const PASSWORD_VARIABLE: &str = "VIZAVI_ARI_PASSWORD";

/// The environment variable that holds the token with which the CRM is asked; it wins over the file.
pub const CRM_TOKEN_VARIABLE: &str = "VIZAVI_CRM_TOKEN";

/// What the environment gives, so that it need not be in a file.
#[derive(Clone, Default)]
struct Secrets {
    ari_password: Option<String>,
    crm_token: Option<String>,
}

impl Secrets {
    fn of_the_environment() -> Self {
        Self {
            ari_password: std::env::var(PASSWORD_VARIABLE).ok(),
            crm_token: std::env::var(CRM_TOKEN_VARIABLE).ok(),
        }
    }
}

/// How long a caller waits in silence for a prompt that is still being made.
const PROMPT_TIME: Duration = Duration::from_secs(2);

/// How much longer than its step a lease runs. Together with the rounding to whole seconds a caller
/// whose application died is at the fallback less than 5 s after the step's own length.
const LEASE_MARGIN: Duration = Duration::from_secs(3);

/// Everything that an operator of a PBX can set, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How to reach Asterisk.
    pub ari: ari::Settings,
    /// Where callers go whom we can't help.
    pub fallback: Fallback,
    /// What callers hear, and how patient a call is.
    pub menu: Menu,
    /// Where the company is, and its departments.
    pub company: Company,
    /// When calls are answered; `None` is always.
    pub hours: Option<Hours>,
    /// What called numbers have of their own.
    pub numbers: Vec<Number>,
    /// Where talks are recorded, if they are.
    pub recording: Option<Recording>,
    /// The key that leads callers to the other language.
    pub language_key: Option<Key>,
    /// Callers who get no menu.
    pub direct: HashSet<PhoneNumber>,
    /// Where what must survive is kept.
    pub store: Store,
    /// What the CRM's events are worth.
    pub rating: Rules,
    /// How phrases are spoken and where they are kept.
    pub speech: speech::Settings,
    /// Where CRMs reach us.
    pub contract: Contract,
    /// Where the CRM is asked about a caller, if it is.
    pub crm: Option<AskingSettings>,
    /// Who calls people back; `None`: nobody.
    pub callbacks: Option<Callbacks>,
    /// Where those who watch over us look.
    pub metrics: Metrics,
    /// What is asked about telephones, and what becomes of it.
    pub presence: Presence,
    /// Who is told what happens in calls.
    pub webhooks: Vec<webhooks::Settings>,
    /// How we log.
    pub log: Log,
}

/// Where the company is, and its departments.
#[derive(Clone, Debug)]
pub struct Company {
    /// Of working hours, and of times that come without one.
    pub time_zone: TimeZone,
    /// What is offered to callers about whom nothing is known, in order.
    pub departments: Vec<Entry>,
}

/// Where what must survive is kept.
#[derive(Clone, Debug)]
pub struct Store {
    /// Its directory.
    pub directory: PathBuf,
    /// How much of it is kept in memory.
    pub cache_bytes: u64,
    /// How long calls stay in the journal.
    pub calls_kept: SignedDuration,
}

/// Where CRMs reach us.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The address; `None` if they don't.
    pub listen: Option<SocketAddr>,
    /// For TLS. Without it, only this machine is listened to.
    pub certificate: Option<Certificate>,
    /// How often one token may ask.
    pub requests_a_second: u32,
    /// The largest request, in bytes.
    pub largest: usize,
}

/// Where those who watch over us look.
#[derive(Clone, Copy, Debug)]
pub struct Metrics {
    /// The address; `None` if nobody does.
    pub listen: Option<SocketAddr>,
}

/// A certificate and its key, as PEM files.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The certificate, and those that lead from it to an authority.
    pub chain: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// What callers hear, and how patient a call is.
#[derive(Clone, Debug)]
pub struct Menu {
    /// What callers are spoken to in.
    pub language: Language,
    /// The first sentence; `None` for a general one.
    pub greeting: Option<String>,
    /// The most people in a personal menu.
    pub longest: usize,
    /// What the menu is put together from.
    pub mode: Mode,
    /// The sentences of the menu.
    pub templates: Templates,
    /// How the other language is chosen, said in it; `None` in the usual words.
    pub other_language: Option<Template>,
    /// What an employee hears who picks up a mobile.
    pub summons: SummonsTemplates,
    /// The company's own forms of names.
    pub names: NameDictionary,
    /// What callers are told of recording.
    pub announcement: Announcement,
    /// How patient calls are.
    pub policy: Policy,
}

impl Menu {
    /// What is said, in words.
    #[must_use]
    pub fn wording(&self) -> Wording {
        self.wording_in(self.language, self.greeting.clone())
    }

    /// The same in another language, of which the settings have no sentences.
    pub(super) fn wording_in(&self, language: Language, greeting: Option<String>) -> Wording {
        let mut templates = self.templates.clone();
        if language != self.language {
            templates = Templates::usual(language);
            if let Some(own) = &self.other_language {
                templates.language = own.clone();
            }
        }
        Wording::new(language, greeting)
            .with_staff_language(self.language)
            .with_summons(self.summons.clone())
            .with_announcement(self.announcement.text(language))
            .with_templates(templates)
            .with_dictionary(self.names.clone())
            .with_mode(self.mode)
    }
}

/// What is asked about telephones, and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Whether Asterisk is asked whose telephone would ring.
    pub ask: bool,
    /// Whether it is said of somebody that they are talking; otherwise they are left out.
    pub says_busy: bool,
}

/// How callers wait for somebody who is talking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wait {
    time: Duration,
    sound: WaitSound,
}

/// How we log.
#[derive(Clone, Debug)]
pub struct Log {
    /// One JSON object a line instead of text.
    pub json: bool,
    /// A `tracing` filter such as `info` or `vizavi::ari=debug`.
    pub level: String,
}

/// Reads the settings from a file.
///
/// # Errors
/// [`FileError`] names the file, the line and what was expected.
pub fn read(path: &Path) -> Result<Settings, FileError> {
    let file = TomlFile::read(path)?;
    file.parse::<Raw>()?
        .check(&file, &Secrets::of_the_environment())
}

#[cfg(test)]
mod tests;
