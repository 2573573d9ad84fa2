//! What callers will hear, spoken before they call, as far as it can be known.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::callers::Callers;
use crate::domain::directory::{Company, Entry};
use crate::domain::language::Language;
use crate::domain::menu::{Choice, Key, Menu, MenuKind};
use crate::domain::prompt::Prompt;
use crate::domain::rating::ClientId;
use crate::speech::Speech;
use crate::switchboard::{Profile, Profiles};

/// The most lines of personal menus that are spoken before anybody wants them. In a larger company,
/// lines are spoken when something happens between a client and somebody.
pub const MOST_LINES: usize = 3000;

/// How often we look whether the company has changed, or whom its clients want now.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// So many clients are looked at each time. Of more at once, some are spoken when they call.
const MOST_CLIENTS: usize = 1000;

/// What is said, as the settings have it.
pub struct Said {
    /// The words, and what everybody is offered.
    pub profiles: Profiles,
    /// The most people in a personal menu.
    pub longest_menu: usize,
    /// The most lines that are spoken before anybody wants them: [`MOST_LINES`].
    pub most_lines: usize,
}

/// Speaks what everybody hears, then the lines of everybody who may be offered, then those that become
/// needed.
pub(super) async fn warm(speech: Speech, said: Said, callers: Option<Arc<Callers>>) {
    let mut company = callers.as_ref().map(|callers| callers.company());
    let mut languages = said.languages();
    let mut prompts = said.to_everybody(&languages);
    let lines = company.iter();
    prompts.extend(lines.flat_map(|company| said.of_company(company, &languages)));
    speak(&speech, prompts).await;
    let Some(callers) = callers else { return };
    let mut wanted = callers.watch(MOST_CLIENTS);
    // There may be many clients: what everybody hears does not wait for this.
    look_for_languages(&callers, &languages).await;
    said.speak_new_languages(&speech, &callers, &mut languages)
        .await;
    loop {
        let clients = gather(&mut wanted).await;
        let now = callers.company();
        said.speak_new_languages(&speech, &callers, &mut languages)
            .await;
        let changed = !company
            .as_ref()
            .is_some_and(|before| Arc::ptr_eq(before, &now));
        let prompts = if changed {
            said.of_company(&now, &languages)
        } else if said.is_too_large(&now) {
            said.of_clients(&callers, &clients, &languages)
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
    pub fn to_everybody(&self, languages: &HashSet<Language>) -> Vec<Prompt> {
        let mut prompts = Vec::new();
        for (profile, language) in self.spoken(languages) {
            let everybody = Menu::default_of(&profile.departments);
            for wording in profile.wordings_in(language) {
                prompts.extend(wording.said_to_everybody());
                if !everybody.choices.is_empty() {
                    prompts.push(wording.menu(&everybody));
                }
            }
        }
        without_repetition(prompts)
    }

    /// What callers are spoken to in, whoever calls.
    #[must_use]
    pub fn languages(&self) -> HashSet<Language> {
        self.profiles
            .all()
            .map(|profile| profile.language)
            .collect()
    }

    /// Speaks everything in those languages of clients that were not known to be in use.
    async fn speak_new_languages(
        &self,
        speech: &Speech,
        callers: &Callers,
        languages: &mut HashSet<Language>,
    ) {
        let found = callers.languages();
        let new: HashSet<Language> = found.difference(languages).copied().collect();
        if new.is_empty() {
            return;
        }
        let mut prompts = self.to_everybody(&new);
        prompts.extend(self.of_company(&callers.company(), &new));
        speak(speech, prompts).await;
        languages.extend(new);
    }

    /// The general profile's language first, then those of others.
    fn spoken<'a>(
        &'a self,
        languages: &HashSet<Language>,
    ) -> impl Iterator<Item = (&'a Arc<Profile>, Language)> {
        let order = self.in_order(languages);
        order
            .into_iter()
            .flat_map(|language| self.profiles.all().map(move |profile| (profile, language)))
    }

    fn in_order(&self, languages: &HashSet<Language>) -> Vec<Language> {
        let mut order: Vec<Language> = languages.iter().copied().collect();
        order
            .sort_by_key(|language| (*language != self.profiles.general.language, language.code()));
        order
    }

    fn of_company(&self, company: &Company, languages: &HashSet<Language>) -> Vec<Prompt> {
        let entries = || company.cards().filter_map(|(id, card)| card.entry(id));
        let order = self.in_order(languages).into_iter();
        order
            .flat_map(|language| self.lines(entries(), language))
            .collect()
    }

    /// Whether some of its lines are not spoken before anybody wants them.
    fn is_too_large(&self, company: &Company) -> bool {
        company.len() * self.keys().len() > self.most_lines
    }

    /// The lines of those whom these clients would be offered now.
    fn of_clients(
        &self,
        callers: &Callers,
        clients: &HashSet<ClientId>,
        languages: &HashSet<Language>,
    ) -> Vec<Prompt> {
        let menus = clients.iter().filter_map(|client| {
            // A store that can't be read is reported where it hurts.
            callers.menu_of_client(client, Timestamp::now()).ok()
        });
        let lines = menus.flat_map(|menu| menu.choices).flat_map(|choice| {
            let Choice { key, entry } = choice;
            languages
                .iter()
                .map(move |language| self.line(key, entry.clone(), *language))
        });
        without_repetition(lines)
    }

    fn keys(&self) -> &'static [Key] {
        &Key::CHOICES[..self.longest_menu.min(Key::CHOICES.len())]
    }

    /// The line of each person in a menu, with each key that may be theirs, in one language.
    pub fn lines(
        &self,
        entries: impl IntoIterator<Item = Entry>,
        language: Language,
    ) -> Vec<Prompt> {
        entries
            .into_iter()
            .flat_map(|entry| self.keys().iter().map(move |key| (*key, entry.clone())))
            .take(self.most_lines)
            .map(|(key, entry)| self.line(key, entry, language))
            .collect()
    }

    fn line(&self, key: Key, entry: Entry, language: Language) -> Prompt {
        let general = &self.profiles.general;
        general.wordings.speaking(language).menu(&Menu {
            kind: MenuKind::Personal,
            choices: vec![Choice { key, entry }],
        })
    }
}

