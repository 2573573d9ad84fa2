//! Numbers and extensions in words, in the languages that callers hear.

/// A language that callers are spoken to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Russian.
    Russian,
    /// English.
    English,
}
