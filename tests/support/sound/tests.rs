//! The judge of sound, judged.

use std::time::{Duration, Instant};

use audio_codec_algorithms::{decode_alaw, encode_alaw};
use tempfile::TempDir;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// Something like speech: syllables of changing pitch and loudness over noise. The same seed gives the same clip.
fn babble(seed: u64, time: Duration) -> Vec<i16> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut clip = Vec::new();
    while clip.len() < samples_in(time) {
        let (pitch, loudness) = (random.f64() * 200.0 + 100.0, random.f64() * 6000.0);
        for n in 0..random.usize(800..2400) {
            let turn = TAU * pitch * n as f64 / f64::from(RATE);
            let voice = turn.sin() + 0.5 * (2.0 * turn).sin() + 0.3 * (5.0 * turn).sin();
            clip.push((loudness * (voice + 0.4 * (random.f64() - 0.5))) as i16);
        }
    }
    clip.truncate(samples_in(time));
    clip
}

fn through_alaw(samples: &[i16]) -> Vec<i16> {
    samples
        .iter()
        .map(|sample| decode_alaw(encode_alaw(*sample)))
        .collect()
}

#[test]
fn a_tone_is_recognised_by_its_frequency() {
    for hertz in [400.0, 997.0, 3400.0] {
        let heard = dominant_frequency(&through_alaw(&tone(hertz, SECOND))).unwrap();
        assert!((heard - hertz).abs() < 1.5, "{heard} Hz instead of {hertz}");
    }
}

#[test]
fn silence_has_no_frequency() {
    assert_eq!(dominant_frequency(&silence(SECOND)), None);
    assert_eq!(dominant_frequency(&through_alaw(&silence(SECOND))), None);
    assert_eq!(dominant_frequency(&[]), None);
}

#[test]
fn two_tones_share_the_energy() {
    let both: Vec<i16> = tone(400.0, SECOND)
        .iter()
        .zip(tone(1000.0, SECOND))
        .map(|(one, other)| one / 2 + other / 2)
        .collect();
    for hertz in [400.0, 1000.0] {
        let strength = strength_of(hertz, &both);
        assert!((0.45..0.55).contains(&strength), "{strength}");
    }
    assert!(strength_of(700.0, &both) < 0.01);
    assert!(strength_of(400.0, &tone(400.0, SECOND)) > 0.99);
}

#[test]
fn a_half_amplitude_tone_is_nine_decibels_below_full_scale() {
    assert!((level(&tone(1000.0, SECOND)) + 9.03).abs() < 0.05);
    assert_eq!(level(&silence(SECOND)), f64::NEG_INFINITY);
    assert_eq!(level(&[]), f64::NEG_INFINITY);
}

#[test]
fn a_clip_is_found_where_it_was_played() {
    let clip = babble(1, 2 * SECOND);
    for lag in [0, 1, 12_345] {
        let quiet = clip.iter().map(|sample| sample / 3);
        let played: Vec<i16> = std::iter::repeat_n(0, lag)
            .chain(quiet)
            .chain(babble(2, SECOND))
            .collect();
        let found = find(&clip, &through_alaw(&played)).unwrap();
        assert_eq!(found.at, lag);
        assert!(found.likeness > 0.98, "{found:?}");
    }
}

#[test]
fn a_clip_is_found_under_another_voice() {
    let clip = babble(1, 2 * SECOND);
    let mut heard = babble(3, 6 * SECOND);
    for (sample, of_clip) in heard[9000..].iter_mut().zip(&clip) {
        *sample = *sample / 2 + of_clip;
    }
    let found = find(&clip, &heard).unwrap();
    assert_eq!(found.at, 9000);
    assert!(found.likeness > 0.7, "{found:?}");
}

#[test]
fn another_clip_is_not_taken_for_it() {
    for seed in 10..14 {
        let found = find(&babble(1, 2 * SECOND), &babble(seed, 10 * SECOND)).unwrap();
        assert!(found.likeness < 0.3, "{found:?}");
    }
}

#[test]
fn half_a_clip_is_less_than_the_clip() {
    let clip = babble(1, 2 * SECOND);
    let cut: Vec<i16> = clip[..8000]
        .iter()
        .copied()
        .chain(silence(4 * SECOND))
        .collect();
    let found = find(&clip, &cut).unwrap();
    assert!(found.likeness < 0.9, "{found:?}");
}

#[test]
fn nothing_is_found_in_silence_or_for_silence() {
    let clip = babble(1, SECOND);
    assert_eq!(find(&clip, &silence(3 * SECOND)).unwrap().likeness, 0.0);
    assert_eq!(find(&silence(SECOND), &clip), None);
    assert_eq!(find(&[], &clip), None);
    assert_eq!(find(&clip, &clip[1..]), None);
}

#[test]
fn a_clip_is_found_in_a_minute_within_a_moment() {
    let clip = babble(1, 5 * SECOND);
    let mut heard = babble(2, 60 * SECOND);
    heard.splice(300_000..340_000, clip.iter().copied());
    let begun = Instant::now();
    assert_eq!(find(&clip, &heard).unwrap().at, 300_000);
    assert!(begun.elapsed() < 5 * SECOND, "{:?}", begun.elapsed());
}

#[test]
fn the_longest_silence_is_measured() {
    let mut heard = tone(400.0, SECOND);
    heard.extend(silence(300 * SECOND / 1000));
    heard.extend(tone(400.0, SECOND));
    heard.extend(silence(700 * SECOND / 1000));
    heard.extend(tone(400.0, SECOND));
    let longest = longest_silence(&through_alaw(&heard), -50.0);
    assert!((0.68..=0.7).contains(&longest.as_secs_f64()), "{longest:?}");
    assert_eq!(longest_silence(&tone(400.0, SECOND), -50.0), Duration::ZERO);
    assert_eq!(duration_of(12_000), 3 * SECOND / 2);
}

#[test]
fn a_sound_file_reads_as_it_was_written() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("clip.wav");
    let clip = babble(1, SECOND / 2);

    write_wav_lasting(&path, &clip, SECOND).unwrap();
    let read = read_wav(&path).unwrap();
    assert_eq!(read[..4000], clip);
    assert_eq!(read[4000..], silence(SECOND / 2));

    write_wav_repeating(&path, &clip, SECOND).unwrap();
    assert_eq!(read_wav(&path).unwrap(), [clip.clone(), clip].concat());
}

#[test]
fn a_file_of_another_format_is_refused() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("clip.wav");
    write_wav_lasting(&path, &[], SECOND).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[22] = 2;
    std::fs::write(&path, bytes).unwrap();
    assert!(read_wav(&path).unwrap_err().to_string().contains("mono"));
    std::fs::write(&path, b"no sound").unwrap();
    assert!(read_wav(&path).unwrap_err().to_string().contains("WAVE"));
}
