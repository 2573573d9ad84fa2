//! Who takes part: the company with its telephones, its clients, and what they do in every call.

use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

use vizavi::domain::language::Language;
use vizavi::domain::menu::{Menu, Wording};
use vizavi::domain::prompt::Prompt;

use crate::ear::{self, Ear};
use crate::hope::Hope;
use crate::log::Log;
use crate::stage::Stage;
use crate::support::application::{Application, ApplicationSettings};
use crate::support::asterisk::Asterisk;
use crate::support::company::{CALLER_TONE, Company, Result, SOON, employee_tone};
use crate::support::phone::{Answering, Ending, Event, Kind, Phone, PhoneSettings, Speech};
use crate::support::records::{self, CLIENT, STRANGER};
use crate::support::sound::samples_in;
use crate::told::{Hoping, ensure};
use crate::words::{Said, Who};

/// The most people in a personal menu, as the settings have it.
const LONGEST_MENU: usize = 3;
/// An audience waits less patiently than a caller.
const QUICK: &str = "key_seconds = 1.0\nring_seconds = 3.0\n";
/// So long a tone is listened to, some time after the two were connected.
const LISTENING: Duration = Duration::from_millis(800);
const SETTLING: Duration = Duration::from_millis(300);

/// Everything that is there.
pub(crate) struct Cast<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) company: Company,
    pub(crate) ear: Ear,
    pub(crate) script: Script,
    calls: Cell<usize>,
    eugenia: Phone,
    dmitry: Phone,
    sales: Phone,
}

/// What callers should hear, from the same words that the application uses.
pub(crate) struct Script {
    pub(crate) wording: Wording,
    language: Language,
}

impl Script {
    /// The menu for this number, as it is spoken.
    pub(crate) fn menu(&self, number: &str) -> Result<Prompt> {
        Ok(self.wording.menu(&self.choices(number)?))
    }

    /// The same without its first choice.
    pub(crate) fn menu_without_first(&self, number: &str) -> Result<Prompt> {
        let menu = self.choices(number)?;
        let first = menu.choices.first().ok_or("the menu is empty")?;
        let first = first.entry.id.clone();
        Ok(self.wording.menu(&menu.without(&first)))
    }

    fn choices(&self, number: &str) -> Result<Menu> {
        let sales = [records::sales(self.language)?];
        if number != CLIENT {
            return Ok(Menu::default_of(&sales));
        }
        let wanted = records::wanted(self.language)?;
        Ok(Menu::personal(wanted, &sales, LONGEST_MENU))
    }
}

/// A client who has dialled.
pub(crate) struct Client {
    pub(crate) phone: Phone,
    pub(crate) dialled: Instant,
}

impl Client {
    /// How long ago they dialled.
    pub(crate) fn now(&self) -> Duration {
        self.dialled.elapsed()
    }

    /// When something happened, since they dialled.
    pub(crate) fn since_dialled(&self, at: Instant) -> Duration {
        at.saturating_duration_since(self.dialled)
    }

    pub(crate) async fn press(&self, key: char) -> Result<()> {
        self.phone.press(key).await.hoping(Hope::KeyGoesOut)
    }

    pub(crate) async fn hang_up(&self) -> Result<()> {
        self.phone.hang_up().await.hoping(Hope::HangsUp)
    }
}

impl<'a> Cast<'a> {
    /// Opens the company. What is left of it is in `directory`.
    pub(crate) async fn gather(stage: &'a Stage, program: &Path, directory: &Path) -> Result<Self> {
        let language = stage.language();
        stage.heading(&Said::CompanyOpens);
        let begun = Instant::now();
        let asterisk = Asterisk::start().await.hoping(Hope::CompanyOpens)?;
        let version = asterisk.command("core show version")?;
        let version = version.split_whitespace().nth(1).unwrap_or("?");
        let version = version.split(['~', '+']).next().unwrap_or(version);
        stage.at(begun.elapsed(), &Said::PbxRuns { version });
        let settings = company_settings(program, language, QUICK);
        let application = Application::ready(&asterisk, &settings)
            .await
            .hoping(Hope::CompanyOpens)?;
        stage.at(begun.elapsed(), &Said::ApplicationServes);
        let company = Company {
            asterisk,
            application,
        };
        let (eugenia, dmitry, sales) = tokio::try_join!(
            company.employee(Who::Eugenia.extension(), Answering::ByHand),
            company.employee(Who::Dmitry.extension(), Answering::ByHand),
            company.employee(Who::Sales.extension(), Answering::ByHand),
        )
        .hoping(Hope::CompanyOpens)?;
        stage.at(begun.elapsed(), &Said::TelephonesAreOn);
        let ear = Ear::new(&directory.join("reference"))?;
        let script = Script {
            wording: Wording::new(language, None),
            language,
        };
        let menus = [CLIENT, STRANGER].map(|number| script.menu(number));
        ear.learn(&script.wording.said_to_everybody()).await?;
        ear.learn(&menus.into_iter().collect::<Result<Vec<Prompt>>>()?)
            .await?;
        Ok(Self {
            ear,
            script,
            stage,
            company,
            calls: Cell::new(0),
            eugenia,
            dmitry,
            sales,
        })
    }

