//! How each fault is brought about, and mended.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::Fault;
use super::disk::Disk;
use super::scene::{SETTLES, Scene};
use crate::line::Line;
use crate::support::application::Application;
use crate::support::company::{Result, SOON};
use crate::support::fault::wait_until;

/// A copy of the store before it was damaged.
const WHOLE: &str = "whole-store";

/// How long a line stays broken.
const BROKEN: Duration = Duration::from_secs(8);
const CUT: Duration = Duration::from_secs(2);

/// Asterisk writes once a second where its telephones are. One that registered after that is not to be
/// rung until it registers again, whoever calls it.
const REGISTRATIONS_ON_DISK: Duration = Duration::from_secs(2);

impl Scene {
    /// Breaks it. What mends itself after a while does so in the background.
    pub(crate) async fn breaks(&mut self) -> Result<()> {
        let application = &mut self.company.application;
        match self.fault {
            Fault::Nothing
            | Fault::CrmDead
            | Fault::CrmSlow
            | Fault::CrmLies
            | Fault::VoicesDead
            | Fault::Panic => {}
            Fault::Killed => application.kill(),
            Fault::Restarted => {
                application.kill();
                application.restart()?;
            }
            Fault::Frozen => application.freeze()?,
            Fault::Thawed => {
                application.freeze()?;
                let id = application.process_id().to_string();
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_secs(3)).await;
                    // It may be gone by then.
                    let _ = Command::new("kill").args(["-CONT", &id]).output();
                });
            }
            Fault::Stopped => {
                application.terminate()?;
                application.exit_code(SOON * 2).await?;
                application.restart()?;
            }
            Fault::Replaced => {
                let second = Application::start(&self.company.asterisk, &self.settings)?;
                let mut first = std::mem::replace(&mut self.company.application, second);
                tokio::spawn(async move { drop(first.exit_code(SOON * 4).await) });
            }
            Fault::Cut => self.line(Line::WithoutEvents, CUT),
            Fault::Dead => self.line(Line::Dead, BROKEN),
            Fault::Deaf => self.line(Line::Deaf, BROKEN),
            Fault::Mute => self.line(Line::Mute, BROKEN),
            Fault::Closed => self.line(Line::Closed, BROKEN),
            Fault::Refused401 => self.line(Line::Refuses(401), BROKEN),
            Fault::Refused500 => self.line(Line::Refuses(500), BROKEN),
            Fault::Slow => self.line(Line::Slow, BROKEN),
            Fault::PhrasesGone => fs::remove_dir_all(self.directory().join("phrases"))?,
            Fault::DiskFull => self.disk.iter().try_for_each(Disk::fill)?,
            Fault::StoreDamaged => {
                application.kill();
                let store = self.directory().join("store");
                copy(&store, &self.directory().join(WHOLE))?;
                damage(&store)?;
                self.company.application.restart()?;
            }
            Fault::ClockForward => fs::write(self.clock.path().join("late"), "+3600")?,
            Fault::ClockBack => fs::write(self.clock.path().join("late"), "-3600")?,
            Fault::MemoryShort => self.limit_memory(true)?,
            Fault::AsteriskKilled => {
                tokio::time::sleep(REGISTRATIONS_ON_DISK).await;
                self.company.asterisk.kill();
                self.company.asterisk.restart().await?;
            }
        }
        Ok(())
    }

    /// Mends it, and waits until the application is connected. After much trouble it keeps the gate closed
    /// for a while all the same.
    pub(crate) async fn mend(&mut self) -> Result<()> {
        self.wire.becomes(Line::Whole);
        let connections = self.connections();
        let again = match self.fault {
            Fault::Killed => true,
            Fault::PhrasesGone => {
                self.company.application.kill();
                true
            }
            // An empty one was begun, in which nobody is known.
            Fault::StoreDamaged => {
                self.company.application.kill();
                let store = self.directory().join("store");
                fs::remove_dir_all(&store)?;
                fs::rename(self.directory().join(WHOLE), store)?;
                true
            }
            Fault::MemoryShort => self.limit_memory(false).is_err(),
            Fault::Frozen => {
                self.company.application.thaw()?;
                false
            }
            Fault::ClockForward | Fault::ClockBack => {
                fs::write(self.clock.path().join("late"), "+0")?;
                false
            }
            Fault::DiskFull => {
                self.disk.iter().try_for_each(Disk::clear)?;
                false
            }
            Fault::Nothing
            | Fault::Restarted
            | Fault::Thawed
            | Fault::Stopped
            | Fault::Replaced
            | Fault::Cut
            | Fault::Dead
            | Fault::Deaf
            | Fault::Mute
            | Fault::Closed
            | Fault::Refused401
            | Fault::Refused500
            | Fault::Slow
            | Fault::CrmDead
            | Fault::CrmSlow
            | Fault::CrmLies
            | Fault::VoicesDead
            | Fault::Panic
            | Fault::AsteriskKilled => false,
        };
        if again {
            self.company.application.restart()?;
            wait_until("it is connected", SOON * 3, || {
                self.connections() > connections
            })
            .await?;
        }
        if self.fault != Fault::Nothing {
            // What was known before it broke is no sign of being well.
            tokio::time::sleep(SETTLES).await;
        }
        self.company
            .application
            .wait_for("calls are served")
            .await?;
        wait_until("the line is up", SOON * 3, || self.is_connected()).await?;
        Ok(())
    }

    fn line(&self, line: Line, broken: Duration) {
        self.wire.becomes(line);
        let state = self.wire.handle();
        tokio::spawn(async move {
            tokio::time::sleep(broken).await;
            state.send_replace(Line::Whole);
        });
    }

    /// So much as it has, and not a page more.
    fn limit_memory(&self, limited: bool) -> Result<()> {
        let id = self.company.application.process_id();
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let size = status.lines().find_map(|line| line.strip_prefix("VmData:"));
        let kilobytes: u64 = size
            .and_then(|size| size.trim().split(' ').next())
            .ok_or("the process is gone")?
            .parse()?;
        let limit = match limited {
            true => (kilobytes * 1024).to_string(),
            false => "unlimited".to_owned(),
        };
        let done = Command::new("prlimit")
            .arg(format!("--pid={id}"))
            .arg(format!("--data={limit}:unlimited"))
            .status()?;
        if done.success() {
            return Ok(());
        }
        Err("prlimit failed".into())
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let copied = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &copied)?;
        } else if path.is_file() {
            fs::copy(&path, &copied)?;
        }
    }
    Ok(())
}

/// Writes nonsense over the middle of each file.
fn damage(directory: &Path) -> Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            damage(&path)?;
        } else if let Ok(bytes) = fs::read(&path) {
            let nonsense: Vec<u8> = bytes
                .iter()
                .map(|byte| byte.wrapping_mul(31) ^ 0x5a)
                .collect();
            fs::write(&path, nonsense)?;
        }
    }
    Ok(())
}
