//! What callers will hear, spoken before they call, as far as it can be known.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::upkeep::count_phrases;
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
    /// Whether it is said of somebody that they are talking.
    pub says_busy: bool,
    /// The key of a callback, which nobody in a menu has.
    pub callback_key: Option<Key>,
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
            let mut everybody = Menu::default_of(&profile.departments);
            if let Some(key) = profile.language_key {
                everybody = everybody.with_language_key(key);
            }
            everybody = self.with_callback_key(everybody);
            for wording in profile.wordings_in(language) {
                prompts.extend(wording.said_to_everybody());
                let key = profile.language_key;
                prompts.extend(key.map(|key| wording.language_offer(key)));
                if !everybody.choices.is_empty() {
                    prompts.push(wording.menu(&everybody));
                }
            }
        }
        without_repetition(prompts)
    }

    fn with_callback_key(&self, menu: Menu) -> Menu {
        match self.callback_key {
            Some(key) => menu.leaving_free(key),
            None => menu,
        }
    }

    /// What callers are spoken to in, whoever calls.
    #[must_use]
    pub fn languages(&self) -> HashSet<Language> {
        self.profiles
            .all()
            .flat_map(|profile| profile.languages())
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
        let states = 1 + usize::from(self.says_busy);
        company.len() * self.keys().len() * states > self.most_lines
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
        let language = self.profiles.general.language_key;
        let menus = menus.map(|menu| match language {
            Some(key) => menu.with_language_key(key),
            None => menu,
        });
        let menus = menus.map(|menu| self.with_callback_key(menu));
        let choices = menus.flat_map(|menu| menu.choices);
        let choices = choices.flat_map(|choice| self.states(choice.key, &choice.entry));
        let lines = choices.flat_map(|choice| {
            languages
                .iter()
                .map(move |language| self.line(choice.clone(), *language))
        });
        without_repetition(lines)
    }

    fn keys(&self) -> Vec<Key> {
        let language = self.profiles.general.language_key;
        let keys = Key::CHOICES.into_iter();
        let keys = keys.filter(|key| Some(*key) != language && Some(*key) != self.callback_key);
        keys.take(self.longest_menu).collect()
    }

    /// The line of each person in a menu, with each key that may be theirs, in one language.
    pub fn lines(
        &self,
        entries: impl IntoIterator<Item = Entry>,
        language: Language,
    ) -> Vec<Prompt> {
        entries
            .into_iter()
            .flat_map(|entry| self.keys().into_iter().map(move |key| (key, entry.clone())))
            .flat_map(|(key, entry)| self.states(key, &entry))
            .take(self.most_lines)
            .map(|choice| self.line(choice, language))
            .collect()
    }

    /// Somebody as they may be when they are offered: free, and talking if that is said.
    fn states(&self, key: Key, entry: &Entry) -> impl Iterator<Item = Choice> + use<> {
        let free = Choice {
            key,
            entry: entry.clone(),
            busy: false,
        };
        let busy = self.says_busy.then(|| Choice {
            busy: true,
            ..free.clone()
        });
        std::iter::once(free).chain(busy)
    }

    fn line(&self, choice: Choice, language: Language) -> Prompt {
        let general = &self.profiles.general;
        general.wordings.speaking(language).menu(&Menu {
            kind: MenuKind::Personal,
            choices: vec![choice],
            language_key: None,
            callback_key: None,
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
    count_phrases(speech).await;
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
mod tests;
