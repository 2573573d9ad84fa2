//! The words of a menu: what is said at each point of a call.

use std::time::Duration;

use super::super::directory::{Entry, Name};
use super::super::language::names::{self, NameDictionary, NamePart};
use super::super::language::{FixedPhrase, Language, fixed_phrase};
use super::super::person::{Gender, PersonName};
use super::super::prompt::{Phrase, Prompt};
use super::fragments::fragments;
use super::template::{Named, Template, Templates, Values};
use super::{Choice, Key, Menu, SummonsTemplates};

/// The silence between two sentences, as a speaker would leave it.
pub(super) const BETWEEN_SENTENCES: Duration = Duration::from_millis(350);

/// What a menu is put together from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Whole sentences: they sound best.
    #[default]
    Quality,
    /// Fragments, each of which is bought once.
    Economy,
}

/// Says everything in one language, beginning with the company's own greeting.
#[derive(Clone, Debug)]
pub struct Wording {
    /// The language of this call.
    pub language: Language,
    /// The first sentence that a caller hears.
    pub greeting: String,
    /// What the employees are spoken to in.
    pub(super) staff_language: Language,
    /// What an employee hears who picks up a mobile.
    pub(super) summons: SummonsTemplates,
    /// That the talk may be recorded, if callers are to be told.
    announcement: Option<String>,
    templates: Templates,
    dictionary: NameDictionary,
    mode: Mode,
}

impl Wording {
    /// Words in a language; without a greeting of the company's own, a general one.
    #[must_use]
    pub fn new(language: Language, greeting: Option<String>) -> Self {
        let general = || fixed_phrase(FixedPhrase::Greeting, language).to_owned();
        Self {
            language,
            greeting: greeting.unwrap_or_else(general),
            staff_language: language,
            summons: SummonsTemplates::usual(language),
            announcement: None,
            templates: Templates::usual(language),
            dictionary: NameDictionary::new(),
            mode: Mode::default(),
        }
    }

    /// Put together in another way.
    #[must_use]
    pub fn with_mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// Where the employees are spoken to in another language than the callers.
    #[must_use]
    pub fn with_staff_language(self, staff_language: Language) -> Self {
        Self {
            staff_language,
            summons: SummonsTemplates::usual(staff_language),
            ..self
        }
    }

    /// With the company's own words for who picks up a mobile, in the employees' language.
    #[must_use]
    pub fn with_summons(self, summons: SummonsTemplates) -> Self {
        Self { summons, ..self }
    }

    /// With words about recording, said after the greeting.
    #[must_use]
    pub fn with_announcement(self, announcement: Option<String>) -> Self {
        Self {
            announcement,
            ..self
        }
    }

    /// With sentences of the company's own.
    #[must_use]
    pub fn with_templates(self, templates: Templates) -> Self {
        Self { templates, ..self }
    }

    /// With the company's own forms of names.
    #[must_use]
    pub fn with_dictionary(self, dictionary: NameDictionary) -> Self {
        Self { dictionary, ..self }
    }

    /// The beginning of every call.
    #[must_use]
    pub fn greeting(&self) -> Prompt {
        let greeting = std::iter::once(self.greeting.clone());
        self.sentences(greeting.chain(self.announcement.clone()))
    }

    /// The choices, one sentence each, and how to reach the fallback.
    #[must_use]
    pub fn menu(&self, menu: &Menu) -> Prompt {
        let choices = menu.choices.iter().flat_map(|choice| self.choice(choice));
        Prompt {
            phrases: choices.chain(self.ending()).collect(),
        }
    }

    /// After a key that leads nowhere.
    #[must_use]
    pub fn wrong_key(&self) -> Prompt {
        self.remark(&self.templates.wrong_key)
    }

    /// When no key came.
    #[must_use]
    pub fn nothing_pressed(&self) -> Prompt {
        self.remark(&self.templates.nothing_pressed)
    }

    /// After a person's telephone was not answered.
    #[must_use]
    pub fn no_answer(&self) -> Prompt {
        self.remark(&self.templates.no_answer)
    }

    /// After a person's telephone was busy.
    #[must_use]
    pub fn busy(&self) -> Prompt {
        self.remark(&self.templates.busy)
    }

    /// How this language is chosen by who is spoken to in another one.
    #[must_use]
    pub fn language_offer(&self, key: Key) -> Prompt {
        let values = Values {
            key: Some(key),
            ..Values::default()
        };
        Prompt {
            phrases: self.say(&self.templates.language, &values),
        }
    }

