//! Why a service did not speak. No message ever holds the text: it may name people.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::speech::SoundError;

/// Why a service did not speak. The service's name is added by who reports it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ServiceError {
    /// No connection, or it broke.
    #[error("it can't be reached: {0}")]
    Unreachable(String),

    /// No whole answer in time.
    #[error("it did not answer within {0:?}")]
    Late(Duration),

    /// The service said no.
    #[error("it answered with HTTP {status}: {reason}{}", advice(*.status))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said, unless that repeats the text.
        reason: String,
        /// How long it wants to be left alone.
        retry_after: Option<Duration>,
    },

    /// The answer is larger than any phrase.
    #[error("its answer is longer than {0} bytes; check its address")]
    TooLong(usize),

    /// The answer is not of the agreed form.
    #[error("its answer can't be used: {0}")]
    BadAnswer(String),

    /// The answer is of the agreed form, but nothing that can be heard.
    #[error("it made no usable sound: {0}")]
    BadSound(SoundError),

    /// What it signs in with can't be used.
    #[error("its key can't be used: {0}")]
    BadKey(String),

    /// The settings name no program for a language.
    #[error("no speech program is set for the language \"{language}\"; name one in the settings")]
    NoProgram {
        /// The language's code.
        language: &'static str,
    },

    /// The speech program is not installed.
    #[error("the speech program {program} is not installed; {advice}")]
    ProgramMissing {
        /// The program of the settings.
        program: String,
        /// What to install.
        advice: String,
    },

    /// The speech program can't be started, or the connection to it broke.
    #[error("can't run the speech program {program}: {source}; run it by hand as vizavi's user")]
    ProgramUnusable {
        /// The program of the settings.
        program: String,
        /// What the system said.
        source: Arc<io::Error>,
    },

    /// The speech program ended with an error.
    #[error(
        "the speech program {program} failed ({status}): {complaint}; run it by hand to see more"
    )]
    ProgramFailed {
        /// The program of the settings.
        program: String,
        /// Its exit status.
        status: String,
        /// The first line that it wrote to standard error, unless that repeats the text.
        complaint: String,
    },

    /// The speech program wrote more than a phrase can be.
    #[error(
        "the speech program {program} wrote more than {limit} bytes for one phrase; check its arguments"
    )]
    TooMuchSound {
        /// The program of the settings.
        program: String,
        /// The largest answer that is taken, in bytes.
        limit: usize,
    },

    /// The recordings have no such text.
    #[error("there is no recording of it")]
    NotRecorded,

    /// A recording can't be read.
    #[error("the recording {file} can't be read: {source}")]
    Recording {
        /// The file of the manifest.
        file: String,
        /// What the system said.
        source: Arc<io::Error>,
    },
}

impl ServiceError {
    /// Whether the same question may well be answered a moment later.
    pub(in crate::speech) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Late(_) => true,
            Self::Refused { status, .. } => matches!(status, 429 | 500 | 503 | 504),
            Self::TooLong(_)
            | Self::BadAnswer(_)
            | Self::BadSound(_)
            | Self::BadKey(_)
            | Self::NoProgram { .. }
            | Self::ProgramMissing { .. }
            | Self::ProgramUnusable { .. }
            | Self::ProgramFailed { .. }
            | Self::TooMuchSound { .. }
            | Self::NotRecorded
            | Self::Recording { .. } => false,
        }
    }

    /// Whether it is this text that the service does not speak, as far as can be seen.
    pub(in crate::speech) fn is_about_the_text(&self) -> bool {
        match self {
            Self::Refused { status, .. } => matches!(status, 400 | 413 | 414 | 422),
            Self::BadAnswer(_) | Self::BadSound(_) | Self::TooLong(_) | Self::NotRecorded => true,
            Self::Unreachable(_)
            | Self::Late(_)
            | Self::BadKey(_)
            | Self::NoProgram { .. }
            | Self::ProgramMissing { .. }
            | Self::ProgramUnusable { .. }
            | Self::ProgramFailed { .. }
            | Self::TooMuchSound { .. }
            | Self::Recording { .. } => false,
        }
    }

    /// Whether the service may have spoken, and may want to be paid for it.
    pub(in crate::speech) fn may_cost(&self) -> bool {
        matches!(
            self,
            Self::Late(_) | Self::TooLong(_) | Self::BadAnswer(_) | Self::BadSound(_)
        )
    }

    /// How long the service asked to be left alone.
    pub(in crate::speech) fn retry_after(&self) -> Option<Duration> {
        if let Self::Refused { retry_after, .. } = self {
            return *retry_after;
        }
        None
    }

    /// Whether the service no longer knows who we are.
    pub(super) fn is_unauthorised(&self) -> bool {
        matches!(self, Self::Refused { status: 401, .. })
    }
}

fn advice(status: u16) -> &'static str {
    match status {
        401 => "; check its key in the settings",
        403 => "; check what its key allows, and whether it is paid for",
        404 => "; check base_url in the settings",
        429 => "; it is asked too often: lower requests_a_second",
        _ => "",
    }
}

/// A service's settings can't be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("[speech.service.{service}]: {reason}")]
pub struct UnusableService {
    /// Its name in the settings.
    pub service: String,
    /// What is wrong, and what to do.
    pub reason: String,
}
