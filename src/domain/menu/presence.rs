//! Who can be offered at this moment: whose telephone would ring.

use super::super::directory::Entry;
use super::super::rating::EmployeeId;

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
}

/// Who can be offered of those who were asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// In their order.
    pub offered: Vec<Entry>,
    /// Those among them who are talking, and are worth a wait.
    pub busy: Vec<EmployeeId>,
}

impl Asked {
    /// Nobody is known to be talking.
    #[must_use]
    pub fn all_free(offered: Vec<Entry>) -> Self {
        Self {
            offered,
            busy: Vec::new(),
        }
    }
}

/// Sorts out who can be reached now, or is talking if `says_busy`.
pub fn asked(wanted: impl IntoIterator<Item = (Entry, Presence)>, says_busy: bool) -> Asked {
    let mut asked = Asked::default();
    for (entry, presence) in wanted {
        match presence {
            Presence::Free | Presence::Unknown => asked.offered.push(entry),
            Presence::Busy if says_busy => {
                asked.busy.push(entry.id.clone());
                asked.offered.push(entry);
            }
            Presence::Busy | Presence::Absent => {}
        }
    }
    asked
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

    fn of_four(says_busy: bool) -> (Vec<String>, Vec<String>) {
        let wanted = [
            ("a", Presence::Busy),
            ("b", Presence::Unknown),
            ("c", Presence::Absent),
            ("d", Presence::Free),
        ];
        let asked = asked(wanted.map(|(id, now)| (employee(id, "34"), now)), says_busy);
        let offered = asked
            .offered
            .iter()
            .map(|entry| entry.id.as_str().to_owned());
        let busy = asked.busy.iter().map(|id| id.as_str().to_owned());
        (offered.collect(), busy.collect())
    }

    #[test]
    fn who_is_talking_or_away_is_not_offered_and_the_others_keep_their_order() {
        let expected = ["b", "d"].map(str::to_owned).to_vec();
        assert_eq!(of_four(false), (expected, vec![]));
    }

    #[test]
    fn who_is_talking_keeps_their_place_if_that_is_to_be_said() {
        let offered = ["a", "b", "d"].map(str::to_owned).to_vec();
        assert_eq!(of_four(true), (offered, vec!["a".to_owned()]));
    }
}
