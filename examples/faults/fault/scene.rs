//! A company in which something can break: how it is made, and how it is seen to be well again.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::Fault;
use super::disk::Disk;
use crate::crm::{Crm, Manners};
use crate::line::Wire;
use crate::support::application::{Application, ApplicationSettings};
use crate::support::asterisk::Asterisk;
use crate::support::company::{Company, Result};
use crate::support::fault::quick;

/// The gate stays closed for a while after all is well again, and is waited for so many times.
const LONGEST_CLOSED: usize = 5;
/// A process that was frozen needs so long to notice it.
pub(super) const SETTLES: Duration = Duration::from_millis(700);

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
    pub(super) wire: Wire,
    _crm: Option<Crm>,
    pub(super) disk: Option<Disk>,
    /// What tells the application how late it is.
    pub(super) clock: TempDir,
}

impl Fault {
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

    pub(super) fn directory(&self) -> PathBuf {
        let file = self.company.application.settings_file();
        file.parent().map(Path::to_owned).unwrap_or_default()
    }

    pub(super) fn connections(&self) -> usize {
        let entries = self.company.application.entries("connected to Asterisk");
        entries.len()
    }

    /// Whether Asterisk itself has somebody under our name.
    pub(super) fn is_connected(&self) -> bool {
        let shown = self.company.asterisk.command("ari show apps");
        shown.is_ok_and(|shown| shown.contains("vizavi"))
    }
}

pub(super) fn faketime() -> Option<&'static str> {
    let places = [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    ];
    places.into_iter().find(|place| Path::new(place).exists())
}
