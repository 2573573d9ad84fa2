//! The Asterisk of the bench: its configuration, its start, its command line.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::processes::Process;
use super::{BenchError, Result, attempt, project, wait_until};

const PATIENCE: Duration = Duration::from_secs(30);
/// Below the ports of the tests' Asterisks. Two for each leg: enough for two thousand calls.
const SOUND: (u16, u16) = (10_000, 19_899);
const FIRST: u16 = 19_900;
const LAST: u16 = 19_990;
pub(crate) const EMPLOYEES: u32 = 1000;
/// What the peers and the calls that go wrong need beside the demo's modules.
const MODULES: &str =
    "load = res_speech.so\nload = res_agi.so\nload = app_read.so\nload = res_mutestream.so\n";

/// The ports of SIP and HTTP.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    sip: u16,
    http: u16,
}

impl Ports {
    /// The first ones that are free.
    pub(crate) fn find() -> Result<Self> {
        let is_free = |first: &u16| {
            UdpSocket::bind((Ipv4Addr::LOCALHOST, *first)).is_ok()
                && TcpListener::bind((Ipv4Addr::LOCALHOST, first + 1)).is_ok()
        };
        let first = (FIRST..LAST).step_by(2).find(is_free);
        let first = first.ok_or_else(|| {
            BenchError::Other(format!(
                "no free ports between {FIRST} and {LAST}: is another bench running?"
            ))
        })?;
        Ok(Self {
            sip: first,
            http: first + 1,
        })
    }

    pub(crate) fn sip_address(self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.sip).into()
    }
}

/// A running Asterisk. Dropped, it is killed.
#[derive(Debug)]
pub(crate) struct Pbx {
    program: PathBuf,
    pub(crate) version: String,
    directory: TempDir,
    ports: Ports,
    pub(crate) password: String,
    /// The menu of the peers, without its ending.
    pub(crate) sound: PathBuf,
    process: Process,
}

impl Pbx {
    /// Writes a configuration and starts it.
    pub(crate) fn start(ports: Ports, employees: SocketAddr, sound: &Path) -> Result<Self> {
        let target = project().join("target/pbx");
        let said = attempt(
            "reading target/pbx/directories (make pbx)",
            fs::read_to_string(target.join("directories")),
        )?;
        let value = |key: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(key));
            line.unwrap_or_default().to_owned()
        };
        // A control socket's path may have 107 bytes.
        let directory = tempfile::Builder::new()
            .prefix("vizavi-bench-")
            .tempdir_in("/tmp");
        let directory = attempt("making a directory for Asterisk", directory)?;
        let password = format!("bench-{}", std::process::id());
        let run = directory.path();
        let words = [
            ("@RUN@", run.display().to_string()),
            ("@MODULES@", value("modules=")),
            ("@DATA@", value("data=")),
            ("@SIP_PORT@", ports.sip.to_string()),
            ("@HTTP_PORT@", ports.http.to_string()),
            ("@RTP_START@", SOUND.0.to_string()),
            ("@RTP_END@", SOUND.1.to_string()),
            ("@ARI_PASSWORD@", password.clone()),
            ("@SOUND@", sound.display().to_string()),
            (
                "@STRANGER@",
                sound.with_file_name("stranger").display().to_string(),
            ),
            (
                "@AGI@",
                project()
                    .join("bench/peers/agi/menu.php")
                    .display()
                    .to_string(),
            ),
            ("@EMPLOYEES@", employees.to_string()),
        ];
        write_configuration(run, &words, employees)?;
        let program = target.join("asterisk");
        let process = start(&program, run)?;
        let pbx = Self {
            program,
            version: value("version="),
            ports,
            password,
            sound: sound.to_owned(),
            process,
            directory,
        };
        wait_until("Asterisk is not up", PATIENCE, || {
            pbx.command("core waitfullybooted")
                .is_ok_and(|said| said.contains("fully booted"))
        })?;
        Ok(pbx)
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// `http://127.0.0.1:19901`.
    pub(crate) fn http(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.http)
    }

    /// Runs a command of Asterisk's own command line and returns what it printed.
    pub(crate) fn command(&self, command: &str) -> Result<String> {
        let mut asterisk = Command::new(&self.program);
        asterisk.arg("-C").arg(main_file(self.directory.path()));
        let output = attempt("asking Asterisk", asterisk.args(["-rx", command]).output())?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// How many channels there are.
    pub(crate) fn channels(&self) -> usize {
        let text = self
            .command("core show channels concise")
            .unwrap_or_default();
        text.lines().filter(|line| line.contains('!')).count()
    }

    /// Its log so far: notices and worse.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log/messages.log")).unwrap_or_default()
    }
}

fn main_file(run: &Path) -> PathBuf {
    run.join("etc/asterisk.conf")
}

fn start(program: &Path, run: &Path) -> Result<Process> {
    let console = attempt(
        "opening Asterisk's console",
        File::create(run.join("console")),
    )?;
    let errors = attempt("opening Asterisk's console", console.try_clone())?;
    let process = Process::start(program, |command| {
        command
            .arg("-f")
            .arg("-C")
            .arg(main_file(run))
            .stdin(Stdio::null())
            .stdout(console)
            .stderr(errors);
    });
    attempt("starting Asterisk", process)
}

fn write_configuration(run: &Path, words: &[(&str, String)], employees: SocketAddr) -> Result<()> {
    for directory in [
        "etc",
        "lib",
        "cache",
        "spool",
        "log/cdr-csv",
        "log/cdr-custom",
    ] {
        attempt(
            format!("making {directory}"),
            fs::create_dir_all(run.join(directory)),
        )?;
    }
    // What comes later takes the place of what came before.
    for source in [
        "asterisk-conf/vizavi",
        "asterisk-conf/demo",
        "bench/asterisk-conf",
    ] {
        fill_in(&project().join(source), &run.join("etc"), words)?;
    }
    add(&run.join("etc/modules.conf"), MODULES)?;
    let mut telephones = String::new();
    for number in 0..EMPLOYEES {
        let extension = 5000 + number;
        telephones += &format!(
            "[{extension}](phone)\naors = {extension}\n[{extension}]\ntype = aor\ncontact = sip:{extension}@{employees}\n"
        );
    }
    add(&run.join("etc/pjsip.conf"), &telephones)
}

fn add(file: &Path, text: &str) -> Result<()> {
    let what = format!("adding to {}", file.display());
    let before = attempt(what.clone(), fs::read_to_string(file))?;
    attempt(what, fs::write(file, before + text))
}

fn fill_in(from: &Path, to: &Path, words: &[(&str, String)]) -> Result<()> {
    let what = format!("copying {}", from.display());
    for entry in attempt(what.clone(), fs::read_dir(from))? {
        let file = attempt(what.clone(), entry)?;
        let template = attempt(what.clone(), fs::read_to_string(file.path()))?;
        let filled = words
            .iter()
            .fold(template, |text, (word, value)| text.replace(word, value));
        attempt(what.clone(), fs::write(to.join(file.file_name()), filled))?;
    }
    Ok(())
}
