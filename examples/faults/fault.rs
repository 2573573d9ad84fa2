//! What breaks, how it is broken and mended, and what is promised then.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::crm::{Crm, Manners};
use crate::line::{Line, Wire};
use crate::moment::Moment;
use crate::support::application::{Application, ApplicationSettings};
use crate::support::asterisk::Asterisk;
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{quick, wait_until};

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// Our process is gone, frozen or out of reach: 5 s beyond the step's own length.
    Away,
    /// It is there, or starts again at once: 1 s.
    Here,
    /// The calls are lost by nature; later ones are served.
    Carrier,
}

macro_rules! faults {
    ($($fault:ident $name:literal $promise:ident)*) => {
        /// Something that breaks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Fault { $(#[doc = $name] $fault,)* }

        impl Fault {
            pub(crate) const ALL: [Self; [$($name),*].len()] = [$(Self::$fault),*];

            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$fault => $name,)* }
            }

            pub(crate) fn promise(self) -> Promise {
                match self { $(Self::$fault => Promise::$promise,)* }
            }
        }
    };
}

faults! {
    Nothing "nothing (for comparison)" Here
    Killed "SIGKILL" Away
    Restarted "SIGKILL, started again at once" Here
    Frozen "SIGSTOP" Away
    Thawed "SIGSTOP for 3 s" Away
    Stopped "SIGTERM, started again" Here
    Replaced "a second process takes over" Here
    Cut "the WebSocket cut for 2 s" Here
    Dead "the network black-holed for 8 s" Away
    Deaf "nothing arrives from Asterisk for 8 s" Away
    Mute "nothing arrives at Asterisk for 8 s" Away
    Closed "Asterisk's HTTP closed for 8 s" Away
    Refused401 "ARI answers 401 for 8 s" Away
    Refused500 "ARI answers 500 for 8 s" Away
    Slow "ARI answers after 10 s, for 8 s" Away
    CrmDead "the CRM dead" Here
    CrmSlow "the CRM answers after 10 s" Here
    CrmLies "the CRM answers nonsense" Here
    VoicesDead "every speech service dead" Here
    PhrasesGone "all phrases deleted" Here
    DiskFull "the disk full" Here
    StoreDamaged "the store damaged, started again" Here
    ClockForward "our clock an hour ahead" Here
    ClockBack "our clock an hour back" Here
    Panic "a panic in the call" Here
    MemoryShort "no more memory" Away
    AsteriskKilled "Asterisk killed and started again" Carrier
}

/// A copy of the store before it was damaged.
const WHOLE: &str = "whole-store";

/// How long a line stays broken.
const BROKEN: Duration = Duration::from_secs(8);
const CUT: Duration = Duration::from_secs(2);
/// The gate stays closed for a while after all is well again, and is waited for so many times.
const LONGEST_CLOSED: usize = 5;
/// A process that was frozen needs so long to notice it.
const SETTLES: Duration = Duration::from_millis(700);

/// A menu that takes some seconds, and short waits.
const TIMES: &str = "[menu]\ngreeting = \"Здравствуйте, вы позвонили в компанию.\"\nkey_seconds = 2.0\n\
    ring_seconds = 4.0\n\n";
const QUICK_VOICE: &str = "[speech.command]\nru = [\"espeak-ng\", \"-v\", \"ru\", \"-s\", \"400\", \"-b\", \"1\", \
    \"--stdin\", \"--stdout\"]\n";
const NO_VOICE: &str = "[speech.command]\nru = [\"false\"]\nen = [\"false\"]\n";
/// Whom an earlier caller reached is not offered before the others.
const SAME_MENU: &str = "\n[rating.type.\"call.talked\"]\nweight = 0.0\n";

/// A company in which something breaks.
pub(crate) struct Scene {
    pub(crate) company: Company,
    /// What breaks next.
    pub(crate) fault: Fault,
    pub(crate) settings: ApplicationSettings,
    wire: Wire,
    _crm: Option<Crm>,
    disk: Option<Disk>,
    /// What tells the application how late it is.
    clock: TempDir,
}

