//! Tells the reception how far one call has come.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;

use super::reception::{Reception, Report};
use crate::domain::call::{News, Outcome, Story};
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
