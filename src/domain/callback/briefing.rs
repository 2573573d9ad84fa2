//! What is said in a callback: to the operator, whom it is about and which keys there are; to a
//! patient who picked up too late, an apology.

mod texts;

use std::fmt;
use std::time::Duration;

use jiff::civil::{DateTime, Time};

use super::super::language::names::NameDictionary;
use super::super::language::{
    Case, FixedPhrase, Language, date_in_words, fixed_phrase, number_in_words, time_in_words,
};
use super::super::menu::template::{Named, Place, Template, Values};
use super::super::prompt::{Phrase, Prompt};
use super::attempt::Prompts;

pub use texts::BriefingTexts;

/// The silence between two sentences, as a speaker would leave it.
const BETWEEN_SENTENCES: Duration = Duration::from_millis(350);

/// Of larger numbers there is no recording: a job that has come so far is said to be there.
const LAST_RECORDED: u32 = 59;

/// Why somebody is called back.
#[derive(Clone, PartialEq, Eq)]
pub enum Reason {
    /// The robot did not get through to them.
    NotReached,
    /// The robot did not understand the answer.
    NotUnderstood,
    /// The robot could not put them through to an operator.
    TransferFailed,
    /// In the CRM's own words. Personal data.
    Other(String),
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotReached => "NotReached",
            Self::NotUnderstood => "NotUnderstood",
            Self::TransferFailed => "TransferFailed",
            Self::Other(_) => "Other(…)",
        })
    }
}

/// Whom a callback is about, as far as it is known. Personal data.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The patient; `None` if nobody knows their name.
    pub patient: Option<Named<'a>>,
    /// When the appointment is, by the clinic's clock.
    pub appointment: Option<DateTime>,
    /// What the specialist is, such as «терапевт».
    pub profession: Option<&'a str>,
    /// What the specialist is called.
    pub specialist: Option<Named<'a>>,
    /// Why they are called back.
    pub reason: Option<&'a Reason>,
    /// Which attempt it is, from one.
    pub attempt: u32,
}

/// Says everything in the operator's language.
#[derive(Clone, Debug)]
pub struct BriefingWording {
    language: Language,
    texts: BriefingTexts,
    dictionary: NameDictionary,
}

