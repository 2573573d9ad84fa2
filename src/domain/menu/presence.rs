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
