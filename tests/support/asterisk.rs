//! A real Asterisk for one test: its own directory and ports, gone when the test is.

mod cdr;
mod certificate;
mod configuration;
mod ports;

use std::{
    fs::{self, File},
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

pub(crate) use cdr::{Cdr, Noted};
pub(crate) use certificate::strange_authority;
use configuration::Pbx;
use ports::Ports;

use super::process::Process;
#[cfg(test)]
use super::sound;

/// How long a start or a stop may take before the test fails. A start takes half a second on an idle machine.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);
/// A control socket's path may have 107 bytes, and `$TMPDIR` can be anything.
const TEMPORARY: &str = "/tmp";

#[derive(Debug, thiserror::Error)]
pub(crate) enum AsteriskError {
    #[error("there is no Asterisk for the tests: run `make pbx` first, and see what it says")]
    NotUnpacked,
    #[error(
        "no free ports for another Asterisk between {} and {}: is something left over from earlier tests?",
        ports::FIRST,
        ports::LAST
    )]
    NoPorts,
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("Asterisk refused `{command}`: {answer}")]
    Command { command: String, answer: String },
    #[error("Asterisk {what} after {PATIENCE:?}. Its log says:\n{log}")]
    Late { what: &'static str, log: String },
    #[error("Asterisk ended while it was starting. Its log says:\n{log}")]
    Died { log: String },
}

/// Names what was attempted in an I/O error.
fn attempt<T>(what: impl Into<String>, result: io::Result<T>) -> Result<T, AsteriskError> {
    result.map_err(|source| AsteriskError::Io {
        what: what.into(),
        source,
    })
}

/// Who can call an Asterisk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Telephones on this machine.
    Machine,
    /// Everybody who can reach this machine, with the accounts of `asterisk-conf/live`.
    Network,
}

impl Reach {
    fn address(self) -> Ipv4Addr {
        match self {
            Self::Machine => Ipv4Addr::LOCALHOST,
            Self::Network => Ipv4Addr::UNSPECIFIED,
        }
    }
}

/// A running Asterisk with the configuration of `asterisk-conf/demo`.
/// Dropping it ends it; so does the end of the test process, however it ends.
pub(crate) struct Asterisk {
    pbx: Pbx,
    directory: TempDir,
    ports: Ports,
    password: String,
    process: Option<Process>,
}

impl Asterisk {
    /// Starts an instance of its own and waits until ARI answers and all modules are loaded.
    pub(crate) async fn start() -> Result<Self, AsteriskError> {
        let ports = Ports::reserve().ok_or(AsteriskError::NoPorts)?;
        Self::start_with(ports, Reach::Machine).await
    }

    /// The same for softphones of the network: SIP listens on all addresses, on 5060 if that is free.
    pub(crate) async fn start_for_everybody() -> Result<Self, AsteriskError> {
        let ports = Ports::reserve_for_everybody().ok_or(AsteriskError::NoPorts)?;
        Self::start_with(ports, Reach::Network).await
    }

    async fn start_with(ports: Ports, reach: Reach) -> Result<Self, AsteriskError> {
        let pbx = Pbx::find()?;
        let directory = attempt(
            "making a directory for Asterisk",
            tempfile::Builder::new()
                .prefix("vizavi-")
                .tempdir_in(TEMPORARY),
        )?;
        let password: String = std::iter::repeat_with(fastrand::alphanumeric)
            .take(24)
            .collect();
        pbx.write_configuration(directory.path(), &ports, (&password, reach))?;
        let mut asterisk = Self {
            pbx,
            directory,
            ports,
            password,
            process: None,
        };
        asterisk.restart().await?;
        Ok(asterisk)
    }

    /// Starts it again after `kill` or `stop`: the same ports, directory and password.
    pub(crate) async fn restart(&mut self) -> Result<(), AsteriskError> {
        self.kill();
        let console = self.directory.path().join("console");
        let output = File::options().create(true).append(true).open(console);
        let output = attempt("opening its console", output)?;
        let errors = attempt("opening its console", output.try_clone())?;
        let configuration = self.configuration();
        let process = Process::start(&self.pbx.asterisk, |command| {
            command
                .arg("-f")
                .arg("-C")
                .arg(configuration)
                .stdin(Stdio::null())
                .stdout(output)
                .stderr(errors);
        });
        let process = attempt("starting Asterisk", process)?;
        self.process = Some(process);
        self.wait_until_it_answers().await
    }

    /// The UDP ports of the sound, first and last.
    pub(crate) fn sound_ports(&self) -> (u16, u16) {
        (self.ports.rtp_start, self.ports.rtp_end)
    }