impl BriefingWording {
    /// Words in a language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self {
            language,
            texts: BriefingTexts::default(),
            dictionary: NameDictionary::new(),
        }
    }

    /// With the company's own sentences.
    #[must_use]
    pub fn with_texts(self, texts: BriefingTexts) -> Self {
        Self { texts, ..self }
    }

    /// With the company's own forms of names.
    #[must_use]
    pub fn with_dictionary(self, dictionary: NameDictionary) -> Self {
        Self { dictionary, ..self }
    }

    /// All that is said in one attempt.
    #[must_use]
    pub fn prompts(&self, subject: &Subject<'_>) -> Prompts {
        Prompts {
            briefing: self.briefing(subject),
            plain: self.plain(subject),
            connecting: self.remark(&self.texts.connecting, &[FixedPhrase::Connecting]),
            busy: self.remark(&self.texts.busy, &[FixedPhrase::Busy]),
            no_answer: self.remark(&self.texts.no_answer, &[FixedPhrase::NoAnswer]),
            sorry: self.remark(&self.texts.sorry, &[FixedPhrase::CallbackSorry]),
            apology: self.remark(&self.texts.apology, &APOLOGY),
        }
    }

    /// What every attempt says alike, to be made ready before the first.
    #[must_use]
    pub fn said_to_everybody(&self) -> Vec<Prompt> {
        vec![
            self.remark(&self.texts.connecting, &[FixedPhrase::Connecting]),
            self.remark(&self.texts.busy, &[FixedPhrase::Busy]),
            self.remark(&self.texts.no_answer, &[FixedPhrase::NoAnswer]),
            self.remark(&self.texts.sorry, &[FixedPhrase::CallbackSorry]),
            self.remark(&self.texts.apology, &APOLOGY),
            self.remark(&self.texts.keys, &KEYS),
        ]
    }

    /// A sentence for each thing that is known, and the keys. Sentences are phrases of their own, so
    /// that those that many briefings share are spoken once.
    fn briefing(&self, subject: &Subject<'_>) -> Prompt {
        let mut sentences = match self.texts.briefing.as_slice() {
            [] => self.usual(subject),
            own => self.own(own, subject),
        };
        sentences.extend(subject.reason.map(|reason| self.reason(reason)));
        let mut briefing = self.say(sentences);
        let keys = self.remark(&self.texts.keys, &KEYS);
        briefing.phrases.extend(keys.phrases);
        briefing
    }

    /// Without names and reasons: which attempt it is, when the appointment is, and the keys. The
    /// built-in voice has recordings of all that.
    fn plain(&self, subject: &Subject<'_>) -> Prompt {
        let number = u64::from(subject.attempt.min(LAST_RECORDED));
        let number = number_in_words(number, self.language);
        let attempt = match self.language {
            Language::Russian => format!("Обратный звонок, попытка номер {number}."),
            Language::English => format!("Callback, attempt number {number}."),
        };
        let appointment = subject.appointment.map(|at| {
            let date = date_in_words(at.date(), self.language, Case::Nominative);
            let time = self.plain_time(at.time());
            match self.language {
                Language::Russian => format!("Запись на {date}, время: {time}."),
                Language::English => format!("Appointment on {date}, time: {time}"),
            }
        });
        let keys = KEYS.map(|key| fixed_phrase(key, self.language).to_owned());
        self.say([attempt].into_iter().chain(appointment).chain(keys))
    }

    fn own(&self, own: &[Template], subject: &Subject<'_>) -> Vec<String> {
        let values = values(subject);
        let known = own
            .iter()
            .filter(|sentence| sentence.is_known(&values, self.language, &self.dictionary));
        known.map(|sentence| self.fill(sentence, subject)).collect()
    }

    fn usual(&self, subject: &Subject<'_>) -> Vec<String> {
        let first = subject.patient.map(|patient| patient.name.first());
        let patient = first.map(|first| match (self.language, first) {
            (Language::Russian, Some(_)) => "Пациент: {patient.first} {patient.middle}.",
            (Language::English, Some(_)) => "Patient: {patient.first} {patient.middle}.",
            (Language::Russian, None) => "Пациент: {patient}.",
            (Language::English, None) => "Patient: {patient}.",
        });
        let (attempt, appointment) = match self.language {
            Language::Russian => (
                "Обратный звонок, попытка {attempt|ordinal}.",
                "Запись на {date|accusative}, в {time}.",
            ),
            Language::English => (
                "Callback, {attempt|ordinal} attempt.",
                "Appointment on {date}, at {time}",
            ),
        };
        let mut templates = vec![attempt];
        templates.extend(patient);
        templates.extend(subject.appointment.map(|_| appointment));
        let filled = templates.into_iter().filter_map(|text| {
            let template = Template::parse(text, Place::Briefing).ok()?;
            Some(self.fill(&template, subject))
        });
        filled.chain(self.specialist(subject)).collect()
    }

    /// After midnight Russian counts minutes, which agree; numbers alone say as much.
    fn plain_time(&self, time: Time) -> String {
        if self.language == Language::English || time.hour() > 0 || time.minute() == 0 {
            return time_in_words(time, self.language, Case::Nominative);
        }
        let minute = number_in_words(u64::from(time.minute().unsigned_abs()), self.language);
        let zero = if time.minute() < 10 { "ноль " } else { "" };
        format!("ноль часов {zero}{minute}")
    }

    /// The blank before a full stop is where a part of the name is not known.
    fn fill(&self, template: &Template, subject: &Subject<'_>) -> String {
        let text = template.say(&values(subject), self.language, &self.dictionary);
        text.replace(" .", ".").replace(" ,", ",")
    }

    fn specialist(&self, subject: &Subject<'_>) -> Option<String> {
        let name = subject.specialist.map(|person| match self.language {
            Language::Russian => person.name.last_first(),
            Language::English => person.name.first_last(),
        });
        let parts = [subject.profession.map(str::to_owned), name];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            return None;
        }
        let words = parts.join(", ");
        Some(match self.language {
            Language::Russian => format!("Специалист: {words}."),
            Language::English => format!("Specialist: {words}."),
        })
    }

    fn reason(&self, reason: &Reason) -> String {
        let words = match (self.language, reason) {
            (Language::Russian, Reason::NotReached) => "робот не дозвонился",
            (Language::Russian, Reason::NotUnderstood) => "робот не понял ответ",
            (Language::Russian, Reason::TransferFailed) => "робот не смог перевести на оператора",
            (Language::English, Reason::NotReached) => "the robot did not get through",
            (Language::English, Reason::NotUnderstood) => "the robot did not understand the answer",
            (Language::English, Reason::TransferFailed) => {
                "the robot could not transfer to an operator"
            }
            (_, Reason::Other(words)) => words.trim().trim_end_matches('.'),
        };
        match self.language {
            Language::Russian => format!("Причина: {words}."),
            Language::English => format!("Reason: {words}."),
        }
    }

    /// The company's own sentence, or the usual ones.
    fn remark(&self, own: &Option<Template>, usual: &[FixedPhrase]) -> Prompt {
        if let Some(own) = own {
            return self.say([own.say(&Values::default(), self.language, &self.dictionary)]);
        }
        let usual = usual.iter();
        self.say(usual.map(|phrase| fixed_phrase(*phrase, self.language)))
    }

    fn say<T: Into<String>>(&self, sentences: impl IntoIterator<Item = T>) -> Prompt {
        let phrases = sentences.into_iter().map(|text| Phrase {
            text: text.into(),
            language: self.language,
            pause: BETWEEN_SENTENCES,
        });
        Prompt {
            phrases: phrases.collect(),
        }
    }
}

fn values<'a>(subject: &Subject<'a>) -> Values<'a> {
    Values {
        patient: subject.patient,
        specialist: subject.specialist,
        profession: subject.profession,
        time: subject.appointment.map(DateTime::time),
        date: subject.appointment.map(DateTime::date),
        attempt: Some(subject.attempt),
        ..Values::default()
    }
}

/// To somebody who picked up too late.
const APOLOGY: [FixedPhrase; 2] = [FixedPhrase::CallbackApology, FixedPhrase::CallbackStay];

/// What the operator can do.
const KEYS: [FixedPhrase; 4] = [
    FixedPhrase::CallbackConnect,
    FixedPhrase::CallbackPostpone,
    FixedPhrase::CallbackDone,
    FixedPhrase::CallbackRepeat,
];

#[cfg(test)]
mod tests;
