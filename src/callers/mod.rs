//! Answers about a caller: who they are, whom they want and why, what they are offered. From the
//! store and the rules; the same answers for calls, for the contract and for the command line.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::domain::directory::{ClientCard, Company, Entry, Extensions};
use crate::domain::language::Language;
use crate::domain::menu::{CallerName, Known, Menu, Reasons, wanted_of};
use crate::domain::person::PersonName;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{ClientId, ClientRecord, EmployeeId, Ranking, Rules, Withheld, rank};
use crate::store::{Client, Store, StoreError};

/// So many more than a menu has are looked at, for those who can't be reached.
const SPARE: usize = 5;
/// How many clients are looked at in one go, and how often, to find their languages. A language
/// that only others have is found when one of them calls.
const PAGE: usize = 500;
const MOST_PAGES: usize = 200;

/// What the company has decided.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What events are worth.
    pub rules: Rules,
    /// What is offered to callers about whom nothing is known, in order.
    pub departments: Vec<Entry>,
    /// The most people in a personal menu.
    pub longest_menu: usize,
}

/// Knows callers.
pub struct Callers {
    store: Store,
    settings: Settings,
    /// The same departments as in the settings, to be shared with calls.
    departments: Arc<[Entry]>,
    /// Of clients, as far as we have come across them.
    languages: Mutex<HashSet<Language>>,
}

/// Everything that is known about one caller at one moment.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Whom they want, and why.
    pub ranking: Ranking,
    /// What they are offered and called.
    pub known: Known,
    /// Whom they would be offered, best first: more than a menu has, since not everybody can be reached
    /// at every moment.
    pub wanted: Vec<Entry>,
    /// What they are spoken to in, if their cards say so and agree.
    pub language: Option<Language>,
}

impl Callers {
    /// Answers from this store.
    #[must_use]
    pub fn new(store: Store, settings: Settings) -> Self {
        let departments = settings.departments.clone().into();
        Self {
            store,
            settings,
            departments,
            languages: Mutex::default(),
        }
    }

    /// Whom a caller wants, and what they are offered. `None` is a number that is withheld or can't
    /// be read; the departments are those of the number that was called.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read: then [`Callers::stranger`] is what is left.
    pub fn caller(
        &self,
        phone: Option<&PhoneNumber>,
        departments: &[Entry],
        at: Timestamp,
    ) -> Result<Caller, StoreError> {
        let clients = match phone {
            Some(phone) => self.store.clients_of(phone)?,
            None => Vec::new(),
        };
        let company = self.store.company();
        let records: Vec<(&ClientId, &ClientRecord)> = clients
            .iter()
            .map(|client| (&client.id, &client.record))
            .collect();
        let ranking = rank(&records, &self.settings.rules, company.staff(), at);
        let wanted = wanted_of(&ranking, &company, self.settings.longest_menu + SPARE);
        let known = Known {
            menu: self.menu(&ranking, &company, departments),
            name: name_of(&clients),
            reasons: match is_shared(&clients) {
                true => Reasons::default(),
                false => Reasons::of(&ranking),
            },
            extensions: self.extensions(company, at),
        };
        let language = language_of(&clients);
        if let Some(language) = language {
            self.noted_languages().insert(language);
        }
        Ok(Caller {
            ranking,
            known,
            wanted,
            language,
        })
    }

