//! What the called numbers have of their own, in checked values.

use std::collections::HashMap;
use std::sync::Arc;

use super::Settings;
use crate::domain::business::{Called, Opening};
use crate::domain::directory::Entry;
use crate::domain::language::Language;
use crate::domain::menu::Wording;
use crate::switchboard::{self, Fallback, Profile, Profiles, Wordings};

/// A number under which the company is called, or several that are the same to it.
#[derive(Clone, Debug)]
pub struct Number {
    /// The number, as it is compared.
    pub called: Vec<Called>,
    /// The first sentence; `None` for the general one.
    pub greeting: Option<String>,
    /// What callers are spoken to in; `None` for the client's language, or the general one.
    pub language: Option<Language>,
    /// What is offered to callers about whom nothing is known, in order.
    pub departments: Vec<Entry>,
    /// Where callers go whom we can't help; `None` is where all others go.
    pub fallback: Option<Fallback>,
    /// When calls are answered; `None` is always.
    pub hours: Option<Hours>,
}

/// When calls are answered.
#[derive(Clone, Debug)]
pub struct Hours {
    /// When.
    pub opening: Opening,
    /// What happens outside of that.
    pub closed: Closed,
}

/// What happens when the company is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Callers go to the fallback at once, without being answered by us.
    Fallback,
    /// They get the menu, after this greeting; `None` for the usual one.
    Menu(Option<String>),
}

impl Settings {
    /// What callers meet at each number.
    #[must_use]
    pub fn profiles(&self) -> Profiles {
        let general = self.profile(&Number {
            called: Vec::new(),
            greeting: None,
            language: None,
            departments: self.company.departments.clone(),
            fallback: None,
            hours: self.hours.clone(),
        });
        let mut numbers = HashMap::new();
        for number in &self.numbers {
            let profile = Arc::new(self.profile(number));
            let called = number.called.iter().cloned();
            numbers.extend(called.map(|called| (called, Arc::clone(&profile))));
        }
        Profiles {
            general: Arc::new(general),
            numbers,
            direct: self.direct.clone(),
        }
    }

    fn profile(&self, number: &Number) -> Profile {
        let hours = number.hours.as_ref().map(|hours| switchboard::Hours {
            opening: hours.opening.clone(),
            closed: match &hours.closed {
                Closed::Fallback => None,
                Closed::Menu(greeting) => Some(self.wordings(number, greeting.as_ref())),
            },
        });
        Profile {
            language: number.language.unwrap_or(self.menu.language),
            follows_clients: number.language.is_none(),
            language_key: self.language_key,
            wordings: self.wordings(number, None),
            hours,
            departments: number.departments.clone().into(),
            fallback: self.fallback.clone(),
            own_fallback: number.fallback.clone(),
        }
    }

    /// A greeting is in the language of its number. In another one it is the company's own, if that is
    /// in this language, or a general one.
    fn wordings(&self, number: &Number, closed: Option<&String>) -> Wordings {
        let own = number.language.unwrap_or(self.menu.language);
        Wordings::of(|language| self.wording(language, own, closed.or(number.greeting.as_ref())))
    }

    fn wording(&self, language: Language, own: Language, greeting: Option<&String>) -> Wording {
        let greeting = greeting.filter(|_| language == own);
        let companys = self.menu.greeting.as_ref();
        let companys = companys.filter(|_| language == self.menu.language);
        self.menu
            .wording_in(language, greeting.or(companys).cloned())
    }
}

#[cfg(test)]
mod tests;
