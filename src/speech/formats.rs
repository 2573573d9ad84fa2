//! The files that Asterisk plays: one clip in the codings of wide-band and of ordinary calls.
//!
//! None has a header; Asterisk goes by the ending.

use std::path::{Path, PathBuf};
use std::time::Duration;

use std::sync::LazyLock;

use audio_codec_algorithms::{encode_alaw, encode_ulaw};

use super::sound::{Part, RATE, Sound, Width, join};

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

/// G.711 looks at the upper bits of a sample only, and there are not many of those.
struct Law {
    codes: Vec<u8>,
    unused_bits: u32,
}

impl Law {
    fn new(unused_bits: u32, encode: impl Fn(i16) -> u8) -> Self {
        let uppers = 0..=u16::MAX >> unused_bits;
        let codes = uppers.map(|upper| encode((upper << unused_bits).cast_signed()));
        Self {
            codes: codes.collect(),
            unused_bits,
        }
    }

    fn code(&self, sample: i16) -> u8 {
        let upper = sample.cast_unsigned() >> self.unused_bits;
        self.codes.get(usize::from(upper)).copied().unwrap_or(0)
    }

    fn encode(&self, samples: &[i16]) -> Vec<u8> {
        samples.iter().map(|sample| self.code(*sample)).collect()
    }
}

static A_LAW: LazyLock<Law> = LazyLock::new(|| Law::new(4, encode_alaw));
static MU_LAW: LazyLock<Law> = LazyLock::new(|| Law::new(2, encode_ulaw));

/// Phrases joined to a clip in every coding, in the order in which the files are to be written.
pub(super) fn encode(parts: &[Part]) -> [Encoded; 3] {
    let narrow = join(parts, Width::Narrow);
    let wide = join(parts, Width::Wide);
    [
        Encoded {
            ending: ALAW,
            bytes: A_LAW.encode(&narrow),
        },
        Encoded {
            ending: ULAW,
            bytes: MU_LAW.encode(&narrow),
        },
        Encoded {
            ending: MASTER,
            bytes: wide.iter().flat_map(|s| s.to_le_bytes()).collect(),
        },
    ]
}

/// How many samples the master of an encoded clip has.
pub(super) fn samples_in([.., master]: &[Encoded; 3]) -> u64 {
    master.bytes.len() as u64 / 2
}

/// How many samples the master of a written clip has, if all its files are there and agree.
pub(super) fn written_samples(base: &Path) -> Option<u64> {
    let samples = master_samples(base)?;
    let narrow = Sound::narrow_length(usize::try_from(samples).ok()?) as u64;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sample_has_the_code_that_the_standard_gives_it() {
        for sample in i16::MIN..=i16::MAX {
            assert_eq!(A_LAW.code(sample), encode_alaw(sample), "A-law of {sample}");
            assert_eq!(
                MU_LAW.code(sample),
                encode_ulaw(sample),
                "µ-law of {sample}"
            );
        }
    }
}
