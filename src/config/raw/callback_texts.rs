//! `[callbacks.texts]`: the sentences of callbacks.

use serde::Deserialize;
use toml::Spanned;

use super::texts::template;
use super::unplaced;
use crate::domain::callback::briefing::BriefingTexts;
use crate::domain::menu::template::Place;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCallbackTexts {
    briefing: Vec<Spanned<String>>,
    keys: Spanned<String>,
    connecting: Spanned<String>,
    busy: Spanned<String>,
    no_answer: Spanned<String>,
    sorry: Spanned<String>,
    apology: Spanned<String>,
}

impl Default for RawCallbackTexts {
    fn default() -> Self {
        let empty = || unplaced(String::new());
        Self {
            briefing: Vec::new(),
            keys: empty(),
            connecting: empty(),
            busy: empty(),
            no_answer: empty(),
            sorry: empty(),
            apology: empty(),
        }
    }
}

impl RawCallbackTexts {
    /// An empty one is what is usually said.
    pub(super) fn check(&self, file: &TomlFile) -> Result<BriefingTexts, FileError> {
        let briefing = self.briefing.iter();
        let briefing = briefing.map(|text| template(text, Place::Briefing, file));
        let briefing: Vec<_> = briefing.collect::<Result<_, FileError>>()?;
        let remark = |text| template(text, Place::Remark, file);
        Ok(BriefingTexts {
            briefing: briefing.into_iter().flatten().collect(),
            keys: remark(&self.keys)?,
            connecting: remark(&self.connecting)?,
            busy: remark(&self.busy)?,
            no_answer: remark(&self.no_answer)?,
            sorry: remark(&self.sorry)?,
            apology: remark(&self.apology)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<BriefingTexts, String> {
        let file = TomlFile::of("vizavi.toml", text);
        let raw: RawCallbackTexts = file.parse().map_err(|error| error.to_string())?;
        raw.check(&file).map_err(|error| error.to_string())
    }

    #[test]
    fn without_sentences_of_its_own_a_company_says_the_usual_ones() {
        assert_eq!(read("").unwrap(), BriefingTexts::default());
    }

    #[test]
    fn a_sentence_with_a_slot_that_nobody_knows_is_refused_with_its_line() {
        for (text, expected) in [
            (
                "briefing = [\n\"Приём в {time}.\",\n\"Звонит {employee}.\"]",
                "line 3: character 9: {employee} can't be said here; expected one of {patient}",
            ),
            ("apology = \"{patient}!\"", "expected one of no slot at all"),
            ("greeting = \"Да.\"", "unknown field `greeting`"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(expected), "{text:?} gave {error:?}");
        }
    }
}
