//! Everything that the methods know at one point of a log.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use super::log::Row;
use super::plain::{Pairs, Popularity};
use crate::domain::rating::{
    Body, ClientId, ClientRecord, EmployeeId, Event, EventId, Happening, Rules, Staff, rank,
};

const DAY: Duration = Duration::from_secs(86_400);

/// Top-1, top-2 and top-3 are counted, so three are enough.
pub(super) const LONGEST: usize = 3;

/// A list of three is full with three of these, even if all that the client knows are among them.
const LEADERS: usize = 2 * LONGEST;

/// What has been shown so far.
pub(super) struct Seen {
    pub(super) pairs: Pairs,
    week: Popularity,
    day: Popularity,
    pub(super) records: HashMap<ClientId, ClientRecord>,
}

/// Those who have been busiest, most popular first.
pub(super) struct Leaders {
    /// With a half-life of seven days, as the reference has it.
    pub(super) of_the_week: Vec<EmployeeId>,
    /// With a half-life of one day: they are more likely to be at work now.
    pub(super) of_the_day: Vec<EmployeeId>,
}

impl Seen {
    pub(super) fn nothing() -> Self {
        Self {
            pairs: Pairs::default(),
            week: Popularity::with_half_life(DAY * 7),
            day: Popularity::with_half_life(DAY),
            records: HashMap::new(),
        }
    }

    pub(super) fn show(&mut self, row: &Row) {
        self.pairs.show(row);
        self.week.show(row);
        self.day.show(row);
        let Some(event) = event(row) else {
            return;
        };
        match self.records.get_mut(&row.client) {
            Some(record) => {
                record.apply(event, row.time);
            }
            None => {
                let mut record = ClientRecord::default();
                record.apply(event, row.time);
                self.records.insert(row.client.clone(), record);
            }
        }
    }

    /// Those that a list is topped up with.
    pub(super) fn leaders(&self, now: Timestamp) -> Leaders {
        Leaders {
            of_the_week: self.week.leaders(now, LEADERS),
            of_the_day: self.day.leaders(now, LEADERS),
        }
    }
}

/// The row as a CRM would have sent it at that moment. Its line is its id, so that of two rows at one
/// moment the later one is the more recent.
fn event(row: &Row) -> Option<Event> {
    Some(Event {
        id: EventId::parse(&format!("{:020}", row.line)).ok()?,
        version: 1,
        time: row.time,
        body: Body::Happened(Happening {
            kind: row.kind.clone(),
            employee: row.employee.clone(),
            case: row.case.clone(),
            phones: Vec::new(),
            about: None,
        }),
    })
}

/// A way to use the rating's engine.
#[derive(Clone, Debug)]
pub(super) struct Engine {
    pub(super) rules: Rules,
    /// Whether a short list is topped up with those who have been busiest
    /// of late.
    pub(super) topped_up: bool,
}

impl Engine {
    pub(super) fn choices(
        &self,
        client: &ClientId,
        record: &ClientRecord,
        staff: &Staff,
        leaders: &Leaders,
        now: Timestamp,
    ) -> Vec<EmployeeId> {
        let ranking = rank(&[(client, record)], &self.rules, staff, now);
        let others: &[EmployeeId] = if self.topped_up {
            &leaders.of_the_day
        } else {
            &[]
        };
        let choices = ranking.choices(LONGEST, others, staff);
        choices.into_iter().cloned().collect()
    }
}
