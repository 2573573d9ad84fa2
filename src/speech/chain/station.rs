//! A service with its limits: how often and how long it is asked, what it may cost, and when it is
//! left alone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};

use crate::breaker::{AfterFailure, Breaker, PAUSE};
use crate::domain::language::Language;
use crate::metrics;
use crate::speech::services::{
    self, AnyService, Builtin, CommandSettings, MonthlyBudget, ServiceError, ServiceSettings,
    UnusableService,
};
use crate::speech::sound::{self, Decoded};

use super::budget::Ledger;
use super::news::News;
use super::pace::Pace;

/// How often a failure that may pass is tried again.
const RETRIES: u32 = 2;
/// The longest wait before the first of them; it doubles, and each is a random part of it.
const FIRST_BACKOFF: Duration = Duration::from_millis(200);
/// However long a service wants to be left alone, it is tried again after this.
const LONGEST_REST: Duration = Duration::from_secs(3600);

/// Why a service of a chain did not speak.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Unspoken {
    /// It failed too often, and is left alone for a while.
    #[error("it failed before and is left alone for a while")]
    LeftAlone,
    /// More is asked of it than it is allowed to do at once.
    #[error("it has too much to do")]
    Busy,
    /// The month's budget is used up.
    #[error("its budget of this month is used up")]
    Spent,
    /// It was asked, and failed.
    #[error(transparent)]
    Failed(ServiceError),
}

impl Unspoken {
    /// Whether it is this text that was not spoken, as far as can be seen.
    pub(in crate::speech) fn is_about_the_text(&self) -> bool {
        matches!(self, Self::Failed(error) if error.is_about_the_text())
    }
}

/// A service of a chain.
pub(in crate::speech) struct Station {
    name: String,
    service: Box<dyn AnyService>,
    /// All that makes its voice, in each language that it speaks.
    russian: Option<Vec<String>>,
    english: Option<Vec<String>>,
    /// For one phrase, from the first attempt on.
    time_limit: Duration,
    attempt_limit: Duration,
    slots: Semaphore,
    pace: Option<Pace>,
    budget: Option<(MonthlyBudget, Arc<Ledger>)>,
    breaker: Mutex<Breaker>,
    news: Mutex<News>,
    is_built_in: bool,
    is_local: bool,
}

impl Station {
    /// # Errors
    /// The service's settings can't be used.
    pub(super) fn open(
        settings: &ServiceSettings,
        ledger: Option<Arc<Ledger>>,
    ) -> Result<Self, UnusableService> {
        Ok(Self::of(services::open(settings)?, settings, ledger))
    }

    fn of(
        service: Box<dyn AnyService>,
        settings: &ServiceSettings,
        ledger: Option<Arc<Ledger>>,
    ) -> Self {
        let attempts = if settings.kind.is_local() {
            1
        } else {
            RETRIES + 1
        };
        Self {
            name: settings.name.clone(),
            russian: service.voice(Language::Russian),
            english: service.voice(Language::English),
            service,
            time_limit: settings.time_limit,
            attempt_limit: settings.time_limit / attempts,
            slots: Semaphore::new(settings.at_once.get()),
            pace: settings.requests_a_second.map(Pace::new),
            budget: settings.budget.zip(ledger),
            breaker: Mutex::default(),
            news: Mutex::default(),
            is_built_in: false,
            is_local: settings.kind.is_local(),
        }
    }

    /// The built-in prompts.
    pub(super) fn built_in() -> Self {
        let settings = ServiceSettings::command("built-in", CommandSettings::default());
        Self {
            is_built_in: true,
            ..Self::of(Box::new(Builtin), &settings, None)
        }
    }

    pub(super) fn is_built_in(&self) -> bool {
        self.is_built_in
    }

    /// Whether it answers in a moment: nothing is asked over the net.
    pub(in crate::speech) fn is_local(&self) -> bool {
        self.is_local
    }

    /// How the settings call it.
    pub(in crate::speech) fn name(&self) -> &str {
        &self.name
    }

    /// All that makes its voice; `None` if it can't say the text.
    pub(in crate::speech) fn voice(&self, text: &str, language: Language) -> Option<&[String]> {
        let voice = match language {
            Language::Russian => &self.russian,
            Language::English => &self.english,
        };
        voice
            .as_deref()
            .filter(|_| self.service.can_say(text, language))
    }

    /// Whether it may be asked now, as far as is known.
    pub(in crate::speech) fn is_open(&self) -> bool {
        let spent = self.budget.as_ref();
        let spent = spent.is_some_and(|(_, ledger)| ledger.is_spent(&self.name));
        !spent && !lock(&self.breaker).is_paused(Instant::now().into_std())
    }