    /// What a client is offered, whatever number they call from.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn menu_of_client(&self, id: &ClientId, at: Timestamp) -> Result<Menu, StoreError> {
        let client = self.store.client(id)?;
        let record: Vec<_> = client
            .iter()
            .map(|client| (&client.id, &client.record))
            .collect();
        let company = self.store.company();
        let ranking = rank(&record, &self.settings.rules, company.staff(), at);
        Ok(self.menu(&ranking, &company, &self.departments))
    }

    /// What a caller is offered at a moment about whom nothing is known, whatever is broken.
    #[must_use]
    pub fn stranger(&self, departments: &[Entry], at: Timestamp) -> Known {
        Known {
            menu: Menu::default_of(departments),
            name: None,
            reasons: Reasons::default(),
            extensions: self.extensions(self.store.company(), at),
        }
    }

    /// A menu of these people, best first, as somebody else has put it together.
    #[must_use]
    pub fn menu_of(&self, wanted: Vec<Entry>, departments: &[Entry]) -> Menu {
        Menu::personal(wanted, departments, self.settings.longest_menu)
    }

    /// The client to whom a caller's call belongs: the only one with this number, otherwise the
    /// number itself.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn client_of(&self, phone: &PhoneNumber) -> Result<ClientId, StoreError> {
        let clients = self.store.clients_of(phone)?;
        let only = the_only_one(&clients).map(|client| client.id.clone());
        Ok(only.unwrap_or_else(|| ClientId::of_phone(phone)))
    }

    /// What a caller is called: the only client with this number, if their card says.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn person_of(&self, phone: &PhoneNumber) -> Result<Option<PersonName>, StoreError> {
        let clients = self.store.clients_of(phone)?;
        let card = the_only_one(&clients).and_then(|client| client.card.as_ref());
        Ok(card.and_then(|card| card.person.clone()))
    }

    /// The languages of clients, as far as we have come across them.
    #[must_use]
    pub fn languages(&self) -> HashSet<Language> {
        self.noted_languages().clone()
    }

    /// Looks through the clients' cards until every language is known or found, for [`Callers::languages`].
    /// Blocks: for a thread of its own.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read.
    pub fn look_for_languages(&self, known: &HashSet<Language>) -> Result<(), StoreError> {
        let mut last = None;
        for _ in 0..MOST_PAGES {
            let page = self.store.clients_after(last.as_ref(), PAGE)?;
            let cards = page.iter().filter_map(|client| client.card.as_ref());
            self.noted_languages()
                .extend(cards.filter_map(|card| card.language));
            let found = self.languages();
            let mut all = Language::ALL.iter();
            let all_found =
                all.all(|language| known.contains(language) || found.contains(language));
            if all_found || page.len() < PAGE {
                break;
            }
            last = page.last().map(|client| client.id.clone());
        }
        Ok(())
    }

    fn noted_languages(&self) -> MutexGuard<'_, HashSet<Language>> {
        self.languages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells of clients to whom something happens: [`Store::watch`].
    #[must_use]
    pub fn watch(&self, room: usize) -> mpsc::Receiver<ClientId> {
        self.store.watch(room)
    }

    /// What events are worth.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.settings.rules
    }

    /// What is offered to callers about whom nothing is known, where a number has no departments of
    /// its own.
    #[must_use]
    pub fn departments(&self) -> &[Entry] {
        &self.departments
    }

    /// Everybody who can be offered.
    #[must_use]
    pub fn company(&self) -> Arc<Company> {
        self.store.company()
    }

    fn extensions(&self, company: Arc<Company>, at: Timestamp) -> Extensions {
        Extensions::new(company, Arc::clone(&self.departments), at)
    }

    /// An employee or a department, if they can be offered.
    #[must_use]
    pub fn entry(&self, id: &EmployeeId) -> Option<Entry> {
        let department = || {
            let mut departments = self.settings.departments.iter();
            departments.find(|entry| entry.id == *id).cloned()
        };
        self.company().entry(id).or_else(department)
    }

    /// Whoever does an employee's work, if they are at work at this moment: the employee, or who
    /// succeeded them. A department always is.
    #[must_use]
    pub fn at_work(&self, id: &EmployeeId, at: Timestamp) -> Option<Entry> {
        let company = self.company();
        let staff = company.staff();
        let person = staff.responsible(id, at);
        match staff.may_be_offered(person, at) {
            Ok(()) => company.entry(person),
            Err(Withheld::Unknown) => self.entry(person),
            Err(
                Withheld::Left { .. }
                | Withheld::Technical
                | Withheld::OnLeave { .. }
                | Withheld::OutOfHours,
            ) => None,
        }
    }

    fn menu(&self, ranking: &Ranking, company: &Company, departments: &[Entry]) -> Menu {
        Menu::for_caller(ranking, company, departments, self.settings.longest_menu)
    }
}

/// Of a number that several clients share, no client's name is told.
fn name_of(clients: &[Client]) -> Option<CallerName> {
    let card = the_only_one(clients)?.card.as_ref();
    CallerName::new(&card.and_then(ClientCard::caller_name)?)
}

/// Of a number that several clients share, a language is told if it is the language of all.
fn language_of(clients: &[Client]) -> Option<Language> {
    let known = clients.iter().filter(|client| !client.id.is_a_phone());
    let mut languages = known.map(|client| client.card.as_ref().and_then(|card| card.language));
    let first = languages.next()?;
    languages.all(|other| other == first).then_some(first)?
}

/// Of a number that several clients share, nobody is told why they call.
fn is_shared(clients: &[Client]) -> bool {
    let known = clients.iter().filter(|client| !client.id.is_a_phone());
    known.count() > 1
}

fn the_only_one(clients: &[Client]) -> Option<&Client> {
    let mut known = clients.iter().filter(|client| !client.id.is_a_phone());
    let only = known.next()?;
    known.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests;
