//! What can go wrong between a text and a clip. No message ever holds the text: it may name people.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::sound::SoundError;

/// Why a prompt could not be made. Cheap to clone: all who wait for one phrase get the same.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SpeechError {
    /// The clips can't be kept where the settings say.
    #[error("{} can't hold the clips: {reason}; name another directory in the settings", directory.display())]
    UnusableDirectory {
        /// The directory of the settings.
        directory: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// A clip or a phrase can't be written or read.
    #[error("can't {action} {}: {source}; check the disk's space and the rights of the directory", path.display())]
    File {
        /// `read`, `write` …
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },

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

    /// The speech program did not end in time.
    #[error(
        "the speech program {program} took longer than {limit:?} and was ended; is the machine overloaded?"
    )]
    ProgramTooSlow {
        /// The program of the settings.
        program: String,
        /// The limit of the settings.
        limit: Duration,
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

    /// The speech program wrote something that is not a usable sound.
    #[error(
        "the speech program {program} made no usable sound: {source}; it must write a WAV file to standard output"
    )]
    BadSound {
        /// The program of the settings.
        program: String,
        /// What is wrong with it.
        source: SoundError,
    },

    /// A phrase has no letter or digit, or a prompt has no phrase.
    #[error("there is nothing to say; give the prompt a text with words in it")]
    NothingToSay,

    /// A phrase has more characters than are spoken at once.
    #[error(
        "a phrase of {characters} characters is too long (at most {limit}); cut it into sentences"
    )]
    PhraseTooLong {
        /// Its length.
        characters: usize,
        /// The longest that is spoken.
        limit: usize,
    },

    /// A prompt is longer than anyone listens to.
    #[error("a prompt of {what} is too long (at most {limit}); say less in one prompt")]
    PromptTooLong {
        /// What there is too much of, with its number.
        what: String,
        /// The most there may be.
        limit: String,
    },

    /// More is being made than the machine can do.
    #[error("more than {limit} clips are being made at once; try again later, or warm the cache")]
    Overloaded {
        /// The most that are made at once.
        limit: usize,
    },

    /// The work ended without a result: vizavi is stopping, or it has a defect.
    #[error("making a clip was broken off; if vizavi is not stopping, please report this")]
    BrokenOff,
}

impl SpeechError {
    /// For `map_err`: what was being done to which file.
    pub(super) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File {
            action,
            path,
            source: Arc::new(source),
        }
    }
}
