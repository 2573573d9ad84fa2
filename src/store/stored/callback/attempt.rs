//! One attempt of a callback job that is over.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::callback::{AttemptRecord, AttemptResult, Decline, Outcome};
use crate::store::stored::Unreadable;
use crate::store::stored::instant::StoredInstant;

#[derive(Serialize, Deserialize)]
pub(super) struct StoredAttempt<'a> {
    number: u32,
    began: StoredInstant,
    ended: StoredInstant,
    outcome: Option<StoredOutcome>,
    cause: Option<u16>,
    sip: Option<u16>,
    talked: Option<Duration>,
    operator: Option<&'a str>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum StoredOutcome {
    Connected,
    Busy,
    NoAnswer,
    Rejected,
    Unreachable,
    InvalidNumber,
    Machine,
    NetworkFailure,
    OperatorMissing,
    Postponed,
    WrongOrDone,
    HungUp,
    Cancelled,
}

pub(super) fn stored_attempt(attempt: &AttemptRecord) -> StoredAttempt<'_> {
    let result = &attempt.result;
    StoredAttempt {
        number: attempt.number,
        began: attempt.began.into(),
        ended: result.ended.into(),
        outcome: result.outcome.map(stored_outcome),
        cause: result.cause,
        sip: result.sip,
        talked: result.talked,
        operator: result.operator.as_deref(),
    }
}

pub(super) fn attempt(stored: &StoredAttempt<'_>) -> Result<AttemptRecord, Unreadable> {
    Ok(AttemptRecord {
        number: stored.number,
        began: stored.began.try_into()?,
        result: AttemptResult {
            ended: stored.ended.try_into()?,
            outcome: stored.outcome.map(outcome),
            cause: stored.cause,
            sip: stored.sip,
            talked: stored.talked,
            operator: stored.operator.map(str::to_owned),
        },
    })
}

fn stored_outcome(outcome: Outcome) -> StoredOutcome {
    match outcome {
        Outcome::Connected => StoredOutcome::Connected,
        Outcome::Busy => StoredOutcome::Busy,
        Outcome::NoAnswer => StoredOutcome::NoAnswer,
        Outcome::Rejected => StoredOutcome::Rejected,
        Outcome::Unreachable => StoredOutcome::Unreachable,
        Outcome::InvalidNumber => StoredOutcome::InvalidNumber,
        Outcome::Machine => StoredOutcome::Machine,
        Outcome::NetworkFailure => StoredOutcome::NetworkFailure,
        Outcome::OperatorMissing => StoredOutcome::OperatorMissing,
        Outcome::OperatorDeclined(Decline::Postponed) => StoredOutcome::Postponed,
        Outcome::OperatorDeclined(Decline::WrongOrDone) => StoredOutcome::WrongOrDone,
        Outcome::OperatorDeclined(Decline::HungUp) => StoredOutcome::HungUp,
        Outcome::Cancelled => StoredOutcome::Cancelled,
    }
}

fn outcome(stored: StoredOutcome) -> Outcome {
    match stored {
        StoredOutcome::Connected => Outcome::Connected,
        StoredOutcome::Busy => Outcome::Busy,
        StoredOutcome::NoAnswer => Outcome::NoAnswer,
        StoredOutcome::Rejected => Outcome::Rejected,
        StoredOutcome::Unreachable => Outcome::Unreachable,
        StoredOutcome::InvalidNumber => Outcome::InvalidNumber,
        StoredOutcome::Machine => Outcome::Machine,
        StoredOutcome::NetworkFailure => Outcome::NetworkFailure,
        StoredOutcome::OperatorMissing => Outcome::OperatorMissing,
        StoredOutcome::Postponed => Outcome::OperatorDeclined(Decline::Postponed),
        StoredOutcome::WrongOrDone => Outcome::OperatorDeclined(Decline::WrongOrDone),
        StoredOutcome::HungUp => Outcome::OperatorDeclined(Decline::HungUp),
        StoredOutcome::Cancelled => Outcome::Cancelled,
    }
}