/// In the order of the first.
fn without_repetition(prompts: impl IntoIterator<Item = Prompt>) -> Vec<Prompt> {
    let mut seen = HashSet::new();
    let prompts = prompts.into_iter();
    prompts
        .filter(|prompt| seen.insert(prompt.clone()))
        .collect()
}

/// A store that can't be read is reported where it hurts.
async fn look_for_languages(callers: &Arc<Callers>, known: &HashSet<Language>) {
    let (callers, known) = (Arc::clone(callers), known.clone());
    let looking = tokio::task::spawn_blocking(move || callers.look_for_languages(&known));
    if let Ok(Err(error)) = looking.await {
        tracing::debug!(%error, "the clients' languages can't be looked up");
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
    use std::collections::HashMap;
    use std::time::Instant;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::callers;
    use crate::domain::directory::{EmployeeCard, Extension, Name};
    use crate::domain::language::Language;
    use crate::domain::menu::Wording;
    use crate::domain::person::PersonName;
    use crate::domain::rating::{
        Body, Employee, EmployeeId, Event, EventId, Happening, Kind, KindName, Rules, Weight,
    };
    use crate::speech;
    use crate::store::{self, Change, Store};
    use crate::switchboard::{Fallback, Wordings};

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

    fn profiles() -> Profiles {
        let general = Profile {
            language: Language::Russian,
            follows_clients: true,
            wordings: Wordings::of(|language| Wording::new(language, None)),
            hours: None,
            departments: Arc::default(),
            fallback: Fallback {
                context: "vizavi".to_owned(),
                extension: "fallback".to_owned(),
            },
            own_fallback: None,
        };
        Profiles {
            general: Arc::new(general),
            numbers: HashMap::new(),
            direct: HashSet::new(),
        }
    }

    #[test]
    fn everybodys_texts_are_spoken_ahead_in_each_language_in_use_and_only_there() {
        let said = Said {
            profiles: profiles(),
            longest_menu: 3,
            most_lines: 0,
        };
        let own = said.languages();
        assert_eq!(own, [Language::Russian].into());
        let both = [Language::Russian, Language::English].into();
        let [russian, all] = [said.to_everybody(&own), said.to_everybody(&both)];
        let english = Wording::new(Language::English, None).said_to_everybody();
        assert!(english.iter().all(|prompt| !russian.contains(prompt)));
        assert_eq!(all[..russian.len()], russian);
        assert_eq!(all[russian.len()..], english);
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
            profiles: profiles(),
            longest_menu: 3,
            most_lines: 0,
        };
        let warming = tokio::spawn(warm(speech.clone(), said(), Some(Arc::clone(&callers))));

        let entry = |extension: &str| {
            let company = callers.company();
            let mut entries = company.cards().filter_map(|(id, card)| card.entry(id));
            entries.find(|entry| entry.extension.digits() == extension)
        };
        let line = |extension| {
            said().line(
                Key::CHOICES[0],
                entry(extension).unwrap(),
                Language::Russian,
            )
        };
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
