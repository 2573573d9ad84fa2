//! The files that Asterisk plays: one clip in the codings of wide-band and of ordinary calls.
//!
//! None has a header; Asterisk goes by the ending.

use std::path::{Path, PathBuf};
use std::time::Duration;

use std::sync::LazyLock;

use audio_codec_algorithms::{encode_alaw, encode_ulaw};

use super::sound::{NARROW_RATE, Part, Width, join};

/// The endings, in the order in which the files are written. The master is the last: where it is,
/// the others are.
const ALAW: &str = "alaw";
const ULAW: &str = "ulaw";
pub(super) const MASTER: &str = "sln16";

/// In which codings a clip has to be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Codings {
    /// In all of them, for whoever comes.
    #[default]
    All,
    /// For an ordinary call whose codings we know. Asterisk can play it to others too.
    Narrow {
        /// A-law.
        alaw: bool,
        /// µ-law.
        ulaw: bool,
    },
}

impl Codings {
    /// Those of a channel, as `CHANNEL(audionativeformat)` names them: `(alaw)`, `(ulaw|alaw)`. Whatever
    /// else a channel has is best served by all.
    pub(super) fn of_channel(named: &str) -> Self {
        let (mut alaw, mut ulaw) = (false, false);
        for name in named.trim_matches(['(', ')']).split('|') {
            match name {
                "alaw" => alaw = true,
                "ulaw" => ulaw = true,
                _ => return Self::All,
            }
        }
        Self::Narrow { alaw, ulaw }
    }

    /// Whether only samples of ordinary calls are needed.
    pub(super) fn are_narrow(self) -> bool {
        self != Self::All
    }

    /// Those of ordinary calls, in the order in which their files are written.
    pub(super) fn laws(self) -> impl Iterator<Item = &'static Law> {
        let (alaw, ulaw) = match self {
            Self::All => (true, true),
            Self::Narrow { alaw, ulaw } => (alaw, ulaw),
        };
        let alaw = alaw.then(|| &*A_LAW);
        let ulaw = ulaw.then(|| &*MU_LAW);
        alaw.into_iter().chain(ulaw)
    }

    /// The endings of the files, in the order in which they are written.
    fn endings(self) -> impl Iterator<Item = &'static str> {
        let laws = self.laws().map(|law| law.ending);
        laws.chain((self == Self::All).then_some(MASTER))
    }
}

/// A clip in one coding.
pub(super) struct Encoded {
    /// The file name's ending, without a dot.
    pub(super) ending: &'static str,
    /// The whole file.
    pub(super) bytes: Vec<u8>,
}

impl Encoded {
    /// How many samples of ordinary calls are in it.
    pub(super) fn samples(&self) -> Option<u64> {
        samples_of(self.ending, self.bytes.len() as u64)
    }
}

/// A coding of ordinary calls. G.711 looks at the upper bits of a sample only, and there are not many of
/// those.
pub(super) struct Law {
    ending: &'static str,
    codes: Vec<u8>,
    unused_bits: u32,
}

impl Law {
    fn new(ending: &'static str, unused_bits: u32, encode: impl Fn(i16) -> u8) -> Self {
        let uppers = 0..=u16::MAX >> unused_bits;
        let codes = uppers.map(|upper| encode((upper << unused_bits).cast_signed()));
        Self {
            ending,
            codes: codes.collect(),
            unused_bits,
        }
    }

    /// The code of one sample.
    pub(super) fn code(&self, sample: i16) -> u8 {
        let upper = sample.cast_unsigned() >> self.unused_bits;
        self.codes.get(usize::from(upper)).copied().unwrap_or(0)
    }

    /// The codes of samples, a byte each.
    pub(super) fn codes(&self, samples: &[i16]) -> impl ExactSizeIterator<Item = u8> {
        samples.iter().map(|sample| self.code(*sample))
    }

    /// A file of these codes.
    pub(super) fn encoded(&self, bytes: Vec<u8>) -> Encoded {
        Encoded {
            ending: self.ending,
            bytes,
        }
    }
}

static A_LAW: LazyLock<Law> = LazyLock::new(|| Law::new(ALAW, 4, encode_alaw));
static MU_LAW: LazyLock<Law> = LazyLock::new(|| Law::new(ULAW, 2, encode_ulaw));

/// Phrases joined to a clip, in the order in which the files are to be written.
pub(super) fn encode(parts: &[Part], codings: Codings) -> Vec<Encoded> {
    let narrow = join(parts, Width::Narrow);
    let coded = |law: &Law| law.encoded(law.codes(&narrow).collect());
    let mut encoded: Vec<Encoded> = codings.laws().map(coded).collect();
    if !codings.are_narrow() {
        encoded.push(Encoded {
            ending: MASTER,
            bytes: as_bytes(&join(parts, Width::Wide)),
        });
    }
    encoded
}

fn as_bytes(samples: &[i16]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect()
}

/// How many samples of ordinary calls a written clip has, if all files that are needed are there and agree.
pub(super) fn written_samples(base: &Path, codings: Codings) -> Option<u64> {
    let mut lengths = codings.endings().map(|ending| samples_in(base, ending));
    let samples = lengths.next()??;
    lengths
        .all(|length| length == Some(samples))
        .then_some(samples)
}

/// Whether the last of the files that are needed has so many samples of ordinary calls.
pub(super) fn is_as_long(base: &Path, codings: Codings, samples: u64) -> bool {
    let last = codings.endings().last();
    last.is_some_and(|ending| samples_in(base, ending) == Some(samples))
}

fn samples_in(base: &Path, ending: &str) -> Option<u64> {
    samples_of(ending, size(&with_ending(base, ending))?)
}

/// How many samples of ordinary calls a file of this length has; `None` if it can't be a clip's.
fn samples_of(ending: &str, bytes: u64) -> Option<u64> {
    if bytes == 0 {
        return None;
    }
    match ending {
        MASTER => bytes.is_multiple_of(4).then_some(bytes / 4),
        _ => Some(bytes),
    }
}

/// The files that a clip may consist of.
pub(super) fn files(base: &Path) -> impl Iterator<Item = PathBuf> {
    [ALAW, ULAW, MASTER]
        .into_iter()
        .map(|ending| with_ending(base, ending))
}

/// The file without which a clip is not there for everybody.
#[cfg(test)]
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

/// How long so many samples of an ordinary call play.
pub(super) fn length(samples: u64) -> Duration {
    Duration::from_nanos(samples.saturating_mul(1_000_000_000 / u64::from(NARROW_RATE)))
}

fn size(file: &Path) -> Option<u64> {
    let facts = std::fs::metadata(file).ok()?;
    facts.is_file().then_some(facts.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_needs_the_codings_that_it_names_and_a_strange_one_all() {
        let narrow = |alaw, ulaw| Codings::Narrow { alaw, ulaw };
        for (named, codings) in [
            ("(alaw)", narrow(true, false)),
            ("(ulaw)", narrow(false, true)),
            ("(ulaw|alaw)", narrow(true, true)),
            ("alaw", narrow(true, false)),
            ("(alaw|g722)", Codings::All),
            ("(slin16)", Codings::All),
            ("(nothing)", Codings::All),
            ("", Codings::All),
        ] {
            assert_eq!(Codings::of_channel(named), codings, "{named}");
        }
    }

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
