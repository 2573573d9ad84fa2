//! The arithmetic, on signals whose right answer is known.

use super::level::CEILING;
use super::trim::{Loudness, TARGET};
use super::*;

fn phrase_from_file(file: Vec<u8>) -> Result<Vec<i16>, SoundError> {
    phrase(decode(file)?)
}

fn decibels(factor: f32) -> f32 {
    20.0 * factor.log10()
}

/// A tone of so many hertz and milliseconds; its peak is `peak` dB of full scale.
fn tone(hertz: f32, rate: u32, length: u32, peak: f32) -> Vec<f32> {
    let step = std::f32::consts::TAU * hertz / rate as f32;
    let samples = rate * length / 1000;
    (0..samples)
        .map(|at| (at as f32 * step).sin() * factor(peak))
        .collect()
}

fn silence(rate: u32, length: u32) -> Vec<f32> {
    vec![0.0; (rate * length / 1000) as usize]
}

/// How strong one frequency is: the tone's amplitude.
fn amplitude(samples: &[f32], hertz: f32, rate: u32) -> f32 {
    let step = std::f32::consts::TAU * hertz / rate as f32;
    let (mut sine, mut cosine) = (0.0, 0.0);
    for (at, sample) in samples.iter().enumerate() {
        sine += sample * (at as f32 * step).sin();
        cosine += sample * (at as f32 * step).cos();
    }
    2.0 * f32::hypot(sine, cosine) / samples.len() as f32
}

