//! What callers will hear, spoken before they call, as far as it can be known.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::directory::{Company, Entry};
use crate::domain::menu::{Choice, Key, Menu, MenuKind, Wording};
use crate::domain::prompt::Prompt;
use crate::speech::Speech;
use crate::store::Store;

/// The most lines of personal menus that are spoken ahead.
const MOST_LINES: usize = 3000;

/// How often we look whether the company has changed.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// What is said, as the settings have it.
pub struct Said {
    /// The words.
    pub wording: Wording,
    /// What everybody is offered.
    pub departments: Vec<Entry>,
    /// The most people in a personal menu.
    pub longest_menu: usize,
}

/// Speaks what everybody hears, then the lines of everybody who may be offered, then those of whoever
/// is new.
pub(super) async fn warm(speech: Speech, said: Said, store: Option<Store>) {
    let mut company = store.as_ref().map(Store::company);
    let mut prompts = said.to_everybody();
    prompts.extend(company.iter().flat_map(|company| said.of_company(company)));
    speak(&speech, prompts).await;
    let Some(store) = store else { return };
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        let now = store.company();
        if !company
            .as_ref()
            .is_some_and(|before| Arc::ptr_eq(before, &now))
        {
            speak(&speech, said.of_company(&now)).await;
            company = Some(now);
        }
    }
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

    /// The line of each person in a menu, with each key that may be theirs.
    pub fn lines(&self, entries: impl IntoIterator<Item = Entry>) -> Vec<Prompt> {
        let keys = &Key::CHOICES[..self.longest_menu.min(Key::CHOICES.len())];
        entries
            .into_iter()
            .flat_map(|entry| keys.iter().map(move |key| (*key, entry.clone())))
            .take(MOST_LINES)
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
