//! Which of a great many jobs is next: the highest priority, then the earliest appointment, then the
//! oldest, among those whom one may call now. One person is never called twice at once.
//!
//! Nothing here looks at all jobs: those that wait for a moment are in the order of these moments, those
//! that can be called in the order in which they are, apart for each local time and each owner.

mod entry;
mod lanes;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{Destination, Hours, JobId};
use crate::domain::rating::EmployeeId;

pub use entry::{Entry, Standing};
use entry::{Job, Line, Place, Rank};
use lanes::{Lane, Lanes};

/// So many jobs are moved at most when one is chosen, which keeps that below a millisecond. What is
/// left is moved the next time.
const MOST_MOVED: usize = 200;

/// A clock that goes back by more than this was put back.
const PUT_BACK: SignedDuration = SignedDuration::from_mins(2);

/// All jobs that wait or run.
pub struct Queue {
    jobs: Vec<Option<Job>>,
    /// Places of `jobs` that are empty.
    empty: Vec<u32>,
    places: HashMap<JobId, u32>,
    /// The jobs that can be called now, as far as hours and operators allow.
    lanes: Lanes,
    /// Those that wait for a moment; of one moment, the first in rank comes first.
    later: BTreeSet<(Timestamp, Rank)>,
    /// When jobs of an owner become anybody's.
    releases: BTreeSet<(Timestamp, u32)>,
    /// When jobs are over if they have not been called.
    ends: BTreeSet<(Timestamp, u32)>,
    /// The jobs to each telephone.
    lines: HashMap<Line, Vec<u32>>,
    running: HashSet<u32>,
    /// The latest moment that we were told.
    seen: Timestamp,
}

/// Only how many: there may be a great many, and each has somebody's number.
impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("waiting", &self.waiting())
            .field("running", &self.running.len())
            .finish_non_exhaustive()
    }
}

