//! Sentences with slots: «Чтобы поговорить с {employee|instrumental}, нажмите {key}».
//!
//! A slot is `{name}`, with filters after `|`: how it is said (`extension`, `digits`, `number`,
//! `ordinal`, `time`, `date`, `phone`) and in which case. `{{` and `}}` are the braces themselves. A
//! template is checked when it is read, so that in a call nothing can be wrong with it.

mod parse;
mod slot;
mod values;

#[cfg(test)]
mod tests;

use super::super::language::{Case, FixedPhrase, Language, fixed_phrase};

pub use parse::BadTemplate;
pub use slot::Slot;
pub use values::{Named, Values};

use slot::Way;

/// A sentence with slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(Filled),
}

/// A slot, and how it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Filled {
    slot: Slot,
    way: Way,
    case: Case,
}

/// Where a template is used: what is known there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line of the menu that leads to an employee.
    Choice,
    /// A line of the menu that leads to a department.
    Department,
    /// The last line of the menu.
    Ending,
    /// What is said about a key or a call that came to nothing.
    Remark,
    /// What somebody hears who picks up a mobile: who calls.
    Summons,
    /// What is promised of an employee.
    Promise,
    /// What an operator hears before a call.
    Briefing,
    /// Where all is known: an example.
    Example,
}

impl Place {
    /// The slots that can be filled there.
    #[must_use]
    pub fn slots(self) -> &'static [Slot] {
        match self {
            Self::Choice => &[
                Slot::Employee,
                Slot::EmployeeFirst,
                Slot::EmployeeLast,
                Slot::EmployeeMiddle,
                Slot::EmployeeExtension,
                Slot::Key,
            ],
            Self::Department => &[Slot::Department, Slot::DepartmentExtension, Slot::Key],
            Self::Ending => &[Slot::Key],
            Self::Remark => &[],
            Self::Summons => &[Slot::Caller],
            Self::Promise => &[
                Slot::Employee,
                Slot::EmployeeFirst,
                Slot::EmployeeLast,
                Slot::EmployeeMiddle,
                Slot::EmployeeExtension,
            ],
            Self::Briefing => &[
                Slot::Patient,
                Slot::PatientFirst,
                Slot::PatientLast,
                Slot::PatientMiddle,
                Slot::Specialist,
                Slot::Date,
                Slot::Time,
                Slot::Attempt,
            ],
            Self::Example => &Slot::ALL,
        }
    }
}

impl Template {
    /// A sentence of ours. The tests prove that these can be read, so an empty one is never heard.
    pub(super) fn usual(text: &str, place: Place) -> Self {
        Self::parse(text, place).unwrap_or_else(|_| Self { pieces: Vec::new() })
    }

    /// Whether a name in it is in another case than the nominative.
    #[must_use]
    pub fn declines_a_name(&self) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Text(_) => false,
            Piece::Slot(filled) => filled.way == Way::Name && filled.case != Case::Nominative,
        })
    }
}

/// The sentences of a menu, and what is said between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Templates {
    /// A line that leads to an employee ([`Place::Choice`]).
    pub choice: Template,
    /// A line that leads to a department ([`Place::Department`]).
    pub department: Template,
    /// A line that leads to an employee who is talking ([`Place::Choice`]).
    pub busy_choice: Template,
    /// A line that leads to a department in which somebody is talking ([`Place::Department`]).
    pub busy_department: Template,
    /// How the fallback is reached ([`Place::Ending`]).
    pub ending: Template,
    /// How this language is chosen ([`Place::Ending`]).
    pub language: Template,
    /// After a key that leads nowhere ([`Place::Remark`], like those that follow).
    pub wrong_key: Template,
    /// When no key came.
    pub nothing_pressed: Template,
    /// After a person's telephone was not answered.
    pub no_answer: Template,
    /// After a person's telephone was busy.
    pub busy: Template,
    /// Before the wait for a person who is talking.
    pub wait: Template,
    /// How to be called back by a person who can't be had ([`Place::Choice`]).
    pub callback: Template,
    /// To who has asked for that, before they are hung up ([`Place::Promise`]).
    pub callback_promise: Template,
}

impl Templates {
    /// What is said unless somebody wants it otherwise.
    #[must_use]
    pub fn usual(language: Language) -> Self {
        let (busy_choice, busy_department) = busy_lines(language);
        let (choice, department, ending) = match language {
            Language::Russian => (
                "{employee}, добавочный {employee.extension}: нажмите {key}.",
                "{department}, добавочный {department.extension}: нажмите {key}.",
                "Чтобы поговорить с оператором, нажмите {key}.",
            ),
            Language::English => (
                "{employee}, extension {employee.extension}: press {key}.",
                "{department}, extension {department.extension}: press {key}.",
                "To speak with an operator, press {key}.",
            ),
        };
        let read = Template::usual;
        let (callback, callback_promise) = callback_lines(language);
        let remark = |phrase| read(fixed_phrase(phrase, language), Place::Remark);
        Self {
            choice: read(choice, Place::Choice),
            department: read(department, Place::Department),
            busy_choice: read(busy_choice, Place::Choice),
            busy_department: read(busy_department, Place::Department),
            ending: read(ending, Place::Ending),
            language: read(language_line(language), Place::Ending),
            wrong_key: remark(FixedPhrase::WrongKey),
            nothing_pressed: remark(FixedPhrase::NothingPressed),
            no_answer: remark(FixedPhrase::NoAnswer),
            busy: remark(FixedPhrase::Busy),
            wait: remark(FixedPhrase::Wait),
            callback: read(callback, Place::Choice),
            callback_promise: read(callback_promise, Place::Promise),
        }
    }
}

fn busy_lines(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Russian => (
            "{employee} сейчас разговаривает; чтобы подождать, нажмите {key}.",
            "{department}, линия занята; чтобы подождать, нажмите {key}.",
        ),
        Language::English => (
            "{employee} is speaking; to wait, press {key}.",
            "{department}, the line is busy; to wait, press {key}.",
        ),
    }
}

fn callback_lines(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Russian => (
            "Нажмите {key}, и {employee} вам перезвонит.",
            "{employee} вам перезвонит. До свидания!",
        ),
        Language::English => (
            "To be called back by {employee}, press {key}.",
            "{employee} will call you back. Goodbye!",
        ),
    }
}

fn language_line(language: Language) -> &'static str {
    match language {
        Language::Russian => "Для обслуживания на русском языке нажмите {key}.",
        Language::English => "For English, press {key}.",
    }
}
