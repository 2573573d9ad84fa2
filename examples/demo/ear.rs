//! What a telephone heard, judged by its recording: which sentence, which tone, and when.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use audio_codec_algorithms::decode_alaw;
use vizavi::domain::prompt::{Haste, Phrase, Prompt};
use vizavi::speech::{Settings, Speech};

use crate::hope::Hope;
use crate::support::company::Result;
use crate::support::phone::Phone;
use crate::support::sound::{
    dominant_frequency, duration_of, find, level, samples_in, strength_of,
};
use crate::told::{Hoping, ensure};

/// The ringing tone of the PBX.
const RINGING_TONE: f64 = 425.0;
/// A sentence that went through the PBX is that much like itself; another one stays below 0.3.
const THE_SAME: f64 = 0.9;
const ANOTHER: f64 = 0.5;
/// The part of the energy that a tone must have to be the one that is heard.
const ALMOST_ALL: f64 = 0.8;
/// Quieter than this is nothing, dBFS.
const AUDIBLE: f64 = -45.0;
/// Zeros from this many samples on are a hole.
const HOLE: usize = 80;
const POLL: Duration = Duration::from_millis(40);
/// How many samples at the beginning of a sentence are not asked for: a telephone that has just been answered is still opening
/// its sound when the first word comes, a few milliseconds later, and loses some of it.
const OPENING: usize = 2400;
const PIECE: Duration = Duration::from_millis(100);

/// Knows how each sentence sounds: it speaks them itself, apart from the application.
pub(crate) struct Ear {
    speech: Speech,
}

impl Ear {
    pub(crate) fn new(directory: &Path) -> Result<Self> {
        let speech = Speech::open(Settings::new(directory))?;
        Ok(Self { speech })
    }

    /// Speaks these ahead, so that no call is disturbed by it.
    pub(crate) async fn learn(&self, prompts: &[Prompt]) -> Result<()> {
        for prompt in prompts {
            self.speech.prepare(prompt, Haste::Next).await?;
            for sentence in &prompt.phrases {
                self.sound_of(sentence).await?;
            }
        }
        Ok(())
    }

    /// Waits until the caller has heard this sentence to its end; gives when it began, since dialling.
    pub(crate) async fn hears(
        &self,
        phone: &Phone,
        dialled: Instant,
        sentence: &Phrase,
        within: Duration,
    ) -> Result<Duration> {
        let sound = self.sound_of(sentence).await?;
        let (opening, rest) = sound.split_at(OPENING.min(sound.len() / 2));
        let asked = Instant::now();
        loop {
            let heard = phone.heard_since(dialled);
            let heard = Received::of(&heard);
            let found = find(rest, &heard.samples);
            if let Some(found) = found.filter(|found| found.likeness > THE_SAME) {
                let began = heard
                    .time_of(found.at)
                    .saturating_sub(duration_of(opening.len()));
                return Ok(began);
            }
            let instead = || {
                format!(
                    "in {:.1} s of sound, the best likeness is {found:?}",
                    duration_of(heard.samples.len()).as_secs_f64()
                )
            };
            ensure(
                asked.elapsed() < within,
                Hope::Hears(sentence.text.clone()),
                instead,
            )?;
            tokio::time::sleep(POLL).await;
        }
    }

    /// Makes sure that the caller has not heard this sentence.
    pub(crate) async fn hears_not(
        &self,
        phone: &Phone,
        dialled: Instant,
        sentence: &Phrase,
    ) -> Result<()> {
        let sound = self.sound_of(sentence).await?;
        let heard = Received::of(&phone.heard_since(dialled));
        let found = find(&sound, &heard.samples);
        let other = found.is_none_or(|found| found.likeness < ANOTHER);
        ensure(other, Hope::HearsNot(sentence.text.clone()), || {
            format!("{found:?}")
        })
    }

    /// How long a whole prompt plays.
    pub(crate) async fn length(&self, prompt: &Prompt) -> Result<Duration> {
        Ok(self.speech.prepare(prompt, Haste::Next).await?.length)
    }

