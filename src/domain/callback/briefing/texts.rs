//! What a company says in callbacks in its own words.

use super::super::super::menu::template::Template;

/// A company's own sentences, in its own language; without one the usual is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BriefingTexts {
    /// To the operator, about the person ([`Place::Briefing`]). A sentence is left out if nothing is
    /// known of what it is to be filled with. The reason and the keys are said after them.
    ///
    /// [`Place::Briefing`]: super::super::super::menu::template::Place::Briefing
    pub briefing: Vec<Template>,
    /// To the operator: the keys. Without slots, like those that follow.
    pub keys: Option<Template>,
    /// To the operator who accepted.
    pub connecting: Option<Template>,
    /// To the operator: the person's line is busy.
    pub busy: Option<Template>,
    /// To the operator: the person was not reached.
    pub no_answer: Option<Template>,
    /// To the operator whom we can't serve.
    pub sorry: Option<Template>,
    /// To the person who picked up when the operator had gone.
    pub apology: Option<Template>,
}
