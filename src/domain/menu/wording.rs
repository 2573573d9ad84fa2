//! The words of a menu: what is said at each point of a call.

use std::time::Duration;

use super::super::directory::Name;
use super::super::language::{
    FixedPhrase, Language, extension_in_words, fixed_phrase, key_in_words,
};
use super::super::prompt::{Phrase, Prompt};
use super::{Choice, Key, Menu};

/// The silence between two sentences, as a speaker would leave it.
const BETWEEN_SENTENCES: Duration = Duration::from_millis(350);

/// Says everything in one language, beginning with the company's own greeting.
#[derive(Clone, Debug)]
pub struct Wording {
    /// The language of this call.
    pub language: Language,
    /// The first sentence that a caller hears.
    pub greeting: String,
}

impl Wording {
    /// Words in a language; without a greeting of the company's own, a general one.
    #[must_use]
    pub fn new(language: Language, greeting: Option<String>) -> Self {
        let general = || fixed_phrase(FixedPhrase::Greeting, language).to_owned();
        Self {
            language,
            greeting: greeting.unwrap_or_else(general),
        }
    }

    /// The beginning of every call.
    #[must_use]
    pub fn greeting(&self) -> Prompt {
        self.sentences([self.greeting.clone()])
    }

    /// The choices, one sentence each, and how to reach the fallback.
    #[must_use]
    pub fn menu(&self, menu: &Menu) -> Prompt {
        let choices = menu.choices.iter().map(|choice| self.choice(choice));
        self.sentences(choices.chain([self.ending()]))
    }

    /// After a key that leads nowhere.
    #[must_use]
    pub fn wrong_key(&self) -> Prompt {
        self.fixed(FixedPhrase::WrongKey)
    }

    /// When no key came.
    #[must_use]
    pub fn nothing_pressed(&self) -> Prompt {
        self.fixed(FixedPhrase::NothingPressed)
    }

    /// After a person's telephone was not answered.
    #[must_use]
    pub fn no_answer(&self) -> Prompt {
        self.fixed(FixedPhrase::NoAnswer)
    }

    /// After a person's telephone was busy.
    #[must_use]
    pub fn busy(&self) -> Prompt {
        self.fixed(FixedPhrase::Busy)
    }

    /// Everything that is said to more than one caller, to be made ready before the first call.
    #[must_use]
    pub fn said_to_everybody(&self) -> Vec<Prompt> {
        vec![
            self.greeting(),
            self.wrong_key(),
            self.no_answer(),
            self.busy(),
        ]
    }

    fn choice(&self, choice: &Choice) -> String {
        let name = self.name(&choice.entry.name);
        let extension = extension_in_words(&choice.entry.extension, self.language);
        let key = self.key(choice.key);
        match self.language {
            Language::Russian => format!("{name}, добавочный {extension}: нажмите {key}."),
            Language::English => format!("{name}, extension {extension}: press {key}."),
        }
    }

    fn name(&self, name: &Name) -> String {
        match (name, self.language) {
            (Name::Department(name), _) => name.clone(),
            (Name::Person { last, first }, Language::Russian) => format!("{last} {first}"),
            (Name::Person { last, first }, Language::English) => format!("{first} {last}"),
        }
    }

    fn ending(&self) -> String {
        let key = self.key(Key::FALLBACK);
        match self.language {
            Language::Russian => format!("Чтобы поговорить с оператором, нажмите {key}."),
            Language::English => format!("To speak with an operator, press {key}."),
        }
    }

    fn key(&self, key: Key) -> String {
        key_in_words(key.as_char(), self.language).unwrap_or_else(|| key.to_string())
    }

    fn fixed(&self, phrase: FixedPhrase) -> Prompt {
        self.sentences([fixed_phrase(phrase, self.language).to_owned()])
    }

    fn sentences(&self, texts: impl IntoIterator<Item = String>) -> Prompt {
        let phrases = texts.into_iter().map(|text| Phrase {
            text,
            language: self.language,
            pause: BETWEEN_SENTENCES,
        });
        Prompt {
            phrases: phrases.collect(),
        }
    }
}
