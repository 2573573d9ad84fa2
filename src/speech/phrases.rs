//! The phrase cache: each phrase is synthesised once, and its samples are kept in a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::domain::prompt::Phrase;

use super::command::CommandSynthesiser;
use super::files::{Files, Key};
use super::flights::Flights;
use super::sound::{self, PROCESSING_VERSION};
use super::{SpeechError, heavy, text, upkeep};

/// The samples of a phrase, at the clips' rate.
pub(super) type Samples = Arc<[i16]>;

/// Phrases that are made at once, waiting ones included.
const MOST_UNDER_WAY: usize = 1000;

/// A phrase as it will be spoken, and the name of its sound.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) key: Key,
    /// The phrase with its text cleaned.
    phrase: Phrase,
}

/// Phrases in files, and the synthesiser for those that are missing.
pub(super) struct Phrases {
    files: Arc<Files>,
    synthesiser: CommandSynthesiser,
    /// As much work at once as there are processors.
    slots: Arc<Semaphore>,
    flights: Flights<Samples>,
}

impl Phrases {
    pub(super) fn new(
        files: Arc<Files>,
        synthesiser: CommandSynthesiser,
        slots: Arc<Semaphore>,
    ) -> Self {
        Self {
            files,
            synthesiser,
            slots,
            flights: Flights::new(MOST_UNDER_WAY),
        }
    }

    /// Cleans a phrase and names its sound.
    ///
    /// # Errors
    /// [`SpeechError::NothingToSay`], [`SpeechError::PhraseTooLong`].
    pub(super) fn wanted(&self, phrase: &Phrase) -> Result<Wanted, SpeechError> {
        let language = phrase.language;
        let text = text::clean(&phrase.text, language)?;
        let version = PROCESSING_VERSION.to_le_bytes();
        let arguments = self.synthesiser.arguments(language);
        let mut parts: Vec<&[u8]> = vec![&version, language.code().as_bytes(), text.as_bytes()];
        parts.extend(arguments.iter().map(String::as_bytes));
        let key = Key::of(parts);
        let phrase = Phrase {
            text,
            language,
            pause: phrase.pause,
        };
        Ok(Wanted { key, phrase })
    }

    /// The samples of a phrase: from its file, or made now.
    ///
    /// # Errors
    /// What the synthesiser, the sound or the file system says.
    pub(super) async fn samples(self: &Arc<Self>, wanted: Wanted) -> Result<Samples, SpeechError> {
        let phrases = Arc::clone(self);
        self.flights
            .join(
                wanted.key,
                async move { phrases.read_or_make(wanted).await },
            )
            .await
    }

    async fn read_or_make(&self, wanted: Wanted) -> Result<Samples, SpeechError> {
        let path = self.files.phrase(&wanted.key);
        if let Some(samples) = heavy({
            let path = path.clone();
            move || {
                let samples = read(&path);
                if samples.is_some() {
                    upkeep::touch_phrase(&path);
                }
                Ok(samples)
            }
        })
        .await?
        {
            return Ok(samples);
        }
        let _slot = self
            .slots
            .acquire()
            .await
            .map_err(|_| SpeechError::BrokenOff)?;
        let started = std::time::Instant::now();
        let samples = self.make(&wanted.phrase, path).await?;
        tracing::debug!(key = %wanted.key, took = ?started.elapsed(), "a phrase was synthesised");
        Ok(samples)
    }

    async fn make(&self, phrase: &Phrase, path: PathBuf) -> Result<Samples, SpeechError> {
        let file = self
            .synthesiser
            .speak(&phrase.text, phrase.language)
            .await?;
        let program = self.synthesiser.program(phrase.language);
        let files = Arc::clone(&self.files);
        heavy(move || {
            let samples = sound::phrase_from_file(file)
                .map_err(|source| SpeechError::BadSound { program, source })?;
            files.write(&path, &to_file(&samples))?;
            Ok(samples.into())
        })
        .await
    }
}

/// The first bytes of a phrase's file.
const MARK: [u8; 4] = *b"vzp1";
/// The mark, the number of samples, and the beginning of their digest.
const HEADER: usize = 16;

fn to_file(samples: &[i16]) -> Vec<u8> {
    let sound: Vec<u8> = samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect();
    let mut file = header(&sound).to_vec();
    file.extend(sound);
    file
}

fn header(sound: &[u8]) -> [u8; HEADER] {
    let count = u32::try_from(sound.len() / 2).unwrap_or(u32::MAX);
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&MARK);
    header[4..8].copy_from_slice(&count.to_le_bytes());
    header[8..].copy_from_slice(&Sha256::digest(sound)[..8]);
    header
}

/// The samples of a phrase's file; `None` if there is no such file, or it is damaged.
fn read(path: &Path) -> Option<Samples> {
    let file = match std::fs::read(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "a phrase can't be read and is made again");
            return None;
        }
    };
    let Some(samples) = from_file(&file) else {
        tracing::warn!(path = %path.display(), "a phrase's file is damaged and is made again");
        return None;
    };
    Some(samples)
}

fn from_file(file: &[u8]) -> Option<Samples> {
    let (head, sound) = file.split_at_checked(HEADER)?;
    let whole = head == header(sound) && !sound.is_empty();
    whole.then(|| {
        let (samples, _) = sound.as_chunks::<2>();
        samples
            .iter()
            .map(|bytes| i16::from_le_bytes(*bytes))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_back_from_their_file() {
        let samples: Vec<i16> = vec![0, 1, -1, i16::MAX, i16::MIN];
        assert_eq!(
            from_file(&to_file(&samples)).as_deref(),
            Some(samples.as_slice())
        );
    }

    #[test]
    fn a_file_that_was_cut_or_changed_anywhere_is_noticed() {
        let file = to_file(&[1, 2, 3, 4]);
        for length in 0..file.len() {
            assert!(from_file(&file[..length]).is_none(), "cut to {length}");
        }
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(from_file(&changed).is_none(), "changed at {at}");
        }
        let longer = [file.as_slice(), &[0, 0]].concat();
        assert!(from_file(&longer).is_none());
    }
}
