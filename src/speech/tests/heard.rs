//! What a caller hears.

use super::*;

#[tokio::test]
async fn the_three_files_say_the_same_for_as_long_as_the_clip_says() {
    let clip = Studio::new().open_and_prepare(&menu()).await;
    let samples = master(&clip.1);
    let length = samples.len() as f64 / 16_000.0;
    assert!(
        (clip.1.length.as_secs_f64() - length).abs() < 0.001,
        "{:?} {length}",
        clip.1.length
    );

    let narrow = sound::resample(sound::to_floats(&samples), 16_000, 8_000).unwrap();
    let narrow = sound::to_integers(&narrow);
    let alaw: Vec<i16> = file(&clip.1, "alaw").into_iter().map(decode_alaw).collect();
    let ulaw: Vec<i16> = file(&clip.1, "ulaw").into_iter().map(decode_ulaw).collect();
    for (coding, decoded) in [("alaw", alaw), ("ulaw", ulaw)] {
        let length = decoded.len() as f64 / 8_000.0;
        assert!(
            (clip.1.length.as_secs_f64() - length).abs() < 0.001,
            "{coding}: {length}"
        );
        let error: Vec<i16> = narrow.iter().zip(&decoded).map(|(a, b)| a - b).collect();
        let ratio = loudness(&narrow) - loudness(&error);
        assert!(ratio > 35.0, "{coding}: {ratio} dB from signal to noise");
    }
}

#[tokio::test]
async fn a_spoken_phrase_begins_and_ends_within_a_few_hundredths_of_a_second() {
    for text in [
        "Соединяю.",
        "один",
        "Чулкова Евгения, добавочный тридцать четыре.",
    ] {
        let (_studio, clip) = Studio::new().open_and_prepare(&prompt(&[(text, 0)])).await;
        let samples = master(&clip);
        let frames: Vec<f64> = samples.chunks_exact(80).map(loudness).collect();
        let loudest = frames.iter().copied().fold(-100.0, f64::max);
        let heard = |frame: &f64| *frame > loudest - 40.0;
        let before = frames.iter().position(heard).unwrap() * 5;
        let after = (frames.len() - 1 - frames.iter().rposition(heard).unwrap()) * 5;
        assert!(before <= 15, "{text}: {before} ms before");
        assert!(after <= 35, "{text}: {after} ms after");
    }
}

#[tokio::test]
async fn all_phrases_of_a_menu_are_equally_loud() {
    let studio = Studio::new();
    let speech = studio.open();
    let mut levels = Vec::new();
    for single in menu().phrases {
        let clip = speech
            .prepare(
                &Prompt {
                    phrases: vec![single],
                },
                Haste::Next,
            )
            .await
            .unwrap();
        let frames: Vec<f64> = master(&clip).chunks(80).map(rms).collect();
        let loudest = frames.iter().copied().fold(0.0, f64::max);
        let voiced: Vec<f64> = frames
            .into_iter()
            .filter(|frame| *frame > loudest / 10.0)
            .collect();
        let energy = voiced.iter().map(|frame| frame * frame).sum::<f64>() / voiced.len() as f64;
        levels.push(20.0 * (energy.sqrt() / 32_768.0).log10());
    }
    for level in &levels {
        assert!((level + 20.0).abs() < 0.5, "{levels:?}");
    }
}

#[tokio::test]
async fn a_pause_of_a_prompt_is_silent_and_as_long_as_asked() {
    let text = "один";
    let (_studio, clip) = Studio::new()
        .open_and_prepare(&prompt(&[(text, 500), (text, 700)]))
        .await;
    let samples = master(&clip);
    let spoken = (samples.len() - 8_000) / 2;
    assert!(
        samples[spoken..spoken + 8_000]
            .iter()
            .all(|sample| *sample == 0)
    );
    assert_eq!(samples[..spoken], samples[spoken + 8_000..]);
}

/// The samples that two phrases without a pause share.
const OVERLAP: usize = 128;

/// The greatest step from one sample to the next.
fn steepest(samples: &[i16]) -> u16 {
    samples
        .windows(2)
        .map(|pair| pair[0].abs_diff(pair[1]))
        .max()
        .unwrap()
}

#[tokio::test]
async fn no_joint_of_a_spoken_menu_clicks() {
    let studio = Studio::new();
    let speech = studio.open();
    let mut alone = Vec::new();
    let mut glued = menu();
    for phrase in &mut glued.phrases {
        phrase.pause = Duration::ZERO;
        let clip = speech
            .prepare(
                &Prompt {
                    phrases: vec![phrase.clone()],
                },
                Haste::Next,
            )
            .await
            .unwrap();
        alone.push(master(&clip));
    }
    let samples = master(&speech.prepare(&glued, Haste::Next).await.unwrap());
    let sum: usize = alone.iter().map(Vec::len).sum();
    assert_eq!(samples.len(), sum - 3 * OVERLAP);

    let mut joint = 0;
    for pair in alone.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        joint += before.len() - OVERLAP;
        // A voice may begin at once, with steps of its own. The joint must add none to them.
        let own =
            steepest(&before[before.len() - OVERLAP - 16..]).max(steepest(&after[..OVERLAP + 16]));
        let joined = steepest(&samples[joint - 16..joint + OVERLAP + 16]);
        assert!(
            joined <= own + 100,
            "a step of {joined} instead of {own} at {joint}"
        );
    }
}

