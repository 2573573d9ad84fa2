//! Numbers and extensions in words, in the languages that callers hear.

/// A language that callers are spoken to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Russian.
    Russian,
    /// English.
    English,
}

/// stub
pub fn number_in_words(n: u32, _: Language) -> String {
    n.to_string()
}
/// stub
pub fn extension_in_words(e: &super::directory::Extension, _: Language) -> String {
    e.digits().to_owned()
}