/// A WAV file with this many bytes of sound, as its header says, of 16-bit samples.
fn wav(channels: u16, rate: u32, samples: &[i16], said_bytes: u32) -> Vec<u8> {
    let mut file = b"RIFF".to_vec();
    file.extend(said_bytes.saturating_add(36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0");
    file.extend(channels.to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend((rate * u32::from(channels) * 2).to_le_bytes());
    file.extend((channels * 2).to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend(said_bytes.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

fn wav_of(rate: u32, samples: &[f32]) -> Vec<u8> {
    wav(1, rate, &to_integers(samples), samples.len() as u32 * 2)
}

#[test]
fn resampling_keeps_a_tone_its_strength_and_its_length() {
    for (from, to) in [
        (22_050, RATE),
        (48_000, RATE),
        (8_000, RATE),
        (44_100, RATE),
        (RATE, 8_000),
    ] {
        let resampled = resample(tone(1000.0, from, 1000, -6.0), from, to).unwrap();
        assert_eq!(resampled.len(), to as usize, "{from} to {to}");
        let middle = &resampled[to as usize / 4..to as usize * 3 / 4];
        let kept = decibels(amplitude(middle, 1000.0, to));
        assert!((kept + 6.0).abs() < 0.05, "{from} to {to}: {kept} dB");
    }
}

#[test]
fn resampling_delays_nothing() {
    let mut click = silence(22_050, 1000);
    click[11_025] = 1.0;
    let resampled = resample(click, 22_050, RATE).unwrap();
    let loudest = (0..resampled.len()).max_by(|a, b| resampled[*a].total_cmp(&resampled[*b]));
    assert_eq!(loudest, Some(8000));
}

#[test]
fn what_an_ordinary_call_can_not_carry_does_not_come_back_as_another_tone() {
    let narrow = resample(tone(5000.0, RATE, 1000, -6.0), RATE, 8_000).unwrap();
    let alias = decibels(amplitude(&narrow[2000..6000], 3000.0, 8_000));
    assert!(alias < -70.0, "{alias} dB");
}

#[test]
fn a_header_that_a_pipe_made_wrong_is_read_to_the_end_of_the_file() {
    let samples: Vec<i16> = (0..10_007).map(|at| (at % 1000) as i16).collect();
    for said in [0x7fff_f000, samples.len() as u32 * 2] {
        let decoded = decode(wav(1, 22_050, &samples, said)).unwrap();
        assert_eq!(decoded.rate, 22_050);
        assert_eq!(to_integers_exactly(&decoded.samples), samples, "{said:#x}");
    }
}

/// The decoder counts full scale as 32,768.
fn to_integers_exactly(samples: &[f32]) -> Vec<i16> {
    samples
        .iter()
        .map(|sample| (sample * 32_768.0) as i16)
        .collect()
}

#[test]
fn two_channels_become_their_mean() {
    let samples = [1000, 3000, -2000, 2000, 500, 500];
    let decoded = decode(wav(2, 16_000, &samples, 12)).unwrap();
    assert_eq!(to_integers_exactly(&decoded.samples), [2000, 0, 500]);
}

#[test]
fn what_is_no_usable_sound_is_refused_with_its_reason() {
    let quiet = wav_of(RATE, &tone(300.0, RATE, 500, -60.0));
    assert_eq!(phrase_from_file(quiet), Err(SoundError::Silent));
    assert_eq!(phrase_from_file(wav_of(RATE, &[])), Err(SoundError::Silent));
    assert_eq!(
        phrase_from_file(wav_of(1000, &[0.5; 100])),
        Err(SoundError::StrangeRate(1000))
    );
    let long = wav_of(8_000, &vec![0.5; 8_000 * 151]);
    assert_eq!(phrase_from_file(long), Err(SoundError::TooLong(150)));
    for file in [b"ID3 not a wave".to_vec(), Vec::new(), vec![0; 100_000]] {
        let refused = phrase_from_file(file);
        assert!(
            matches!(refused, Err(SoundError::Unreadable(_))),
            "{refused:?}"
        );
    }
}

#[test]
fn silence_around_is_cut_and_silence_inside_stays() {
    let voice = tone(300.0, RATE, 200, -10.0);
    let samples = [
        silence(RATE, 300),
        voice.clone(),
        silence(RATE, 400),
        voice,
        silence(RATE, 450),
    ]
    .concat();
    let spoken = Loudness::measure(&samples).unwrap().spoken();
    assert_eq!(spoken, milliseconds(290)..milliseconds(1130));
}

#[test]
fn a_sound_without_silence_around_is_not_cut() {
    let samples = tone(300.0, RATE, 333, -10.0);
    assert_eq!(
        Loudness::measure(&samples).unwrap().spoken(),
        0..samples.len()
    );
}

#[test]
fn noise_forty_decibels_below_the_voice_is_silence() {
    let noise = tone(2000.0, RATE, 300, -45.0);
    let samples = [noise.clone(), tone(300.0, RATE, 200, -3.0), noise].concat();
    let spoken = Loudness::measure(&samples).unwrap().spoken();
    assert_eq!(spoken, milliseconds(290)..milliseconds(530));
}

#[test]
fn a_soft_end_of_a_word_is_kept() {
    let samples = [
        tone(300.0, RATE, 200, -10.0),
        tone(2000.0, RATE, 100, -45.0),
    ]
    .concat();
    assert_eq!(
        Loudness::measure(&samples).unwrap().spoken(),
        0..samples.len()
    );
}

#[test]
fn every_phrase_gets_the_same_loudness_however_much_silence_is_in_it() {
    for (peak, gap) in [(-3.0, 0), (-17.0, 0), (-30.0, 700), (-10.0, 100)] {
        let voice = tone(440.0, RATE, 300, peak);
        let samples = [voice.clone(), silence(RATE, gap), voice].concat();
        let phrase = phrase_from_file(wav_of(RATE, &samples)).unwrap();
        let heard = decibels(Loudness::measure(&to_floats(&phrase)).unwrap().voiced());
        assert!((heard - TARGET).abs() < 0.1, "{peak} dB: {heard} dB");
    }
}

#[test]
fn noise_is_not_brought_up_without_bound() {
    let phrase = phrase_from_file(wav_of(RATE, &tone(440.0, RATE, 300, -50.0))).unwrap();
    let heard = decibels(Loudness::measure(&to_floats(&phrase)).unwrap().voiced());
    assert!((heard - (-53.0 + 24.0)).abs() < 0.3, "{heard} dB");
}

#[test]
fn no_peak_passes_the_ceiling_and_the_rest_is_untouched() {
    let mut samples = tone(440.0, RATE, 600, -20.0);
    let quiet = samples.clone();
    for sample in &mut samples[4000..4800] {
        *sample *= 30.0;
    }
    level::level(&mut samples, 1.0);
    let peak = samples
        .iter()
        .fold(0.0, |peak: f32, sample| peak.max(sample.abs()));
    assert!((decibels(peak) - CEILING).abs() < 0.2, "{}", decibels(peak));
    let far = milliseconds(5);
    assert_eq!(samples[..4000 - far], quiet[..4000 - far]);
    assert_eq!(samples[4800 + far..], quiet[4800 + far..]);
}

fn part(samples: &[f32], pause: u32) -> Part {
    Part {
        sound: Sound::of(to_integers(samples)).unwrap().into(),
        pause: milliseconds(pause as usize),
    }
}

#[test]
fn pauses_are_exactly_as_long_as_asked_and_there_is_none_at_the_end() {
    let voice = tone(300.0, RATE, 200, -10.0);
    let clip = join(&[part(&voice, 250), part(&voice, 400)], Width::Wide);
    assert_eq!(clip.len(), milliseconds(200 + 250 + 200));
    assert!(
        clip[milliseconds(200)..milliseconds(450)]
            .iter()
            .all(|sample| *sample == 0)
    );
}

#[test]
fn phrases_without_a_pause_overlap_by_eight_milliseconds() {
    let voice = tone(300.0, RATE, 200, -10.0);
    let clip = join(
        &[part(&voice, 0), part(&voice, 0), part(&voice, 0)],
        Width::Wide,
    );
    assert_eq!(clip.len(), milliseconds(3 * 200 - 2 * 8));
}

/// The greatest step from one sample to the next.
fn steepest(clip: &[i16]) -> i32 {
    clip.windows(2)
        .map(|pair| (i32::from(pair[1]) - i32::from(pair[0])).abs())
        .max()
        .unwrap_or(0)
}

#[test]
fn no_joint_clicks_whatever_the_samples_at_the_edges_are() {
    let high = vec![0.5; milliseconds(100)];
    let low = vec![-0.5; milliseconds(100)];
    let clip = join(
        &[part(&high, 0), part(&low, 50), part(&high, 0)],
        Width::Wide,
    );
    // From one edge to the other in 8 ms, or from silence in 5 ms, evenly.
    let even = i32::from(i16::MAX) / milliseconds(5) as i32;
    assert!(steepest(&clip) <= even, "{} > {even}", steepest(&clip));
    assert_eq!((clip.first(), clip.last()), (Some(&0), Some(&0)));
}

#[test]
fn tiny_and_empty_phrases_are_joined_too() {
    for length in [0, 1, 2, 3, 79, 81, 130] {
        let tiny = part(&vec![0.5; length], 0);
        let pause = Part {
            pause: 7,
            ..tiny.clone()
        };
        let parts = [tiny.clone(), tiny.clone(), pause, tiny];
        let clip = join(&parts, Width::Wide);
        assert!(clip.len() <= 4 * (length + 1) + 8, "{length}");
        assert!(clip.len() >= 3 * length.saturating_sub(128) + 7, "{length}");
        assert_eq!(
            join(&parts, Width::Narrow).len() * 2,
            clip.len(),
            "{length}"
        );
    }
    assert_eq!(join(&[], Width::Wide), Vec::<i16>::new());
}

/// A voice-like sound: a low tone with overtones, louder and quieter.
fn voice(hertz: f64, samples: usize) -> Vec<f32> {
    let at = |index: usize| {
        let time = index as f64 / f64::from(RATE) * std::f64::consts::TAU;
        let loudness = 0.6 + 0.4 * (time * 3.0).sin();
        let tones = (1..=8).map(|tone| (time * hertz * f64::from(tone)).sin() / f64::from(tone));
        (tones.sum::<f64>() * loudness * 0.25) as f32
    };
    (0..samples).map(at).collect()
}

/// Phrases that are brought to the lower rate before they are joined sound like a clip that is brought
/// to it as a whole, and lie at the same places, whether their numbers of samples are odd or even.
#[test]
fn ordinary_calls_hear_the_clip_that_others_hear() {
    let parts = [
        part(&voice(110.0, 16_001), 300),
        part(&voice(140.0, 24_000), 0),
        part(&voice(125.0, 9_999), 0),
        part(&voice(180.0, 7_000), 250),
        part(&voice(90.0, 12_345), 0),
    ];
    let wide = to_floats(&join(&parts, Width::Wide));
    let whole = resample(wide, RATE, NARROW_RATE).unwrap();
    let joined = to_floats(&join(&parts, Width::Narrow));
    assert_eq!(joined.len(), whole.len());
    let energy = |samples: &mut dyn Iterator<Item = f32>| -> f32 {
        samples.map(|sample| sample * sample).sum()
    };
    let difference = energy(&mut whole.iter().zip(&joined).map(|(one, other)| one - other));
    let sound = energy(&mut whole.iter().copied());
    let quieter = 10.0 * (sound / difference).log10();
    assert!(quieter > 50.0, "they differ by only {quieter} dB");
}

/// So many channels overflow a number in the decoder, where overflows are looked for.
#[test]
fn a_file_that_the_decoder_fails_on_can_not_be_read() {
    let mut file = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\xff\xff".to_vec();
    file.extend(16_000_u32.to_le_bytes());
    file.extend(64_000_u32.to_le_bytes());
    file.extend(b"\x04\0\x20\0data\x08\0\0\0\0\0\0\0\0\0\0\0");
    let error = decode(file).unwrap_err();
    assert!(matches!(error, SoundError::Unreadable(_)), "{error}");
}

/// Sums of such samples are infinite, which the resampler does not survive.
#[test]
fn samples_beyond_full_scale_are_cut_to_it() {
    let loud = [3e38_f32, -3e38, 2.0, -1.5].repeat(2_000);
    let data: Vec<u8> = loud
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect();
    let mut file = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x03\0\x01\0".to_vec();
    file.extend(22_050_u32.to_le_bytes());
    file.extend(88_200_u32.to_le_bytes());
    file.extend(b"\x04\0\x20\0data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    let decoded = decode(file).unwrap();
    assert!(decoded.samples.iter().all(|sample| sample.abs() <= 1.0));
    assert!(phrase(decoded).is_ok());
}
