//! Sound as the tests make and judge it: 16-bit samples, one channel, 8 kHz.

mod analysis;
#[cfg(test)]
mod tests;
mod wav;

use std::f64::consts::TAU;
use std::time::Duration;

pub(crate) use analysis::{dominant_frequency, find, level, longest_silence, strength_of};
pub(crate) use wav::{read_wav, samples_from_bytes, write_wav_lasting, write_wav_repeating};

/// Samples a second.
pub(crate) const RATE: u32 = 8000;
/// A tone's amplitude: 6 dB below full scale.
const AMPLITUDE: f64 = 16_384.0;

/// How many samples last so long.
pub(crate) fn samples_in(time: Duration) -> usize {
    // A fraction of a sample doesn't matter, and no recording is so long that it doesn't fit.
    (time.as_secs_f64() * f64::from(RATE)).round() as usize
}

/// How long so many samples last.
pub(crate) fn duration_of(samples: usize) -> Duration {
    Duration::from_secs_f64(samples as f64 / f64::from(RATE))
}

/// A tone of so many hertz at 6 dB below full scale.
pub(crate) fn tone(hertz: f64, time: Duration) -> Vec<i16> {
    let step = TAU * hertz / f64::from(RATE);
    (0..samples_in(time))
        .map(|n| (AMPLITUDE * (step * n as f64).sin()) as i16)
        .collect()
}

/// Silence.
pub(crate) fn silence(time: Duration) -> Vec<i16> {
    vec![0; samples_in(time)]
}
