//! The methods without parameters: whom a client dealt with most often or last, and who is busy in
//! general.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use super::log::Row;
use crate::domain::rating::{ClientId, EmployeeId};

/// Whom each client has dealt with.
#[derive(Default)]
pub(super) struct Pairs {
    by_client: HashMap<ClientId, Vec<Pair>>,
    shown: u64,
}

struct Pair {
    employee: EmployeeId,
    count: u64,
    /// The number of the latest row: of two rows at one moment, the later one is the more recent.
    latest: u64,
}

impl Pairs {
    pub(super) fn show(&mut self, row: &Row) {
        self.shown += 1;
        if !self.by_client.contains_key(&row.client) {
            self.by_client.insert(row.client.clone(), Vec::new());
        }
        let Some(pairs) = self.by_client.get_mut(&row.client) else {
            return;
        };
        let same = |pair: &&mut Pair| pair.employee == row.employee;
        if let Some(pair) = pairs.iter_mut().find(same) {
            pair.count += 1;
            pair.latest = self.shown;
            return;
        }
        pairs.push(Pair {
            employee: row.employee.clone(),
            count: 1,
            latest: self.shown,
        });
    }

    pub(super) fn most_frequent(&self, client: &ClientId, longest: usize) -> Vec<EmployeeId> {
        self.best(client, longest, |pair| (pair.count, pair.latest))
    }

    pub(super) fn most_recent(&self, client: &ClientId, longest: usize) -> Vec<EmployeeId> {
        self.best(client, longest, |pair| (pair.latest, 0))
    }

    fn best(
        &self,
        client: &ClientId,
        longest: usize,
        rank: impl Fn(&Pair) -> (u64, u64),
    ) -> Vec<EmployeeId> {
        let Some(pairs) = self.by_client.get(client) else {
            return Vec::new();
        };
        let mut pairs: Vec<&Pair> = pairs.iter().collect();
        pairs.sort_unstable_by_key(|pair| Reverse(rank(pair)));
        let best = pairs.into_iter().take(longest);
        best.map(|pair| pair.employee.clone()).collect()
    }
}

/// Who has been busiest of late: a count of all events that fades with a half-life.
pub(super) struct Popularity {
    half_life_seconds: f64,
    counts: HashMap<EmployeeId, Count>,
}

struct Count {
    value: f64,
    at: Timestamp,
}

impl Count {
    fn at(&self, now: Timestamp, half_life_seconds: f64) -> f64 {
        let age = now.duration_since(self.at).as_secs_f64();
        self.value * (-age / half_life_seconds).exp2()
    }
}

impl Popularity {
    pub(super) fn with_half_life(period: Duration) -> Self {
        Self {
            half_life_seconds: period.as_secs_f64(),
            counts: HashMap::new(),
        }
    }

    pub(super) fn show(&mut self, row: &Row) {
        if let Some(count) = self.counts.get_mut(&row.employee) {
            count.value = count.at(row.time, self.half_life_seconds) + 1.0;
            count.at = row.time;
            return;
        }
        let count = Count {
            value: 1.0,
            at: row.time,
        };
        self.counts.insert(row.employee.clone(), count);
    }

    /// The busiest, most popular first; equal ones by who was there last, then by id.
    pub(super) fn leaders(&self, now: Timestamp, longest: usize) -> Vec<EmployeeId> {
        let mut all: Vec<(f64, Timestamp, &EmployeeId)> = self
            .counts
            .iter()
            .map(|(employee, count)| (count.at(now, self.half_life_seconds), count.at, employee))
            .collect();
        all.sort_unstable_by(|a, b| {
            b.0.total_cmp(&a.0)
                .then_with(|| (b.1, a.2).cmp(&(a.1, b.2)))
        });
        let leaders = all.into_iter().take(longest);
        leaders.map(|(_, _, employee)| employee.clone()).collect()
    }
}