    /// How a sentence sounds on the telephone.
    pub(crate) async fn sound_of(&self, sentence: &Phrase) -> Result<Vec<i16>> {
        let phrases = vec![sentence.clone()];
        let clip = self
            .speech
            .prepare(&Prompt { phrases }, Haste::Next)
            .await?;
        let file = clip.media.trim_start_matches("sound:").to_owned() + ".alaw";
        Ok(fs::read(file)?.into_iter().map(decode_alaw).collect())
    }
}

/// What was received without the time in which nothing was: on a busy machine packets come late, and the recording, which
/// keeps to the clock, has holes then. (What is sent is never exactly zero: A-law has no zero.)
struct Received {
    samples: Vec<i16>,
    /// From which received sample on, how many samples of the recording had been holes.
    holes: Vec<(usize, usize)>,
}

impl Received {
    fn of(recording: &[i16]) -> Self {
        let (mut samples, mut holes, mut skipped) = (Vec::new(), Vec::new(), 0);
        let mut pieces = recording
            .chunk_by(|one, next| (*one == 0) == (*next == 0))
            .peekable();
        while let Some(piece) = pieces.next() {
            // Silence at the end is silence: nothing more was sent.
            let sound_follows = pieces.peek().is_some();
            if sound_follows && piece.len() >= HOLE && piece[0] == 0 {
                skipped += piece.len();
                holes.push((samples.len(), skipped));
            } else {
                samples.extend_from_slice(piece);
            }
        }
        Self { samples, holes }
    }

    /// When a received sample was heard.
    fn time_of(&self, sample: usize) -> Duration {
        let before = self.holes.iter().rev().find(|(from, _)| *from <= sample);
        duration_of(sample + before.map_or(0, |(_, skipped)| *skipped))
    }
}

/// Waits for the first sound at all.
pub(crate) async fn any_sound(phone: &Phone, dialled: Instant, within: Duration) -> Result<()> {
    loop {
        let audible = phone
            .heard_since(dialled)
            .chunks(samples_in(PIECE) / 5)
            .any(|piece| level(piece) > AUDIBLE);
        if audible {
            return Ok(());
        }
        ensure(
            dialled.elapsed() < within,
            Hope::Hears("…".to_owned()),
            || format!("nothing within {within:?}"),
        )?;
        tokio::time::sleep(POLL / 4).await;
    }
}

/// Waits until the caller hears the ringing tone; gives when it began, since dialling.
pub(crate) async fn ringing_tone(
    phone: &Phone,
    dialled: Instant,
    after: Duration,
    within: Duration,
) -> Result<Duration> {
    let asked = Instant::now();
    loop {
        let heard = phone.heard_since(dialled + after);
        if let Some(begin) = first_piece_with(RINGING_TONE, &heard) {
            return Ok(after + begin);
        }
        let instead = || format!("not within {within:?}");
        ensure(
            asked.elapsed() < within,
            Hope::HearsTone(RINGING_TONE),
            instead,
        )?;
        tokio::time::sleep(POLL).await;
    }
}

fn first_piece_with(hertz: f64, heard: &[i16]) -> Option<Duration> {
    let step = samples_in(PIECE) / 10;
    let is_tone = |piece: &[i16]| level(piece) > AUDIBLE && strength_of(hertz, piece) > ALMOST_ALL;
    let place = heard
        .windows(samples_in(PIECE))
        .step_by(step)
        .position(is_tone)?;
    Some(duration_of(place * step))
}

/// The tone that fills what was heard in this second; fails if it is not the one hoped for.
pub(crate) fn tone(heard: &[i16], expected: f64) -> Result<f64> {
    let heard = &Received::of(heard).samples;
    let strongest = dominant_frequency(heard)
        .ok_or("silence")
        .hoping(Hope::HearsTone(expected))?;
    let part = strength_of(expected, heard);
    let close = (strongest - expected).abs() < 10.0 && part > ALMOST_ALL;
    let instead = || {
        format!(
            "{strongest:.0} Hz; {expected:.0} Hz has {:.0} % of the sound",
            part * 100.0
        )
    };
    ensure(close, Hope::HearsTone(expected), instead)?;
    Ok(strongest)
}
