//! The jobs that can be called: a lane for each local time and each owner, in the order of rank.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::entry::Rank;
use crate::domain::callback::{Hours, Stretch};
use crate::domain::rating::EmployeeId;

/// Which lane.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Lane {
    /// The local time of those who are called.
    pub(super) zone: u16,
    /// Whose jobs these are; `None`: anybody's.
    pub(super) owner: Option<EmployeeId>,
}

/// All lanes. None of them is empty.
#[derive(Debug)]
pub(super) struct Lanes {
    lanes: HashMap<Lane, BTreeSet<Rank>>,
    zones: Vec<Zone>,
}

/// A local time, and what is known about its hours.
#[derive(Debug)]
struct Zone {
    zone: TimeZone,
    /// Since when it holds, and what.
    known: Option<(Timestamp, Stretch)>,
}

impl Zone {
    fn stretch(&mut self, now: Timestamp, hours: &Hours) -> Stretch {
        if let Some((since, stretch)) = self.known
            && (since..stretch.until).contains(&now)
        {
            return stretch;
        }
        let stretch = hours.stretch(now, &self.zone);
        self.known = Some((now, stretch));
        stretch
    }
}

impl Lanes {
    /// The first local time is that of those whose own is not known.
    pub(super) fn new(zone: TimeZone) -> Self {
        Self {
            lanes: HashMap::new(),
            zones: vec![Zone { zone, known: None }],
        }
    }

    /// The number of a local time.
    pub(super) fn zone(&mut self, zone: Option<&TimeZone>) -> u16 {
        let Some(wanted) = zone else { return 0 };
        let known = self.zones.iter().position(|one| one.zone == *wanted);
        let number = known.unwrap_or_else(|| {
            self.zones.push(Zone {
                zone: wanted.clone(),
                known: None,
            });
            self.zones.len() - 1
        });
        // There are a few hundred local times in the world.
        u16::try_from(number).unwrap_or(0)
    }

    /// How many jobs are in them.
    pub(super) fn len(&self) -> usize {
        self.lanes.values().map(BTreeSet::len).sum()
    }

    pub(super) fn insert(&mut self, lane: &Lane, rank: Rank) {
        self.lanes.entry(lane.clone()).or_default().insert(rank);
    }

    pub(super) fn remove(&mut self, lane: &Lane, rank: Rank) {
        if let Some(ranks) = self.lanes.get_mut(lane) {
            ranks.remove(&rank);
            if ranks.is_empty() {
                self.lanes.remove(lane);
            }
        }
    }

    /// The first in rank of all lanes that are open and whose jobs somebody can take.
    pub(super) fn first(
        &mut self,
        now: Timestamp,
        hours: &Hours,
        may_take: &impl Fn(Option<&EmployeeId>) -> bool,
    ) -> Option<Rank> {
        let zones = &mut self.zones;
        let mut is_open = |zone: u16| {
            let zone = zones.get_mut(usize::from(zone));
            zone.is_some_and(|zone| zone.stretch(now, hours).open)
        };
        let lanes = self.lanes.iter();
        let open = lanes.filter(|(lane, _)| is_open(lane.zone) && may_take(lane.owner.as_ref()));
        open.filter_map(|(_, ranks)| ranks.first().copied()).min()
    }

    /// When the next lane opens that is not open.
    pub(super) fn open_next(&mut self, now: Timestamp, hours: &Hours) -> Option<Timestamp> {
        let zones = &mut self.zones;
        let stretches = self.lanes.keys().filter_map(|lane| {
            let zone = zones.get_mut(usize::from(lane.zone))?;
            Some(zone.stretch(now, hours))
        });
        let closed = stretches.filter(|stretch| !stretch.open);
        closed.map(|stretch| stretch.until).min()
    }
}
