//! What is in a recording: how loud, which tone, which clip and where, how long nothing.

use std::f64::consts::TAU;
use std::time::Duration;

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use super::{RATE, duration_of};

const FULL_SCALE: f64 = 32_768.0;
/// Below this a recording has no tone worth naming.
const HARDLY_AUDIBLE: f64 = -60.0;
/// A place much quieter than the clip isn't the clip, however much its shape is alike: noise would be blown up to it.
const QUIETER_THAN_CLIP: f64 = 0.01;
const SILENCE_STEP: usize = 80;

/// Where a clip was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    /// Its first sample in the recording.
    pub at: usize,
    /// How much that place is like the clip: 1 is the same but for loudness, 0 has nothing to do with it. What went
    /// through A-law is above 0.98; other speech stays below 0.3.
    pub likeness: f64,
}

/// The loudness (RMS) in decibels below full scale; minus infinity for nothing at all.
pub(crate) fn level(samples: &[i16]) -> f64 {
    if samples.is_empty() {
        return f64::NEG_INFINITY;
    }
    10.0 * (energy(samples) / samples.len() as f64 / FULL_SCALE.powi(2)).log10()
}

/// The hertz of the strongest tone; `None` if there is hardly a sound. Exact to about `8000 / samples` hertz.
pub(crate) fn dominant_frequency(samples: &[i16]) -> Option<f64> {
    if level(samples) < HARDLY_AUDIBLE {
        return None;
    }
    let spectrum = spectrum(samples, samples.len());
    let powers = spectrum.iter().map(Complex::norm_sqr).enumerate().skip(1);
    let (strongest, _) = powers.max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    Some(strongest as f64 * f64::from(RATE) / samples.len() as f64)
}

/// Which part of the energy is in the tone of so many hertz, 0 to 1 (Goertzel).
pub(crate) fn strength_of(hertz: f64, samples: &[i16]) -> f64 {
    let turn = 2.0 * (TAU * hertz / f64::from(RATE)).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for sample in samples {
        (last, before) = (f64::from(*sample) + turn * last - before, last);
    }
    let power = last * last + before * before - turn * last * before;
    let all = energy(samples) * samples.len() as f64 / 2.0;
    if all > 0.0 { power / all } else { 0.0 }
}

/// The place in `recording` that is most like `clip` (normalised cross-correlation). `None` if the clip is empty, silent or
/// longer than the recording.
pub(crate) fn find(clip: &[i16], recording: &[i16]) -> Option<Found> {
    let clip_energy = energy(clip);
    if clip_energy == 0.0 || clip.len() > recording.len() {
        return None;
    }
    let alike = correlation(clip, recording);
    let energies = window_energies(recording, clip.len());
    let likeness = |at: usize| {
        if energies[at] < QUIETER_THAN_CLIP * clip_energy {
            return 0.0;
        }
        alike[at] / (clip_energy * energies[at]).sqrt()
    };
    let found = (0..energies.len()).map(|at| Found {
        at,
        likeness: likeness(at),
    });
    found.max_by(|one, other| one.likeness.total_cmp(&other.likeness))
}

/// The longest stretch that is quieter than `below` (dBFS), to within 10 ms.
pub(crate) fn longest_silence(samples: &[i16], below: f64) -> Duration {
    let (mut longest, mut current) = (0, 0);
    for step in samples.chunks(SILENCE_STEP) {
        current = if level(step) < below {
            current + step.len()
        } else {
            0
        };
        longest = longest.max(current);
    }
    duration_of(longest)
}

fn energy(samples: &[i16]) -> f64 {
    samples
        .iter()
        .map(|sample| f64::from(*sample).powi(2))
        .sum()
}

/// The energy of each stretch of `width` samples.
fn window_energies(samples: &[i16], width: usize) -> Vec<f64> {
    // Whole numbers, so that taking out what was put in leaves nothing behind.
    let square = |sample: i16| i64::from(sample).pow(2);
    let mut current: i64 = samples[..width].iter().map(|sample| square(*sample)).sum();
    let mut energies = vec![current as f64];
    for (gone, come) in samples.iter().zip(&samples[width..]) {
        current += square(*come) - square(*gone);
        energies.push(current as f64);
    }
    energies
}

fn spectrum(samples: &[i16], size: usize) -> Vec<Complex<f64>> {
    let forward = RealFftPlanner::<f64>::new().plan_fft_forward(size);
    let mut input = forward.make_input_vec();
    for (value, sample) in input.iter_mut().zip(samples) {
        *value = f64::from(*sample);
    }
    let mut output = forward.make_output_vec();
    forward
        .process(&mut input, &mut output)
        .expect("the buffers were made for it");
    output
}

/// The product of the clip with each place of the recording, by way of the spectrum.
fn correlation(clip: &[i16], recording: &[i16]) -> Vec<f64> {
    let size = (clip.len() + recording.len()).next_power_of_two();
    let clip = spectrum(clip, size);
    let mut product = spectrum(recording, size);
    for (value, of_clip) in product.iter_mut().zip(clip) {
        *value = *value * of_clip.conj() / size as f64;
    }
    let backward = RealFftPlanner::<f64>::new().plan_fft_inverse(size);
    let mut output = backward.make_output_vec();
    backward
        .process(&mut product, &mut output)
        .expect("the buffers were made for it");
    output
}
