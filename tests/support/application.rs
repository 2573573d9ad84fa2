//! The application itself, as its users run it: a process with a file of settings.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::sleep;
use vizavi::domain::language::Language;
use vizavi::store::{self, Store};

use super::asterisk::Asterisk;
use super::process::Process;
use super::records;

const POLL: Duration = Duration::from_millis(20);

/// How an application is to be run.
#[derive(Clone, Debug)]
pub(crate) struct ApplicationSettings {
    /// The program.
    pub(crate) program: PathBuf,
    /// In which language the names of people and departments are.
    pub(crate) names: Language,
    /// Whether the company knows anybody: its people, its client, what happened between them.
    pub(crate) knows: bool,
    /// What the CRM says that its client is spoken to in.
    pub(crate) client: Option<Language>,
    /// The sections `[menu]` and so on, as they stand in the file; `[ari]`, `[speech]` and `[log]`
    /// are written by the harness.
    pub(crate) more: String,
    /// Whether Asterisk is asked whose telephone would ring. Most tests have fewer telephones than
    /// people.
    pub(crate) asks_presence: bool,
    /// More lines for the section `[presence]`.
    pub(crate) presence: String,
    /// Lines for the section `[speech]`.
    pub(crate) speech: String,
    /// Where phrases are kept; a directory of its own if there is none.
    pub(crate) phrases: Option<PathBuf>,
    /// Where ARI is reached, such as `http://127.0.0.1:20001`; at Asterisk itself if there is none.
    pub(crate) ari_base: Option<String>,
    /// The authority to trust for TLS, as a PEM file.
    pub(crate) authority: Option<PathBuf>,
    /// The name under which it is known to Asterisk, if it is not the usual one.
    pub(crate) application: Option<String>,
    /// The directory in which its own is made, if it is not the system's for temporary files.
    pub(crate) place: Option<PathBuf>,
    /// Variables of its environment.
    pub(crate) environment: Vec<(String, String)>,
    /// How much is logged.
    pub(crate) log_level: &'static str,
}

impl ApplicationSettings {
    /// The program under test, of which cargo tells the tests. The demo says itself which it runs.
    pub(crate) fn of_the_tested_program() -> Self {
        Self::of(Path::new(
            option_env!("CARGO_BIN_EXE_vizavi").unwrap_or("vizavi"),
        ))
    }

    /// The demo's company, in Russian, with a menu that does not keep a test waiting.
    pub(crate) fn of(program: &Path) -> Self {
        Self {
            program: program.to_owned(),
            names: Language::Russian,
            knows: true,
            client: None,
            more: "[menu]\nkey_seconds = 2.0\nring_seconds = 5.0\n".to_owned(),
            asks_presence: false,
            presence: String::new(),
            speech: String::new(),
            phrases: None,
            ari_base: None,
            authority: None,
            application: None,
            place: None,
            environment: Vec::new(),
            log_level: "debug",
        }
    }
}

/// The application at work. Dropped, it is killed.
pub(crate) struct Application {
    directory: TempDir,
    program: PathBuf,
    password: String,
    environment: Vec<(String, String)>,
    process: Option<Process>,
}

impl Application {
    /// Starts it beside an Asterisk, without waiting for anything.
    pub(crate) fn start(asterisk: &Asterisk, settings: &ApplicationSettings) -> io::Result<Self> {
        let directory = match &settings.place {
            Some(place) => tempfile::tempdir_in(place)?,
            None => tempfile::tempdir()?,
        };
        let beside = directory.path().join("phrases");
        let phrases = settings.phrases.clone().unwrap_or(beside);
        if settings.knows {
            write_records(&directory.path().join("store"), settings)?;
        }
        let authority = settings
            .authority
            .as_ref()
            .map(|file| format!("ca_file = {file:?}"));
        let application = settings
            .application
            .as_ref()
            .map(|name| format!("application = {name:?}"));
        let file = format!(
            "[ari]\nurl = \"{}/ari\"\nuser = \"{}\"\n{}\n{}\n\n[store]\ndirectory = \"store\"\n\n\
             [presence]\nask = {}\n{}\n\n[contract]\nlisten = \"127.0.0.1:0\"\n\n\
             [metrics]\nlisten = \"127.0.0.1:0\"\n\n[speech]\ndirectory = {:?}\n{}\n\n\
             [log]\nformat = \"json\"\nlevel = \"{}\"\n\n{}\n{}",
            settings.ari_base.clone().unwrap_or(asterisk.http_base()),
            asterisk.ari_user(),
            authority.unwrap_or_default(),
            application.unwrap_or_default(),
            settings.asks_presence,
            settings.presence,
            phrases,
            settings.speech,
            settings.log_level,
            settings.more,
            records::departments(settings.names),
        );
        fs::write(directory.path().join("vizavi.toml"), file)?;
        let mut application = Self {
            directory,
            program: settings.program.clone(),
            password: asterisk.ari_password().to_owned(),
            environment: settings.environment.clone(),
            process: None,
        };
        application.restart()?;
        Ok(application)
    }

    /// Starts it, and waits until calls are served and everything is spoken ahead.
    pub(crate) async fn ready(
        asterisk: &Asterisk,
        settings: &ApplicationSettings,
    ) -> io::Result<Self> {
        let application = Self::cold(asterisk, settings).await?;
        application.wait_for("spoken").await?;
        Ok(application)
    }

