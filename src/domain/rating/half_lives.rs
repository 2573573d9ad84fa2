//! How the worth of an event fades: a mixture of half-lives.

use std::time::Duration;

/// The most half-lives in one mixture.
const MOST_PARTS: usize = 8;

/// One part of a mixture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfLife {
    /// After this long, half of the part is left.
    pub period: Duration,
    /// How much of the whole the part is, compared with the other parts.
    pub share: f64,
}

/// Several half-lives at once: a short one for what is going on today, a long one for who a client's
/// people are.
#[derive(Clone, Debug, PartialEq)]
pub struct HalfLives(Vec<Part>);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    seconds: f64,
    share: f64,
}

/// What was given is no mixture of half-lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "half-lives are one to {MOST_PARTS} periods longer than zero, each with a share greater than zero"
)]
pub struct NotHalfLives;

impl HalfLives {
    /// A mixture; the shares are made to add up to one.
    ///
    /// # Errors
    /// [`NotHalfLives`] for none, too many, a period of zero, or a share that isn't above zero.
    pub fn new(parts: &[HalfLife]) -> Result<Self, NotHalfLives> {
        let sound =
            |part: &HalfLife| !part.period.is_zero() && part.share.is_finite() && part.share > 0.0;
        let total: f64 = parts.iter().map(|part| part.share).sum();
        let countable = (1..=MOST_PARTS).contains(&parts.len());
        if !countable || !total.is_finite() || !parts.iter().all(sound) {
            return Err(NotHalfLives);
        }
        let parts = parts.iter().map(|part| Part {
            seconds: part.period.as_secs_f64(),
            share: part.share / total,
        });
        Ok(Self(parts.collect()))
    }

    /// Nothing fades: an event is worth the same until it expires.
    #[must_use]
    pub fn forever() -> Self {
        Self(vec![Part {
            seconds: f64::INFINITY,
            share: 1.0,
        }])
    }

    /// The parts: each period in seconds (infinite: it never fades) with its share of one.
    pub fn parts(&self) -> impl Iterator<Item = (f64, f64)> {
        self.0.iter().map(|part| (part.seconds, part.share))
    }

    /// What is left of one after `age_seconds`: from 1 down to 0.
    #[must_use]
    pub fn left_after(&self, age_seconds: f64) -> f64 {
        let left = |part: &Part| part.share * (-age_seconds / part.seconds).exp2();
        self.0.iter().map(left).sum()
    }
}

impl Default for HalfLives {
    /// Four hours, three days and thirty days in the shares 1 : 0.3 : 0.1, which did well on the logs
    /// that were measured.
    fn default() -> Self {
        const HOUR: f64 = 3600.0;
        let parts = [(4.0, 1.0), (72.0, 0.3), (720.0, 0.1)];
        let part = |(hours, share): (f64, f64)| Part {
            seconds: hours * HOUR,
            share: share / 1.4,
        };
        Self(parts.map(part).to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn one(share: f64) -> HalfLife {
        HalfLife { period: DAY, share }
    }

    #[test]
    fn after_one_half_life_a_half_is_left() {
        let day = HalfLives::new(&[one(7.0)]).unwrap();
        assert_eq!(day.left_after(0.0), 1.0);
        assert_eq!(day.left_after(86_400.0), 0.5);
        assert_eq!(day.left_after(3.0 * 86_400.0), 0.125);
    }

    #[test]
    fn a_mixture_begins_at_one_and_each_part_fades_on_its_own() {
        let long = HalfLife {
            period: DAY * 100,
            share: 1.0,
        };
        let mixture = HalfLives::new(&[one(3.0), long]).unwrap();
        assert_eq!(mixture.left_after(0.0), 1.0);
        let after_a_hundred_days = mixture.left_after(100.0 * 86_400.0);
        assert!((after_a_hundred_days - 0.125).abs() < 1e-12);
        assert!((HalfLives::default().left_after(0.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_never_fades_stays_one() {
        assert_eq!(HalfLives::forever().left_after(1e12), 1.0);
    }

    #[test]
    fn what_is_no_mixture_is_refused() {
        let zero = HalfLife {
            period: Duration::ZERO,
            share: 1.0,
        };
        for parts in [
            vec![],
            vec![zero],
            vec![one(0.0)],
            vec![one(-1.0)],
            vec![one(f64::NAN)],
            vec![one(f64::INFINITY)],
            vec![one(f64::MAX), one(f64::MAX)],
            vec![one(1.0); 9],
        ] {
            assert_eq!(HalfLives::new(&parts), Err(NotHalfLives), "{parts:?}");
        }
    }
}
