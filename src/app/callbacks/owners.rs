//! Whose own telephone can be rung for a job of theirs, and which telephones these are.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::future::join_all;
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
    /// Those of the employees whose work can be done now: whoever does it is at work, is not about to be
    /// rung for one of `running`, and has a telephone that would ring.
    pub(super) async fn free(
        &self,
        asked: HashSet<EmployeeId>,
        running: HashSet<EmployeeId>,
    ) -> HashSet<EmployeeId> {
        let at = Timestamp::now();
        let rung = running.iter().filter_map(|id| self.callers.at_work(id, at));
        let mut taken: HashSet<EmployeeId> = rung.map(|entry| entry.id).collect();
        let mut wanted = Vec::new();
        for owner in asked {
            // Who does the work of two is rung for one of them.
            if let Some(entry) = self.callers.at_work(&owner, at)
                && taken.insert(entry.id.clone())
            {
                wanted.push((owner, entry));
            }
        }
        let asking = wanted.into_iter().map(|(owner, entry)| async {
            let reachable = self.telephones.reachable(None, vec![entry]).await;
            (!reachable.offered.is_empty()).then_some(owner)
        });
        join_all(asking).await.into_iter().flatten().collect()
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
    use jiff::tz::TimeZone;

    use super::*;
    use crate::TestResult;
    use crate::ari::{self, Requests};
    use crate::callers;
    use crate::domain::callback::{Destination, JobId, Owner, Wanted};
    use crate::domain::directory::{EmployeeCard, Extension, Name};
    use crate::domain::rating::{self, Employee};
    use crate::store::{self, Change, Store};

    fn id(text: &str) -> TestResult<EmployeeId> {
        Ok(EmployeeId::parse(text)?)
    }

    fn ids<const N: usize>(all: [&str; N]) -> TestResult<HashSet<EmployeeId>> {
        all.into_iter().map(id).collect()
    }

    fn employee(who: &str, extension: &str, duty: Employee) -> TestResult<Change> {
        let card = Box::new(EmployeeCard {
            name: Name::Department("Anybody".to_owned()),
            gender: None,
            extension: Some(Extension::parse(extension)?),
            endpoints: Vec::new(),
            language: None,
            duty,
        });
        Ok(Change::PutEmployee {
            id: id(who)?,
            card,
            version: 1,
        })
    }

    /// Anna and Boris, who does Vera's work since she left. No Asterisk tells of telephones, so all are
    /// tried.
    async fn anna_and_boris(directory: &tempfile::TempDir) -> TestResult<Owners> {
        let place = store::Settings::new(directory.path().join("store"), TimeZone::UTC);
        let store = Store::open(&place)?.store;
        let left = Employee {
            until: Some(Timestamp::UNIX_EPOCH),
            successor: Some(id("boris")?),
            ..Employee::default()
        };
        let people = vec![
            employee("anna", "35", Employee::default())?,
            employee("boris", "36", Employee::default())?,
            employee("vera", "37", left)?,
        ];
        store.write(people).await?;
        let settings = callers::Settings {
            rules: rating::Rules::default(),
            departments: Vec::new(),
            longest_menu: 3,
        };
        let nowhere = ari::Settings::new("http://127.0.0.1:1/ari", "nobody", ari::Secret::new(""));
        Ok(Owners {
            callers: Arc::new(Callers::new(store, settings)),
            telephones: Telephones {
                requests: Requests::new(&nowhere)?,
                says_busy: false,
            },
        })
    }

    #[tokio::test]
    async fn nobody_is_rung_for_two_jobs_at_once() -> TestResult {
        let directory = tempfile::tempdir()?;
        let owners = anna_and_boris(&directory).await?;
        let all = ids(["anna", "boris", "nobody"])?;
        assert_eq!(owners.free(all, ids([])?).await, ids(["anna", "boris"])?);
        let free = owners.free(ids(["boris", "vera"])?, ids([])?).await;
        assert_eq!(free.len(), 1, "both are Boris's");
        let free = owners.free(ids(["anna", "vera"])?, ids(["boris"])?).await;
        assert_eq!(free, ids(["anna"])?);
        Ok(())
    }

    #[test]
    fn a_job_is_its_owners_until_it_is_released() -> TestResult {
        let extension = Extension::parse("99")?;
        let now = Timestamp::UNIX_EPOCH;
        let mut wanted = Wanted::new(JobId::parse("7")?, Destination::Extension(extension));
        let anybodys = Job::new(wanted.clone(), now);
        assert_eq!(Owners::of(&anybodys, now), None);
        let anna = id("anna")?;
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
        Ok(())
    }
}
