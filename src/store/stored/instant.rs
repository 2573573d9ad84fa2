//! Moments, and the time between them in as few bytes as its precision allows.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Unreadable, damaged};

const NANOS: u64 = 1_000_000_000;

/// A moment: seconds since 1970 and nanoseconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct StoredInstant(i64, i32);

impl From<Timestamp> for StoredInstant {
    fn from(moment: Timestamp) -> Self {
        Self(moment.as_second(), moment.subsec_nanosecond())
    }
}

impl TryFrom<StoredInstant> for Timestamp {
    type Error = Unreadable;

    fn try_from(StoredInstant(seconds, nanos): StoredInstant) -> Result<Self, Unreadable> {
        Self::new(seconds, nanos).map_err(damaged)
    }
}

/// A time that is not negative: the amount, and in the last two bits its unit, the greatest one that
/// loses nothing (seconds, milliseconds, microseconds, nanoseconds).
pub(super) fn ticks(time: SignedDuration) -> u128 {
    let seconds = u128::from(time.as_secs().unsigned_abs());
    let nanos = time.subsec_nanos().unsigned_abs();
    let (a_second, rest, unit) = match nanos {
        0 => (1, 0, 0),
        nanos if nanos % 1_000_000 == 0 => (1_000, nanos / 1_000_000, 1),
        nanos if nanos % 1_000 == 0 => (1_000_000, nanos / 1_000, 2),
        nanos => (NANOS, nanos, 3),
    };
    (seconds * u128::from(a_second) + u128::from(rest)) << 2 | unit
}

/// The time again.
pub(super) fn time(ticks: u128) -> Result<SignedDuration, Unreadable> {
    let a_second = match ticks & 3 {
        0 => 1,
        1 => 1_000,
        2 => 1_000_000,
        _ => NANOS,
    };
    let amount = ticks >> 2;
    let (seconds, rest) = match u64::try_from(amount) {
        // By far the most common one, and much faster.
        Ok(amount) => (u128::from(amount / a_second), amount % a_second),
        Err(_) => {
            let a_second = u128::from(a_second);
            let rest = u64::try_from(amount % a_second).map_err(damaged)?;
            (amount / a_second, rest)
        }
    };
    let seconds = i64::try_from(seconds).map_err(damaged)?;
    let nanos = i32::try_from(rest * (NANOS / a_second)).map_err(damaged)?;
    Ok(SignedDuration::new(seconds, nanos))
}
