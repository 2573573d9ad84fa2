//! The priority callback: an operator first, told whom it is about, then the person.
//!
//! Decisions only: which job is next and when, whether a number may be dialled, what one attempt
//! does, and what its outcome means for the job.

pub mod attempt;
pub mod briefing;
pub mod choose;
pub mod dialling_policy;
mod job;
mod limits;
mod outcome;
mod past;
pub mod report;
mod retry;
mod rules;
#[cfg(test)]
pub(crate) mod test_rules;
mod wanted;
mod when;

#[cfg(test)]
mod tests;

pub use dialling_policy::DiallingPolicy;
pub use job::{Begun, Job, MOST_REMEMBERED, Progress, State, Taken};
pub use limits::{Limits, Situation, Unanswered};
pub use outcome::{Decline, Outcome};
pub use past::{AttemptRecord, AttemptResult, Ending};
pub use retry::Pauses;
pub use rules::{NotPossible, Rules};
pub use wanted::{
    Destination, HIGHEST_PRIORITY, JobId, LONGEST_TEXT, MOST_ATTEMPTS, NotAText, Owner,
    USUAL_PRIORITY, Wanted, text,
};
pub use when::{Hours, MOST_HOLIDAYS, NotHours, Stretch};
