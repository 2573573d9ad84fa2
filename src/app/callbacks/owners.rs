//! Whose own telephone can be rung for a job of theirs, and which telephones these are.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::app::presence::Telephones;
use crate::callers::Callers;
use crate::domain::callback::Job;
use crate::domain::directory::Entry;
use crate::domain::language::Language;
use crate::domain::rating::EmployeeId;

/// Those who may have jobs of their own.
#[derive(Clone)]
pub(in crate::app) struct Owners {
    pub(in crate::app) callers: Arc<Callers>,
    pub(in crate::app) telephones: Telephones,
}

impl Owners {
    /// Those of the employees who are at work and whose telephones would ring now.
    pub(super) async fn free(&self, asked: HashSet<EmployeeId>) -> HashSet<EmployeeId> {
        let mut free = HashSet::new();
        for owner in asked {
            // One by one: whoever has another's work to do is found by that one's name.
            let Some(entry) = self.callers.at_work(&owner, Timestamp::now()) else {
                continue;
            };
            let reachable = self.telephones.reachable(vec![entry]).await;
            if !reachable.offered.is_empty() {
                free.insert(owner);
            }
        }
        free
    }

    /// Whose call a job is at this moment; `None` if it is anybody's.
    pub(super) fn of(job: &Job, at: Timestamp) -> Option<&EmployeeId> {
        let owner = job.wanted.owner.as_ref()?;
        let is_theirs = owner.released.is_none_or(|released| released > at);
        is_theirs.then_some(&owner.employee)
    }

    /// Whom to ring for an owner; `None` if they can't be rung any more.
    pub(super) fn reached(&self, owner: &EmployeeId) -> Option<(Entry, Option<Language>)> {
        let entry = self.callers.at_work(owner, Timestamp::now())?;
        let company = self.callers.company();
        let language = company.card(&entry.id).and_then(|card| card.language);
        Some((entry, language))
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::domain::callback::{Destination, JobId, Owner, Wanted};
    use crate::domain::directory::Extension;

    #[test]
    fn a_job_is_its_owners_until_it_is_released() {
        let extension = Extension::parse("99").unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let mut wanted = Wanted::new(
            JobId::parse("7").unwrap(),
            Destination::Extension(extension),
        );
        let anybodys = Job::new(wanted.clone(), now);
        assert_eq!(Owners::of(&anybodys, now), None);
        let anna = EmployeeId::parse("anna").unwrap();
        let hour = SignedDuration::from_hours(1);
        wanted.owner = Some(Owner {
            employee: anna.clone(),
            released: Some(now + hour),
        });
        let job = Job::new(wanted.clone(), now);
        assert_eq!(Owners::of(&job, now), Some(&anna));
        assert_eq!(Owners::of(&job, now + hour), None);
        wanted.owner = Some(Owner {
            employee: anna.clone(),
            released: None,
        });
        let job = Job::new(wanted, now);
        assert_eq!(Owners::of(&job, now + hour * 1000), Some(&anna));
    }
}