    /// Speaks a cleaned text: a phrase, ready to be kept.
    ///
    /// # Errors
    /// [`Unspoken`]; it was logged already.
    pub(in crate::speech) async fn speak(
        &self,
        text: &str,
        language: Language,
    ) -> Result<Vec<i16>, Unspoken> {
        if !self.is_open() {
            return Err(self.closed());
        }
        let Ok(Ok(_slot)) = timeout(self.time_limit, self.slots.acquire()).await else {
            return Err(Unspoken::Busy);
        };
        // Waiting for one's own turn says nothing about the service.
        if let Some(pace) = &self.pace
            && !pace.turn(self.time_limit).await
        {
            return Err(Unspoken::Busy);
        }
        if !lock(&self.breaker).may_ask(Instant::now().into_std()) {
            return Err(Unspoken::LeftAlone);
        }
        let spoken = timeout(self.time_limit, self.attempts(text, language)).await;
        let late = Err(Unspoken::Failed(ServiceError::Late(self.time_limit)));
        let phrase = match spoken.unwrap_or(late) {
            Ok(decoded) => as_phrase(decoded).await.map_err(Unspoken::Failed),
            Err(reason) => Err(reason),
        };
        metrics::spoken(&self.name, phrase.is_ok());
        match &phrase {
            Ok(_) => self.spoke(),
            Err(Unspoken::Failed(error)) => self.failed(error),
            Err(Unspoken::LeftAlone | Unspoken::Busy | Unspoken::Spent) => {}
        }
        phrase
    }

    fn closed(&self) -> Unspoken {
        if lock(&self.breaker).is_paused(Instant::now().into_std()) {
            return Unspoken::LeftAlone;
        }
        Unspoken::Spent
    }

    async fn attempts(&self, text: &str, language: Language) -> Result<Decoded, Unspoken> {
        let end = Instant::now() + self.time_limit;
        let mut backoff = FIRST_BACKOFF;
        for _ in 0..RETRIES {
            let error = match self.attempt(text, language).await {
                Err(Unspoken::Failed(error)) if error.is_passing() => error,
                other => return other,
            };
            let wait = error.retry_after().unwrap_or_else(|| part_of(backoff));
            if Instant::now() + wait >= end {
                return Err(Unspoken::Failed(error));
            }
            sleep(wait).await;
            if let Some(pace) = &self.pace
                && !pace.turn(end - Instant::now()).await
            {
                return Err(Unspoken::Failed(error));
            }
            backoff *= 2;
        }
        self.attempt(text, language).await
    }

    async fn attempt(&self, text: &str, language: Language) -> Result<Decoded, Unspoken> {
        let characters = text.chars().count() as u64;
        if !self.spend(characters).await {
            return Err(Unspoken::Spent);
        }
        let asked = timeout(self.attempt_limit, self.service.speak(text, language)).await;
        let answer = asked.unwrap_or(Err(ServiceError::Late(self.attempt_limit)));
        if answer.as_ref().is_err_and(|error| !error.may_cost()) {
            self.give_back(characters).await;
        }
        answer.map_err(Unspoken::Failed)
    }

    async fn spend(&self, characters: u64) -> bool {
        let Some((budget, ledger)) = self.budget.clone() else {
            return true;
        };
        let name = self.name.clone();
        let spent = move || ledger.spend(&name, budget, characters);
        tokio::task::spawn_blocking(spent).await.unwrap_or(false)
    }

    async fn give_back(&self, characters: u64) {
        let Some((_, ledger)) = self.budget.clone() else {
            return;
        };
        let name = self.name.clone();
        let given = tokio::task::spawn_blocking(move || ledger.give_back(&name, characters)).await;
        // What is not given back is only used up earlier.
        given.unwrap_or_default();
    }

    fn spoke(&self) {
        lock(&self.breaker).answered();
        if lock(&self.news).spoke() {
            tracing::info!(service = self.name, "the speech service speaks again");
        }
    }

    fn failed(&self, error: &ServiceError) {
        let now = Instant::now().into_std();
        let mut breaker = lock(&self.breaker);
        let after = breaker.failed(now);
        if let Some(rest) = error.retry_after() {
            breaker.leave_alone(now + rest.min(LONGEST_REST));
        }
        drop(breaker);
        let Some(reason) = self.news(error) else {
            tracing::debug!(service = self.name, "the speech service failed again");
            return;
        };
        match after {
            AfterFailure::GoOn => {
                tracing::warn!(
                    service = self.name,
                    "the speech service did not speak: {reason}"
                );
            }
            AfterFailure::Pause => tracing::warn!(
                service = self.name,
                "the speech service did not speak: {reason}; it is left alone for {PAUSE:?} at a time"
            ),
        }
    }

    /// What the log does not have yet.
    fn news(&self, error: &ServiceError) -> Option<String> {
        lock(&self.news).of(error, Instant::now())
    }
}

/// Full jitter, but never nothing: half of it to all of it.
fn part_of(backoff: Duration) -> Duration {
    backoff.mul_f64(0.5 + fastrand::f64() / 2.0)
}

async fn as_phrase(decoded: Decoded) -> Result<Vec<i16>, ServiceError> {
    let phrase = tokio::task::spawn_blocking(move || sound::phrase(decoded)).await;
    phrase
        .map_err(|_| ServiceError::BadAnswer("working on it was broken off".to_owned()))?
        .map_err(ServiceError::BadSound)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
