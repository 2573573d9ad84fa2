//! One type of event as the file has it.

use std::time::Duration;

use jiff::{Span, SpanRelativeTo, Unit};
use serde::Deserialize;
use toml::Spanned;

use crate::domain::rating::{CaseStep, HalfLife, HalfLives, Kind, Title, Weight};
use crate::toml_file::{FileError, TomlFile};

/// The longest time that can be set, in days.
const LONGEST: u64 = 3660;

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawKind {
    pub(super) weight: Option<Spanned<f64>>,
    pub(super) half_lives: Option<Spanned<Vec<(String, f64)>>>,
    pub(super) valid_for: Option<Spanned<String>>,
    pub(super) cap_a_day: Option<u32>,
    pub(super) case: Option<RawStep>,
    pub(super) title: Option<RawTitle>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawStep {
    None,
    Opens,
    Resolves,
    Closes,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTitle {
    pub(super) ru: String,
    pub(super) en: String,
}

impl RawKind {
    /// This type, with what it leaves out taken from another.
    pub(super) fn over(&self, other: &Self) -> Self {
        Self {
            weight: self.weight.clone().or_else(|| other.weight.clone()),
            half_lives: self.half_lives.clone().or_else(|| other.half_lives.clone()),
            valid_for: self.valid_for.clone().or_else(|| other.valid_for.clone()),
            cap_a_day: self.cap_a_day.or(other.cap_a_day),
            case: self.case.or(other.case),
            title: self.title.clone().or_else(|| other.title.clone()),
        }
    }

    pub(super) fn check(&self, file: &TomlFile) -> Result<Kind, FileError> {
        Ok(Kind {
            weight: self.weight(file)?,
            half_lives: self.half_lives(file)?,
            valid_for: match &self.valid_for {
                Some(text) => {
                    Some(duration(text.get_ref()).map_err(|e| file.mistake(&text.span(), e))?)
                }
                None => None,
            },
            cap_a_day: self.cap_a_day.filter(|cap| *cap > 0),
            case: match self.case {
                Some(RawStep::Opens) => CaseStep::Opens,
                Some(RawStep::Resolves) => CaseStep::Resolves,
                Some(RawStep::Closes) => CaseStep::Closes,
                Some(RawStep::None) | None => CaseStep::Leaves,
            },
            title: self.title.as_ref().map(|title| Title {
                russian: title.ru.clone(),
                english: title.en.clone(),
            }),
        })
    }

    fn weight(&self, file: &TomlFile) -> Result<Weight, FileError> {
        let Some(weight) = &self.weight else {
            return Ok(Weight::default());
        };
        Weight::new(*weight.get_ref())
            .map_err(|error| file.mistake(&weight.span(), error.to_string()))
    }

    fn half_lives(&self, file: &TomlFile) -> Result<HalfLives, FileError> {
        let Some(parts) = &self.half_lives else {
            return Ok(HalfLives::default());
        };
        let mistake = |message: String| file.mistake(&parts.span(), message);
        let mut mixture = Vec::new();
        for (period, share) in parts.get_ref() {
            mixture.push(HalfLife {
                period: duration(period).map_err(mistake)?,
                share: *share,
            });
        }
        HalfLives::new(&mixture).map_err(|error| mistake(error.to_string()))
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let not_one = || {
        format!(
            "{text:?} is not a length of time up to {LONGEST} days; write it as \"4h\", \"30d\" or \"2w\""
        )
    };
    let span: Span = text.parse().map_err(|_| not_one())?;
    let seconds = span
        .total((Unit::Second, SpanRelativeTo::days_are_24_hours()))
        .map_err(|_| not_one())?;
    if !(1.0..=(LONGEST * 86_400) as f64).contains(&seconds) {
        return Err(not_one());
    }
    Ok(Duration::from_secs_f64(seconds))
}