impl Queue {
    /// Nothing to do yet. `zone` is the local time of those whose own is not known.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self {
            jobs: Vec::new(),
            empty: Vec::new(),
            places: HashMap::new(),
            lanes: Lanes::new(zone),
            later: BTreeSet::new(),
            releases: BTreeSet::new(),
            ends: BTreeSet::new(),
            lines: HashMap::new(),
            running: HashSet::new(),
            seen: Timestamp::MIN,
        }
    }

    /// How many jobs wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.places.len() - self.running.len()
    }

    /// How many of them wait for an operator or for the hours to open, and for nothing else.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> usize {
        let come = self.later.iter().take_while(|(until, _)| *until <= now);
        self.lanes.len() + come.count()
    }

    /// The jobs for which somebody is being called, in no order.
    pub fn running(&self) -> impl Iterator<Item = &JobId> {
        self.running.iter().filter_map(|place| self.id(*place))
    }

    /// Takes a job, or what it has become.
    pub fn put(&mut self, mut entry: Entry, now: Timestamp) {
        if entry.standing == Standing::Running
            && let Some(called) = self.being_called(&entry.id)
        {
            // Whatever the job asks for now, this is the telephone that rings.
            entry.destination = called;
        }
        self.seen = self.seen.max(now);
        let called_before = self.take_out(&entry.id);
        let place = match self.empty.pop() {
            Some(place) => place,
            None => {
                self.jobs.push(None);
                u32::try_from(self.jobs.len() - 1).unwrap_or(u32::MAX)
            }
        };
        self.places.insert(entry.id.clone(), place);
        self.ends.insert((entry.end, place));
        if let Some(released) = entry.owner.as_ref().and_then(|owner| owner.released) {
            self.releases.insert((released, place));
        }
        let zone = self.lanes.zone(entry.zone.as_ref());
        let job = Job::new(entry, place, zone);
        self.lines.entry(job.line.clone()).or_default().push(place);
        let is_running = job.entry.standing == Standing::Running;
        let line = job.line.clone();
        self.jobs[place as usize] = Some(job);
        if is_running {
            self.running.insert(place);
            self.settle_line(&line, now);
        } else {
            self.settle(place, now);
        }
        if let Some(before) = called_before {
            self.settle_line(&before, now);
        }
    }

    /// A job is over, or not there any more.
    pub fn remove(&mut self, id: &JobId, now: Timestamp) {
        if let Some(line) = self.take_out(id) {
            self.settle_line(&line, now);
        }
    }

    fn being_called(&self, id: &JobId) -> Option<Destination> {
        let place = self.places.get(id).copied();
        let place = place.filter(|place| self.running.contains(place))?;
        Some(self.job(place)?.entry.destination.clone())
    }

    /// Forgets a job wherever it is; gives whom it calls.
    fn take_out(&mut self, id: &JobId) -> Option<Line> {
        let place = self.places.remove(id)?;
        self.leave(place);
        self.running.remove(&place);
        let job = self.jobs.get_mut(place as usize)?.take()?;
        self.empty.push(place);
        self.ends.remove(&(job.entry.end, place));
        if let Some(released) = job.entry.owner.as_ref().and_then(|owner| owner.released) {
            self.releases.remove(&(released, place));
        }
        let others = self.lines.get_mut(&job.line)?;
        others.retain(|other| *other != place);
        if others.is_empty() {
            self.lines.remove(&job.line);
        }
        Some(job.line)
    }

    fn job(&self, place: u32) -> Option<&Job> {
        self.jobs.get(place as usize)?.as_ref()
    }

    fn id(&self, place: u32) -> Option<&JobId> {
        self.job(place).map(|job| &job.entry.id)
    }

    /// Takes a job out of where it waits.
    fn leave(&mut self, place: u32) {
        let Some(job) = self.jobs.get_mut(place as usize).and_then(Option::as_mut) else {
            return;
        };
        let rank = job.rank;
        match std::mem::replace(&mut job.place, Place::Nowhere) {
            Place::Nowhere => {}
            Place::Later(until) => drop(self.later.remove(&(until, rank))),
            Place::Lane(lane) => self.lanes.remove(&lane, rank),
        }
    }

    /// Puts a job where it belongs now.
    fn settle(&mut self, place: u32, now: Timestamp) {
        let until = self.job(place).and_then(|job| job.entry.waits_until(now));
        if let Some(until) = until {
            self.settle_until(place, until, now);
        } else {
            self.leave(place);
        }
    }

    /// Puts a job that waits until a moment where it belongs now.
    fn settle_until(&mut self, place: u32, until: Timestamp, now: Timestamp) {
        self.leave(place);
        let Some(job) = self.job(place) else { return };
        if job.entry.end <= now || self.is_busy(&job.line) {
            return;
        }
        let (rank, zone) = (job.rank, job.zone);
        let new = if until > now {
            self.later.insert((until, rank));
            Place::Later(until)
        } else {
            let owner = job.entry.owner_at(now).cloned();
            let lane = Lane { zone, owner };
            self.lanes.insert(&lane, rank);
            Place::Lane(lane)
        };
        if let Some(job) = self.jobs.get_mut(place as usize).and_then(Option::as_mut) {
            job.place = new;
        }
    }

    fn is_busy(&self, line: &Line) -> bool {
        let jobs = self.lines.get(line).into_iter().flatten();
        let mut jobs = jobs.filter(|place| self.running.contains(place));
        jobs.next().is_some()
    }

    /// Whether somebody's telephone is busy has changed.
    fn settle_line(&mut self, line: &Line, now: Timestamp) {
        let jobs = self.lines.get(line).cloned().unwrap_or_default();
        for place in jobs {
            self.settle(place, now);
        }
    }

    /// The job for which somebody is to be called now, if there is one. `room` is whether an operator
    /// can take a call of anybody's job; `is_free` whether this employee can take one of their own.
    ///
    /// It stays the next one until it is put back as running.
    pub fn next(
        &mut self,
        now: Timestamp,
        hours: &Hours,
        room: bool,
        is_free: impl Fn(&EmployeeId) -> bool,
    ) -> Option<&JobId> {
        self.go_on_to(now);
        let may_take = |owner: Option<&EmployeeId>| owner.map_or(room, &is_free);
        let mut moved = 0;
        loop {
            let rank = self.lanes.first(now, hours, &may_take)?;
            let job = self.job(rank.place)?;
            let is_due = job.entry.is_due(now);
            if is_due && job.entry.end > now {
                return self.id(rank.place);
            }
            if moved >= MOST_MOVED {
                return None;
            }
            moved += 1;
            self.settle(rank.place, now);
        }
    }

    /// Moves what waited for a moment that has come.
    fn go_on_to(&mut self, now: Timestamp) {
        if now.duration_since(self.seen) < -PUT_BACK && self.seen != Timestamp::MIN {
            self.clock_was_put_back(now);
        }
        self.seen = now;
        for _ in 0..MOST_MOVED {
            let Some((until, rank)) = self.later.first().copied() else {
                break;
            };
            if until > now {
                break;
            }
            self.settle_until(rank.place, until, now);
        }
        for _ in 0..MOST_MOVED {
            let Some((until, place)) = self.releases.first().copied() else {
                break;
            };
            if until > now {
                break;
            }
            self.releases.remove(&(until, place));
            self.settle(place, now);
        }
    }

    /// Pauses that were counted from a moment that has not been yet begin anew.
    fn clock_was_put_back(&mut self, now: Timestamp) {
        let places: Vec<u32> = self.places.values().copied().collect();
        for place in places {
            self.settle(place, now);
        }
    }

    /// Jobs whose time is over before anybody was called, at most so many.
    #[must_use]
    pub fn overdue(&self, now: Timestamp, most: usize) -> Vec<JobId> {
        let overdue = self.ends.iter().take_while(|(end, _)| *end <= now);
        let waiting = overdue.filter(|(_, place)| !self.running.contains(place));
        let ids = waiting.filter_map(|(_, place)| self.id(*place).cloned());
        ids.take(most).collect()
    }

    /// When it is worth asking again if nothing happens before; `None`: never.
    pub fn wakes(&mut self, now: Timestamp, hours: &Hours) -> Option<Timestamp> {
        let later = self.later.first().map(|(until, _)| *until);
        let released = self.releases.first().map(|(until, _)| *until);
        let mut ends = self.ends.iter();
        let end = ends.find(|(_, place)| !self.running.contains(place));
        let end = end.map(|(end, _)| *end);
        let opens = self.lanes.open_next(now, hours);
        [later, released, end, opens].into_iter().flatten().min()
    }
}
