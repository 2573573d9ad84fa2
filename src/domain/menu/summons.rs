//! What somebody hears who picks up a telephone that may have a voicemail: who calls, and the key
//! that takes the call.

use super::super::language::{FixedPhrase, Language, fixed_phrase};
use super::super::prompt::{Phrase, Prompt};
use super::wording::BETWEEN_SENTENCES;
use super::{CallerName, Wording};

impl Wording {
    /// Who calls, and which keys take and decline the call, in the language of the employees. Without
    /// a name it is the same for everybody.
    #[must_use]
    pub fn summons(&self, caller: Option<&CallerName>) -> Prompt {
        let language = self.staff_language;
        let texts = [
            who_calls(caller, language),
            fixed_phrase(FixedPhrase::SummonsKeys, language).to_owned(),
        ];
        let phrases = texts.into_iter().map(|text| Phrase {
            text,
            language,
            pause: BETWEEN_SENTENCES,
        });
        Prompt {
            phrases: phrases.collect(),
        }
    }
}

fn who_calls(caller: Option<&CallerName>, language: Language) -> String {
    match (caller.map(CallerName::as_str), language) {
        (Some(name), Language::Russian) => format!("Вам звонит {name}."),
        (Some(name), Language::English) => format!("A call from {name}."),
        (None, _) => fixed_phrase(FixedPhrase::Summons, language).to_owned(),
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
    fn a_client_from_abroad_does_not_change_what_the_employees_hear() {
        let heard = said(Language::English, Language::Russian, None);
        assert_eq!(heard[0], "Вам звонит клиент.");
    }
}
