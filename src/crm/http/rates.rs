//! How many requests may come in a second: of each token, and of each address without one.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::crm::settings::Limits;

/// What one address may ask in a second without a valid token.
const STRANGERS: NonZeroU32 = NonZeroU32::new(2).unwrap();

/// What one address may ask at once without a valid token.
const STRANGERS_AT_ONCE: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// After so many questions those are forgotten who have been quiet.
const TIDY_AFTER: u32 = 1024;

/// All rates.
pub(super) struct Rates {
    tokens: Rate<String>,
    strangers: Rate<IpAddr>,
}

/// One rate, counted for each key.
struct Rate<K: Clone + Eq + Hash> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
    asked: AtomicU32,
}

impl Rates {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            tokens: Rate::new(limits.rate, limits.burst),
            strangers: Rate::new(STRANGERS, STRANGERS_AT_ONCE),
        }
    }

    /// How long the holder of a token has to wait, if they have to.
    pub(super) fn token(&self, id: &str) -> Result<(), Duration> {
        self.tokens.ask(&id.to_owned())
    }

    /// How long somebody without a token has to wait, if they have to.
    pub(super) fn stranger(&self, address: IpAddr) -> Result<(), Duration> {
        self.strangers.ask(&network(address))
    }
}

impl<K: Clone + Eq + Hash> Rate<K> {
    fn new(a_second: NonZeroU32, at_once: NonZeroU32) -> Self {
        Self {
            limiter: RateLimiter::hashmap(Quota::per_second(a_second).allow_burst(at_once)),
            clock: DefaultClock::default(),
            asked: AtomicU32::new(0),
        }
    }

    fn ask(&self, key: &K) -> Result<(), Duration> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % TIDY_AFTER == TIDY_AFTER - 1 {
            self.limiter.retain_recent();
        }
        let answer = self.limiter.check_key(key);
        answer.map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

/// One network of IPv6 has more addresses than anybody can count.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => IpAddr::V4(address),
            None => {
                let prefix = address.to_bits() >> 64 << 64;
                IpAddr::V6(Ipv6Addr::from_bits(prefix))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_of_ipv6_is_one_stranger() {
        let rates = Rates::new(&Limits::default());
        let first: IpAddr = "2001:db8::1".parse().unwrap();
        for _ in 0..STRANGERS_AT_ONCE.get() {
            rates.stranger(first).unwrap();
        }
        assert!(rates.stranger("2001:db8::ffff".parse().unwrap()).is_err());
        assert!(rates.stranger("2001:db8:0:1::1".parse().unwrap()).is_ok());
        assert!(rates.stranger("192.0.2.1".parse().unwrap()).is_ok());
    }

    #[test]
    fn whoever_has_been_quiet_is_forgotten() {
        let rate = Rate::<u32>::new(NonZeroU32::MAX, NonZeroU32::MAX);
        for key in 0..100_000 {
            let _ = rate.ask(&key);
        }
        assert!(rate.limiter.len() <= TIDY_AFTER as usize * 2);
    }
}
