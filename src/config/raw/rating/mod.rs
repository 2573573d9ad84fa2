//! `[rating]`: what each type of event is worth, for how long, and what it does to its case.

mod kind;
mod types;

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use self::kind::RawKind;
use super::unplaced;
use crate::domain::rating::{CaseFactors, Factor, KindName, Rules};
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRating {
    case: RawCase,
    other: RawKind,
    #[serde(rename = "type")]
    types: BTreeMap<Spanned<String>, RawKind>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawCase {
    passed_on: Spanned<f64>,
    resolved: Spanned<f64>,
    closed: Spanned<f64>,
}

impl Default for RawRating {
    fn default() -> Self {
        Self {
            case: RawCase::default(),
            other: types::other(),
            types: types::known(),
        }
    }
}

impl Default for RawCase {
    fn default() -> Self {
        let factors = CaseFactors::default();
        Self {
            passed_on: unplaced(factors.passed_on.value()),
            resolved: unplaced(factors.resolved.value()),
            closed: unplaced(factors.closed.value()),
        }
    }
}

impl RawRating {
    /// What a type leaves out is taken from the default of that type, and then from `other`.
    pub(super) fn check(self, file: &TomlFile) -> Result<Rules, FileError> {
        let other = self.other.over(&types::other());
        let mut kinds = types::known();
        for (name, kind) in self.types {
            let kind = match kinds.get(&name) {
                Some(known) => kind.over(known),
                None => kind,
            };
            kinds.insert(name, kind);
        }
        let mut rules = Rules {
            others: Some(other.check(file)?),
            cases: self.case.check(file)?,
            ..Rules::default()
        };
        for (name, kind) in kinds {
            let id = KindName::parse(name.get_ref())
                .map_err(|error| file.mistake(&name.span(), error.to_string()))?;
            rules.kinds.insert(id, kind.over(&other).check(file)?);
        }
        Ok(rules)
    }
}

impl RawCase {
    fn check(self, file: &TomlFile) -> Result<CaseFactors, FileError> {
        let factor = |value: &Spanned<f64>| {
            Factor::new(*value.get_ref())
                .map_err(|error| file.mistake(&value.span(), error.to_string()))
        };
        Ok(CaseFactors {
            passed_on: factor(&self.passed_on)?,
            resolved: factor(&self.resolved)?,
            closed: factor(&self.closed)?,
        })
    }
}
