//! A ranking's reasons in words, for those who look after it. Callers never hear them.

mod english;
mod russian;

use std::time::Duration;

use jiff::Timestamp;

use super::cases::CaseState;
use super::ranking::{Candidate, Ranking};
use super::rules::Rules;
use super::score::Contribution;
use super::staff::{Staff, Withheld};
use crate::domain::language::Language;

/// The most contributions that are told one by one; the others are told as one sum.
const MOST_TOLD: usize = 5;

/// Tells reasons in one language.
#[derive(Clone, Copy, Debug)]
pub struct Explainer<'a> {
    /// Has the titles of the types of event.
    pub rules: &'a Rules,
    /// Has the company's local time.
    pub staff: &'a Staff,
    /// The language.
    pub language: Language,
}

impl Explainer<'_> {
    /// Why a candidate of a ranking has their place, and why they are not offered if they aren't:
    /// «счёт выставлен 2 часа назад: 41; письмо 3 дня назад: 9».
    #[must_use]
    pub fn explain(&self, ranking: &Ranking, candidate: &Candidate) -> String {
        let (told, rest) = candidate
            .contributions
            .split_at(candidate.contributions.len().min(MOST_TOLD));
        let mut reasons: Vec<String> = told
            .iter()
            .map(|one| self.contribution(one, ranking, candidate))
            .collect();
        if !rest.is_empty() {
            let sum = rest.iter().map(|one| one.points).sum();
            reasons.push(self.others(rest.len(), sum));
        }
        if let Err(reason) = &candidate.offer {
            reasons.push(self.withheld(reason));
        }
        reasons.join("; ")
    }

    /// Why somebody is not offered: «не предлагается: отсутствует до 30.11.2026 09:00».
    #[must_use]
    pub fn withheld(&self, reason: &Withheld) -> String {
        let moment = |moment: Timestamp| self.moment(moment);
        match self.language {
            Language::Russian => russian::withheld(reason, moment),
            Language::English => english::withheld(reason, moment),
        }
    }

    fn contribution(&self, one: &Contribution, ranking: &Ranking, candidate: &Candidate) -> String {
        let rules = self.rules.of(&one.kind);
        let title = rules
            .and_then(|kind| kind.title.as_ref())
            .map_or(one.kind.as_str(), |title| title.in_language(self.language));
        let age = Age::of(ranking.at.duration_since(one.time).unsigned_abs());
        let mut words = format!("{title} {}", self.age(age));
        if let Some(state) = one.case.and_then(|state| self.case(state)) {
            words.push_str(", ");
            words.push_str(state);
        }
        if one.passed_on {
            words.push_str(", ");
            words.push_str(self.passed_on());
        }
        if one.person != candidate.employee {
            words.push_str(", ");
            words.push_str(&self.instead_of(one.person.as_str()));
        }
        format!("{words}: {}", self.points(one.points))
    }

    fn age(&self, age: Age) -> String {
        match self.language {
            Language::Russian => russian::age(age),
            Language::English => english::age(age),
        }
    }

    fn case(&self, state: CaseState) -> Option<&'static str> {
        match self.language {
            Language::Russian => russian::case(state),
            Language::English => english::case(state),
        }
    }

    fn passed_on(&self) -> &'static str {
        match self.language {
            Language::Russian => "передано другому",
            Language::English => "passed on",
        }
    }

    fn instead_of(&self, person: &str) -> String {
        match self.language {
            Language::Russian => format!("вместо {person}"),
            Language::English => format!("in place of {person}"),
        }
    }

    fn others(&self, count: usize, points: f64) -> String {
        let points = self.points(points);
        match self.language {
            Language::Russian => format!("и ещё {count}: {points}"),
            Language::English => format!("{count} more: {points}"),
        }
    }

    /// Whole points from ten on, otherwise as many places as there is something to see.
    fn points(&self, points: f64) -> String {
        const LEAST: f64 = 0.01;
        if points > 0.0 && points < LEAST {
            return format!("<{}", self.decimal(LEAST, 2));
        }
        let (places, scale) = if points >= 9.95 {
            (0, 1.0)
        } else if points >= 0.095 {
            (1, 10.0)
        } else {
            (2, 100.0)
        };
        self.decimal((points * scale).round() / scale, places)
    }

    fn decimal(&self, value: f64, places: usize) -> String {
        let text = format!("{value:.places$}");
        match self.language {
            Language::Russian => text.replace('.', ","),
            Language::English => text,
        }
    }

    fn moment(&self, moment: Timestamp) -> String {
        let local = self.staff.local(moment);
        let (hour, minute) = (local.hour(), local.minute());
        let (year, month, day) = (local.year(), local.month(), local.day());
        match self.language {
            Language::Russian => format!("{day:02}.{month:02}.{year} {hour:02}:{minute:02}"),
            Language::English => format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}"),
        }
    }
}

/// An age in its greatest whole unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Age {
    Now,
    Minutes(u64),
    Hours(u64),
    Days(u64),
}

impl Age {
    fn of(age: Duration) -> Self {
        match age.as_secs() {
            0..60 => Self::Now,
            seconds @ 60..3600 => Self::Minutes(seconds / 60),
            seconds @ 3600..86_400 => Self::Hours(seconds / 3600),
            seconds => Self::Days(seconds / 86_400),
        }
    }
}
