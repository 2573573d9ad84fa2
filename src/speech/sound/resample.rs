//! Another number of samples a second, for a whole clip at once.

use rubato::audioadapter_buffers::owned::InterleavedOwned;
use rubato::{Fft, FixedSync, Resampler};

use super::SoundError;

/// The resampler's block, in samples of the input: long enough for a steep filter.
const BLOCK: usize = 1024;

/// Brings mono samples from one rate to another, with the same start and no delay.
pub(in crate::speech) fn resample(
    samples: Vec<f32>,
    from: u32,
    to: u32,
) -> Result<Vec<f32>, SoundError> {
    if from == to || samples.is_empty() {
        return Ok(samples);
    }
    let frames = samples.len();
    let input = InterleavedOwned::new_from(samples, 1, frames).map_err(refused)?;
    let mut resampler =
        Fft::<f32>::new(from as usize, to as usize, BLOCK, 1, FixedSync::Both).map_err(refused)?;
    let output = resampler
        .process_all(&input, frames, None)
        .map_err(refused)?;
    Ok(output.take_data())
}

fn refused(error: impl std::fmt::Display) -> SoundError {
    SoundError::NotResampled(error.to_string())
}
