//! Robots at the desks where nobody has registered a telephone.

use std::time::Duration;

use vizavi::domain::prompt::Phrase;

use crate::ear::Ear;
use crate::stage::Stage;
use crate::support::company::{Company, Result, employee_tone};
use crate::support::phone::{Answering, Phone, PhoneSettings, Speech};
use crate::support::sound::{silence, tone};
use crate::words::{Said, Who};

/// It lets the telephone ring, so that the ringing is heard.
const PICKS_UP_AFTER: Duration = Duration::from_secs(3);
const BEEP: Duration = Duration::from_millis(400);
const PAUSE: Duration = Duration::from_millis(800);

/// The robots of the three desks.
pub(crate) struct Robots(Vec<Desk>);

struct Desk {
    who: Who,
    words: Vec<i16>,
    robot: Option<Phone>,
}

impl Robots {
    /// None are there if they are not wanted.
    pub(crate) async fn new(wanted: bool, ear: &Ear, stage: &Stage) -> Result<Self> {
        let mut desks = Vec::new();
        if wanted {
            for who in [Who::Eugenia, Who::Dmitry, Who::Sales] {
                let words = words(who, ear, stage).await?;
                desks.push(Desk {
                    who,
                    words,
                    robot: None,
                });
            }
        }
        Ok(Self(desks))
    }

    /// Robots leave desks that people have taken, and take those that people have left.
    pub(crate) async fn look(&mut self, company: &Company, stage: &Stage) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let contacts = contacts(&company.asterisk.command("pjsip show contacts")?);
        let channels = company.asterisk.channels()?;
        for desk in &mut self.0 {
            desk.look(&contacts, &channels, company, stage).await?;
        }
        Ok(())
    }
}

impl Desk {
    async fn look(
        &mut self,
        contacts: &[Contact],
        channels: &[String],
        company: &Company,
        stage: &Stage,
    ) -> Result<()> {
        let extension = self.who.extension();
        let mut here = contacts
            .iter()
            .filter(|contact| contact.extension == extension);
        let Some(robot) = self.robot.take() else {
            if here.next().is_none() {
                self.robot = Some(self.start(company).await?);
                stage.note(&Said::RobotOn { who: self.who });
            }
            return Ok(());
        };
        let leg = format!("PJSIP/{extension}-");
        let talks = channels.iter().any(|name| name.starts_with(&leg));
        if talks || !here.any(|contact| !contact.is_of(&robot)) {
            self.robot = Some(robot);
            return Ok(());
        }
        robot.switch_off().await;
        stage.note(&Said::RobotOff { who: self.who });
        Ok(())
    }

    async fn start(&self, company: &Company) -> Result<Phone> {
        let extension = self.who.extension();
        let password = format!("demo-{extension}");
        let settings =
            PhoneSettings::employee(extension, &password, company.asterisk.sip_address())
                .saying(Speech::Again(self.words.clone()))
                .answering(Answering::After(PICKS_UP_AFTER));
        Ok(Phone::start(settings).await?)
    }
}

/// Who it is, and its tone, again and again.
async fn words(who: Who, ear: &Ear, stage: &Stage) -> Result<Vec<i16>> {
    let language = stage.language();
    let text = Said::RobotSpeaks { who }.words(language);
    let phrase = Phrase {
        text,
        language,
        pause: Duration::ZERO,
    };
    let mut words = ear.sound_of(&phrase).await?;
    words.extend(silence(PAUSE));
    for _ in 0..3 {
        words.extend(tone(employee_tone(who.extension()), BEEP));
        words.extend(silence(PAUSE));
    }
    Ok(words)
}

/// Where a telephone is registered.
struct Contact {
    extension: String,
    uri: String,
}

impl Contact {
    fn is_of(&self, phone: &Phone) -> bool {
        let uri = phone.uri();
        let address = uri.split_once('@').map_or("", |(_, address)| address);
        // Parameters may follow the port.
        self.uri
            .split_once('@')
            .is_some_and(|(_, mine)| mine.split(';').next() == Some(address))
    }
}

/// From `Contact:  34/sip:34@127.0.0.1:26002  0a1b2c  NonQual  nan`.
fn contacts(listed: &str) -> Vec<Contact> {
    let contact = |line: &str| {
        let rest = line.trim().strip_prefix("Contact:")?;
        let (extension, uri) = rest.split_whitespace().next()?.split_once('/')?;
        Some(Contact {
            extension: extension.to_owned(),
            uri: uri.to_owned(),
        })
    };
    listed.lines().filter_map(contact).collect()
}
