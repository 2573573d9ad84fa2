//! What the switchboard asks and tells about callers, from the store and the CRM.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use jiff::Timestamp;
use tokio::time::timeout;

use super::records::Records;
use crate::callers::Callers;
use crate::crm::Asking;
use crate::domain::call::{News, Outcome};
use crate::domain::menu::Known;
use crate::domain::phone::PhoneNumber;
use crate::switchboard::{Reception, Report, Welcome};
use crate::webhooks::{Fact, Kind, Outbox};

/// How long the store may take. It takes microseconds; a disk that hangs must not keep a caller.
const LOOK_UP_TIME: Duration = Duration::from_millis(150);

/// Knows callers by the store, and by the CRM if that is asked.
pub(super) struct FrontDesk {
    pub(super) callers: Arc<Callers>,
    pub(super) asking: Option<Arc<Asking>>,
    pub(super) records: Records,
    pub(super) outbox: Outbox,
}

impl Reception for FrontDesk {
    fn welcome(&self, caller: Option<&PhoneNumber>) -> BoxFuture<'static, Welcome> {
        let Some(caller) = caller.cloned() else {
            let known = self.callers.stranger();
            return ready(Welcome {
                known,
                asking: None,
            })
            .boxed();
        };
        let (callers, asking) = (Arc::clone(&self.callers), self.asking.clone());
        async move {
            let known = look_up(Arc::clone(&callers), caller.clone()).await;
            let fallback = known.clone();
            let asking = asking.map(|asking| {
                async move { found_out(&callers, &asking, &caller, fallback).await }.boxed()
            });
            Welcome { known, asking }
        }
        .boxed()
    }

    fn call_goes_on(&self, news: News, report: Report) {
        self.outbox.tell(fact(kind(news), None, &report));
    }

    fn call_ended(&self, outcome: Outcome, report: Report) {
        self.outbox
            .tell(fact(Kind::Finished, Some(outcome), &report));
        self.records.keep(report);
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
    Fact {
        kind,
        call: report.call.clone(),
        caller: report.caller.clone(),
        began: report.at,
        at: report.wall_clock(report.now),
        offered: story.offered.clone(),
        chosen: story.chosen.clone(),
        talked: talk.map(|talk| (talk.employee.clone(), talk.length(report.now))),
        outcome,
    }
}

/// What the store knows. Whatever goes wrong with it, a caller is offered what a stranger is.
async fn look_up(callers: Arc<Callers>, caller: PhoneNumber) -> Known {
    let stranger = callers.stranger();
    let looking =
        tokio::task::spawn_blocking(move || callers.caller(Some(&caller), Timestamp::now()));
    match timeout(LOOK_UP_TIME, looking).await {
        Ok(Ok(Ok(caller))) => caller.known,
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

/// What the CRM says, on top of what the store knows.
async fn found_out(
    callers: &Callers,
    asking: &Asking,
    caller: &PhoneNumber,
    known: Known,
) -> Known {
    let Some(answer) = asking.ask(caller).await else {
        return known;
    };
    let wanted = answer.entries(&callers.company());
    Known {
        menu: wanted.map_or(known.menu, |wanted| callers.menu_of(wanted)),
        name: answer.name.or(known.name),
    }
}
