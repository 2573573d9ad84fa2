//! The files that Asterisk plays: one clip in the codings of wide-band and of ordinary calls.
//!
//! None has a header; Asterisk goes by the ending.

use std::path::{Path, PathBuf};
use std::time::Duration;

use audio_codec_algorithms::{encode_alaw, encode_ulaw};

use super::sound::{RATE, SoundError, resample, to_floats, to_integers};

/// Samples a second of an ordinary call.
const NARROW_RATE: u32 = 8_000;

/// The endings, in the order in which the files are written. The master is the last: where it is,
/// the others are.
const ALAW: &str = "alaw";
const ULAW: &str = "ulaw";
pub(super) const MASTER: &str = "sln16";

/// A clip in one coding.
pub(super) struct Encoded {
    /// The file name's ending, without a dot.
    pub(super) ending: &'static str,
    /// The whole file.
    pub(super) bytes: Vec<u8>,
}

/// A clip in every coding, in the order in which the files are to be written.
pub(super) fn encode(samples: &[i16]) -> Result<[Encoded; 3], SoundError> {
    let narrow = to_integers(&resample(to_floats(samples), RATE, NARROW_RATE)?);
    Ok([
        Encoded {
            ending: ALAW,
            bytes: narrow.iter().copied().map(encode_alaw).collect(),
        },
        Encoded {
            ending: ULAW,
            bytes: narrow.iter().copied().map(encode_ulaw).collect(),
        },
        Encoded {
            ending: MASTER,
            bytes: samples.iter().flat_map(|s| s.to_le_bytes()).collect(),
        },
    ])
}

/// How many samples the master of a written clip has, if all its files are there and agree.
pub(super) fn written_samples(base: &Path) -> Option<u64> {
    let samples = master_samples(base)?;
    let narrow = samples.div_ceil(2);
    let agrees = |ending| size(&with_ending(base, ending)) == Some(narrow);
    (agrees(ALAW) && agrees(ULAW)).then_some(samples)
}

/// How many samples the master has, by its size alone.
pub(super) fn master_samples(base: &Path) -> Option<u64> {
    let bytes = size(&with_ending(base, MASTER))?;
    (bytes > 0 && bytes % 2 == 0).then_some(bytes / 2)
}

/// The file without which a clip is not there.
pub(super) fn master(base: &Path) -> PathBuf {
    with_ending(base, MASTER)
}

/// Whether a file is a clip's master.
pub(super) fn is_master(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == MASTER)
}

/// The file of a clip in one coding.
pub(super) fn with_ending(base: &Path, ending: &str) -> PathBuf {
    let mut name = base.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// How long so many samples of the master play.
pub(super) fn length(samples: u64) -> Duration {
    Duration::from_nanos(samples.saturating_mul(1_000_000_000 / u64::from(RATE)))
}

fn size(file: &Path) -> Option<u64> {
    let facts = std::fs::metadata(file).ok()?;
    facts.is_file().then_some(facts.len())
}
