//! What callers will hear, spoken before they call, as far as it can be known.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::callers::Callers;
use crate::domain::directory::{Company, Entry};
use crate::domain::menu::{Choice, Key, Menu, MenuKind, Wording};
use crate::domain::prompt::Prompt;
use crate::domain::rating::ClientId;
use crate::speech::Speech;

/// The most lines of personal menus that are spoken before anybody wants them. In a larger company,
/// lines are spoken when something happens between a client and somebody.
pub const MOST_LINES: usize = 3000;

/// How often we look whether the company has changed, or whom its clients want now.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// So many clients are looked at each time. Of more at once, some are spoken when they call.
const MOST_CLIENTS: usize = 1000;

/// What is said, as the settings have it.
pub struct Said {
    /// The words.
    pub wording: Wording,
    /// What everybody is offered.
    pub departments: Vec<Entry>,
    /// The most people in a personal menu.
    pub longest_menu: usize,
    /// The most lines that are spoken before anybody wants them: [`MOST_LINES`].
    pub most_lines: usize,
}

/// Speaks what everybody hears, then the lines of everybody who may be offered, then those that become
/// needed.
pub(super) async fn warm(speech: Speech, said: Said, callers: Option<Arc<Callers>>) {
    let mut company = callers.as_ref().map(|callers| callers.company());
    let mut prompts = said.to_everybody();
    prompts.extend(company.iter().flat_map(|company| said.of_company(company)));
    speak(&speech, prompts).await;
    let Some(callers) = callers else { return };
    let mut wanted = callers.watch(MOST_CLIENTS);
    loop {
        let clients = gather(&mut wanted).await;
        let now = callers.company();
        let changed = !company
            .as_ref()
            .is_some_and(|before| Arc::ptr_eq(before, &now));
        let prompts = if changed {
            said.of_company(&now)
        } else if said.is_too_large(&now) {
            said.of_clients(&callers, &clients)
        } else {
            continue;
        };
        company = Some(now);
        if !prompts.is_empty() {
            speak(&speech, prompts).await;
        }
    }
}

/// The clients to whom something happens in the next seconds.
async fn gather(wanted: &mut mpsc::Receiver<ClientId>) -> HashSet<ClientId> {
    let end = Instant::now() + LOOK_AGAIN;
    let mut clients = HashSet::new();
    while Instant::now() < end {
        match timeout_at(end, wanted.recv()).await {
            Ok(Some(client)) if clients.len() < MOST_CLIENTS => drop(clients.insert(client)),
            Ok(Some(_)) => {}
            // Nobody tells any more.
            Ok(None) => tokio::time::sleep_until(end).await,
            Err(_) => break,
        }
    }
    clients
}

impl Said {
    /// What every caller hears, and those about whom nothing is known.
    #[must_use]
    pub fn to_everybody(&self) -> Vec<Prompt> {
        let mut prompts = self.wording.said_to_everybody();
        let everybody = Menu::default_of(&self.departments);
        if !everybody.choices.is_empty() {
            prompts.push(self.wording.menu(&everybody));
        }
        prompts
    }

    fn of_company(&self, company: &Company) -> Vec<Prompt> {
        let cards = company.cards();
        self.lines(cards.filter_map(|(id, card)| card.entry(id)))
    }

    /// Whether some of its lines are not spoken before anybody wants them.
    fn is_too_large(&self, company: &Company) -> bool {
        company.len() * self.keys().len() > self.most_lines
    }

    /// The lines of those whom these clients would be offered now.
    fn of_clients(&self, callers: &Callers, clients: &HashSet<ClientId>) -> Vec<Prompt> {
        let menus = clients.iter().filter_map(|client| {
            // A store that can't be read is reported where it hurts.
            callers.menu_of_client(client, Timestamp::now()).ok()
        });
        let lines: HashSet<Prompt> = menus
            .flat_map(|menu| menu.choices)
            .map(|choice| self.line(choice.key, choice.entry))
            .collect();
        lines.into_iter().collect()
    }

