//! Answers about a caller: who they are, whom they want and why, what they are offered. From the
//! store and the rules; the same answers for calls, for the contract and for the command line.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::domain::directory::{ClientCard, Company, Entry, Extensions};
use crate::domain::menu::{CallerName, Known, Menu, wanted_of};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{ClientId, ClientRecord, EmployeeId, Ranking, Rules, rank};
use crate::store::{Client, Store, StoreError};

/// So many more than a menu has are looked at, for those who can't be reached.
const SPARE: usize = 5;

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
        }
    }

    /// Whom a caller wants, and what they are offered. `None` is a number that is withheld or can't
    /// be read.
    ///
    /// # Errors
    /// [`StoreError`] if the store can't be read: then [`Callers::stranger`] is what is left.
    pub fn caller(&self, phone: Option<&PhoneNumber>, at: Timestamp) -> Result<Caller, StoreError> {
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
            menu: self.menu(&ranking, &company),
            name: name_of(&clients),
            extensions: self.extensions(company, at),
        };
        Ok(Caller {
            ranking,
            known,
            wanted,
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
        Ok(self.menu(&ranking, &company))
    }

    /// What a caller is offered at a moment about whom nothing is known, whatever is broken.
    #[must_use]
    pub fn stranger(&self, at: Timestamp) -> Known {
        Known {
            menu: Menu::default_of(&self.settings.departments),
            name: None,
            extensions: self.extensions(self.store.company(), at),
        }
    }

    /// A menu of these people, best first, as somebody else has put it together.
    #[must_use]
    pub fn menu_of(&self, wanted: Vec<Entry>) -> Menu {
        let Settings {
            departments,
            longest_menu,
            ..
        } = &self.settings;
        Menu::personal(wanted, departments, *longest_menu)
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

    fn menu(&self, ranking: &Ranking, company: &Company) -> Menu {
        let Settings {
            departments,
            longest_menu,
            ..
        } = &self.settings;
        Menu::for_caller(ranking, company, departments, *longest_menu)
    }
}

/// Of a number that several clients share, no client's name is told.
fn name_of(clients: &[Client]) -> Option<CallerName> {
    let card = the_only_one(clients)?.card.as_ref();
    CallerName::new(&card.and_then(ClientCard::caller_name)?)
}

fn the_only_one(clients: &[Client]) -> Option<&Client> {
    let mut known = clients.iter().filter(|client| !client.id.is_a_phone());
    let only = known.next()?;
    known.next().is_none().then_some(only)
}
