//! What can go wrong between a text and a clip. No message ever holds the text: it may name people.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::chain::Unspoken;
use super::services::UnusableService;

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

    /// A service's settings can't be used.
    #[error(transparent)]
    Unusable(UnusableService),

    /// A service did not speak.
    #[error("{service}: {reason}")]
    NotSpoken {
        /// Its name in the settings.
        service: String,
        /// Why.
        reason: Unspoken,
    },

    /// No service spoke.
    #[error("nothing could speak \"{language}\": {reasons}")]
    NoVoice {
        /// The language's code.
        language: &'static str,
        /// The services with their reasons.
        reasons: String,
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