    fn keys(&self) -> &'static [Key] {
        &Key::CHOICES[..self.longest_menu.min(Key::CHOICES.len())]
    }

    /// The line of each person in a menu, with each key that may be theirs.
    pub fn lines(&self, entries: impl IntoIterator<Item = Entry>) -> Vec<Prompt> {
        entries
            .into_iter()
            .flat_map(|entry| self.keys().iter().map(move |key| (*key, entry.clone())))
            .take(self.most_lines)
            .map(|(key, entry)| self.line(key, entry))
            .collect()
    }

    fn line(&self, key: Key, entry: Entry) -> Prompt {
        self.wording.menu(&Menu {
            kind: MenuKind::Personal,
            choices: vec![Choice { key, entry }],
        })
    }
}

async fn speak(speech: &Speech, prompts: Vec<Prompt>) {
    let warming = speech.warm(prompts, |_| ()).await;
    if warming.failed > 0 {
        let (failed, total) = (warming.failed, warming.total);
        tracing::error!(
            failed,
            total,
            "prompts can't be spoken: callers go to the fallback"
        );
        return;
    }
    tracing::info!(
        prompts = warming.total,
        "everything that can be said ahead is spoken"
    );
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::callers;
    use crate::domain::directory::{EmployeeCard, Extension, Name};
    use crate::domain::language::Language;
    use crate::domain::person::PersonName;
    use crate::domain::rating::{
        Body, Employee, EmployeeId, Event, EventId, Happening, Kind, KindName, Rules, Weight,
    };
    use crate::speech;
    use crate::store::{self, Change, Store};

    fn employee(id: &str, extension: &str) -> Change {
        let name = PersonName::new("Белых", "Анна", "").unwrap();
        Change::PutEmployee {
            id: EmployeeId::parse(id).unwrap(),
            card: Box::new(EmployeeCard {
                name: Name::Person(name),
                gender: None,
                extension: Some(Extension::parse(extension).unwrap()),
                endpoints: Vec::new(),
                language: None,
                duty: Employee::default(),
            }),
            version: 1,
        }
    }

    fn paid(employee: &str) -> Change {
        let now = Timestamp::now();
        Change::Event {
            client: ClientId::parse("client-17").unwrap(),
            event: Event {
                id: EventId::parse("e1").unwrap(),
                version: 1,
                body: Body::Happened(Happening {
                    kind: KindName::parse("invoice.paid").unwrap(),
                    employee: EmployeeId::parse(employee).unwrap(),
                    case: None,
                    phones: Vec::new(),
                }),
                time: now,
            },
            arrived: now,
        }
    }

    fn rules() -> Rules {
        let kind = Kind {
            weight: Weight::new(100.0).unwrap(),
            ..Kind::default()
        };
        let name = KindName::parse("invoice.paid").unwrap();
        Rules {
            kinds: [(name, kind)].into(),
            ..Rules::default()
        }
    }

    #[tokio::test]
    async fn in_a_large_company_a_line_is_spoken_when_something_makes_it_likely() {
        let directory = tempfile::tempdir().unwrap();
        let place = store::Settings::new(directory.path().join("store"), TimeZone::UTC);
        let store = Store::open(&place).unwrap().store;
        let staff = vec![employee("anna", "35"), employee("other", "36")];
        store.write(staff).await.unwrap();
        let settings = callers::Settings {
            rules: rules(),
            departments: Vec::new(),
            longest_menu: 3,
        };
        let callers = Arc::new(Callers::new(store.clone(), settings));
        let phrases = speech::Settings::new(directory.path().join("phrases"));
        let speech = Speech::open(phrases).unwrap();
        let said = || Said {
            wording: Wording::new(Language::Russian, None),
            departments: Vec::new(),
            longest_menu: 3,
            most_lines: 0,
        };
        let warming = tokio::spawn(warm(speech.clone(), said(), Some(Arc::clone(&callers))));

        let entry = |extension: &str| {
            let company = callers.company();
            let mut entries = company.cards().filter_map(|(id, card)| card.entry(id));
            entries.find(|entry| entry.extension.digits() == extension)
        };
        let line = |extension| said().line(Key::CHOICES[0], entry(extension).unwrap());
        let started = Instant::now();
        let mut number = 0;
        while speech.ready(&line("35")).is_none() {
            assert!(started.elapsed() < Duration::from_secs(30), "in vain");
            // Until somebody watches, and not so often that nobody hears of it.
            if number % 20 == 0 {
                store.write(vec![paid("anna")]).await.unwrap();
            }
            number += 1;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(speech.ready(&line("36")), None, "nobody wants them");
        warming.abort();
    }
}
