//! What systemd hears of us.

use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::support::company::Result;

/// A service manager, and a vizavi that it has started. No Asterisk answers.
struct Service {
    _directory: tempfile::TempDir,
    socket: UnixDatagram,
    process: Child,
}

impl Service {
    fn start() -> Result<Self> {
        Self::logging_to(Stdio::null())
    }

    fn logging_to(log: Stdio) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let at = directory.path().join("notify");
        let socket = UnixDatagram::bind(&at)?;
        socket.set_read_timeout(Some(Duration::from_secs(10)))?;
        let settings = directory.path().join("vizavi.toml");
        fs::write(
            &settings,
            "[ari]\nurl = \"http://127.0.0.1:9/ari\"\n[store]\ndirectory = \"store\"\n\
             [speech]\ndirectory = \"phrases\"\n[contract]\nlisten = \"127.0.0.1:0\"\n",
        )?;
        let process = Command::new(env!("CARGO_BIN_EXE_vizavi"))
            .args(["run", "--config"])
            .arg(&settings)
            .env("NOTIFY_SOCKET", &at)
            .env("WATCHDOG_USEC", "12000000")
            .env("VIZAVI_ARI_PASSWORD", "x")
            .stderr(log)
            .stdout(Stdio::null())
            .spawn()?;
        Ok(Self {
            _directory: directory,
            socket,
            process,
        })
    }

    /// Waits until it hears this.
    fn hears(&self, news: &str) -> Result<()> {
        let mut buffer = [0; 1024];
        loop {
            let length = self.socket.recv(&mut buffer)?;
            if String::from_utf8_lossy(&buffer[..length]).contains(news) {
                return Ok(());
            }
        }
    }

    fn signal(&self, name: &str) -> Result<()> {
        let id = self.process.id().to_string();
        let sent = Command::new("kill")
            .args([format!("-{name}"), id])
            .status()?;
        assert!(sent.success());
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn it_is_ready_before_asterisk_is_lives_while_it_waits_and_says_that_it_stops() -> Result<()> {
    let mut service = Service::start()?;
    service.hears("READY=1")?;
    service.hears("WATCHDOG=1")?;
    service.hears("WATCHDOG=1")?;
    service.signal("TERM")?;
    service.hears("STOPPING=1")?;
    let begun = Instant::now();
    while service.process.try_wait()?.is_none() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it does not end");
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(service.process.wait()?.code(), Some(0));
    Ok(())
}

#[test]
fn a_log_for_which_there_is_no_room_ends_nothing() -> Result<()> {
    let full = fs::File::options().write(true).open("/dev/full")?;
    let mut service = Service::logging_to(full.into())?;
    // It says again and again that Asterisk does not answer.
    for _ in 0..2 {
        service.hears("WATCHDOG=1")?;
    }
    assert!(service.process.try_wait()?.is_none(), "it has ended");
    Ok(())
}

#[test]
fn frozen_it_shows_no_life() -> Result<()> {
    let service = Service::start()?;
    service.hears("WATCHDOG=1")?;
    service.signal("STOP")?;
    service
        .socket
        .set_read_timeout(Some(Duration::from_secs(4)))?;
    assert!(service.hears("WATCHDOG=1").is_err(), "it was frozen");
    Ok(())
}
