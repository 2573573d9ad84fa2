//! The company that is called: a PBX, the application, telephones on the desks, and a caller.

use std::time::Duration;

use super::application::{Application, ApplicationSettings};
use super::asterisk::Asterisk;
use super::phone::{Answering, Kind, Phone, PhoneSettings, Speech};

/// What is heard from whom, so that nobody is taken for somebody else.
pub(crate) const CALLER_TONE: f64 = 440.0;

/// How long something may take that takes milliseconds on an idle machine.
pub(crate) const SOON: Duration = Duration::from_secs(5);

/// What can fail while a company is set up or used: any of it fails the test.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A PBX with its telephones and the application.
pub(crate) struct Company {
    pub(crate) asterisk: Asterisk,
    pub(crate) application: Application,
}

impl Company {
    /// Opens the company: everything runs, and calls are served.
    pub(crate) async fn open() -> Result<Self> {
        Self::open_with(ApplicationSettings::of_the_tested_program()).await
    }

    /// As [`Company::open`], with settings of one's own.
    pub(crate) async fn open_with(settings: ApplicationSettings) -> Result<Self> {
        let asterisk = Asterisk::start().await?;
        let application = Application::ready(&asterisk, &settings).await?;
        Ok(Self {
            asterisk,
            application,
        })
    }

    /// Puts a telephone on an employee's desk and waits until the PBX knows it.
    pub(crate) async fn employee(&self, extension: &str, answering: Answering) -> Result<Phone> {
        let settings = PhoneSettings::employee(
            extension,
            &format!("demo-{extension}"),
            self.asterisk.sip_address(),
        );
        let tone = Speech::Tone(employee_tone(extension));
        let phone = Phone::start(settings.saying(tone).answering(answering)).await?;
        phone.wait_for(Kind::Registered, SOON).await?;
        Ok(phone)
    }

    /// A caller with this number picks up their telephone and dials the company.
    pub(crate) async fn caller(&self, number: &str) -> Result<Phone> {
        self.caller_of(number, "100").await
    }

    /// A caller with this number dials one of the company's numbers.
    pub(crate) async fn caller_of(&self, number: &str, called: &str) -> Result<Phone> {
        let settings = PhoneSettings::caller(number).saying(Speech::Tone(CALLER_TONE));
        let phone = Phone::start(settings).await?;
        phone
            .dial(&format!("sip:{called}@{}", self.asterisk.sip_address()))
            .await?;
        Ok(phone)
    }

    /// Imports a table of employees, while the application runs.
    #[cfg(test)]
    pub(crate) fn import(&self, table: &str) -> Result<()> {
        let directory = tempfile::tempdir()?;
        let file = directory.path().join("employees.csv");
        std::fs::write(&file, table)?;
        let imported = std::process::Command::new(env!("CARGO_BIN_EXE_vizavi"))
            .args(["import", "--config"])
            .arg(self.application.settings_file())
            .arg(&file)
            .output()?;
        assert!(imported.status.success(), "{imported:?}");
        Ok(())
    }

    /// Waits until nothing of any call is left in the PBX.
    pub(crate) async fn wait_until_nothing_is_left(&self) -> Result<()> {
        let asked = std::time::Instant::now();
        loop {
            let (channels, bridges) = (self.asterisk.channels()?, self.asterisk.bridges()?);
            if channels.is_empty() && bridges.is_empty() {
                return Ok(());
            }
            if asked.elapsed() > SOON {
                let left = format!("left in the PBX: {channels:?} {bridges:?}");
                return Err(left.into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The tone that says who picked up.
pub(crate) fn employee_tone(extension: &str) -> f64 {
    match extension {
        "34" => 700.0,
        "02" => 900.0,
        _ => 1100.0,
    }
}
