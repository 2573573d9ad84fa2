//! The settings as the file has them, and the checks that make them [`Settings`]. One file for each
//! section.

mod ari;
mod callback_texts;
mod callbacks;
mod company;
mod contract;
mod crm;
mod hours;
mod log;
mod menu;
mod metrics;
mod names;
mod number;
mod presence;
mod rating;
mod recording;
mod speech;
mod store;
mod texts;
mod webhook;

use std::fmt::Display;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use self::ari::RawAri;
use self::callbacks::RawCallbacks;
use self::company::{RawCompany, RawDepartment};
use self::contract::RawContract;
use self::crm::RawCrm;
use self::hours::RawHours;
use self::log::RawLog;
use self::menu::RawMenu;
use self::metrics::RawMetrics;
use self::number::{General, RawNumber};
use self::presence::RawPresence;
use self::rating::RawRating;
use self::recording::RawRecording;
use self::speech::RawSpeech;
use self::store::RawStore;
use self::webhook::RawWebhook;
use super::{Secrets, Settings};
use crate::switchboard::Fallback;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    company: RawCompany,
    #[serde(rename = "department")]
    departments: Vec<RawDepartment>,
    hours: RawHours,
    #[serde(rename = "number")]
    numbers: Vec<RawNumber>,
    store: RawStore,
    ari: RawAri,
    dialplan: RawDialplan,
    menu: RawMenu,
    recording: RawRecording,
    speech: RawSpeech,
    rating: RawRating,
    contract: RawContract,
    crm: RawCrm,
    presence: RawPresence,
    callbacks: RawCallbacks,
    metrics: RawMetrics,
    #[serde(rename = "webhook")]
    webhooks: Vec<RawWebhook>,
    log: RawLog,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct RawDialplan {
    context: String,
    fallback: String,
}

impl Default for RawDialplan {
    fn default() -> Self {
        Self {
            context: "vizavi".to_owned(),
            fallback: "fallback".to_owned(),
        }
    }
}

impl Raw {
    pub(super) fn check(self, file: &TomlFile, secrets: &Secrets) -> Result<Settings, FileError> {
        let fallback = Fallback {
            context: self.dialplan.context,
            extension: self.dialplan.fallback,
        };
        let company = self.company.check(self.departments, file)?;
        let hours = self.hours.check(&company.time_zone, file)?;
        let general = General {
            company: &company,
            hours: hours.as_ref(),
        };
        let numbers = number::check(self.numbers, &general, file)?;
        let callbacks = self.callbacks.check(&company.time_zone, file)?;
        Ok(Settings {
            language_key: self.menu.language_key(file)?,
            ari: self.ari.check(file, secrets.ari_password.clone())?,
            fallback,
            direct: self.menu.direct(file)?,
            menu: self.menu.check(
                self.presence.wait(file)?,
                &self.recording,
                callbacks.is_some(),
                file,
            )?,
            callbacks,
            recording: self.recording.check(file)?,
            company,
            hours,
            numbers,
            store: self.store.check(file)?,
            speech: self.speech.check(file)?,
            rating: self.rating.check(file)?,
            contract: self.contract.check(file)?,
            crm: self.crm.check(file, secrets)?,
            metrics: self.metrics.check(file)?,
            presence: self.presence.check(),
            webhooks: webhook::check(self.webhooks, file)?,
            log: self.log.check(),
        })
    }
}

fn within<T>(
    file: &TomlFile,
    name: &str,
    value: &Spanned<T>,
    least: T,
    most: T,
) -> Result<T, FileError>
where
    T: Copy + PartialOrd + Display,
{
    let given = *value.get_ref();
    if (least..=most).contains(&given) {
        return Ok(given);
    }
    let message = format!("{name} is {given}; it must be {least} to {most}");
    Err(file.mistake(&value.span(), message))
}

fn seconds(
    file: &TomlFile,
    name: &str,
    value: &Spanned<f64>,
    most: f64,
) -> Result<Duration, FileError> {
    within(file, name, value, 1.0, most).map(Duration::from_secs_f64)
}

/// A sentence, if it is one.
fn said(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// A default has no place in any file.
fn unplaced<T>(value: T) -> Spanned<T> {
    Spanned::new(0..0, value)
}
