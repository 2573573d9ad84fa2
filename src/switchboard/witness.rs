//! Tells the reception how far one call has come.

use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::reception::{LeftCallback, Reception, Report};
use crate::domain::call::{CallbackWish, News, Outcome, Story};
use crate::domain::phone::PhoneNumber;

/// Whom a call is told to, and whose it is.
pub(super) struct Witness {
    pub(super) reception: Arc<dyn Reception>,
    pub(super) call: String,
    pub(super) caller: Option<PhoneNumber>,
    pub(super) at: Timestamp,
    pub(super) arrived: Instant,
}

impl Witness {
    pub(super) fn call_goes_on(&self, news: News, story: &Story) {
        self.reception.call_goes_on(news, self.report(story));
    }

    pub(super) fn call_ended(&self, outcome: Outcome, story: &Story) {
        self.reception.call_ended(outcome, self.report(story));
    }

    /// Whether the caller's wish to be called back is kept.
    pub(super) fn leave_callback(&self, wish: CallbackWish) -> BoxFuture<'static, bool> {
        let Some(caller) = self.caller.clone() else {
            return std::future::ready(false).boxed();
        };
        self.reception.leave_callback(LeftCallback {
            call: self.call.clone(),
            caller,
            wish,
        })
    }

    fn report(&self, story: &Story) -> Report {
        Report {
            call: self.call.clone(),
            caller: self.caller.clone(),
            at: self.at,
            arrived: self.arrived,
            now: Instant::now(),
            story: story.clone(),
        }
    }
}
