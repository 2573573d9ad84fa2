//! What is measured while the host of this machine gives its processors to others is worth little: such
//! times are waited for to pass, and what fell into one is measured again.

use std::hint;
use std::thread;
use std::time::{Duration, Instant};

use super::outcomes::milliseconds;
use super::{processes, say};

/// For so long all processors are given work, to see whether they are ours.
const PROBE: Duration = Duration::from_secs(3);
/// In pieces, with pauses that are as long, as calls do: who never sleeps is seldom made to wait.
const PIECE: Duration = Duration::from_millis(1);
/// Between two looks.
const BETWEEN: Duration = Duration::from_secs(9);

/// When a measurement counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calm {
    /// What others may take meanwhile, in milliseconds a second, all processors together.
    pub(crate) most_taken: f64,
    /// How often it is made at most, the first time included.
    pub(crate) tries: usize,
    /// How long a time in which others take more is waited for to pass.
    pub(crate) patience: Duration,
}

impl Calm {
    /// Waits until the machine is ours, or for as long as is bearable.
    pub(crate) fn wait(self) {
        let begun = Instant::now();
        let mut said = false;
        while begun.elapsed() < self.patience {
            let taken = taken_at_work();
            if taken <= self.most_taken {
                return;
            }
            if !said {
                say(&format!(
                    "others take {taken:.0} ms/s of the processors; waiting until it is less, {:.0} s at most",
                    self.patience.as_secs_f64()
                ));
                said = true;
            }
            thread::sleep(BETWEEN);
        }
    }

    /// Measures until little enough was taken. If it never was, that counts of which least was. Nothing else
    /// about a measurement decides. Also says how often it was made again.
    pub(crate) fn measure<T, E>(
        self,
        taken: fn(&T) -> f64,
        mut measure: impl FnMut() -> Result<T, E>,
    ) -> Result<(T, usize), E> {
        let mut calmest = measure()?;
        let mut again = 0;
        while taken(&calmest) > self.most_taken && again + 1 < self.tries {
            say("others took too much meanwhile: measured again");
            let next = measure()?;
            again += 1;
            if taken(&next) < taken(&calmest) {
                calmest = next;
            }
        }
        Ok((calmest, again))
    }
}

/// What others take while all processors have work, in milliseconds a second. An idle machine does not show it.
fn taken_at_work() -> f64 {
    let (_, before) = processes::idle_and_stolen();
    let end = Instant::now() + PROBE;
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while Instant::now() < end {
                    work(PIECE);
                    thread::sleep(PIECE);
                }
            });
        }
    });
    let (_, after) = processes::idle_and_stolen();
    milliseconds(after.saturating_sub(before)) / PROBE.as_secs_f64()
}

fn work(time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        hint::spin_loop();
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// Of measurements in which so much is taken, what counts, and how often it was made again.
    fn measured(taken: &[f64]) -> (f64, usize) {
        let calm = Calm {
            most_taken: 50.0,
            tries: 3,
            patience: Duration::ZERO,
        };
        let mut taken = taken.iter().copied();
        let next = || Ok::<_, Infallible>(taken.next().unwrap_or(f64::NAN));
        let Ok(measured) = calm.measure(|taken| *taken, next);
        measured
    }

    #[test]
    fn what_is_calm_is_measured_once() {
        assert_eq!(measured(&[50.0]), (50.0, 0));
    }

    #[test]
    fn what_is_not_is_measured_until_it_is() {
        assert_eq!(measured(&[51.0, 10.0]), (10.0, 1));
    }

    #[test]
    fn if_it_never_is_the_calmest_counts() {
        assert_eq!(measured(&[90.0, 60.0, 70.0]), (60.0, 2));
    }
}