impl Fault {
    /// Why a cell is empty, if it is.
    pub(crate) fn why_not(self, moment: Moment) -> Option<&'static str> {
        match (self, moment) {
            (Self::CrmDead | Self::CrmSlow | Self::CrmLies, Moment::Entry) => None,
            (Self::CrmDead | Self::CrmSlow | Self::CrmLies, _) => {
                Some("the CRM is asked at the entry only")
            }
            (Self::VoicesDead, Moment::Entry) => None,
            (Self::VoicesDead, _) => Some("all is spoken by then; see: all phrases deleted"),
            (Self::Panic, Moment::Entry | Moment::Menu | Moment::Talking) => None,
            (Self::Panic, _) => Some("there is no place to plant one from outside"),
            (Self::AsteriskKilled, Moment::Entry) => None,
            (Self::AsteriskKilled, _) => Some("Asterisk is the carrier: its calls end with it"),
            (Self::DiskFull, _) if !Disk::can_be_made() => Some("mounting a small disk needs root"),
            (Self::ClockForward | Self::ClockBack, _) if faketime().is_none() => {
                Some("needs libfaketime")
            }
            _ => None,
        }
    }

    /// A company with this weakness and these settings.
    pub(crate) async fn scene(self, program: &Path, more: &str) -> Result<Scene> {
        let asterisk = Asterisk::start().await?;
        let wire = Wire::to(asterisk.http_base().trim_start_matches("http://")).await?;
        let manners = [
            (Self::CrmDead, Manners::Dead),
            (Self::CrmSlow, Manners::Slow),
            (Self::CrmLies, Manners::Lies),
        ];
        let crm = match manners.into_iter().find(|(fault, _)| *fault == self) {
            Some((_, manners)) => Some(Crm::with(manners).await?),
            None => None,
        };
        let is_dumb = self == Self::VoicesDead;
        let voice = if is_dumb { NO_VOICE } else { QUICK_VOICE };
        let disk = (self == Self::DiskFull).then(Disk::make).transpose()?;
        let clock = tempfile::tempdir()?;
        let mut settings = ApplicationSettings {
            program: program.to_owned(),
            ari_base: Some(wire.base()),
            place: disk.as_ref().map(|disk| disk.place.path().to_owned()),
            more: format!(
                "{}{TIMES}{voice}{SAME_MENU}{more}",
                crm.as_ref().map(Crm::settings).unwrap_or_default()
            ),
            ..quick()
        };
        if let (Self::ClockForward | Self::ClockBack, Some(library)) = (self, faketime()) {
            fs::write(clock.path().join("late"), "+0")?;
            let variables = [
                ("LD_PRELOAD", library.to_owned()),
                (
                    "FAKETIME_TIMESTAMP_FILE",
                    clock.path().join("late").display().to_string(),
                ),
                ("FAKETIME_NO_CACHE", "1".to_owned()),
                ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ];
            settings.environment = variables
                .map(|(name, value)| (name.to_owned(), value))
                .to_vec();
        }
        let application = match is_dumb {
            true => Application::cold(&asterisk, &settings).await?,
            false => Application::ready(&asterisk, &settings).await?,
        };
        let company = Company {
            asterisk,
            application,
        };
        Ok(Scene {
            company,
            fault: self,
            settings,
            wire,
            _crm: crm,
            disk,
            clock,
        })
    }
}

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

    /// Waits until calls are served.
    pub(crate) async fn serves(&self) -> Result<()> {
        let gate = async || {
            let (application, asterisk) = (&self.company.application, &self.company.asterisk);
            for _ in 0..LONGEST_CLOSED {
                if application.wait_for_gate(asterisk).await.is_ok() {
                    return Ok(());
                }
            }
            application.wait_for_gate(asterisk).await
        };
        gate().await?;
        // It may close once more: what was slow is noticed when it is over.
        tokio::time::sleep(SETTLES * 2).await;
        gate().await?;
        Ok(())
    }

    /// What the application and Asterisk have said.
    pub(crate) fn logs(&self) -> String {
        let Company {
            asterisk,
            application,
        } = &self.company;
        format!("{}\n{}", application.log(), asterisk.log())
    }

    fn line(&self, line: Line, broken: Duration) {
        self.wire.becomes(line);
        let state = self.wire.handle();
        tokio::spawn(async move {
            tokio::time::sleep(broken).await;
            state.send_replace(Line::Whole);
        });
    }

    fn directory(&self) -> PathBuf {
        let file = self.company.application.settings_file();
        file.parent().map(Path::to_owned).unwrap_or_default()
    }

    fn connections(&self) -> usize {
        let entries = self.company.application.entries("connected to Asterisk");
        entries.len()
    }

    /// Whether Asterisk itself has somebody under our name.
    fn is_connected(&self) -> bool {
        let shown = self.company.asterisk.command("ari show apps");
        shown.is_ok_and(|shown| shown.contains("vizavi"))
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

fn faketime() -> Option<&'static str> {
    let places = [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    ];
    places.into_iter().find(|place| Path::new(place).exists())
}

/// A small disk of its own.
struct Disk {
    place: TempDir,
}

const FILLER: &str = "filler";

impl Disk {
    fn can_be_made() -> bool {
        Self::make().is_ok()
    }

    fn make() -> Result<Self> {
        let place = tempfile::tempdir()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"])
            .arg(place.path())
            .output()?;
        if mounted.status.success() {
            return Ok(Self { place });
        }
        Err("a small disk can't be mounted".into())
    }

    /// Writes until nothing more goes on it. The application's own temporary directory lies in it.
    fn fill(&self) -> Result<()> {
        let mut filler = File::create(self.place.path().join(FILLER))?;
        for size in [1 << 20, 4096, 1] {
            while filler.write_all(&vec![1; size]).is_ok() {}
        }
        Ok(())
    }

    fn clear(&self) -> Result<()> {
        let _ = fs::remove_file(self.place.path().join(FILLER));
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("-l")
            .arg(self.place.path())
            .status();
    }
}
