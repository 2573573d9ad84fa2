//! A sound file, or bare samples, in memory to mono samples.

use std::io::{Cursor, ErrorKind};
use std::panic::catch_unwind;

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use super::SoundError;

/// The longest sound that is taken, in seconds: a phrase of a thousand characters, slowly.
const LONGEST: u32 = 150;

/// What a synthesiser spoke.
#[derive(Debug)]
pub(in crate::speech) struct Decoded {
    /// Between −1 and 1.
    pub(in crate::speech) samples: Vec<f32>,
    /// Samples a second.
    pub(in crate::speech) rate: u32,
}

/// Decodes a whole file; several channels are mixed into one.
pub(in crate::speech) fn decode(file: Vec<u8>) -> Result<Decoded, SoundError> {
    // The decoder is not ours, and a file that makes it panic is one that can't be read.
    let decoded = catch_unwind(move || decode_file(file));
    decoded.unwrap_or_else(|_| {
        let reason = "the decoder failed on it".to_owned();
        Err(SoundError::Unreadable(reason))
    })
}

fn decode_file(file: Vec<u8>) -> Result<Decoded, SoundError> {
    let mut reader = open(file)?;
    let (track, mut decoder) = decoder_for(reader.as_ref())?;
    let mut decoded = Decoded {
        samples: Vec::new(),
        rate: 0,
    };
    while let Some(packet) = next_packet(reader.as_mut())? {
        if packet.track_id != track {
            continue;
        }
        let buffer = decoder
            .decode(&packet)
            .map_err(|error| unreadable(&error))?;
        decoded.rate = checked_rate(buffer.spec().rate())?;
        let mut interleaved: Vec<f32> = Vec::new();
        buffer.copy_to_vec_interleaved(&mut interleaved);
        mix_into(&mut decoded.samples, &interleaved, buffer.num_planes());
        if decoded.samples.len() > (LONGEST * decoded.rate) as usize {
            return Err(SoundError::TooLong(LONGEST));
        }
    }
    if decoded.samples.is_empty() {
        return Err(SoundError::Silent);
    }
    // A file of floating-point samples may hold anything; arithmetic on it would spread.
    if decoded.samples.iter().any(|sample| !sample.is_finite()) {
        return Err(SoundError::Unreadable(
            "its samples are no numbers".to_owned(),
        ));
    }
    // They may also be so large that sums of them are none.
    for sample in &mut decoded.samples {
        *sample = sample.clamp(-1.0, 1.0);
    }
    Ok(decoded)
}

/// Headerless samples: 16 bits each, little-endian, mono.
pub(in crate::speech) fn from_bytes(bytes: &[u8], rate: u32) -> Result<Decoded, SoundError> {
    let rate = checked_rate(rate)?;
    let (samples, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(SoundError::Unreadable("its last sample is half".to_owned()));
    }
    if samples.len() > (LONGEST * rate) as usize {
        return Err(SoundError::TooLong(LONGEST));
    }
    let samples: Vec<i16> = samples
        .iter()
        .map(|pair| i16::from_le_bytes(*pair))
        .collect();
    Ok(Decoded {
        samples: super::to_floats(&samples),
        rate,
    })
}

fn open(file: Vec<u8>) -> Result<Box<dyn FormatReader>, SoundError> {
    let stream = MediaSourceStream::new(Box::new(Cursor::new(file)), Default::default());
    symphonia::default::get_probe()
        .probe(
            &Hint::new(),
            stream,
            FormatOptions::default(),
            MetadataOptions::default(),
        )
        .map_err(|error| unreadable(&error))
}

fn decoder_for(reader: &dyn FormatReader) -> Result<(u32, Box<dyn AudioDecoder>), SoundError> {
    let track = reader
        .default_track(TrackType::Audio)
        .ok_or_else(|| SoundError::Unreadable("it has no sound track".to_owned()))?;
    let parameters = track
        .codec_params
        .as_ref()
        .and_then(|parameters| parameters.audio())
        .ok_or_else(|| SoundError::Unreadable("its coding is not named".to_owned()))?;
    let decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|error| unreadable(&error))?;
    Ok((track.id, decoder))
}

/// The next packet. A program that writes to a pipe can't know the length that the header asks
/// for, so an early end of the file is an ordinary end.
fn next_packet(
    reader: &mut dyn FormatReader,
) -> Result<Option<symphonia::core::packet::Packet>, SoundError> {
    match reader.next_packet() {
        Err(Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        other => other.map_err(|error| unreadable(&error)),
    }
}

fn checked_rate(rate: u32) -> Result<u32, SoundError> {
    match rate {
        6_000..=192_000 => Ok(rate),
        _ => Err(SoundError::StrangeRate(rate)),
    }
}

fn mix_into(samples: &mut Vec<f32>, interleaved: &[f32], channels: usize) {
    let channels = channels.max(1);
    let mixed = interleaved
        .chunks_exact(channels)
        .map(|frame| frame.iter().sum::<f32>() / channels as f32);
    samples.extend(mixed);
}

fn unreadable(error: &Error) -> SoundError {
    SoundError::Unreadable(error.to_string())
}
