//! What the services were asked this month, in a small file, so that a restart forgets nothing.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::speech::files::Files;
use crate::speech::services::MonthlyBudget;

/// The file, in the directory of the phrases.
const FILE: &str = "budget.json";
/// A warning is given when so much of a budget is used, in percent.
const WARNING: u64 = 80;

/// What all services were asked this month.
pub(in crate::speech) struct Ledger {
    files: Arc<Files>,
    path: PathBuf,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    pages: Pages,
    /// Services that were said to be at their end this month.
    ended: HashSet<String>,
}

/// What is in the file.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
struct Pages {
    /// Such as `2026-11`.
    month: String,
    /// For each service.
    used: BTreeMap<String, Used>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
struct Used {
    characters: u64,
    requests: u64,
}

/// What became of a request for money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spending {
    Allowed,
    /// Allowed, and the first to pass the mark of the warning.
    MostIsUsed,
    /// Refused, the first time this month.
    Ended,
    /// Refused again.
    Refused,
}

impl Ledger {
    /// Reads what was used. A damaged file is as none: speaking goes on, and the log tells.
    pub(super) fn open(files: Arc<Files>) -> Self {
        let path = files.named(FILE);
        let pages = std::fs::read(&path).ok().and_then(|file| {
            let pages = serde_json::from_slice(&file);
            if pages.is_err() {
                tracing::error!(
                    path = %path.display(),
                    "the file is damaged: what the speech services were asked this month is counted \
                     from nothing"
                );
            }
            pages.ok()
        });
        let book = Book {
            pages: pages.unwrap_or_default(),
            ended: HashSet::new(),
        };
        Self {
            files,
            path,
            book: Mutex::new(book),
        }
    }

    /// Counts a request before it is sent. False if the budget does not allow it.
    pub(super) fn spend(&self, service: &str, budget: MonthlyBudget, characters: u64) -> bool {
        let (limit, unit) = (budget.limit(), budget.unit());
        match self.spend_in(&this_month(), service, budget, characters) {
            Spending::Allowed => true,
            Spending::MostIsUsed => {
                tracing::warn!(
                    service,
                    limit,
                    unit,
                    "{WARNING} % of the month's budget is used"
                );
                true
            }
            Spending::Ended => {
                tracing::error!(
                    service,
                    limit,
                    unit,
                    "the month's budget is used up: the next voice speaks until the month ends (UTC)"
                );
                false
            }
            Spending::Refused => false,
        }
    }

    fn spend_in(
        &self,
        month: &str,
        service: &str,
        budget: MonthlyBudget,
        characters: u64,
    ) -> Spending {
        let mut book = self.book();
        book.turn_to(month);
        let used = book.pages.used.entry(service.to_owned()).or_default();
        let before = *used;
        used.add(characters);
        let (was, is, limit) = (before.of(budget), used.of(budget), budget.limit());
        if is > limit {
            *used = before;
            if book.ended.insert(service.to_owned()) {
                return Spending::Ended;
            }
            return Spending::Refused;
        }
        self.write(&book);
        let warned_at = limit.saturating_mul(WARNING).div_ceil(100);
        if was < warned_at && is >= warned_at {
            return Spending::MostIsUsed;
        }
        Spending::Allowed
    }

    /// The request cost nothing after all.
    pub(super) fn give_back(&self, service: &str, characters: u64) {
        let mut book = self.book();
        if let Some(used) = book.pages.used.get_mut(service) {
            used.characters = used.characters.saturating_sub(characters);
            used.requests = used.requests.saturating_sub(1);
        }
        self.write(&book);
    }

    /// Whether the budget is known to be at its end.
    pub(super) fn is_spent(&self, service: &str) -> bool {
        let mut book = self.book();
        book.turn_to(&this_month());
        book.ended.contains(service)
    }

