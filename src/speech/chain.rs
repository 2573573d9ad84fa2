//! Who is asked to speak a language, and in which order: the next voice when one fails.

mod budget;
mod news;
mod pace;
mod station;

use std::sync::Arc;

use crate::domain::language::Language;

use super::files::Files;
use super::services::UnusableService;
use super::{Settings, SpeechError};

pub use station::Unspoken;

pub(super) use station::Station;

use budget::Ledger;

/// The services of the settings, in order for each language.
pub(super) struct Chain {
    russian: Vec<Arc<Station>>,
    english: Vec<Arc<Station>>,
}

impl Chain {
    /// Makes the services that are named; connects to none. Without `files` nothing is counted.
    ///
    /// # Errors
    /// [`SpeechError::Unusable`].
    pub(super) fn open(settings: Settings, files: Option<Arc<Files>>) -> Result<Self, SpeechError> {
        let Settings {
            services,
            russian,
            english,
            built_in,
            ..
        } = settings;
        let ledger = files.map(|files| Arc::new(Ledger::open(files)));
        let mut made: Vec<Arc<Station>> = Vec::new();
        let mut order = |names: &[String]| -> Result<Vec<Arc<Station>>, SpeechError> {
            let stations = names.iter().map(|name| {
                if let Some(station) = made.iter().find(|station| station.name() == name) {
                    return Ok(Arc::clone(station));
                }
                let service = services.iter().find(|service| service.name == *name);
                let service = service.ok_or_else(|| UnusableService {
                    service: name.clone(),
                    reason: "there is no such service in the settings".to_owned(),
                })?;
                let station = Arc::new(Station::open(service, ledger.clone())?);
                made.push(Arc::clone(&station));
                Ok(station)
            });
            stations
                .collect::<Result<_, UnusableService>>()
                .map_err(SpeechError::Unusable)
        };
        let mut chain = Self {
            russian: order(&russian)?,
            english: order(&english)?,
        };
        if built_in {
            let station = Arc::new(Station::built_in());
            chain.russian.push(Arc::clone(&station));
            chain.english.push(station);
        }
        Ok(chain)
    }

    /// Who speaks a language, the best first.
    pub(super) fn of(&self, language: Language) -> &[Arc<Station>] {
        match language {
            Language::Russian => &self.russian,
            Language::English => &self.english,
        }
    }

    /// Speaks a cleaned text, asking one after the other. Gives who spoke too.
    ///
    /// # Errors
    /// [`SpeechError::NoVoice`] with everybody's reason.
    pub(super) async fn say(
        &self,
        text: &str,
        language: Language,
    ) -> Result<(Arc<Station>, Vec<i16>), SpeechError> {
        let mut reasons = Vec::new();
        for station in self.of(language) {
            if station.voice(text, language).is_none() {
                if station.is_built_in() {
                    continue;
                }
                reasons.push(format!("{} has no voice for it", station.name()));
                continue;
            }
            match station.speak(text, language).await {
                Ok(samples) => return Ok((Arc::clone(station), samples)),
                Err(reason) => reasons.push(format!("{}: {reason}", station.name())),
            }
        }
        Err(no_voice(language, &reasons))
    }
}

/// Nobody spoke.
pub(super) fn no_voice(language: Language, reasons: &[String]) -> SpeechError {
    let reasons = if reasons.is_empty() {
        "no service of the settings has a voice for it".to_owned()
    } else {
        reasons.join("; ")
    };
    SpeechError::NoVoice {
        language: language.code(),
        reasons,
    }
}