    /// Where SIP is listening (UDP).
    pub(crate) fn sip_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.sip).into()
    }

    /// The web server's address without a path: `http://127.0.0.1:20001`.
    pub(crate) fn http_base(&self) -> String {
        format!("http://{}", self.http_address())
    }

    /// The same over TLS.
    pub(crate) fn https_base(&self) -> String {
        format!("https://127.0.0.1:{}", self.ports.https)
    }

    /// The certificate of the authority that signed the web server's, as a PEM file.
    pub(crate) fn authority(&self) -> PathBuf {
        self.directory.path().join("authority.pem")
    }

    pub(crate) fn ari_user(&self) -> &'static str {
        "vizavi"
    }

    pub(crate) fn ari_password(&self) -> &str {
        &self.password
    }

    /// Runs a command of Asterisk's own command line and returns what it printed.
    pub(crate) fn command(&self, command: &str) -> Result<String, AsteriskError> {
        let output = Command::new(&self.pbx.asterisk)
            .arg("-C")
            .arg(self.configuration())
            .args(["-rx", command])
            .output();
        let output = attempt("asking Asterisk", output)?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        // An unknown command counts as a success for Asterisk.
        if output.status.success() && !text.starts_with("No such command") {
            return Ok(text);
        }
        Err(AsteriskError::Command {
            command: command.to_owned(),
            answer: text + &String::from_utf8_lossy(&output.stderr),
        })
    }

    /// The names of all channels: `PJSIP/trunk-00000000`.
    pub(crate) fn channels(&self) -> Result<Vec<String>, AsteriskError> {
        let text = self.command("core show channels concise")?;
        Ok(first_words(&text, '!'))
    }

    /// The ids of all bridges.
    pub(crate) fn bridges(&self) -> Result<Vec<String>, AsteriskError> {
        let mut ids = first_words(&self.command("bridge show all")?, ' ');
        ids.retain(|id| id != "Bridge-ID");
        Ok(ids)
    }

    /// Gives it music on hold: a tone for five minutes.
    #[cfg(test)]
    pub(crate) fn give_music(&self, hertz: f64) -> Result<(), AsteriskError> {
        let music = self.directory.path().join("music");
        attempt("making music", fs::create_dir(&music))?;
        let tone = sound::tone(hertz, Duration::from_secs(1));
        let file = music.join("tone.wav");
        let written = sound::write_wav_repeating(&file, &tone, Duration::from_secs(300));
        attempt("making music", written)?;
        let class = format!("[default]\nmode = files\ndirectory = {}\n", music.display());
        let settings = self.directory.path().join("etc/musiconhold.conf");
        attempt("making music", fs::write(settings, class))?;
        self.command("module load res_musiconhold.so").map(drop)
    }

    /// Everything in its log so far.
    pub(crate) fn log(&self) -> String {
        let directory = self.directory.path();
        let read = |name: &str| {
            let bytes = fs::read(directory.join(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        read("console") + &read("log/messages.log")
    }

    /// The call detail records so far, one for each call that has ended.
    pub(crate) fn cdrs(&self) -> Vec<Cdr> {
        let file = self.directory.path().join("log/cdr-csv/Master.csv");
        let text = fs::read_to_string(file).unwrap_or_default();
        text.lines().filter_map(Cdr::parse).collect()
    }

    /// What we noted in the call detail records so far.
    #[cfg(test)]
    pub(crate) fn noted(&self) -> Vec<Noted> {
        let file = self.directory.path().join("log/cdr-custom/vizavi.csv");
        let text = fs::read_to_string(file).unwrap_or_default();
        text.lines().filter_map(Noted::parse).collect()
    }

    /// Where it keeps what is recorded.
    #[cfg(test)]
    pub(crate) fn recordings(&self) -> PathBuf {
        self.directory.path().join("spool/recording")
    }

    /// Lets the telephone on this address of this machine call and be called without registering, as
    /// the endpoint `desk`.
    #[cfg(test)]
    pub(crate) fn add_desk(&self, address: Ipv4Addr) -> Result<(), AsteriskError> {
        let file = self.directory.path().join("etc/pjsip_live.conf");
        let text = format!(
            "[desk](phone)\ncallerid = \"34\" <34>\n[desk]\ntype = identify\nendpoint = desk\nmatch = {address}\n"
        );
        attempt("adding a desk", fs::write(file, text))?;
        self.command("module reload res_pjsip.so")?;
        self.command("module reload res_pjsip_endpoint_identifier_ip.so")
            .map(drop)
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    /// Ends it in order: it hangs up what there is and says goodbye to its applications.
    pub(crate) async fn stop(&mut self) -> Result<(), AsteriskError> {
        self.command("core stop now")?;
        let deadline = Instant::now() + PATIENCE;
        while self.is_running() {
            if Instant::now() > deadline {
                return Err(self.late("did not stop"));
            }
            sleep(POLL).await;
        }
        self.process = None;
        Ok(())
    }

    fn is_running(&mut self) -> bool {
        self.process
            .as_mut()
            .is_some_and(|process| !process.has_ended())
    }

    fn configuration(&self) -> PathBuf {
        configuration::main_file(self.directory.path())
    }

    fn http_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.http).into()
    }

    async fn wait_until_it_answers(&mut self) -> Result<(), AsteriskError> {
        let deadline = Instant::now() + PATIENCE;
        while !self.answers().await {
            if !self.is_running() {
                return Err(AsteriskError::Died { log: self.log() });
            }
            if Instant::now() > deadline {
                return Err(self.late("did not answer"));
            }
            sleep(POLL).await;
        }
        self.command("core waitfullybooted").map(drop)
    }

    async fn answers(&self) -> bool {
        let ping = timeout(Duration::from_secs(1), self.ping()).await;
        matches!(ping, Ok(Ok(answer)) if answer.contains("pong"))
    }

    /// Asks ARI whether it is there, without a client whose own start would count too.
    async fn ping(&self) -> io::Result<String> {
        let mut connection = TcpStream::connect(self.http_address()).await?;
        let request = format!(
            "GET /ari/asterisk/ping?api_key={}:{} HTTP/1.1\r\nConnection: close\r\n\r\n",
            self.ari_user(),
            self.password
        );
        connection.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    fn late(&self, what: &'static str) -> AsteriskError {
        AsteriskError::Late {
            what,
            log: self.log(),
        }
    }
}

fn first_words(text: &str, separator: char) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.split(separator).next())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The project's directory.
fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