    /// Whole or not at all. In order, for the book is locked.
    fn write(&self, book: &Book) {
        let written = serde_json::to_vec(&book.pages)
            .map_err(|error| error.to_string())
            .and_then(|file| {
                self.files
                    .write(&self.path, &file)
                    .map_err(|error| error.to_string())
            });
        if let Err(error) = written {
            tracing::warn!("what the speech services were asked can't be kept: {error}");
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn turn_to(&mut self, month: &str) {
        // A clock that was set back gives nothing back.
        if self.pages.month.as_str() < month {
            *self = Self::default();
            self.pages.month = month.to_owned();
        }
    }
}

impl Used {
    fn add(&mut self, characters: u64) {
        self.characters = self.characters.saturating_add(characters);
        self.requests = self.requests.saturating_add(1);
    }

    fn of(self, budget: MonthlyBudget) -> u64 {
        match budget {
            MonthlyBudget::Characters(_) => self.characters,
            MonthlyBudget::Requests(_) => self.requests,
        }
    }
}

impl MonthlyBudget {
    fn limit(self) -> u64 {
        match self {
            Self::Characters(limit) | Self::Requests(limit) => limit,
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Characters(_) => "characters",
            Self::Requests(_) => "requests",
        }
    }
}

fn this_month() -> String {
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    format!("{:04}-{:02}", now.year(), now.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: MonthlyBudget = MonthlyBudget::Characters(100);

    fn ledger(directory: &tempfile::TempDir) -> Ledger {
        Ledger::open(Arc::new(Files::open(directory.path()).unwrap()))
    }

    #[test]
    fn a_request_beyond_the_budget_is_not_sent_and_not_counted() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let steps = [
            (60, Spending::Allowed),
            (41, Spending::Ended),
            (40, Spending::MostIsUsed),
            (1, Spending::Refused),
        ];
        for (characters, expected) in steps {
            let spending = ledger.spend_in("2026-11", "a", BUDGET, characters);
            assert_eq!(spending, expected, "{characters}");
        }
        let other = ledger.spend_in("2026-11", "b", BUDGET, 79);
        assert_eq!(other, Spending::Allowed, "each has its own");
    }

    #[test]
    fn a_warning_is_given_once_at_eighty_percent() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let spending =
            [79, 1, 1].map(|characters| ledger.spend_in("2026-11", "a", BUDGET, characters));
        let expected = [Spending::Allowed, Spending::MostIsUsed, Spending::Allowed];
        assert_eq!(spending, expected);
    }

    #[test]
    fn a_new_month_begins_anew_and_a_clock_that_is_set_back_gives_nothing_back() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let steps = [
            ("2026-11", 90, Spending::MostIsUsed),
            ("2026-12", 90, Spending::MostIsUsed),
            ("2026-11", 20, Spending::Ended),
            ("2027-01", 20, Spending::Allowed),
        ];
        for (month, characters, expected) in steps {
            let spending = ledger.spend_in(month, "a", BUDGET, characters);
            assert_eq!(spending, expected, "{month}");
        }
    }

    #[test]
    fn requests_are_counted_too() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let budget = MonthlyBudget::Requests(2);
        let spending = [(); 3].map(|()| ledger.spend_in("2026-11", "a", budget, 1000));
        let expected = [Spending::Allowed, Spending::MostIsUsed, Spending::Ended];
        assert_eq!(spending, expected);
    }

    #[test]
    fn a_restart_forgets_nothing_and_a_new_month_begins_at_nothing() {
        let directory = tempfile::tempdir().unwrap();
        ledger(&directory).spend_in("2026-11", "a", BUDGET, 100);
        let reopened = ledger(&directory);
        assert_eq!(
            reopened.spend_in("2026-11", "a", BUDGET, 1),
            Spending::Ended
        );
        assert_eq!(
            reopened.spend_in("2026-12", "a", BUDGET, 79),
            Spending::Allowed
        );
    }

    #[test]
    fn what_cost_nothing_is_given_back() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        ledger.spend_in("2026-11", "a", BUDGET, 79);
        ledger.give_back("a", 79);
        assert_eq!(
            ledger.spend_in("2026-11", "a", BUDGET, 79),
            Spending::Allowed
        );
    }

    #[test]
    fn a_damaged_file_is_as_none() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(FILE), b"{\"month\":").unwrap();
        let spending = ledger(&directory).spend_in("2026-11", "a", BUDGET, 79);
        assert_eq!(spending, Spending::Allowed);
    }
}
