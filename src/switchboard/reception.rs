//! Whom the switchboard asks about a caller, and whom it tells what came of the call.

use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use jiff::{SignedDuration, Timestamp};

use crate::ari::ChannelId;
use crate::domain::call::{CallbackWish, News, Outcome, Story};
use crate::domain::directory::Entry;
use crate::domain::language::Language;
use crate::domain::menu::Known;
use crate::domain::phone::PhoneNumber;

/// Knows callers.
pub trait Reception: Send + Sync {
    /// What is known about a caller; `None` if the number is withheld or can't be read. Answers
    /// within 0.2 s, whatever happens: 0.4 s after a call came, the dialplan takes it back unless it is
    /// answered and has a lease by then.
    ///
    /// The channel is the caller's, and the departments are those of the number that was called.
    fn welcome(
        &self,
        channel: &ChannelId,
        caller: Option<&PhoneNumber>,
        departments: &Arc<[Entry]>,
    ) -> BoxFuture<'static, Welcome>;

    /// Whether this caller may ask to be called back. Answers at once.
    fn calls_back(&self, _: &PhoneNumber) -> bool {
        false
    }

    /// A caller wants to be called back. Whether that is kept, whatever happens to us; answers within
    /// a second. The same call may ask twice, and is called back once.
    fn leave_callback(&self, _: LeftCallback) -> BoxFuture<'static, bool> {
        ready(false).boxed()
    }

    /// How far a call has come. Returns at once.
    fn call_goes_on(&self, news: News, report: Report);

    /// A call is over. Returns at once.
    fn call_ended(&self, outcome: Outcome, report: Report);
}

/// What is known about a caller when the call comes, and what may still be found out.
pub struct Welcome {
    /// What is known.
    pub known: Known,
    /// What this caller is spoken to in, if that is known.
    pub language: Option<Language>,
    /// Somebody else is asked, while the greeting plays. Answers within a second, whatever happens;
    /// without an answer with what was known.
    pub asking: Option<BoxFuture<'static, Known>>,
}

impl Welcome {
    /// Nobody else is asked.
    #[must_use]
    pub fn of(known: Known) -> Self {
        Self {
            known,
            language: None,
            asking: None,
        }
    }
}

/// Somebody who called wants to be called back.
#[derive(Clone, Debug)]
pub struct LeftCallback {
    /// The call's id.
    pub call: String,
    /// Who called.
    pub caller: PhoneNumber,
    /// What they want.
    pub wish: CallbackWish,
}

/// A call at one moment.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its id, which no other call has.
    pub call: String,
    /// Who called; `None` if the number is withheld or can't be read.
    pub caller: Option<PhoneNumber>,
    /// When it came.
    pub at: Timestamp,
    /// When it came, by the clock of the story.
    pub arrived: Instant,
    /// That moment, by the same clock.
    pub now: Instant,
    /// What has happened in it.
    pub story: Story,
}

impl Report {
    /// A moment of the story as the wall clock would have shown it.
    #[must_use]
    pub fn wall_clock(&self, moment: Instant) -> Timestamp {
        let after = moment.saturating_duration_since(self.arrived);
        let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::ZERO);
        self.at.saturating_add(after).unwrap_or(self.at)
    }
}
