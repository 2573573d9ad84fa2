//! The simplest of sound files: RIFF WAVE, 16-bit PCM, one channel, 8 kHz.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use super::{RATE, samples_in};

/// Writes `samples`, then silence up to `time`; not more than `time`.
///
/// # Errors
/// When the file can't be written.
pub(crate) fn write_wav_lasting(path: &Path, samples: &[i16], time: Duration) -> io::Result<()> {
    let length = samples_in(time);
    let spoken = &samples[..samples.len().min(length)];
    let mut file = File::create(path)?;
    file.write_all(&header(length)?)?;
    file.write_all(&bytes_of(spoken))?;
    // The rest is a hole in the file, which reads as zeros and takes no room.
    file.set_len(44 + 2 * length as u64)
}

/// Writes `samples` again and again until `time` is full. No samples at all are silence.
///
/// # Errors
/// When the file can't be written.
pub(crate) fn write_wav_repeating(path: &Path, samples: &[i16], time: Duration) -> io::Result<()> {
    if samples.is_empty() {
        return write_wav_lasting(path, samples, time);
    }
    let length = samples_in(time);
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(&header(length)?)?;
    let bytes = bytes_of(samples);
    let mut left = 2 * length;
    while left > 0 {
        let part = left.min(bytes.len());
        file.write_all(&bytes[..part])?;
        left -= part;
    }
    file.flush()
}

/// Reads such a file; also one with other chunks before the sound, as tools write them.
///
/// # Errors
/// When the file can't be read or is of another format.
pub(crate) fn read_wav(path: &Path) -> io::Result<Vec<i16>> {
    let bytes = fs::read(path)?;
    let wrong = |what: &str| io::Error::other(format!("{}: {what}", path.display()));
    if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..12) != Some(b"WAVE") {
        return Err(wrong("not a WAVE file"));
    }
    let format = chunk(&bytes, b"fmt ").ok_or_else(|| wrong("it doesn't say its format"))?;
    // PCM, one channel; then the rate; then 16 bits.
    if format.get(..4) != Some(&[1, 0, 1, 0]) || format.get(4..8) != Some(&RATE.to_le_bytes()) {
        return Err(wrong("not PCM, mono, 8 kHz"));
    }
    if format.get(14..16) != Some(&[16, 0]) {
        return Err(wrong("not 16 bits a sample"));
    }
    let data = chunk(&bytes, b"data").ok_or_else(|| wrong("no sound in it"))?;
    Ok(samples_from_bytes(data))
}

/// Little-endian samples; an odd last byte is left out.
pub(crate) fn samples_from_bytes(bytes: &[u8]) -> Vec<i16> {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| i16::from_le_bytes(*pair))
        .collect()
}

fn bytes_of(samples: &[i16]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect()
}

fn header(samples: usize) -> io::Result<Vec<u8>> {
    let data = u32::try_from(2 * samples).map_err(io::Error::other)?;
    let mut header = Vec::with_capacity(44);
    header.extend(b"RIFF");
    header.extend((36 + data).to_le_bytes());
    header.extend(b"WAVEfmt ");
    header.extend(16_u32.to_le_bytes());
    header.extend([1, 0, 1, 0]);
    header.extend(RATE.to_le_bytes());
    header.extend((2 * RATE).to_le_bytes());
    header.extend([2, 0, 16, 0]);
    header.extend(b"data");
    header.extend(data.to_le_bytes());
    Ok(header)
}

fn chunk<'a>(bytes: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    let mut rest = bytes.get(12..)?;
    loop {
        let size = u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?) as usize;
        let body = rest.get(8..)?;
        if rest.starts_with(name) {
            return Some(&body[..size.min(body.len())]);
        }
        // Chunks begin at even places.
        rest = body.get(size + size % 2..)?;
    }
}
