//! From a client's events to the people this client most likely wants, and why.
//!
//! Each client has one [`ClientRecord`] with their recent events. Nothing is summed up in advance:
//! a ranking is worked out from the record when it is asked for ([`rank`]), so that expiry is exact,
//! and a correction, a cancellation or a changed weight costs nothing.
//!
//! An event's id and version decide what a record holds, not the order or the number of deliveries.

mod about;
mod cases;
mod event;
mod explain;
mod half_lives;
mod hours;
mod id;
mod kind;
mod observed;
mod ranking;
mod record;
mod rules;
mod score;
mod staff;

#[cfg(test)]
mod tests;

pub use about::{About, LONGEST_ABOUT};
pub use cases::CaseState;
pub use event::{Body, Event, Happening};
pub use explain::Explainer;
pub use half_lives::{HalfLife, HalfLives, NotHalfLives};
pub use hours::{Shift, WorkingHours};
pub use id::{CaseId, ClientId, EmployeeId, EventId, KindName, LONGEST_ID, NotAnId};
pub use kind::{CaseStep, Kind, NotAWeight, Title, Weight};
pub use observed::Observed;
pub use ranking::{Candidate, Ranking, rank};
pub use record::{Applied, Change, ClientRecord, MOST_EVENTS};
pub use rules::{CaseFactors, Factor, NotAFactor, Rules};
pub use score::Contribution;
pub use staff::{Employee, Leave, Staff, Withheld};
