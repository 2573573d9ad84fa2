//! What a called number has of its own: words, hours, who is offered, and where callers go whom we
//! can't help. Each call picks its profile once, when it comes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::Fallback;
use crate::ari::Channel;
use crate::domain::business::{Called, Opening};
use crate::domain::call::{FallbackReason, OtherLanguage};
use crate::domain::directory::Entry;
use crate::domain::language::Language;
use crate::domain::menu::{Key, Wording};
use crate::domain::phone::PhoneNumber;

/// What is said, in each language.
#[derive(Clone, Debug)]
pub struct Wordings {
    russian: Wording,
    english: Wording,
}

impl Wordings {
    /// Words in every language.
    #[must_use]
    pub fn of(wording: impl Fn(Language) -> Wording) -> Self {
        Self {
            russian: wording(Language::Russian),
            english: wording(Language::English),
        }
    }

    /// The words of one language.
    #[must_use]
    pub fn speaking(&self, language: Language) -> &Wording {
        match language {
            Language::Russian => &self.russian,
            Language::English => &self.english,
        }
    }
}

/// When a number is answered, and what happens otherwise.
#[derive(Clone, Debug)]
pub struct Hours {
    /// When.
    pub opening: Opening,
    /// What is said outside of that; `None` if callers go straight to the fallback.
    pub closed: Option<Wordings>,
}

/// What callers of one number meet.
#[derive(Clone, Debug)]
pub struct Profile {
    /// What its callers are spoken to in.
    pub language: Language,
    /// Whether a client's own language comes before that.
    pub follows_clients: bool,
    /// The key that leads callers to the other language.
    pub language_key: Option<Key>,
    /// What is said.
    pub wordings: Wordings,
    /// When; `None` is always.
    pub hours: Option<Hours>,
    /// Who is offered to callers about whom nothing is known.
    pub departments: Arc<[Entry]>,
    /// Where callers go whom we can't help: the way out in our own part of the dialplan.
    pub fallback: Fallback,
    /// Where that leads them for this number, if not where it leads all others.
    pub own_fallback: Option<Fallback>,
}

impl Profile {
    fn is_open(&self, at: Timestamp) -> bool {
        let hours = self.hours.as_ref();
        hours.is_none_or(|hours| hours.opening.is_open(at))
    }

    /// Whether nobody is to be answered at this moment.
    fn sends_on(&self, at: Timestamp) -> bool {
        let closed = self.hours.as_ref().map(|hours| hours.closed.is_none());
        closed.unwrap_or(false) && !self.is_open(at)
    }

    /// What is said at this moment to a client whose language is known, or is not.
    #[must_use]
    pub fn wording(&self, client: Option<Language>, at: Timestamp) -> &Wording {
        let client = client.filter(|_| self.follows_clients);
        let language = client.unwrap_or(self.language);
        self.wordings_at(at).speaking(language)
    }

    /// To what a key leads whoever is spoken to in this language, if there is such a key.
    #[must_use]
    pub fn other_language(&self, spoken: Language, at: Timestamp) -> Option<OtherLanguage> {
        let other = match spoken {
            Language::Russian => Language::English,
            Language::English => Language::Russian,
        };
        self.language_key.map(|key| OtherLanguage {
            key,
            wording: self.wordings_at(at).speaking(other).clone(),
        })
    }

    fn wordings_at(&self, at: Timestamp) -> &Wordings {
        let closed = self.hours.as_ref().and_then(|hours| hours.closed.as_ref());
        closed
            .filter(|_| !self.is_open(at))
            .unwrap_or(&self.wordings)
    }

    /// What its callers may be spoken to in, without those of clients.
    #[must_use]
    pub fn languages(&self) -> Vec<Language> {
        match self.language_key {
            Some(_) => Language::ALL.to_vec(),
            None => vec![self.language],
        }
    }

    /// All that is said in a language, whatever the moment; nothing if no caller is spoken to in it.
    #[must_use]
    pub fn wordings_in(&self, language: Language) -> Vec<&Wording> {
        if !self.follows_clients && !self.languages().contains(&language) {
            return Vec::new();
        }
        let closed = self.hours.as_ref().and_then(|hours| hours.closed.as_ref());
        let all = [Some(&self.wordings), closed];
        let all = all.into_iter().flatten();
        all.map(|wordings| wordings.speaking(language)).collect()
    }
}

/// The profiles of all numbers, and who gets no menu at any of them.
#[derive(Clone, Debug)]
pub struct Profiles {
    /// Of a number that has none of its own.
    pub general: Arc<Profile>,
    /// Of those that have.
    pub numbers: HashMap<Called, Arc<Profile>>,
    /// Callers who go on to the fallback at once.
    pub direct: HashSet<PhoneNumber>,
}

impl Profiles {
    /// The profile of a call: of the number that the dialplan names, otherwise of the extension at
    /// which the channel is.
    pub(super) fn of(&self, channel: &Channel, named: Option<&str>) -> Arc<Profile> {
        if self.numbers.is_empty() {
            return Arc::clone(&self.general);
        }
        let named = named.filter(|named| !named.trim().is_empty());
        let called = named.unwrap_or(&channel.dialplan.extension);
        let own = Called::parse(called).and_then(|called| self.numbers.get(&called));
        Arc::clone(own.unwrap_or(&self.general))
    }

    /// Why a caller is not to be answered by us, if so.
    #[must_use]
    pub fn why_sent_on(
        &self,
        profile: &Profile,
        caller: Option<&PhoneNumber>,
        at: Timestamp,
    ) -> Option<FallbackReason> {
        if caller.is_some_and(|caller| self.direct.contains(caller)) {
            return Some(FallbackReason::Direct);
        }
        profile.sends_on(at).then_some(FallbackReason::Closed)
    }

    /// The general one, and those of the numbers.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Profile>> {
        std::iter::once(&self.general).chain(self.numbers.values())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn profile(department: &str) -> Arc<Profile> {
        Arc::new(Profile {
            language: Language::Russian,
            follows_clients: true,
            language_key: None,
            wordings: Wordings::of(|language| Wording::new(language, Some(department.to_owned()))),
            hours: None,
            departments: Arc::default(),
            fallback: Fallback {
                context: "vizavi".to_owned(),
                extension: "fallback".to_owned(),
            },
            own_fallback: None,
        })
    }

    /// The greeting of the profile that a call gets.
    fn picked(extension: &str, named: Option<&str>) -> String {
        let service = Called::parse("+74951234567").unwrap();
        let profiles = Profiles {
            general: profile("general"),
            numbers: [(service, profile("service"))].into(),
            direct: HashSet::new(),
        };
        let channel = json!({
            "id": "1763.12",
            "name": "PJSIP/trunk-00000001",
            "state": "Ring",
            "dialplan": {"context": "vizavi", "exten": extension, "priority": 6},
            "creationtime": "2026-11-21T02:03:31.123+0000",
        });
        let channel: Channel = serde_json::from_value(channel).unwrap();
        let picked = profiles.of(&channel, named);
        picked.wordings.speaking(Language::Russian).greeting.clone()
    }

    #[test]
    fn the_dialplan_names_the_number_that_was_called() {
        assert_eq!(picked("s", Some("84951234567")), "service");
        assert_eq!(picked("s", Some("100")), "general");
        assert_eq!(picked("+74951234567", Some("100")), "general");
    }

    #[test]
    fn a_dialplan_that_names_no_number_is_asked_for_its_extension() {
        assert_eq!(picked("+74951234567", None), "service");
        assert_eq!(picked("+74951234567", Some("")), "service");
        assert_eq!(picked("s", None), "general");
    }
}
