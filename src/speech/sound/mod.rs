//! The sound itself: what a synthesiser wrote becomes a phrase, phrases become a clip.
//!
//! Pure arithmetic on samples. Everything is mono at [`RATE`]; work is done in `f32` between −1
//! and 1, what is kept is `i16`.

mod decode;
mod join;
mod level;
mod resample;
mod trim;
mod widths;

pub(super) use decode::{Decoded, decode, from_bytes};
pub(super) use join::{EDGE, Part, join, join_with_starts};
pub(super) use resample::resample;
pub(super) use widths::{NARROW_RATE, Sound, Width};

/// Samples a second of every phrase and clip.
pub(super) const RATE: u32 = 16_000;

/// Part of every cached phrase's name. Raise it when this module makes another sound of the same
/// synthesis: the cache is then made anew.
pub(super) const PROCESSING_VERSION: u32 = 1;

/// Why a synthesiser's answer is not a usable sound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SoundError {
    /// The bytes are no sound file that can be read.
    #[error("it is not a WAV file that can be read ({0})")]
    Unreadable(String),
    /// The samples a second are outside of what voices have.
    #[error("it has {0} samples a second, which no voice has")]
    StrangeRate(u32),
    /// The sound is longer than any phrase.
    #[error("it is longer than {0} seconds")]
    TooLong(u32),
    /// Nothing in it can be heard.
    #[error("it is silent")]
    Silent,
    /// The resampler refused.
    #[error("it can't be brought to another number of samples a second ({0})")]
    NotResampled(String),
}

/// What a synthesiser spoke as a phrase: mono, [`RATE`], without the silence around it, at the
/// loudness that all phrases have.
///
/// # Errors
/// [`SoundError`], when it can't be used or nothing is heard in it.
pub(super) fn phrase(decoded: Decoded) -> Result<Vec<i16>, SoundError> {
    let samples = resample(decoded.samples, decoded.rate, RATE)?;
    let loudness = trim::Loudness::measure(&samples)?;
    let kept = loudness.spoken();
    let gain = loudness.gain();
    let mut samples = samples[kept].to_vec();
    level::level(&mut samples, gain);
    Ok(to_integers(&samples))
}

/// Samples as integers; what is beyond full scale is cut to it.
pub(super) fn to_integers(samples: &[f32]) -> Vec<i16> {
    let scale = f32::from(i16::MAX);
    // The conversion drops what is behind the point, and cuts to the range of the integer. `round` does
    // the same as this half, but is a call for each sample.
    samples
        .iter()
        .map(|sample| (sample * scale + 0.5_f32.copysign(*sample)) as i16)
        .collect()
}

/// Samples as fractions of full scale.
pub(super) fn to_floats(samples: &[i16]) -> Vec<f32> {
    let scale = f32::from(i16::MAX);
    samples
        .iter()
        .map(|sample| f32::from(*sample) / scale)
        .collect()
}

/// How many samples at [`RATE`] make this many milliseconds.
const fn milliseconds(number: usize) -> usize {
    number * RATE as usize / 1000
}

/// Decibels as a factor.
fn factor(decibels: f32) -> f32 {
    10_f32.powf(decibels / 20.0)
}

#[cfg(test)]
mod tests;
