//! What is said to a caller: phrases to be spoken, and the clip that they became.

use std::fmt;
use std::time::Duration;

use super::language::Language;

/// One sentence or part of one, spoken without a pause inside.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phrase {
    /// The words, with numbers already written out. Personal data: it may name people.
    pub text: String,
    /// The language that the words are in.
    pub language: Language,
    /// The silence that follows, before the next phrase of the same prompt.
    pub pause: Duration,
}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phrase({} characters)", self.text.chars().count())
    }
}

/// What is played in one piece: phrases joined in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Prompt {
    /// The phrases, in the order in which they are heard.
    pub phrases: Vec<Phrase>,
}

/// Who waits for a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Haste {
    /// A caller, in silence.
    Now,
    /// A caller, who hears something else first.
    Next,
    /// Nobody yet.
    Ahead,
}

/// A prompt turned into sound, ready to be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip {
    /// The media URI as Asterisk takes it: `sound:` and an absolute path without an ending.
    pub media: String,
    /// How long it plays.
    pub length: Duration,
}
