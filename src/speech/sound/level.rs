//! Loudness: one gain for a phrase, and a limiter for its peaks.

use super::{factor, milliseconds};

/// No sample gets beyond this (dB of full scale): codecs and resamplers need a little room.
pub(super) const CEILING: f32 = -1.0;
/// The limiter turns down this early, and up this late: slower than a click, faster than a vowel.
const REACH: usize = milliseconds(2);

/// Applies a gain; where a peak would pass [`CEILING`], the gain dips smoothly around it.
pub(super) fn level(samples: &mut [f32], gain: f32) {
    for sample in samples.iter_mut() {
        *sample *= gain;
    }
    let ceiling = factor(CEILING);
    let allowed: Vec<f32> = samples
        .iter()
        .map(|s| (ceiling / s.abs()).min(1.0))
        .collect();
    if allowed.iter().all(|gain| *gain >= 1.0) {
        return;
    }
    for (sample, gain) in samples.iter_mut().zip(smooth(&allowed)) {
        *sample *= gain;
    }
}

/// The lowest gain within [`REACH`], averaged over the same reach: it never exceeds what is
/// allowed, for each value in an average is the lowest of a window that holds the sample itself.
fn smooth(allowed: &[f32]) -> Vec<f32> {
    let lowest: Vec<f32> = windows(allowed)
        .map(|window| window.iter().copied().fold(1.0, f32::min))
        .collect();
    windows(&lowest)
        .map(|window| window.iter().sum::<f32>() / window.len() as f32)
        .collect()
}

/// For each value, the values within [`REACH`] of it.
fn windows(values: &[f32]) -> impl Iterator<Item = &[f32]> {
    (0..values.len()).map(|at| {
        let start = at.saturating_sub(REACH);
        let end = (at + REACH + 1).min(values.len());
        &values[start..end]
    })
}
