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
mod tests;
