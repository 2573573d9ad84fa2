//! The people a caller most likely wants, best first.

use std::cmp::Ordering;
use std::collections::HashMap;

use jiff::Timestamp;

use super::id::{ClientId, EmployeeId, EventId};
use super::record::ClientRecord;
use super::rules::Rules;
use super::score::{Contribution, contributions};
use super::staff::{Staff, Withheld};

/// The answer to: whom does this caller want?
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// The moment it was asked for.
    pub at: Timestamp,
    /// The client it is about. `None` if the telephone belongs to nobody we know or to several: then
    /// no client's name may be announced.
    pub client: Option<ClientId>,
    /// Everybody with a score, best first, also those who are not offered.
    pub candidates: Vec<Candidate>,
}

/// One employee of a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Who.
    pub employee: EmployeeId,
    /// The sum of the contributions, in points.
    pub score: f64,
    /// What the score is made of, greatest first.
    pub contributions: Vec<Contribution>,
    /// Whether they may be offered, or why not.
    pub offer: Result<(), Withheld>,
}

/// Ranks the people that one caller may want, from what happened before `now`.
///
/// `clients` are the clients that the caller's telephone belongs to, each with their record; what
/// they share adds up. Of two equal scores, the one with the more recent event is first.
#[must_use]
pub fn rank(
    clients: &[(&ClientId, &ClientRecord)],
    rules: &Rules,
    staff: &Staff,
    now: Timestamp,
) -> Ranking {
    let mut by_account: HashMap<&EmployeeId, Vec<Contribution>> = HashMap::new();
    for (_, record) in clients {
        for (account, contribution) in contributions(record, rules, staff, now) {
            by_account.entry(account).or_default().push(contribution);
        }
    }
    let mut by_employee: HashMap<&EmployeeId, Vec<Contribution>> = HashMap::new();
    for (account, contributions) in by_account {
        let responsible = staff.responsible(account, now);
        by_employee
            .entry(responsible)
            .or_default()
            .extend(contributions);
    }
    let mut tallies: Vec<Tally> = by_employee.into_iter().filter_map(Tally::new).collect();
    tallies.sort_unstable_by(Tally::order);
    let candidates = tallies.into_iter().map(|tally| tally.candidate(staff, now));
    Ranking {
        at: now,
        client: the_only_one(clients),
        candidates: candidates.collect(),
    }
}

impl Ranking {
    /// Those who may be offered, best first.
    pub fn offered(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates
            .iter()
            .filter(|candidate| candidate.offer.is_ok())
    }

    /// The first `longest` of those who may be offered. A shorter list is topped up from `others`,
    /// in their order, as far as they may be offered themselves.
    #[must_use]
    pub fn choices<'a>(
        &'a self,
        longest: usize,
        others: impl IntoIterator<Item = &'a EmployeeId>,
        staff: &'a Staff,
    ) -> Vec<&'a EmployeeId> {
        let own = self.offered().map(|candidate| &candidate.employee);
        let mut choices: Vec<_> = own.take(longest).collect();
        for other in others {
            if choices.len() >= longest {
                break;
            }
            let other = staff.responsible(other, self.at);
            if !choices.contains(&other) && staff.may_be_offered(other, self.at).is_ok() {
                choices.push(other);
            }
        }
        choices
    }
}

fn the_only_one(clients: &[(&ClientId, &ClientRecord)]) -> Option<ClientId> {
    let clients = clients.iter().map(|(client, _)| *client);
    let mut known = clients.filter(|client| !client.is_a_phone());
    let only = known.next()?;
    known.next().is_none().then(|| only.clone())
}

/// One employee before the order is known.
struct Tally {
    employee: EmployeeId,
    score: f64,
    latest: (Timestamp, EventId),
    contributions: Vec<Contribution>,
}

impl Tally {
    /// Adds up in one order, that of the events: the sum of the same numbers is then the same to the
    /// last bit, whatever the order of the clients.
    fn new((employee, mut contributions): (&EmployeeId, Vec<Contribution>)) -> Option<Self> {
        contributions.sort_unstable_by(|a, b| (b.time, &b.event).cmp(&(a.time, &a.event)));
        let latest = contributions.first()?;
        let latest = (latest.time, latest.event.clone());
        let score = contributions.iter().map(|one| one.points).sum();
        contributions.sort_by(|a, b| b.points.total_cmp(&a.points));
        Some(Self {
            employee: employee.clone(),
            score,
            latest,
            contributions,
        })
    }

    fn order(a: &Self, b: &Self) -> Ordering {
        b.score
            .total_cmp(&a.score)
            .then_with(|| b.latest.cmp(&a.latest))
            .then_with(|| a.employee.cmp(&b.employee))
    }

    fn candidate(self, staff: &Staff, now: Timestamp) -> Candidate {
        let offer = staff.may_be_offered(&self.employee, now);
        Candidate {
            employee: self.employee,
            score: self.score,
            contributions: self.contributions,
            offer,
        }
    }
}
