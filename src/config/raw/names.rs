//! `[[menu.name]]`: how the company itself declines a name.

use serde::Deserialize;
use toml::Spanned;

use crate::domain::language::names::{Forms, NameDictionary, NamePart};
use crate::domain::person::Gender;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct RawName {
    part: RawPart,
    gender: Option<Gender>,
    forms: Spanned<Vec<String>>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawPart {
    Last,
    First,
    Middle,
}

impl RawName {
    pub(super) fn check(
        self,
        names: &mut NameDictionary,
        file: &TomlFile,
    ) -> Result<(), FileError> {
        let span = self.forms.span();
        let forms: [String; 6] = self.forms.into_inner().try_into().map_err(|_| {
            let message = "forms are six: nominative, genitive, dative, accusative, instrumental, \
                           prepositional";
            file.mistake(&span, message)
        })?;
        let part = match self.part {
            RawPart::Last => NamePart::Last,
            RawPart::First => NamePart::First,
            RawPart::Middle => NamePart::Middle,
        };
        names.insert(part, self.gender, Forms::new(forms));
        Ok(())
    }
}
