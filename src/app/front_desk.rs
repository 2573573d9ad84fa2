//! What the switchboard asks and tells about callers, from the store and the CRM.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use jiff::Timestamp;
use tokio::time::timeout;

use super::left_callbacks::LeftCallbacks;
use super::presence::Telephones;
use super::records::Records;
use crate::ari::ChannelId;
use crate::callers::Callers;
use crate::crm::Asking;
use crate::domain::call::{News, Outcome};
use crate::domain::directory::Entry;
use crate::domain::language::Language;
use crate::domain::menu::{Asked, Known};
use crate::domain::phone::PhoneNumber;
use crate::switchboard::{LeftCallback, Reception, Report, Welcome};
use crate::webhooks::{CallFact, Fact, Kind, Outbox};

/// How long the store may take. It takes microseconds; a disk that hangs must not keep a caller.
const LOOK_UP_TIME: Duration = Duration::from_millis(150);

/// Knows callers by the store, and by the CRM if that is asked.
pub(super) struct FrontDesk {
    pub(super) callers: Arc<Callers>,
    pub(super) asking: Option<Arc<Asking>>,
    pub(super) telephones: Option<Telephones>,
    pub(super) records: Records,
    /// `None`: nobody is called back.
    pub(super) callbacks: Option<LeftCallbacks>,
    pub(super) outbox: Outbox,
}

impl Reception for FrontDesk {
    fn welcome(
        &self,
        channel: &ChannelId,
        caller: Option<&PhoneNumber>,
        departments: &Arc<[Entry]>,
    ) -> BoxFuture<'static, Welcome> {
        let Some(caller) = caller.cloned() else {
            let known = self.callers.stranger(departments, Timestamp::now());
            return ready(Welcome::of(known)).boxed();
        };
        let inquiry = Inquiry {
            callers: Arc::clone(&self.callers),
            crm: self.asking.clone(),
            telephones: self.telephones.clone(),
            departments: Arc::clone(departments),
            channel: channel.clone(),
        };
        async move {
            let found = look_up(&inquiry, caller.clone()).await;
            let (known, language) = (found.known.clone(), found.language);
            let asking = inquiry.is_worth_it(&found);
            let asking = asking.then(|| inquiry.find_out(caller, found).boxed());
            Welcome {
                known,
                language,
                asking,
            }
        }
        .boxed()
    }

    fn calls_back(&self, caller: &PhoneNumber) -> bool {
        let callbacks = self.callbacks.as_ref();
        callbacks.is_some_and(|callbacks| callbacks.may(caller))
    }

    fn leave_callback(&self, callback: LeftCallback) -> BoxFuture<'static, bool> {
        match self.callbacks.clone() {
            Some(callbacks) => callbacks.keep(callback).boxed(),
            None => ready(false).boxed(),
        }
    }

    fn call_goes_on(&self, news: News, report: Report) {
        self.outbox.tell(fact(kind(news), None, &report));
    }

    fn call_ended(&self, outcome: Outcome, report: Report) {
        self.outbox
            .tell(fact(Kind::Finished, Some(outcome), &report));
        self.records.keep(outcome, report);
    }
}

fn kind(news: News) -> Kind {
    match news {
        News::Started => Kind::Started,
        News::Offered => Kind::Offered,
        News::Connected => Kind::Connected,
    }
}

/// What others are told of a call.
fn fact(kind: Kind, outcome: Option<Outcome>, report: &Report) -> Fact {
    let story = &report.story;
    let talk = story.talk.as_ref();
    Fact::Call(Box::new(CallFact {
        kind,
        call: report.call.clone(),
        caller: report.caller.clone(),
        began: report.at,
        at: report.wall_clock(report.now),
        offered: story.offered.clone(),
        chosen: story.chosen.clone(),
        talked: talk.map(|talk| (talk.employee.clone(), talk.length(report.now))),
        outcome,
    }))
}

/// What the store knows.
struct Found {
    known: Known,
    language: Option<Language>,
    /// Whom the caller would be offered, best first.
    wanted: Vec<Entry>,
}

/// What the store knows. Whatever goes wrong with it, a caller is offered what a stranger is.
async fn look_up(inquiry: &Inquiry, caller: PhoneNumber) -> Found {
    let at = Timestamp::now();
    let (callers, departments) = (
        Arc::clone(&inquiry.callers),
        Arc::clone(&inquiry.departments),
    );
    let stranger = Found {
        known: callers.stranger(&departments, at),
        language: None,
        wanted: Vec::new(),
    };
    let looking = move || callers.caller(Some(&caller), &departments, at);
    let looking = tokio::task::spawn_blocking(looking);
    match timeout(LOOK_UP_TIME, looking).await {
        Ok(Ok(Ok(caller))) => Found {
            known: caller.known,
            language: caller.language,
            wanted: caller.wanted,
        },
        Ok(Ok(Err(error))) => {
            tracing::error!(%error, "the store can't be read; the caller is offered the default menu");
            stranger
        }
        Ok(Err(_)) | Err(_) => {
            tracing::error!("the store does not answer; the caller is offered the default menu");
            stranger
        }
    }
}

/// Whom else we ask about a caller, while the greeting plays.
struct Inquiry {
    callers: Arc<Callers>,
    crm: Option<Arc<Asking>>,
    telephones: Option<Telephones>,
    /// Of the number that was called.
    departments: Arc<[Entry]>,
    /// The caller's.
    channel: ChannelId,
}

impl Inquiry {
    fn is_worth_it(&self, found: &Found) -> bool {
        self.crm.is_some() || self.telephones.is_some() && !found.wanted.is_empty()
    }

    /// What the CRM says on top of what the store knows, of those who can be reached.
    async fn find_out(self, caller: PhoneNumber, found: Found) -> Known {
        let answer = match &self.crm {
            Some(crm) => crm.ask(&caller).await,
            None => None,
        };
        let Found { known, wanted, .. } = found;
        let (name, said, reasons) = answer.map_or_else(Default::default, |answer| {
            let company = self.callers.company();
            let said = answer.entries(&company);
            let reasons = answer.reasons(&company);
            (answer.name, said, reasons)
        });
        let name = name.or(known.name);
        if said.is_none() && wanted.is_empty() {
            return Known { name, ..known };
        }
        let wanted = said.unwrap_or(wanted);
        let Asked { offered, busy } = match &self.telephones {
            None => Asked::all_free(wanted),
            Some(telephones) => telephones.reachable(Some(&self.channel), wanted).await,
        };
        let menu = self.callers.menu_of(offered, &self.departments);
        let menu = menu.saying_busy(&busy);
        Known {
            menu,
            name,
            extensions: known.extensions,
            reasons: known.reasons.corrected_by(reasons),
        }
    }
}