    /// Before the wait for a person who is talking.
    #[must_use]
    pub fn wait(&self) -> Prompt {
        self.remark(&self.templates.wait)
    }

    /// How to be called back by a person who can't be had now; `None` of a department.
    #[must_use]
    pub fn callback_offer(&self, person: &Entry, key: Key) -> Option<Prompt> {
        self.of_person(person, Some(key), |templates| &templates.callback)
    }

    /// To who has asked to be called back by somebody; `None` of a department.
    #[must_use]
    pub fn callback_promise(&self, person: &Entry) -> Option<Prompt> {
        self.of_person(person, None, |templates| &templates.callback_promise)
    }

    /// A sentence about a person. Of a department there is none.
    fn of_person(
        &self,
        person: &Entry,
        key: Option<Key>,
        pick: impl Fn(&Templates) -> &Template,
    ) -> Option<Prompt> {
        let Name::Person(name) = &person.name else {
            return None;
        };
        let gender = person.gender;
        let values = Values {
            employee: Some(Named { name, gender }),
            extension: Some(&person.extension),
            key,
            ..Values::default()
        };
        let template = self.in_a_known_case(name, gender, pick);
        Some(Prompt {
            phrases: self.say(&template, &values),
        })
    }

    /// Everything that is said to more than one caller, to be made ready before the first call.
    #[must_use]
    pub fn said_to_everybody(&self) -> Vec<Prompt> {
        vec![
            self.greeting(),
            self.wrong_key(),
            self.nothing_pressed(),
            self.no_answer(),
            self.busy(),
            self.summons(None),
            self.wait(),
        ]
    }

    fn choice(&self, choice: &Choice) -> Vec<Phrase> {
        let values = Values {
            extension: Some(&choice.entry.extension),
            key: Some(choice.key),
            ..Values::default()
        };
        match &choice.entry.name {
            Name::Department(name) => {
                let department = Some(name.as_str());
                let template = match choice.busy {
                    false => &self.templates.department,
                    true => &self.templates.busy_department,
                };
                self.say(
                    template,
                    &Values {
                        department,
                        ..values
                    },
                )
            }
            Name::Person(name) => {
                let gender = choice.entry.gender;
                let employee = Some(Named { name, gender });
                let template = self.in_a_known_case(name, gender, |templates| match choice.busy {
                    false => &templates.choice,
                    true => &templates.busy_choice,
                });
                self.say(&template, &Values { employee, ..values })
            }
        }
    }

    /// A sentence that needs a case is not for a name that has none: nobody knows the gender.
    fn in_a_known_case(
        &self,
        name: &PersonName,
        gender: Option<Gender>,
        pick: impl Fn(&Templates) -> &Template,
    ) -> Template {
        let own = pick(&self.templates);
        if own.declines_a_name() && gender.is_none() && !self.has_cases(name) {
            return pick(&Templates::usual(self.language)).clone();
        }
        own.clone()
    }

    fn has_cases(&self, name: &PersonName) -> bool {
        let parts = [
            (NamePart::Last, name.last()),
            (NamePart::First, name.first()),
            (NamePart::Middle, name.middle()),
        ];
        let in_dictionary = |(part, text): (NamePart, Option<&str>)| {
            text.is_none_or(|text| self.dictionary.get(part, text, None).is_some())
        };
        self.language == Language::English
            || names::gender_of(name).is_some()
            || parts.into_iter().all(in_dictionary)
    }

    fn ending(&self) -> Vec<Phrase> {
        let values = Values {
            key: Some(Key::FALLBACK),
            ..Values::default()
        };
        self.say(&self.templates.ending, &values)
    }

    fn say(&self, template: &Template, values: &Values<'_>) -> Vec<Phrase> {
        match self.mode {
            Mode::Quality => {
                let text = template.say(values, self.language, &self.dictionary);
                self.sentences([text]).phrases
            }
            Mode::Economy => {
                let pieces = template.pieces(values, self.language, &self.dictionary);
                let pieces = pieces.iter().map(String::as_str);
                fragments(pieces, self.language, BETWEEN_SENTENCES)
            }
        }
    }

    /// Always whole: it is bought once anyway.
    fn remark(&self, template: &Template) -> Prompt {
        self.sentences([template.say(&Values::default(), self.language, &self.dictionary)])
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

#[cfg(test)]
mod tests;
