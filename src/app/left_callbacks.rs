//! Callers who want to be called back by the person they chose: each becomes a job of that person, on
//! disk before the caller hears of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::callers::Callers;
use crate::domain::callback::{Destination, JobId, Owner, Rules, Wanted};
use crate::domain::person::PersonName;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{About, NotAnId};
use crate::store::{
    CallbackChange, CallbackFilter, Change, Done, MOST_WAITING_CALLBACKS, Phase, Store, StoreError,
};
use crate::switchboard::LeftCallback;

/// How long a job may take to be written. The call waits a little longer, and then goes on without it.
const LONGEST: Duration = Duration::from_millis(800);

/// How long it may take to find the caller's name.
const LOOK_UP_TIME: Duration = Duration::from_millis(150);

/// What a wish has become.
enum Kept {
    /// This job.
    New(JobId),
    /// The job that an earlier call has left.
    Before,
}

/// Keeps what callers want.
#[derive(Clone)]
pub(super) struct LeftCallbacks {
    pub(super) store: Store,
    pub(super) callers: Arc<Callers>,
    pub(super) rules: Arc<Rules>,
    /// For how long a job is its owner's alone.
    pub(super) owner_time: Duration,
}

impl LeftCallbacks {
    /// Whether this caller may ask to be called back.
    pub(super) fn may(&self, caller: &PhoneNumber) -> bool {
        let has_room = self.store.callback_counts().waiting < MOST_WAITING_CALLBACKS;
        has_room && self.rules.dialling.check(caller).is_ok()
    }

    /// Whether it is on disk now. It goes on if nobody waits for the answer: a caller who has hung up
    /// wants to be called back all the same.
    pub(super) async fn keep(self, callback: LeftCallback) -> bool {
        let (answer, answered) = oneshot::channel();
        let keeping = async move {
            let begun = Instant::now();
            let kept = self.written(callback).await;
            let is_late = begun.elapsed() >= LONGEST;
            match kept {
                // The caller is at the fallback already.
                Some(Kept::New(id)) if is_late => self.withdraw(id).await,
                kept => drop(answer.send(kept.is_some())),
            }
        };
        tokio::spawn(keeping);
        matches!(timeout(LONGEST, answered).await, Ok(Ok(true)))
    }

    /// What it has become; `None`, after a word in the log, if it is not kept.
    async fn written(&self, callback: LeftCallback) -> Option<Kept> {
        let now = Timestamp::now();
        if self.waits_already(&callback).await {
            tracing::info!(
                call = callback.call,
                "a caller who is to be called back asks again"
            );
            return Some(Kept::Before);
        }
        let person = self.name_of(&callback.caller).await;
        let call = callback.call.clone();
        let wanted = match self.wanted(callback, person, now) {
            Ok(wanted) => wanted,
            Err(error) => {
                tracing::error!(call, %error, "a caller's wish to be called back can't be kept");
                return None;
            }
        };
        if let Err(error) = self.rules.check(&wanted, now) {
            tracing::warn!(call, %error, "nobody could call this caller back");
            return None;
        }
        let id = wanted.id.clone();
        let wanted = Box::new(wanted);
        match self.write(CallbackChange::Put { wanted, at: now }).await {
            Ok(Done::Stored | Done::Unchanged) => {
                tracing::info!(job = id.as_str(), "a caller will be called back");
                Some(Kept::New(id))
            }
            Ok(Done::Event(_) | Done::Outdated | Done::NotThere) => None,
            Err(error) => {
                tracing::error!(call, %error, "a caller's wish to be called back is not kept");
                None
            }
        }
    }

    /// Whether the same person is to call the same number already. If that can't be told, two jobs are
    /// better than none.
    async fn waits_already(&self, callback: &LeftCallback) -> bool {
        let store = self.store.clone();
        let filter = CallbackFilter {
            phase: Some(Phase::Waiting),
            phone: Some(callback.caller.clone()),
            owner: Some(callback.wish.person.clone()),
            ..CallbackFilter::default()
        };
        let looking = tokio::task::spawn_blocking(move || store.callbacks_before(&filter, None, 1));
        let found = timeout(LOOK_UP_TIME, looking).await;
        matches!(found, Ok(Ok(Ok(jobs))) if !jobs.is_empty())
    }

    /// The only client's with this number. Without it, the job is the same.
    async fn name_of(&self, caller: &PhoneNumber) -> Option<PersonName> {
        let (callers, caller) = (Arc::clone(&self.callers), caller.clone());
        let looking = tokio::task::spawn_blocking(move || callers.person_of(&caller));
        timeout(LOOK_UP_TIME, looking).await.ok()?.ok()?.ok()?
    }

    fn wanted(
        &self,
        callback: LeftCallback,
        person: Option<PersonName>,
        now: Timestamp,
    ) -> Result<Wanted, NotAnId> {
        let LeftCallback { call, caller, wish } = callback;
        // One call is one job, however often this comes.
        let id = JobId::parse(&format!("call-{call}"))?;
        let owner = Owner {
            employee: wish.person,
            released: self.released(now),
        };
        Ok(Wanted {
            person,
            reason: wish.about.as_ref().map(About::as_str).map(str::to_owned),
            owner: Some(owner),
            ..Wanted::new(id, Destination::Phone(caller))
        })
    }

    /// The owner's time is counted from when somebody may be called: who asks in the evening is theirs
    /// in the morning.
    fn released(&self, now: Timestamp) -> Option<Timestamp> {
        let open = self.rules.hours.next_open(now, &self.rules.zone)?;
        let time = SignedDuration::try_from(self.owner_time).ok()?;
        open.checked_add(time).ok()
    }

    /// It came too late.
    async fn withdraw(&self, id: JobId) {
        tracing::warn!(
            job = id.as_str(),
            "the disk was slow, and the caller went on: they are not called back"
        );
        let at = Timestamp::now();
        if let Err(error) = self.write(CallbackChange::Cancel { id, at }).await {
            tracing::error!(%error, "a callback that came too late is made all the same");
        }
    }

    async fn write(&self, change: CallbackChange) -> Result<Done, StoreError> {
        let change = Change::Callback(Box::new(change));
        let done = self.store.write(vec![change]).await?;
        done.first().copied().ok_or(StoreError::BrokeOff)
    }
}

#[cfg(test)]
mod tests;
