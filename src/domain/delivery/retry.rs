//! What becomes of a message after an attempt.

use std::time::Duration;

/// So long after the first attempt comes the second; each pause is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// No pause is longer, but for the jitter.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// After so many attempts, which take a day, a message is not tried any more.
pub const MOST_ATTEMPTS: u32 = 34;

/// A pause is longer or shorter by up to this share of it, so that what failed together does not
/// come again together.
const JITTER: f64 = 0.2;

/// Whoever takes messages wants no more of them.
const GONE: u16 = 410;

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An HTTP status.
    Status(u16),
    /// None, and why, in words.
    None(String),
}

/// What is to be done with the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It was taken.
    Delivered,
    /// It is tried again after a pause.
    TryAgain(Duration),
    /// It is not tried any more.
    GiveUp(String),
}

impl Answer {
    /// Whether the message was taken.
    #[must_use]
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Status(200..=299))
    }

    /// What is wrong with it, in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Status(status @ 300..=399) => {
                format!("the answer was HTTP {status}; where it leads is not followed")
            }
            Self::Status(status) => format!("the answer was HTTP {status}"),
            Self::None(why) => why.clone(),
        }
    }
}

/// Decides after an attempt, which is counted in `attempts`. `chance` is any number from 0 to 1.
#[must_use]
pub fn decide(answer: &Answer, attempts: u32, chance: f64) -> Decision {
    if answer.is_good() {
        return Decision::Delivered;
    }
    if *answer == Answer::Status(GONE) {
        return Decision::GiveUp(answer.in_words());
    }
    if attempts >= MOST_ATTEMPTS {
        let why = format!("after {attempts} attempts, {}", answer.in_words());
        return Decision::GiveUp(why);
    }
    Decision::TryAgain(pause(attempts, chance))
}

fn pause(attempts: u32, chance: f64) -> Duration {
    let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
    let pause = FIRST_PAUSE.saturating_mul(doubled).min(LONGEST_PAUSE);
    let chance = chance.clamp(0.0, 1.0);
    pause.mul_f64(1.0 + JITTER * (2.0 * chance - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDDLE: f64 = 0.5;

    fn after(attempts: u32) -> Duration {
        match decide(&Answer::Status(500), attempts, MIDDLE) {
            Decision::TryAgain(pause) => pause,
            other @ (Decision::Delivered | Decision::GiveUp(_)) => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_status_of_success_means_that_it_was_taken() {
        for status in [200, 201, 202, 204, 299] {
            let decision = decide(&Answer::Status(status), 1, MIDDLE);
            assert_eq!(decision, Decision::Delivered);
        }
    }

    #[test]
    fn whatever_else_is_answered_it_is_tried_again() {
        let late = Answer::None("it did not answer within 10s".to_owned());
        let answers = [301, 302, 307, 400, 401, 404, 429, 500, 503].map(Answer::Status);
        for answer in answers.into_iter().chain([late]) {
            let decision = decide(&answer, 1, MIDDLE);
            assert_eq!(decision, Decision::TryAgain(FIRST_PAUSE), "{answer:?}");
        }
    }

    #[test]
    fn who_is_gone_is_not_tried_again() {
        let decision = decide(&Answer::Status(410), 1, MIDDLE);
        assert_eq!(
            decision,
            Decision::GiveUp("the answer was HTTP 410".to_owned())
        );
    }

    #[test]
    fn the_pauses_grow_up_to_an_hour() {
        let seconds: Vec<u64> = (1..=12).map(|attempts| after(attempts).as_secs()).collect();
        assert_eq!(
            seconds,
            [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
        );
    }

    #[test]
    fn after_a_day_of_attempts_it_is_given_up() {
        let all: Duration = (1..MOST_ATTEMPTS).map(after).sum();
        let hour = 3600;
        assert!((24 * hour..25 * hour).contains(&all.as_secs()), "{all:?}");
        let last = decide(&Answer::Status(500), MOST_ATTEMPTS, MIDDLE);
        let why = "after 34 attempts, the answer was HTTP 500".to_owned();
        assert_eq!(last, Decision::GiveUp(why));
    }

    #[test]
    fn chance_makes_a_pause_longer_or_shorter_by_a_fifth() {
        let pause = |chance| decide(&Answer::Status(500), 1, chance);
        assert_eq!(pause(0.0), Decision::TryAgain(Duration::from_secs(4)));
        assert_eq!(pause(1.0), Decision::TryAgain(Duration::from_secs(6)));
    }
}
