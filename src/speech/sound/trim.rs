//! Where in a sound somebody speaks, and how loud.
//!
//! Both are found from the same frames: the silence that synthesisers put around a phrase would
//! make every joint a pause, and would count as quietness.

use std::ops::Range;

use super::{SoundError, factor, milliseconds};

/// One frame: short enough to find an edge, long enough for a period of a voice.
const FRAME: usize = milliseconds(5);
/// A frame this far below the loudest is silence …
const BELOW_LOUDEST: f32 = -40.0;
/// … and so is one below this, whatever the loudest is (dB of full scale).
const NEVER_HEARD: f32 = -55.0;
/// What is kept before the first heard frame: a consonant begins softly.
const BEFORE: usize = milliseconds(10);
/// What is kept after the last heard frame: a voice ends slowly.
const AFTER: usize = milliseconds(30);
/// Frames this near to the loudest say how loud a voice is; the rest are gaps.
const VOICED: f32 = -20.0;
/// How loud every phrase is made (dB of full scale, RMS of its voiced frames).
pub(super) const TARGET: f32 = -20.0;
/// A gain beyond this would bring up noise (dB).
const LARGEST_GAIN: f32 = 24.0;

/// The loudness of each frame of a sound.
pub(super) struct Loudness {
    /// RMS of each frame, 1 being full scale.
    frames: Vec<f32>,
    loudest: f32,
    samples: usize,
}

impl Loudness {
    /// # Errors
    /// [`SoundError::Silent`] when no frame can be heard.
    pub(super) fn measure(samples: &[f32]) -> Result<Self, SoundError> {
        let frames: Vec<f32> = samples.chunks(FRAME).map(rms).collect();
        let loudest = frames.iter().copied().fold(0.0, f32::max);
        if loudest < factor(NEVER_HEARD) {
            return Err(SoundError::Silent);
        }
        Ok(Self {
            frames,
            loudest,
            samples: samples.len(),
        })
    }

    /// The samples from the first to the last heard frame, with a little around them.
    pub(super) fn spoken(&self) -> Range<usize> {
        let threshold = (self.loudest * factor(BELOW_LOUDEST)).max(factor(NEVER_HEARD));
        let heard = |frame: &f32| *frame >= threshold;
        let first = self.frames.iter().position(heard).unwrap_or(0);
        let last = self.frames.iter().rposition(heard).unwrap_or(first);
        let start = (first * FRAME).saturating_sub(BEFORE);
        let end = ((last + 1) * FRAME + AFTER).min(self.samples);
        start..end
    }

    /// RMS of the voiced frames, 1 being full scale.
    pub(super) fn voiced(&self) -> f32 {
        let threshold = self.loudest * factor(VOICED);
        let voiced: Vec<f32> = self
            .frames
            .iter()
            .copied()
            .filter(|f| *f >= threshold)
            .collect();
        rms(&voiced)
    }

    /// The factor that brings the voiced frames to [`TARGET`].
    pub(super) fn gain(&self) -> f32 {
        let gain = factor(TARGET) / self.voiced();
        gain.clamp(factor(-LARGEST_GAIN), factor(LARGEST_GAIN))
    }
}

fn rms(samples: &[f32]) -> f32 {
    let energy: f32 = samples.iter().map(|sample| sample * sample).sum();
    (energy / samples.len().max(1) as f32).sqrt()
}
