//! Phrases in the codings of ordinary calls: a clip of them is put together by copying, and is byte for byte
//! what it would be if it were joined of samples and coded as a whole.

use std::sync::Arc;

use super::formats::{Codings, Encoded, Law};
use super::sound::{EDGE, Part, Sound, Width, join_with_starts};

/// Samples that are coded as silence together, if they are silent.
const AT_ONCE: usize = 128;

/// A phrase as ordinary calls hear it.
pub(super) struct Coded {
    /// What joining may change, as samples: as many of the phrase's first as of its last.
    ends: Arc<Sound>,
    /// What is between them, in each coding.
    middles: Vec<Box<[u8]>>,
}

impl Coded {
    /// A phrase for clips of these codings, all of which must be of ordinary calls.
    pub(super) fn of(sound: &Sound, codings: Codings) -> Self {
        let samples = sound.samples(Width::Narrow);
        let end = EDGE.min(samples.len() / 2);
        let (first, rest) = samples.split_at(end);
        // One that is shorter than its ends keeps all its samples, also the odd one between the two halves.
        let middle = if end < EDGE { 0 } else { rest.len() - EDGE };
        let (middle, last) = rest.split_at(middle);
        let coded = codings.laws().map(|law| law.codes(middle).collect());
        Self {
            ends: Arc::new(Sound::narrow([first, last].concat())),
            middles: coded.collect(),
        }
    }

    /// How long it is, in samples of an ordinary call.
    pub(super) fn length(&self) -> usize {
        self.ends.length() + self.middles.first().map_or(0, |middle| middle.len())
    }

    /// What it takes of the memory, in bytes.
    pub(super) fn size(&self) -> usize {
        let middles: usize = self.middles.iter().map(|middle| middle.len()).sum();
        size_of::<Self>() + size_of::<Sound>() + self.ends.length() * size_of::<i16>() + middles
    }
}

/// Phrases with the silence after each, in samples at [`super::sound::RATE`], as a clip in the codings that
/// they were made for.
pub(super) fn join(phrases: &[(Arc<Coded>, usize)], codings: Codings) -> Vec<Encoded> {
    let part = |(phrase, pause): &(Arc<Coded>, usize)| Part {
        sound: Arc::clone(&phrase.ends),
        pause: *pause,
    };
    let ends: Vec<Part> = phrases.iter().map(part).collect();
    let (ends, starts) = join_with_starts(&ends, Width::Narrow);
    let length: usize = phrases.iter().map(|(phrase, _)| phrase.length()).sum();
    let joined = codings.laws().enumerate().map(|(number, law)| {
        let mut bytes = Vec::with_capacity(ends.len() + length);
        let mut done = 0;
        for ((phrase, _), start) in phrases.iter().zip(&starts) {
            let first_end = start + phrase.ends.length() / 2;
            append(&mut bytes, &ends[done..first_end], law);
            bytes.extend_from_slice(phrase.middles.get(number).map_or(&[], |middle| middle));
            done = first_end;
        }
        append(&mut bytes, &ends[done..], law);
        law.encoded(bytes)
    });
    joined.collect()
}

/// Codes samples. Most of these are pauses, so silence is not looked up sample by sample.
fn append(bytes: &mut Vec<u8>, samples: &[i16], law: &Law) {
    for samples in samples.chunks(AT_ONCE) {
        if samples.iter().fold(0, |all, sample| all | sample) == 0 {
            bytes.resize(bytes.len() + samples.len(), law.code(0));
        } else {
            bytes.extend(law.codes(samples));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::formats;
    use super::*;

    /// A sound that is at no place as it is at another.
    fn sound(length: usize) -> Arc<Sound> {
        let sample = |at: usize| ((at * 7919 + length * 104_729) % 60_000) as i32 - 30_000;
        Arc::new(Sound::narrow(
            (0..length).map(|at| sample(at) as i16).collect(),
        ))
    }

    fn narrow(alaw: bool, ulaw: bool) -> Codings {
        Codings::Narrow { alaw, ulaw }
    }

    fn copied(parts: &[Part], codings: Codings) -> Vec<(&'static str, Vec<u8>)> {
        let phrases: Vec<(Arc<Coded>, usize)> = parts
            .iter()
            .map(|part| (Arc::new(Coded::of(&part.sound, codings)), part.pause))
            .collect();
        files(join(&phrases, codings))
    }

    fn files(encoded: Vec<Encoded>) -> Vec<(&'static str, Vec<u8>)> {
        let file = |encoded: Encoded| (encoded.ending, encoded.bytes);
        encoded.into_iter().map(file).collect()
    }

    #[test]
    fn a_clip_that_is_copied_together_is_byte_for_byte_the_one_that_is_joined_of_samples() {
        let lengths = [0, 1, 2, 3, 39, 64, 65, 80, 127, 128, 129, 130, 131, 3000];
        for first in lengths {
            for second in lengths {
                for pauses in [[0, 0], [1, 0], [0, 2], [500, 4001]] {
                    let part = |length, pause| Part {
                        sound: sound(length),
                        pause,
                    };
                    let parts = [
                        part(first, pauses[0]),
                        part(second, pauses[1]),
                        part(first, 0),
                    ];
                    for codings in [narrow(true, false), narrow(false, true), narrow(true, true)] {
                        assert_eq!(
                            copied(&parts, codings),
                            files(formats::encode(&parts, codings)),
                            "{first} and {second} samples, pauses of {pauses:?}, {codings:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_pause_after_the_last_phrase_is_no_part_of_the_clip_either_way() {
        let parts = [Part {
            sound: sound(1000),
            pause: 800,
        }];
        let codings = narrow(true, false);
        let joined = files(formats::encode(&parts, codings));
        assert_eq!(joined[0].1.len(), 1000);
        assert_eq!(copied(&parts, codings), joined);
    }

    #[test]
    fn a_coded_phrase_is_as_long_as_its_sound_and_takes_little_more_than_a_byte_a_sample() {
        for length in [0, 1, 2, 127, 128, 129, 24_000] {
            let coded = Coded::of(&sound(length), narrow(true, false));
            assert_eq!(coded.length(), length);
            assert!(coded.size() >= length, "{length}: {}", coded.size());
            assert!(coded.size() < length + 512, "{length}: {}", coded.size());
        }
    }
}
