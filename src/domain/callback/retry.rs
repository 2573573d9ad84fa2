//! What the outcome of an attempt means for its job: whether it has used up an attempt, and whether
//! and when the next one comes.

use std::time::Duration;

use super::{Decline, Ending, Outcome, Progress};

/// No pause after mistakes is longer: each is twice the one before.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

const MINUTE: Duration = Duration::from_secs(60);

/// How long a job waits after an attempt that was interrupted before anybody called the person.
const INTERRUPTED: Duration = MINUTE;

/// How long a job waits after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pauses {
    /// The line was busy.
    pub busy: Duration,
    /// Nobody answered.
    pub no_answer: Duration,
    /// The person rejected the call.
    pub rejected: Duration,
    /// The telephone is switched off or out of reach.
    pub unreachable: Duration,
    /// No operator, or a machine in their place; twice as long each time, up to an hour.
    pub no_operator: Duration,
    /// The operator said: later.
    pub postponed: Duration,
    /// The call did not get through; twice as long each time, up to an hour.
    pub network: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Self {
            busy: 5 * MINUTE,
            no_answer: 30 * MINUTE,
            rejected: 60 * MINUTE,
            unreachable: 60 * MINUTE,
            no_operator: 5 * MINUTE,
            postponed: 30 * MINUTE,
            network: 5 * MINUTE,
        }
    }
}

/// What comes after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The job is over.
    End(Ending),
    /// The person was called in vain: that is one attempt less. Then it waits.
    Used(Duration),
    /// Nobody was bothered, and no attempt is used up. It waits.
    Unused(Duration),
    /// The same, because of a mistake: it waits longer from mistake to mistake.
    Mistake(Duration),
}

/// Decides after an attempt that had come so far. `None`: it was interrupted, and nobody knows its
/// outcome. Where the person was dialled, it counts as if they had not answered; otherwise only an
/// operator was bothered, by a mistake of ours.
pub(super) fn after(outcome: Option<Outcome>, progress: Progress, pauses: &Pauses) -> Next {
    let Some(outcome) = outcome else {
        return match progress {
            Progress::Begun => Next::Mistake(INTERRUPTED),
            Progress::Dialled => Next::Used(pauses.no_answer),
            Progress::Connected => Next::End(Ending::Connected),
        };
    };
    match outcome {
        Outcome::Connected => Next::End(Ending::Connected),
        Outcome::InvalidNumber => Next::End(Ending::NumberToBeCorrected),
        Outcome::OperatorDeclined(Decline::WrongOrDone) => Next::End(Ending::Done),
        Outcome::Busy => Next::Used(pauses.busy),
        Outcome::NoAnswer => Next::Used(pauses.no_answer),
        Outcome::Rejected => Next::Used(pauses.rejected),
        Outcome::Unreachable => Next::Used(pauses.unreachable),
        Outcome::OperatorDeclined(Decline::Postponed) => Next::Unused(pauses.postponed),
        Outcome::OperatorDeclined(Decline::HungUp)
        | Outcome::Machine
        | Outcome::OperatorMissing => Next::Mistake(pauses.no_operator),
        Outcome::NetworkFailure => Next::Mistake(pauses.network),
        // We were told to stop: the job goes on as soon as we do.
        Outcome::Cancelled => Next::Unused(Duration::ZERO),
    }
}

/// How long a job waits after so many mistakes in a row, the last one included.
pub(super) fn after_mistakes(pause: Duration, in_a_row: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(in_a_row.saturating_sub(1));
    let longest = LONGEST_PAUSE.max(pause);
    pause.saturating_mul(doubled).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(minutes: u32) -> Duration {
        MINUTE * minutes
    }

    #[test]
    fn each_outcome_has_its_pause_or_its_end() {
        let usual = Pauses::default();
        for (outcome, next) in [
            (Outcome::Connected, Next::End(Ending::Connected)),
            (
                Outcome::InvalidNumber,
                Next::End(Ending::NumberToBeCorrected),
            ),
            (
                Outcome::OperatorDeclined(Decline::WrongOrDone),
                Next::End(Ending::Done),
            ),
            (Outcome::Busy, Next::Used(minutes(5))),
            (Outcome::NoAnswer, Next::Used(minutes(30))),
            (Outcome::Rejected, Next::Used(minutes(60))),
            (Outcome::Unreachable, Next::Used(minutes(60))),
            (
                Outcome::OperatorDeclined(Decline::Postponed),
                Next::Unused(minutes(30)),
            ),
            (
                Outcome::OperatorDeclined(Decline::HungUp),
                Next::Mistake(minutes(5)),
            ),
            (Outcome::Machine, Next::Mistake(minutes(5))),
            (Outcome::OperatorMissing, Next::Mistake(minutes(5))),
            (Outcome::NetworkFailure, Next::Mistake(minutes(5))),
            (Outcome::Cancelled, Next::Unused(Duration::ZERO)),
        ] {
            let after = after(Some(outcome), Progress::Dialled, &usual);
            assert_eq!(after, next, "{outcome}");
        }
    }

    #[test]
    fn what_nobody_knows_counts_by_how_far_it_had_come() {
        let after = |progress| after(None, progress, &Pauses::default());
        assert_eq!(after(Progress::Begun), Next::Mistake(minutes(1)));
        assert_eq!(after(Progress::Dialled), Next::Used(minutes(30)));
        assert_eq!(after(Progress::Connected), Next::End(Ending::Connected));
    }

    #[test]
    fn mistakes_in_a_row_come_ever_more_rarely() {
        let pauses: Vec<Duration> = (1..7).map(|n| after_mistakes(minutes(5), n)).collect();
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60].map(minutes));
        assert_eq!(after_mistakes(minutes(5), u32::MAX), minutes(60));
        assert_eq!(after_mistakes(minutes(120), 3), minutes(120));
    }
}
