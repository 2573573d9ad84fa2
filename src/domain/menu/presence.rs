//! Who can be offered at this moment: whose telephone would ring.

use super::super::directory::Entry;

/// A telephone, at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It would ring.
    Free,
    /// Its owner is talking, or is being called.
    Busy,
    /// It is not there.
    Absent,
    /// Nobody knows, so it is tried.
    Unknown,
}

impl Presence {
    /// Somebody with several telephones: who talks on one of them is talking, who has one that may ring
    /// can be reached.
    pub fn of_all(telephones: impl IntoIterator<Item = Self>) -> Self {
        let rank = |presence: &Self| match presence {
            Self::Absent => 0,
            Self::Unknown => 1,
            Self::Free => 2,
            Self::Busy => 3,
        };
        let most = telephones.into_iter().max_by_key(rank);
        most.unwrap_or(Self::Unknown)
    }

    /// Whether its owner is offered.
    fn is_offered(self) -> bool {
        match self {
            Self::Free | Self::Unknown => true,
            Self::Busy | Self::Absent => false,
        }
    }
}

/// Those who can be reached now, in their order.
pub fn reachable(wanted: impl IntoIterator<Item = (Entry, Presence)>) -> Vec<Entry> {
    let offered = wanted.into_iter().filter(|(_, now)| now.is_offered());
    offered.map(|(entry, _)| entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::menu::tests::employee;

    #[test]
    fn who_talks_on_one_telephone_is_busy_and_who_has_one_that_rings_is_there() {
        let cases = [
            (vec![Presence::Absent, Presence::Free], Presence::Free),
            (vec![Presence::Free, Presence::Busy], Presence::Busy),
            (vec![Presence::Unknown, Presence::Absent], Presence::Unknown),
            (vec![Presence::Absent], Presence::Absent),
            (vec![], Presence::Unknown),
        ];
        for (telephones, expected) in cases {
            assert_eq!(Presence::of_all(telephones), expected);
        }
    }

    #[test]
    fn who_is_talking_or_away_is_not_offered_and_the_others_keep_their_order() {
        let wanted = [
            ("a", Presence::Busy),
            ("b", Presence::Unknown),
            ("c", Presence::Absent),
            ("d", Presence::Free),
        ];
        let wanted = wanted.map(|(id, now)| (employee(id, "34"), now));
        let offered = reachable(wanted);
        let ids: Vec<_> = offered.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids, ["b", "d"]);
    }
}
