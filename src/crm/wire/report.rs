//! What became of the documents of one delivery.

use serde::Serialize;
use utoipa::ToSchema;

/// The most refusals, and the most warnings, that are told one by one.
pub const MOST_COMPLAINTS: usize = 1000;

/// What became of a delivery of events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventsReport {
    /// New, corrected or cancelled. They are on disk.
    pub accepted: u64,
    /// Exactly this was there already.
    pub repeated: u64,
    /// Changed nothing: a later version is there, or the client has 500 later events.
    pub outdated: u64,
    /// Can't be used; see `refusals`.
    pub refused: u64,
    /// Of those that were not refused: later than their own arrival. They count as of their arrival.
    pub from_the_future: u64,
    /// Why events were refused: the first 1000.
    pub refusals: Vec<Complaint>,
    /// What was left out of events that were not refused: the first 1000.
    pub warnings: Vec<Complaint>,
}

/// What became of a delivery of employees or clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CardsReport {
    /// They hold now, and are on disk.
    pub stored: u64,
    /// Exactly this was there already.
    pub unchanged: u64,
    /// Changed nothing: a later version is there.
    pub outdated: u64,
    /// Can't be used; see `refusals`.
    pub refused: u64,
    /// Why they were refused: the first 1000.
    pub refusals: Vec<Complaint>,
    /// What was left out of those that were not refused: the first 1000.
    pub warnings: Vec<Complaint>,
}

/// What is wrong with one document of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Complaint {
    /// Which one: the first is 0.
    pub index: u64,
    /// Its line in a stream of lines: the first is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Its id, as far as one can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What is wrong, and what to do.
    pub reason: String,
}
