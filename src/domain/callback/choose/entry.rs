//! What the queue knows of a job.

use std::cmp::Reverse;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::lanes::Lane;
use crate::domain::callback::{self, Destination, JobId, Owner, State};
use crate::domain::rating::EmployeeId;

/// What is needed of a job to choose the next one. Personal data.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which job.
    pub id: JobId,
    /// Whom it calls.
    pub destination: Destination,
    /// Higher ones are called first.
    pub priority: u8,
    /// Of those with one priority, the earlier one is called first.
    pub appointment: Option<Timestamp>,
    /// Then the older one.
    pub created: Timestamp,
    /// Nobody is called before.
    pub not_before: Option<Timestamp>,
    /// Nobody is called from then on.
    pub end: Timestamp,
    /// Whose it is.
    pub owner: Option<Owner>,
    /// The person's local time, if it is known.
    pub zone: Option<TimeZone>,
    /// Whether it waits.
    pub standing: Standing,
}

/// Whether a job waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// For a moment.
    Waiting {
        /// Since when.
        since: Timestamp,
        /// Until when at least.
        next: Timestamp,
    },
    /// Somebody is being called.
    Running,
}

impl Entry {
    /// What the queue has to know of a job; `None` if it is over.
    #[must_use]
    pub fn of(job: &callback::Job) -> Option<Self> {
        let standing = match job.state {
            State::Waiting { since, next } => Standing::Waiting { since, next },
            State::Running { .. } => Standing::Running,
            State::Ended { .. } => return None,
        };
        let wanted = &job.wanted;
        Some(Self {
            id: wanted.id.clone(),
            destination: wanted.destination.clone(),
            priority: wanted.priority,
            appointment: wanted.appointment,
            created: job.created,
            not_before: wanted.not_before,
            end: job.end(),
            owner: wanted.owner.clone(),
            zone: wanted.zone.clone(),
            standing,
        })
    }

    pub(super) fn owner_at(&self, now: Timestamp) -> Option<&EmployeeId> {
        let owner = self.owner.as_ref()?;
        let is_released = owner.released.is_some_and(|released| released <= now);
        (!is_released).then_some(&owner.employee)
    }

    /// Until when it waits; `None` if it does not. If the clock was put back, its pause begins now.
    pub(super) fn waits_until(&self, now: Timestamp) -> Option<Timestamp> {
        let Standing::Waiting { since, next } = self.standing else {
            return None;
        };
        let pause = next.duration_since(since);
        let next = match since > now {
            true => now.saturating_add(pause).unwrap_or(next),
            false => next,
        };
        Some(self.not_before.map_or(next, |begin| begin.max(next)))
    }

    /// Whether its pause is over, as far as the clock can tell.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        let begins = self.not_before.is_none_or(|begin| begin <= now);
        match self.standing {
            Standing::Waiting { since, next } => begins && (next <= now || since > now),
            Standing::Running => false,
        }
    }
}

/// A telephone.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Line {
    /// The digits of a number.
    Phone(u64),
    /// An extension.
    Extension(Box<str>),
}

/// The order in which jobs are called: the least comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    priority: Reverse<u8>,
    appointment: Timestamp,
    created: Timestamp,
    /// Which job it is.
    pub(super) place: u32,
}

/// Where a job waits.
pub(super) enum Place {
    /// It runs, or its telephone is busy, or its time is over.
    Nowhere,
    /// For a moment.
    Later(Timestamp),
    /// For an operator.
    Lane(Lane),
}

pub(super) struct Job {
    pub(super) entry: Entry,
    pub(super) line: Line,
    pub(super) rank: Rank,
    /// Which of the local times.
    pub(super) zone: u16,
    pub(super) place: Place,
}

impl Job {
    pub(super) fn new(entry: Entry, place: u32, zone: u16) -> Self {
        Self {
            line: match &entry.destination {
                Destination::Phone(phone) => Line::Phone(phone.digits()),
                Destination::Extension(extension) => Line::Extension(extension.digits().into()),
            },
            rank: Rank {
                priority: Reverse(entry.priority),
                appointment: entry.appointment.unwrap_or(Timestamp::MAX),
                created: entry.created,
                place,
            },
            entry,
            zone,
            place: Place::Nowhere,
        }
    }
}