    pub(crate) fn phone_of(&self, who: Who) -> &Phone {
        match who {
            Who::Eugenia => &self.eugenia,
            Who::Dmitry => &self.dmitry,
            Who::Sales => &self.sales,
        }
    }

    /// How many calls clients have placed.
    pub(crate) fn calls(&self) -> usize {
        self.calls.get()
    }

    pub(crate) fn log(&self) -> Log<'_> {
        Log::from_now(&self.company.application)
    }

    /// A client with a telephone of their own dials the company.
    pub(crate) async fn dial(&self, number: &str) -> Result<Client> {
        let settings = PhoneSettings::caller(number).saying(Speech::Tone(CALLER_TONE));
        let phone = Phone::start(settings).await.hoping(Hope::CallIsTaken)?;
        let dialled = Instant::now();
        let company = format!("sip:100@{}", self.company.asterisk.sip_address());
        phone.dial(&company).await.hoping(Hope::CallIsTaken)?;
        self.calls.set(self.calls.get() + 1);
        Ok(Client { phone, dialled })
    }

    /// The chosen telephone rings and shows who calls. Gives when.
    pub(crate) async fn rings(&self, who: Who, number: &str) -> Result<Instant> {
        let rung = self
            .phone_of(who)
            .wait_for(Kind::Incoming, SOON * 3)
            .await
            .hoping(Hope::Rings(who))?;
        let shows = matches!(&rung.event, Event::Incoming { number: shown, .. } if shown == number);
        let hope = Hope::ShowsNumber(number.to_owned());
        ensure(shows, hope, || format!("{:?}", rung.event))?;
        Ok(rung.at)
    }

    /// They pick up. Gives when they were connected.
    pub(crate) async fn picks_up(&self, who: Who) -> Result<Instant> {
        let phone = self.phone_of(who);
        phone.answer().await.hoping(Hope::PicksUp(who))?;
        let connected = phone
            .wait_for(Kind::Established, SOON)
            .await
            .hoping(Hope::PicksUp(who))?;
        Ok(connected.at)
    }

    /// Listens on both telephones at once, and says what each heard.
    pub(crate) async fn talk(&self, client: &Client, who: Who, since: Instant) -> Result<()> {
        let from = since + SETTLING;
        // The recording may be 60 ms behind.
        tokio::time::sleep_until((from + LISTENING + Duration::from_millis(80)).into()).await;
        let second = |phone: &Phone| {
            let mut heard = phone.heard_since(from);
            heard.truncate(samples_in(LISTENING));
            heard
        };
        let said = Said::EachHearsTheOther {
            who,
            caller_hears: ear::tone(&second(&client.phone), employee_tone(who.extension()))?,
            other_hears: ear::tone(&second(self.phone_of(who)), CALLER_TONE)?,
        };
        self.stage.at(client.now(), &said);
        Ok(())
    }

    /// The client hangs up, and the other one's line becomes free.
    pub(crate) async fn goodbye(&self, client: &Client, who: Who) -> Result<()> {
        let hung_up = Instant::now();
        client.hang_up().await?;
        self.stage
            .at(client.since_dialled(hung_up), &Said::ClientHangsUp);
        let closed = self
            .phone_of(who)
            .wait_for(Kind::Closed, SOON)
            .await
            .hoping(Hope::IsReleased(who))?;
        let by_the_pbx = closed.event == Event::Closed(Ending::There);
        ensure(by_the_pbx, Hope::IsReleased(who), || {
            format!("{:?}", closed.event)
        })?;
        let after = closed.at.saturating_duration_since(hung_up);
        self.stage.at(
            client.since_dialled(closed.at),
            &Said::Released { who, after },
        );
        Ok(())
    }
}

/// The company as its application is set up, with the times of its menu.
pub(crate) fn company_settings(
    program: &Path,
    language: Language,
    times: &str,
) -> ApplicationSettings {
    let code = language.code();
    ApplicationSettings {
        names: language,
        more: format!("[menu]\nlanguage = \"{code}\"\nlongest = {LONGEST_MENU}\n{times}"),
        ..ApplicationSettings::of(program)
    }
}
