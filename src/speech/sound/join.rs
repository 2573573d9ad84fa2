//! Phrases to one clip: overlapped where there is no pause, silence where there is one.
//!
//! Lengths are counted in samples of an ordinary call, so that a clip is the same in both widths: the
//! wide one has two samples for each of the narrow one's.

use std::ops::Range;
use std::sync::Arc;

use super::{NARROW_RATE, Sound, Width};

/// How far two phrases without a pause overlap.
const CROSSFADE: usize = milliseconds(8);
/// How long a phrase takes to come out of silence, and to go into it: a cut would click.
const FADE: usize = milliseconds(5);

/// Joining changes at most so many samples at each end of a phrase. If it is longer than both together, what
/// is between them comes into the clip as it is, and the clip's other samples do not depend on it.
pub(in crate::speech) const EDGE: usize = if CROSSFADE > FADE { CROSSFADE } else { FADE };

/// A phrase of a clip, and what follows it.
#[derive(Clone, Debug)]
pub(in crate::speech) struct Part {
    /// The phrase.
    pub(in crate::speech) sound: Arc<Sound>,
    /// The silence after it, in samples at [`super::RATE`]. After the last part there is none.
    pub(in crate::speech) pause: usize,
}

/// Joins phrases in order, as samples of one width.
pub(in crate::speech) fn join(parts: &[Part], width: Width) -> Vec<i16> {
    let (clip, _) = join_with_starts(parts, width);
    clip
}

/// The same, and which of the clip's samples is each phrase's first.
pub(in crate::speech) fn join_with_starts(parts: &[Part], width: Width) -> (Vec<i16>, Vec<usize>) {
    let scale = width.scale();
    let longest: usize = parts.iter().map(|part| length(part) + pause(part)).sum();
    let mut clip = Vec::with_capacity(longest * scale);
    let mut starts = Vec::with_capacity(parts.len());
    // How much of the clip's end the next phrase may overlap; `None` when it is silent there.
    let mut open_end: Option<usize> = None;
    for (at, part) in parts.iter().enumerate() {
        starts.push(append(&mut clip, part, width, open_end));
        let last = at + 1 == parts.len();
        if !last && part.pause == 0 {
            open_end = Some(length(part) / 2);
            continue;
        }
        open_end = None;
        let tail = (length(part).min(FADE) * scale).min(clip.len());
        let tail = clip.len() - tail..clip.len();
        fade(clip[tail].iter_mut().rev());
        if !last {
            clip.resize(clip.len() + pause(part) * scale, 0);
        }
    }
    (clip, starts)
}

/// Gives where the phrase starts.
fn append(clip: &mut Vec<i16>, part: &Part, width: Width, open_end: Option<usize>) -> usize {
    let (scale, samples) = (width.scale(), part.sound.samples(width));
    let overlap = open_end.map_or(0, |open_end| {
        CROSSFADE.min(open_end).min(length(part) / 2) * scale
    });
    let start = clip.len() - overlap;
    crossfade(&mut clip[start..], samples);
    clip.extend_from_slice(&samples[overlap..]);
    // A phrase with an odd number of samples ends half a sample of an ordinary call earlier.
    clip.resize(start + length(part) * scale, 0);
    if open_end.is_none() {
        let head: Range<usize> = start..start + length(part).min(FADE) * scale;
        fade(clip[head].iter_mut());
    }
    start
}

fn crossfade(olds: &mut [i16], news: &[i16]) {
    let steps = (olds.len() + 1) as f32;
    for (step, (old, new)) in olds.iter_mut().zip(news).enumerate() {
        let weight = (step + 1) as f32 / steps;
        *old = rounded(f32::from(*old) * (1.0 - weight) + f32::from(*new) * weight);
    }
}

/// Raises the samples from silence to themselves, in the order in which they come.
fn fade<'a>(samples: impl ExactSizeIterator<Item = &'a mut i16>) {
    let steps = samples.len() as f32;
    for (step, sample) in samples.enumerate() {
        *sample = rounded(f32::from(*sample) * step as f32 / steps);
    }
}

fn rounded(sample: f32) -> i16 {
    sample.round() as i16
}

fn length(part: &Part) -> usize {
    part.sound.length()
}

fn pause(part: &Part) -> usize {
    part.pause.div_ceil(Width::Wide.scale())
}

const fn milliseconds(number: usize) -> usize {
    number * NARROW_RATE as usize / 1000
}
