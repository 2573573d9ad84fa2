//! What callers are told before anything of theirs is recorded.

use super::super::language::{FixedPhrase, Language, fixed_phrase};

/// Whether callers are told that the talk may be recorded, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Announcement {
    /// They are not told: nothing is recorded, or the company's own greeting says it.
    #[default]
    None,
    /// In the usual words.
    Usual,
    /// In the company's own words, which are in this language. In others, the usual ones.
    Own(String, Language),
}

impl Announcement {
    /// The words in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> Option<String> {
        match self {
            Self::None => None,
            Self::Own(text, own) if *own == language => Some(text.clone()),
            Self::Own(..) | Self::Usual => Some(usual(language).to_owned()),
        }
    }
}

fn usual(language: Language) -> &'static str {
    fixed_phrase(FixedPhrase::Recorded, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_companys_own_words_are_said_in_their_language_only() {
        let own = Announcement::Own("Мы пишем.".to_owned(), Language::Russian);
        assert_eq!(own.text(Language::Russian).unwrap(), "Мы пишем.");
        let english = "This call may be recorded.";
        assert_eq!(own.text(Language::English).unwrap(), english);
        assert_eq!(
            Announcement::Usual.text(Language::English).unwrap(),
            english
        );
        assert_eq!(Announcement::None.text(Language::Russian), None);
    }
}
