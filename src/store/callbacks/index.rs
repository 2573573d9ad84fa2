//! What is in memory of callback jobs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::ops::Bound;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::callback::choose::{Entry, Queue};
use crate::domain::callback::{Job, JobId, State};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::EmployeeId;

use super::{CallbackCounts, CallbackFilter, CallbackPlace, KEPT, MOST_ENDED, Phase};
use crate::store::error::StoreError;
use crate::store::stored::decode_callback;
use crate::store::trees::{Trees, caught};

/// So many jobs that are over are removed with one group of writes at most.
const MOST_REMOVED: usize = 1000;

/// All jobs, as far as they are needed to list them and to choose the next one.
pub(in crate::store) struct Index {
    pub(in crate::store) queue: Queue,
    /// In the order in which they came.
    listed: BTreeMap<CallbackPlace, Brief>,
    came: HashMap<JobId, Timestamp>,
    ended: BTreeSet<(Timestamp, JobId)>,
}

/// Only how many: each has somebody's number.
impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.counts().fmt(f)
    }
}

/// What lists are filtered by.
struct Brief {
    phase: Phase,
    digits: Option<u64>,
    owner: Option<EmployeeId>,
    /// Since when it is over.
    ended: Option<Timestamp>,
}

impl Brief {
    fn of(job: &Job) -> Self {
        let (phase, ended) = match job.state {
            State::Waiting { .. } => (Phase::Waiting, None),
            State::Running { .. } => (Phase::Running, None),
            State::Ended { at, .. } => (Phase::Ended, Some(at)),
        };
        let owner = job.wanted.owner.as_ref();
        Self {
            phase,
            digits: job.wanted.destination.phone().map(PhoneNumber::digits),
            owner: owner.map(|owner| owner.employee.clone()),
            ended,
        }
    }

    fn is_meant(&self, filter: &CallbackFilter) -> bool {
        let phone = filter.phone.as_ref().map(PhoneNumber::digits);
        filter.phase.is_none_or(|phase| phase == self.phase)
            && (phone.is_none() || phone == self.digits)
            && (filter.owner.is_none() || filter.owner == self.owner)
    }
}

impl Index {
    fn new(zone: TimeZone) -> Self {
        Self {
            queue: Queue::new(zone),
            listed: BTreeMap::new(),
            came: HashMap::new(),
            ended: BTreeSet::new(),
        }
    }

    /// Reads all jobs. Single ones that can't be read are left out and reported.
    pub(in crate::store) fn load(trees: &Trees, zone: TimeZone) -> Result<Self, StoreError> {
        caught(|| {
            let mut index = Self::new(zone);
            let now = Timestamp::now();
            for entry in trees.callbacks.range::<&[u8]>(..) {
                let (key, value) = entry?;
                let id = std::str::from_utf8(&key).ok();
                let Some(id) = id.and_then(|id| JobId::parse(id).ok()) else {
                    tracing::error!("a callback job without a legible id is left out");
                    continue;
                };
                match decode_callback(&id, &value) {
                    Ok(job) => index.put(&job, now),
                    Err(reason) => tracing::error!(%reason, "a callback job is left out"),
                }
            }
            Ok(index)
        })
    }

    pub(in crate::store) fn put(&mut self, job: &Job, now: Timestamp) {
        let id = &job.wanted.id;
        self.unlist(id);
        let brief = Brief::of(job);
        if let Some(ended) = brief.ended {
            self.ended.insert((ended, id.clone()));
        }
        self.came.insert(id.clone(), job.created);
        self.listed.insert((job.created, id.clone()), brief);
        match Entry::of(job) {
            Some(entry) => self.queue.put(entry, now),
            None => self.queue.remove(id, now),
        }
    }

    pub(in crate::store) fn remove(&mut self, id: &JobId, now: Timestamp) {
        self.unlist(id);
        self.queue.remove(id, now);
    }

    fn unlist(&mut self, id: &JobId) {
        let Some(created) = self.came.remove(id) else {
            return;
        };
        let brief = self.listed.remove(&(created, id.clone()));
        if let Some(ended) = brief.and_then(|brief| brief.ended) {
            self.ended.remove(&(ended, id.clone()));
        }
    }

    pub(super) fn page(
        &self,
        filter: &CallbackFilter,
        before: Option<&CallbackPlace>,
        most: usize,
    ) -> Vec<JobId> {
        let first = filter.from.map(|from| (from, None::<JobId>));
        let listed = self.listed.range::<CallbackPlace, _>((
            Bound::Unbounded,
            before.map_or(Bound::Unbounded, Bound::Excluded),
        ));
        let is_early = |created: Timestamp| first.as_ref().is_some_and(|(from, _)| created < *from);
        let is_late = |created: Timestamp| filter.until.is_some_and(|until| created >= until);
        let in_time = listed
            .rev()
            .skip_while(|((created, _), _)| is_late(*created))
            .take_while(|((created, _), _)| !is_early(*created));
        let meant = in_time.filter(|(_, brief)| brief.is_meant(filter));
        let ids = meant.map(|((_, id), _)| id.clone());
        ids.take(most).collect()
    }

    pub(super) fn counts(&self) -> CallbackCounts {
        CallbackCounts {
            waiting: self.queue.waiting(),
            running: self.queue.running().count(),
            ended: self.ended.len(),
        }
    }

    /// The jobs to some numbers.
    pub(super) fn calling(&self, numbers: &BTreeSet<PhoneNumber>) -> Vec<JobId> {
        let digits: BTreeSet<u64> = numbers.iter().map(PhoneNumber::digits).collect();
        let calls = |brief: &Brief| brief.digits.is_some_and(|one| digits.contains(&one));
        let listed = self.listed.iter().filter(|(_, brief)| calls(brief));
        listed.map(|((_, id), _)| id.clone()).collect()
    }

    /// Jobs that have been over for so long that they need not be kept, or for longer than enough
    /// others.
    pub(super) fn outlived(&self, now: Timestamp) -> Vec<JobId> {
        let too_many = self.ended.len().saturating_sub(MOST_ENDED);
        let is_old = |ended: Timestamp| now.duration_since(ended) > KEPT;
        let oldest = self.ended.iter().enumerate();
        let outlived = oldest.take_while(|(place, (ended, _))| *place < too_many || is_old(*ended));
        let ids = outlived.map(|(_, (_, id))| id.clone());
        ids.take(MOST_REMOVED).collect()
    }
}