    /// Starts it, and waits until calls are served, whatever is spoken already.
    pub(crate) async fn cold(
        asterisk: &Asterisk,
        settings: &ApplicationSettings,
    ) -> io::Result<Self> {
        let application = Self::start(asterisk, settings)?;
        application.wait_for("calls are served").await?;
        application.wait_for_gate(asterisk).await?;
        Ok(application)
    }

    /// Starts it again with the same files, after a kill.
    pub(crate) fn restart(&mut self) -> io::Result<()> {
        self.process = None;
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log_file())?;
        let settings = self.settings_file();
        let password = self.password.clone();
        let environment = self.environment.clone();
        let process = Process::start(&self.program, |command| {
            command
                .args(["run", "--config"])
                .arg(settings)
                .env("VIZAVI_ARI_PASSWORD", password)
                .envs(environment)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log);
        })?;
        self.process = Some(process);
        Ok(())
    }

    /// Where it keeps what must survive.
    #[cfg(test)]
    pub(crate) fn store(&self) -> PathBuf {
        self.directory.path().join("store")
    }

    /// Its process id.
    pub(crate) fn process_id(&self) -> u32 {
        self.process.as_ref().map_or(0, Process::id)
    }

    /// SIGKILL: it is gone, as when it crashes.
    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    /// SIGSTOP: it is there, and does nothing.
    pub(crate) fn freeze(&self) -> io::Result<()> {
        self.signal("STOP")
    }

    /// SIGCONT.
    pub(crate) fn thaw(&self) -> io::Result<()> {
        self.signal("CONT")
    }

    /// SIGTERM, without waiting for anything.
    pub(crate) fn terminate(&self) -> io::Result<()> {
        self.signal("TERM")
    }

    /// Waits until it has ended by itself, and gives its exit code; `None` if a signal ended it.
    pub(crate) async fn exit_code(&mut self, within: Duration) -> io::Result<Option<i32>> {
        let asked = Instant::now();
        while asked.elapsed() < within {
            if let Some(status) = self.process.as_mut().and_then(Process::status) {
                return Ok(status.code());
            }
            sleep(POLL).await;
        }
        let story = format!("it has not ended after {within:?}:\n{}", self.log());
        Err(io::Error::other(story))
    }

    fn signal(&self, name: &str) -> io::Result<()> {
        let id = self.process_id().to_string();
        let status = Command::new("kill")
            .args([format!("-{name}"), id])
            .status()?;
        if status.success() {
            return Ok(());
        }
        Err(io::Error::other(format!("kill -{name} failed")))
    }

    /// Everything it has logged, one JSON object a line.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// The log's entries with this message, in order.
    pub(crate) fn entries(&self, message: &str) -> Vec<Value> {
        self.log()
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|entry| {
                entry["message"]
                    .as_str()
                    .is_some_and(|text| text.contains(message))
            })
            .collect()
    }

    /// Waits until the log says this.
    pub(crate) async fn wait_for(&self, message: &str) -> io::Result<Value> {
        let asked = Instant::now();
        loop {
            if let Some(entry) = self.entries(message).into_iter().next_back() {
                return Ok(entry);
            }
            if asked.elapsed() > Duration::from_secs(15) {
                let story = format!("{message:?} does not come:\n{}", self.log());
                return Err(io::Error::other(story));
            }
            sleep(POLL).await;
        }
    }

    /// Waits until the dialplan lets calls in. The heartbeat of a process that was killed counts as long as it holds.
    pub(crate) async fn wait_for_gate(&self, asterisk: &Asterisk) -> io::Result<()> {
        let asked = Instant::now();
        loop {
            let globals = asterisk
                .command("dialplan show globals")
                .map_err(io::Error::other)?;
            let open = globals.lines().any(|line| {
                let (name, value) = line.trim().split_once('=').unwrap_or_default();
                name == "VIZAVI_ALIVE_UNTIL" && value.parse().is_ok_and(|until: u64| until >= now())
            });
            if open {
                return Ok(());
            }
            if asked.elapsed() > Duration::from_secs(5) {
                return Err(io::Error::other(format!("no heartbeat:\n{}", self.log())));
            }
            sleep(POLL).await;
        }
    }

    fn log_file(&self) -> PathBuf {
        self.directory.path().join("log")
    }

    /// The file of its settings.
    pub(crate) fn settings_file(&self) -> PathBuf {
        self.directory.path().join("vizavi.toml")
    }
}

/// Writes what the company knows, as its CRM would have done before. Blocks, so in a thread of its own.
fn write_records(directory: &Path, settings: &ApplicationSettings) -> io::Result<()> {
    std::thread::scope(|scope| scope.spawn(|| write_all(directory, settings)).join())
        .unwrap_or_else(|_| Err(io::Error::other("writing the records panicked")))
}

fn write_all(directory: &Path, settings: &ApplicationSettings) -> io::Result<()> {
    let (names, client) = (settings.names, settings.client);
    let settings = store::Settings::new(directory, TimeZone::UTC);
    let opened = Store::open(&settings).map_err(io::Error::other)?;
    let changes =
        records::records(names, client).map_err(|error| io::Error::other(error.to_string()))?;
    opened
        .store
        .write_blocking(changes)
        .map_err(io::Error::other)?;
    opened.store.close();
    Ok(())
}

/// The epoch second, which is the same in Asterisk: it runs on this machine.
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
