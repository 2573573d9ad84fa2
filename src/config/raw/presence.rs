//! `[presence]`: whether Asterisk is asked whose telephone would ring, and what becomes of who is talking.

use serde::Deserialize;
use toml::Spanned;

use super::{seconds, unplaced};
use crate::config::{Presence, Wait};
use crate::domain::call::WaitSound;
use crate::toml_file::{FileError, TomlFile};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPresence {
    ask: bool,
    busy: Spanned<RawBusy>,
    wait_seconds: Spanned<f64>,
    wait_sound: RawSound,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum RawBusy {
    LeaveOut,
    Say,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum RawSound {
    Ringing,
    Music,
}

impl Default for RawPresence {
    fn default() -> Self {
        Self {
            ask: true,
            busy: unplaced(RawBusy::LeaveOut),
            wait_seconds: unplaced(60.0),
            wait_sound: RawSound::Ringing,
        }
    }
}

impl RawPresence {
    pub(super) fn check(&self) -> Presence {
        Presence {
            ask: self.ask,
            says_busy: *self.busy.get_ref() == RawBusy::Say,
        }
    }

    pub(super) fn wait(&self, file: &TomlFile) -> Result<Wait, FileError> {
        let says_busy = *self.busy.get_ref() == RawBusy::Say;
        if says_busy && !self.ask {
            let message = "busy = \"say\" needs ask = true: nobody else knows who is talking";
            return Err(file.mistake(&self.busy.span(), message));
        }
        Ok(Wait {
            time: seconds(file, "wait_seconds", &self.wait_seconds, 600.0)?,
            sound: match self.wait_sound {
                RawSound::Ringing => WaitSound::Ringing,
                RawSound::Music => WaitSound::Music,
            },
        })
    }
}
