//! What somebody hears who picks up a telephone that may have a voicemail: who calls, and the key
//! that takes the call.

use super::super::language::names::NameDictionary;
use super::super::language::{FixedPhrase, Language, fixed_phrase};
use super::super::prompt::{Phrase, Prompt};
use super::template::{Place, Template, Values};
use super::wording::BETWEEN_SENTENCES;
use super::{CallerName, Wording};

/// The sentences of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummonsTemplates {
    /// Who calls ([`Place::Summons`]).
    pub named: Template,
    /// The same of who has no name ([`Place::Remark`]).
    pub unnamed: Template,
    /// The keys ([`Place::Remark`]).
    pub keys: Template,
}

impl SummonsTemplates {
    /// What is said unless somebody wants it otherwise.
    #[must_use]
    pub fn usual(language: Language) -> Self {
        let named = match language {
            Language::Russian => "Вам звонит {caller}.",
            Language::English => "A call from {caller}.",
        };
        let fixed = |phrase| Template::usual(fixed_phrase(phrase, language), Place::Remark);
        Self {
            named: Template::usual(named, Place::Summons),
            unnamed: fixed(FixedPhrase::Summons),
            keys: fixed(FixedPhrase::SummonsKeys),
        }
    }
}

impl Wording {
    /// Who calls, and which keys take and decline the call, in the language of the employees. Without
    /// a name it is the same for everybody.
    #[must_use]
    pub fn summons(&self, caller: Option<&CallerName>) -> Prompt {
        let language = self.staff_language;
        let values = Values {
            caller: caller.map(CallerName::as_str),
            ..Values::default()
        };
        let who = match caller {
            Some(_) => &self.summons.named,
            None => &self.summons.unnamed,
        };
        let phrases = [who, &self.summons.keys].map(|template| Phrase {
            text: template.say(&values, language, &NameDictionary::new()),
            language,
            pause: BETWEEN_SENTENCES,
        });
        Prompt {
            phrases: phrases.to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(language: Language, staff: Language, name: Option<&str>) -> Vec<String> {
        let wording = Wording::new(language, None).with_staff_language(staff);
        let name = name.and_then(CallerName::new);
        let phrases = wording.summons(name.as_ref()).phrases;
        assert!(phrases.iter().all(|phrase| phrase.language == staff));
        phrases.into_iter().map(|phrase| phrase.text).collect()
    }

    #[test]
    fn who_picks_up_hears_who_calls_and_which_key_takes_the_call() {
        assert_eq!(
            said(
                Language::Russian,
                Language::Russian,
                Some("Чулкова Евгения")
            ),
            [
                "Вам звонит Чулкова Евгения.",
                "Чтобы принять звонок, нажмите один; чтобы отказаться, два."
            ]
        );
        assert_eq!(
            said(Language::English, Language::English, None),
            [
                "A call from a client.",
                "Press one to take it, two to decline."
            ]
        );
    }

    #[test]
    fn a_company_has_words_of_its_own_for_it() {
        let read = |text, place| Template::parse(text, place).unwrap();
        let wording = Wording::new(Language::English, None)
            .with_staff_language(Language::Russian)
            .with_summons(SummonsTemplates {
                named: read("Клиент {caller}.", Place::Summons),
                unnamed: read("Неизвестный.", Place::Remark),
                keys: read("Один: да.", Place::Remark),
            });
        let said = |name: Option<&str>| {
            let name = name.and_then(CallerName::new);
            let phrases = wording.summons(name.as_ref()).phrases;
            phrases.into_iter().map(|phrase| phrase.text).collect()
        };
        let said: [Vec<String>; 2] = [said(Some("Анна")), said(None)];
        assert_eq!(said[0], ["Клиент Анна.", "Один: да."]);
        assert_eq!(said[1], ["Неизвестный.", "Один: да."]);
    }

    #[test]
    fn a_client_from_abroad_does_not_change_what_the_employees_hear() {
        let heard = said(Language::English, Language::Russian, None);
        assert_eq!(heard[0], "Вам звонит клиент.");
    }
}
