//! How many calls may go on at once, so that nobody who calls us waits for them.

/// How many calls may go on at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The most of them.
    pub together: usize,
    /// So many operators stay free for those who call us.
    pub reserve: usize,
    /// The greatest share of the operators who don't talk with somebody who called us: 0 to 1. One call
    /// is always within it.
    pub share: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            together: 3,
            reserve: 1,
            share: 0.7,
        }
    }
}

/// What is going on at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// Operators who could take a call now. Whoever a callback is already on its way to is not free.
    pub free_operators: usize,
    /// People who called us and wait for an operator.
    pub waiting_callers: usize,
    /// Callbacks that are going on.
    pub running: usize,
}

/// Our own attempts for which no operator has picked up yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unanswered {
    /// All of them.
    pub begun: usize,
    /// Those of them that wait in the queue, or ring an operator from there.
    pub queued: usize,
}

impl Situation {
    /// What Asterisk counts, without our own attempts: one that waits in the queue is no caller, and one
    /// that is not there yet will take an operator who still counts as free.
    #[must_use]
    pub fn without_own(self, own: Unanswered) -> Self {
        let on_the_way = own.begun.saturating_sub(own.queued);
        Self {
            free_operators: self.free_operators.saturating_sub(on_the_way),
            waiting_callers: self.waiting_callers.saturating_sub(own.queued),
            ..self
        }
    }
}

impl Limits {
    /// How many more calls may begin now.
    #[must_use]
    pub fn room(&self, now: Situation) -> usize {
        let spare = now.free_operators.saturating_sub(self.reserve);
        if now.waiting_callers > 0 || spare == 0 {
            return 0;
        }
        let for_callbacks = now.free_operators.saturating_add(now.running);
        let share = share_of(for_callbacks, self.share).max(1);
        let most = share.min(self.together);
        most.saturating_sub(now.running).min(spare)
    }
}

/// A share of a number, rounded down.
fn share_of(number: usize, share: f64) -> usize {
    let thousandths = (1..=1000)
        .rev()
        .find(|part| f64::from(*part) <= share * 1000.0);
    number.saturating_mul(thousandths.unwrap_or(0) as usize) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(free_operators: usize, waiting_callers: usize, running: usize) -> usize {
        Limits::default().room(Situation {
            free_operators,
            waiting_callers,
            running,
        })
    }

    #[test]
    fn the_reserve_stays_free() {
        assert_eq!(room(0, 0, 0), 0);
        assert_eq!(room(1, 0, 0), 0);
        assert_eq!(room(2, 0, 0), 1);
        assert_eq!(room(3, 0, 0), 2);
    }

    #[test]
    fn as_long_as_somebody_who_called_us_waits_no_call_begins() {
        assert_eq!(room(10, 1, 0), 0);
    }

    #[test]
    fn our_own_attempts_in_the_queue_are_no_callers() {
        let counted = |free_operators, waiting_callers, begun, queued| {
            let situation = Situation {
                free_operators,
                waiting_callers,
                running: begun,
            };
            let own = Unanswered { begun, queued };
            Limits::default().room(situation.without_own(own))
        };
        assert_eq!(counted(4, 1, 1, 1), 2, "one of us rings, and nobody waits");
        assert_eq!(counted(4, 2, 1, 1), 0, "a caller waits behind us");
        assert_eq!(counted(4, 1, 1, 0), 0, "a caller waits, and we come");
        // Of three who seem free, one is about to be rung, and one stays for callers.
        assert_eq!(counted(3, 0, 1, 0), 1);
        assert_eq!(counted(2, 0, 1, 0), 0);
        // Picked up between two questions.
        assert_eq!(counted(4, 0, 1, 1), 2);
    }

    #[test]
    fn there_are_never_more_than_the_most_nor_more_than_the_share() {
        assert_eq!(room(20, 0, 0), 3);
        assert_eq!(room(20, 0, 2), 1);
        assert_eq!(room(20, 0, 3), 0);
        assert_eq!(room(20, 0, 30), 0);
        // Of four, 0.7 are two.
        assert_eq!(room(2, 0, 2), 0);
    }

    #[test]
    fn one_call_is_always_within_the_share() {
        let careful = Limits {
            share: 0.0,
            ..Limits::default()
        };
        let alone = Situation {
            free_operators: 2,
            ..Situation::default()
        };
        assert_eq!(careful.room(alone), 1);
        let one_runs = Situation {
            running: 1,
            ..alone
        };
        assert_eq!(careful.room(one_runs), 0);
    }
}
