//! Phrases to one clip: overlapped where there is no pause, silence where there is one.

use std::sync::Arc;

use super::{milliseconds, to_floats, to_integers};

/// How far two phrases without a pause overlap.
const CROSSFADE: usize = milliseconds(8);
/// How long a phrase takes to come out of silence, and to go into it: a cut would click.
const FADE: usize = milliseconds(5);

/// A phrase of a clip, and what follows it.
#[derive(Clone, Debug)]
pub(in crate::speech) struct Part {
    /// The phrase, at [`super::RATE`].
    pub(in crate::speech) samples: Arc<[i16]>,
    /// The silence after it, in samples. After the last part there is none.
    pub(in crate::speech) pause: usize,
}

/// Joins phrases in order.
pub(in crate::speech) fn join(parts: &[Part]) -> Vec<i16> {
    let mut clip: Vec<f32> = Vec::new();
    // How much of the clip's end the next phrase may overlap; `None` when it is silent there.
    let mut open_end: Option<usize> = None;
    for (at, part) in parts.iter().enumerate() {
        append(&mut clip, to_floats(&part.samples), open_end);
        let last = at + 1 == parts.len();
        if !last && part.pause == 0 {
            open_end = Some(part.samples.len() / 2);
            continue;
        }
        open_end = None;
        let tail = clip.len() - part.samples.len().min(clip.len()).min(FADE);
        fade(clip[tail..].iter_mut().rev());
        if !last {
            clip.resize(clip.len() + part.pause, 0.0);
        }
    }
    to_integers(&clip)
}

fn append(clip: &mut Vec<f32>, mut phrase: Vec<f32>, open_end: Option<usize>) {
    let Some(open_end) = open_end else {
        fade(phrase.iter_mut().take(FADE));
        clip.append(&mut phrase);
        return;
    };
    let overlap = CROSSFADE.min(open_end).min(phrase.len() / 2);
    let start = clip.len() - overlap;
    for (step, (old, new)) in clip[start..].iter_mut().zip(&phrase).enumerate() {
        let weight = (step + 1) as f32 / (overlap + 1) as f32;
        *old = *old * (1.0 - weight) + new * weight;
    }
    clip.extend_from_slice(&phrase[overlap..]);
}

/// Raises the samples from silence to themselves, in the order in which they come.
fn fade<'a>(samples: impl ExactSizeIterator<Item = &'a mut f32>) {
    let steps = samples.len() as f32;
    for (step, sample) in samples.enumerate() {
        *sample *= step as f32 / steps;
    }
}