#[tokio::test]
async fn every_fixed_text_can_be_spoken_in_both_languages() {
    let studio = Studio::new();
    let speech = Speech::open(Settings::new(studio.clips())).unwrap();
    for language in Language::ALL {
        for name in FixedPhrase::ALL {
            let text = fixed_phrase(name, language).to_owned();
            let phrases = vec![Phrase {
                text,
                language,
                pause: Duration::ZERO,
            }];
            // In no hurry: when the voice is slow, another one would be heard, whose sentences are longer.
            let clip = speech
                .prepare(&Prompt { phrases }, Haste::Ahead)
                .await
                .unwrap();
            let seconds = clip.length.as_secs_f64();
            assert!(
                (0.5..6.0).contains(&seconds),
                "{name:?} in {language:?}: {seconds} s"
            );
        }
    }
}

/// Loudness of what is voiced in it (decibels of full scale), and the longest silence inside.
fn voiced(samples: &[i16]) -> (f64, Duration) {
    let frames: Vec<f64> = samples.chunks(80).map(rms).collect();
    let loudest = frames.iter().copied().fold(0.0, f64::max);
    let loud: Vec<f64> = frames
        .iter()
        .copied()
        .filter(|frame| *frame > loudest / 10.0)
        .collect();
    let energy = loud.iter().map(|frame| frame * frame).sum::<f64>() / loud.len() as f64;
    let silent = frames.split(|frame| *frame > loudest / 100.0);
    let longest = silent.map(<[f64]>::len).max().unwrap_or_default() as u64;
    let decibels = 20.0 * (energy.sqrt() / 32_768.0).log10();
    (decibels, Duration::from_millis(longest * 5))
}

#[tokio::test]
async fn the_built_in_prompts_are_equally_loud_and_none_is_clipped() {
    let studio = Studio::new();
    let mut settings = Settings::new(studio.clips());
    (settings.russian, settings.english) = (Vec::new(), Vec::new());
    let speech = Speech::open(settings).unwrap();
    let manifest: toml::Table =
        toml::from_str(include_str!("../../../sounds/prompts.toml")).unwrap();
    for (language, name) in [
        (Language::Russian, "russian"),
        (Language::English, "english"),
    ] {
        let mut levels = Vec::new();
        for texts in manifest.values() {
            let text = texts[name].as_str().unwrap();
            let mut said = prompt(&[(text, 0)]);
            said.phrases[0].language = language;
            let clip = speech.prepare(&said, Haste::Next).await.unwrap();
            let samples = master(&clip);
            let highest = samples.iter().map(|sample| sample.unsigned_abs()).max();
            assert!(highest < Some(32_700), "{text} is clipped");
            let (level, silence) = voiced(&samples);
            levels.push(level);
            if !text
                .trim_end_matches('.')
                .contains([',', ':', '.', '!', '?'])
            {
                // Of "the tenth", the end is hardly heard.
                let most = if text.ends_with("th") { 170 } else { 120 };
                assert!(
                    silence <= Duration::from_millis(most),
                    "{text}: {silence:?}"
                );
            }
        }
        let (low, high) = (
            levels.iter().copied().fold(0.0, f64::min),
            levels.iter().copied().fold(-100.0, f64::max),
        );
        assert!(high - low <= 1.5, "{name}: {levels:?}");
    }
}

#[tokio::test]
async fn what_is_put_together_of_recordings_is_as_loud_as_they_are() {
    let studio = Studio::new();
    let mut settings = Settings::new(studio.clips());
    (settings.russian, settings.english) = (Vec::new(), Vec::new());
    let speech = Speech::open(settings).unwrap();
    let told = "Запись на двенадцатое марта, время: четырнадцать тридцать.";
    let clip = speech.prepare(&prompt(&[(told, 0)]), Haste::Next).await;
    let samples = master(&clip.unwrap());
    let (level, silence) = voiced(&samples);
    assert!((level + 20.0).abs() < 1.5, "{level} dB");
    assert!((200..=260).contains(&silence.as_millis()), "{silence:?}");
    let highest = samples.iter().map(|sample| sample.unsigned_abs()).max();
    assert!(highest < Some(32_700));
    assert!((4.0..8.0).contains(&(samples.len() as f64 / 16_000.0)));
}

#[tokio::test]
async fn fragments_without_a_pause_are_one_sentence() {
    let studio = Studio::new();
    let fragments = [
        ("добавочный", 0),
        ("тридцать", 0),
        ("четыре", 0),
        ("нажмите", 0),
        ("один", 0),
    ];
    let clip = studio
        .open()
        .prepare(&prompt(&fragments), Haste::Next)
        .await;
    let (level, silence) = voiced(&master(&clip.unwrap()));
    assert!((level + 20.0).abs() < 1.5, "{level} dB");
    assert!(silence <= Duration::from_millis(120), "{silence:?}");
}
