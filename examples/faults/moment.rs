//! Where a call is when something breaks, and how it is brought there.

use std::time::Duration;

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::wait_until;
use crate::support::phone::{Kind, Phone};
use crate::support::records::CLIENT;

/// A moment of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    /// Nobody has called yet; a call comes now.
    Entry,
    /// The greeting is heard.
    Greeting,
    /// The menu is read out.
    Menu,
    /// The key has just arrived.
    AfterKey,
    /// The telephone rings.
    Ringing,
    /// The employee is picking up.
    PickingUp,
    /// The two talk.
    Talking,
    /// An operator is told whom to call back.
    Briefing,
    /// The telephone of whoever is called back rings.
    PatientRinging,
}

impl Moment {
    pub(crate) const ALL: [Self; 9] = [
        Self::Entry,
        Self::Greeting,
        Self::Menu,
        Self::AfterKey,
        Self::Ringing,
        Self::PickingUp,
        Self::Talking,
        Self::Briefing,
        Self::PatientRinging,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Greeting => "greeting",
            Self::Menu => "menu",
            Self::AfterKey => "after the key",
            Self::Ringing => "ringing",
            Self::PickingUp => "picking up",
            Self::Talking => "talking",
            Self::Briefing => "briefing",
            Self::PatientRinging => "the patient ringing",
        }
    }

    /// Whether we call, and are not called.
    pub(crate) fn is_of_a_callback(self) -> bool {
        matches!(self, Self::Briefing | Self::PatientRinging)
    }

    /// Whether the caller still has to choose.
    pub(crate) fn comes_before_the_key(self) -> bool {
        self < Self::AfterKey
    }
}

/// Brings a caller to a moment of their call; at [`Moment::Entry`] nobody calls yet.
pub(crate) async fn bring(
    company: &Company,
    moment: Moment,
    employee: &Phone,
) -> Result<Option<Phone>> {
    if moment == Moment::Entry {
        return Ok(None);
    }
    let log = Progress::of(company);
    let caller = company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    log.wait_for("the caller hears the first sound").await?;
    if moment == Moment::Greeting {
        return Ok(Some(caller));
    }
    log.wait_for("PlaybackEnded").await?;
    tokio::time::sleep(Duration::from_millis(400)).await;
    if moment == Moment::Menu {
        return Ok(Some(caller));
    }
    caller.press('1').await?;
    log.wait_for("KeyPressed").await?;
    if moment == Moment::AfterKey {
        return Ok(Some(caller));
    }
    employee.wait_for(Kind::Incoming, SOON).await?;
    log.wait_for("LegRinging").await?;
    tokio::time::sleep(Duration::from_millis(200)).await;
    if moment == Moment::Ringing {
        return Ok(Some(caller));
    }
    employee.answer().await?;
    if moment == Moment::PickingUp {
        return Ok(Some(caller));
    }
    employee.wait_for(Kind::Established, SOON).await?;
    log.wait_for("LeaseCleared").await?;
    Ok(Some(caller))
}

/// The application's log from now on.
struct Progress<'a> {
    company: &'a Company,
    seen: usize,
}

impl<'a> Progress<'a> {
    fn of(company: &'a Company) -> Self {
        let seen = company.application.log().len();
        Self { company, seen }
    }

    async fn wait_for(&self, words: &str) -> Result<()> {
        wait_until(words, SOON, || {
            let log = self.company.application.log();
            log.get(self.seen..).is_some_and(|new| new.contains(words))
        })
        .await?;
        Ok(())
    }
}
