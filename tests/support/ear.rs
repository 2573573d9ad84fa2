//! What a caller ought to hear and whether they did: the application's own clips, found again in what
//! a phone recorded.

use std::fs;
use std::net::TcpListener;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use audio_codec_algorithms::decode_alaw;
use tempfile::TempDir;
use vizavi::domain::language::Language;
use vizavi::domain::prompt::{Clip, Phrase, Prompt};
use vizavi::speech::{CommandSettings, Settings, Speech};

use super::application::ApplicationSettings;
use super::company::{CALLER_TONE, Company, Result, SOON, employee_tone};
use super::phone::{Kind, Phone};
use super::sound::{dominant_frequency, duration_of, find, samples_in};

pub(crate) const GREETING: &[&str] = &["Здравствуйте! С кем вас соединить?"];
pub(crate) const WRONG_KEY: &[&str] = &["Такой кнопки в меню нет. Послушайте ещё раз, пожалуйста."];
pub(crate) const NOTHING_PRESSED: &[&str] = &["Я не слышу нажатия. Повторю ещё раз."];
pub(crate) const NO_ANSWER: &[&str] = &["К сожалению, никто не ответил."];
pub(crate) const BUSY: &[&str] = &["К сожалению, линия занята."];
const EUGENIA: &str = "Чулкова Евгения, добавочный тридцать четыре: нажмите один.";
const DMITRY: &str = "Масленников Дмитрий, добавочный ноль два: нажмите два.";
const SALES: &str = "Отдел продаж, добавочный девяносто: нажмите один.";
const OPERATOR: &str = "Чтобы поговорить с оператором, нажмите ноль.";
/// The client's own menu.
pub(crate) const CLIENTS_MENU: &[&str] = &[EUGENIA, DMITRY, OPERATOR];
/// The client's own menu when the first of it could not be reached.
pub(crate) const MENU_WITHOUT_34: &[&str] = &[DMITRY, OPERATOR];
/// The menu of everybody else.
pub(crate) const DEFAULT_MENU: &[&str] = &[SALES, OPERATOR];

/// Speaks so fast that tests don't wait long for the end of a sentence.
pub(crate) const SPEAKER: [&str; 9] = [
    "espeak-ng",
    "-v",
    "ru",
    "-s",
    "450",
    "-b",
    "1",
    "--stdin",
    "--stdout",
];
const BETWEEN_SENTENCES: Duration = Duration::from_millis(350);
/// What is heard is the clip. Other speech stays below 0.3, see `sound::find`.
const THE_SAME: f64 = 0.95;
const FIRST_PACKETS: Duration = Duration::from_millis(40);
const LOOKS_EVERY: Duration = Duration::from_millis(100);
/// The longest that any sentence or menu is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A company that speaks fast, and whose words we know.
pub(crate) struct Talker {
    pub(crate) company: Company,
    speech: Speech,
    phrases: TempDir,
}

impl Talker {
    /// Opens the company. `menu` are lines for the section `[menu]` of its settings.
    pub(crate) async fn open(menu: &str) -> Result<Self> {
        Self::open_with(&spoken_fast(menu)).await
    }

    /// Opens a company in which no program can speak.
    pub(crate) async fn open_mute() -> Result<Self> {
        Self::open_with("[speech.command]\nru = [\"no-such-program\"]\n").await
    }

    /// Opens a company whose Asterisk fetches sounds over HTTP.
    pub(crate) async fn open_at_a_distance() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let speech = format!("listen = \"127.0.0.1:{port}\"\n");
        Self::open_speaking(&speech, &spoken_fast("")).await
    }

    async fn open_with(more: &str) -> Result<Self> {
        Self::open_speaking("", more).await
    }

    async fn open_speaking(speech: &str, more: &str) -> Result<Self> {
        let phrases = TempDir::with_prefix("vizavi-phrases-")?;
        let mut settings = ApplicationSettings::of_the_tested_program();
        settings.phrases = Some(phrases.path().to_owned());
        settings.speech = speech.to_owned();
        settings.more = more.to_owned();
        Self::open_as(settings, phrases).await
    }

    /// Opens a company whose client is spoken to in English.
    pub(crate) async fn open_to_a_client_from_abroad() -> Result<Self> {
        let phrases = TempDir::with_prefix("vizavi-phrases-")?;
        let mut settings = ApplicationSettings::of_the_tested_program();
        settings.phrases = Some(phrases.path().to_owned());
        settings.more = spoken_fast("");
        settings.names = Language::English;
        settings.client = Some(Language::English);
        Self::open_as(settings, phrases).await
    }

    /// Opens a company whose people have names that both languages can say. `menu` are lines for the section
    /// `[menu]`.
    pub(crate) async fn open_in_two_languages(menu: &str) -> Result<Self> {
        let phrases = TempDir::with_prefix("vizavi-phrases-")?;
        let mut settings = ApplicationSettings::of_the_tested_program();
        settings.phrases = Some(phrases.path().to_owned());
        settings.more = spoken_fast(menu);
        settings.names = Language::English;
        Self::open_as(settings, phrases).await
    }

    /// Opens a company that says of somebody that they are talking. `presence` are more lines for the
    /// section `[presence]`.
    pub(crate) async fn open_saying_busy(presence: &str) -> Result<Self> {
        let phrases = TempDir::with_prefix("vizavi-phrases-")?;
        let mut settings = ApplicationSettings::of_the_tested_program();
        settings.phrases = Some(phrases.path().to_owned());
        settings.more = spoken_fast("");
        settings.asks_presence = true;
        settings.presence = format!("busy = \"say\"\n{presence}");
        Self::open_as(settings, phrases).await
    }

    /// Opens a company with settings that are [`super::fault::quick`] and more.
    pub(crate) async fn open_quick(mut settings: ApplicationSettings) -> Result<Self> {
        let phrases = TempDir::with_prefix("vizavi-phrases-")?;
        settings.phrases = Some(phrases.path().to_owned());
        Self::open_as(settings, phrases).await
    }

    async fn open_as(settings: ApplicationSettings, phrases: TempDir) -> Result<Self> {
        let company = Company::open_with(settings).await?;
        let command = CommandSettings {
            russian: SPEAKER.map(str::to_owned).to_vec(),
            ..CommandSettings::default()
        };
        let speaker = Settings::with_command(phrases.path(), command);
        Ok(Self {
            company,
            speech: Speech::open(speaker)?.for_channel("(alaw)"),
            phrases,
        })
    }

    /// Where the application keeps what it speaks.
    pub(crate) fn phrases(&self) -> &Path {
        self.phrases.path()
    }

    /// The clip that the application has made of these sentences, as a telephone hears it.
    pub(crate) fn clip(&self, sentences: &[&str]) -> Result<Vec<i16>> {
        let clip = self.speech.ready(&prompt(sentences));
        let clip = clip.ok_or_else(|| format!("nobody has spoken {sentences:?}"))?;
        samples_of(&clip)
    }

    /// Waits until a phone has heard these sentences to the end. Where they are, counted in samples
    /// from `since` on.
    pub(crate) async fn hears(
        &self,
        phone: &Phone,
        since: Instant,
        sentences: &[&str],
    ) -> Result<Range<usize>> {
        self.hears_prompt(phone, since, &prompt(sentences)).await
    }

    /// As [`Talker::hears`], of what has pauses of its own.
    pub(crate) async fn hears_prompt(
        &self,
        phone: &Phone,
        since: Instant,
        prompt: &Prompt,
    ) -> Result<Range<usize>> {
        let asked = Instant::now();
        loop {
            let heard = phone.heard_since(since);
            if let Ok(Some(place)) = place_of(&self.speech, prompt, &heard) {
                return Ok(place);
            }
            if asked.elapsed() > PATIENCE {
                return Err(self.not_heard(prompt, &heard).into());
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }

    /// How often a phone has heard these sentences, from beginning to end.
    pub(crate) fn times_heard(
        &self,
        phone: &Phone,
        since: Instant,
        sentences: &[&str],
    ) -> Result<usize> {
        let clip = self.clip(sentences)?;
        Ok(places(&clip, &phone.heard_since(since)).len())
    }

    fn not_heard(&self, prompt: &Prompt, heard: &[i16]) -> String {
        let clip = self.speech.ready(prompt);
        let best = clip.map(|clip| samples_of(&clip).map(|clip| find(&clip, heard)));
        let sentences: Vec<&str> = prompt.phrases.iter().map(|one| one.text.as_str()).collect();
        let seconds = duration_of(heard.len());
        let log = self.company.application.log();
        format!("{sentences:?} was not heard in {seconds:?}; the best place is {best:?}\n{log}")
    }

    /// The end of a test in which nothing failed: nothing is left in the PBX, and nothing was found
    /// worth a warning.
    pub(crate) async fn close(self) -> Result<()> {
        self.company.wait_until_nothing_is_left().await?;
        let log = self.company.application.log();
        let bad = |line: &&str| line.contains("\"WARN\"") || line.contains("\"ERROR\"");
        match log.lines().find(bad) {
            None => Ok(()),
            Some(line) => Err(format!("a warning: {line}\n{log}").into()),
        }
    }
}

/// Settings in which a program speaks fast. `menu` are lines for the section `[menu]`.
fn spoken_fast(menu: &str) -> String {
    let words = SPEAKER.map(|word| format!("{word:?}")).join(", ");
    format!("[menu]\n{menu}\n[speech.command]\nru = [{words}]\n")
}

/// How much time is between the end of one sentence and the beginning of the next.
pub(crate) fn pause_between(one: &Range<usize>, next: &Range<usize>) -> Duration {
    assert!(one.end <= next.start + samples_in(Duration::from_millis(20)));
    duration_of(next.start.saturating_sub(one.end))
}

/// Waits until an employee has picked up and both hear each other.
pub(crate) async fn assert_they_talk(
    caller: &Phone,
    employee: &Phone,
    extension: &str,
) -> Result<()> {
    let begun = employee.wait_for(Kind::Established, SOON).await?.at;
    loop {
        tokio::time::sleep(LOOKS_EVERY).await;
        let in_time = begun.elapsed() < SOON;
        let (heard, said) = (lately(caller, begun), lately(employee, begun));
        if in_time && (!is_tone(&heard, employee_tone(extension)) || !is_tone(&said, CALLER_TONE)) {
            continue;
        }
        assert_tone(&heard, employee_tone(extension));
        assert_tone(&said, CALLER_TONE);
        return Ok(());
    }
}

/// The last half second of what a phone has heard.
fn lately(phone: &Phone, since: Instant) -> Vec<i16> {
    let mut heard = phone.heard_since(since);
    let before = heard
        .len()
        .saturating_sub(samples_in(Duration::from_millis(500)));
    heard.split_off(before)
}

pub(crate) fn is_tone(heard: &[i16], hertz: f64) -> bool {
    dominant_frequency(heard).is_some_and(|strongest| (strongest - hertz).abs() < 10.0)
}

/// This is the tone, and no other is stronger.
pub(crate) fn assert_tone(heard: &[i16], hertz: f64) {
    let strongest = dominant_frequency(heard);
    assert!(
        is_tone(heard, hertz),
        "heard {strongest:?} Hz instead of {hertz} Hz"
    );
}

/// What these companies say in Russian has Russian letters.
fn language_of(text: &str) -> Language {
    if text.is_ascii() {
        Language::English
    } else {
        Language::Russian
    }
}

fn prompt(sentences: &[&str]) -> Prompt {
    let phrase = |text: &&str| Phrase {
        text: (*text).to_owned(),
        language: language_of(text),
        pause: BETWEEN_SENTENCES,
    };
    Prompt {
        phrases: sentences.iter().map(phrase).collect(),
    }
}

/// Where a prompt is in a recording, if somebody has spoken it and it is there.
pub(crate) fn place_of(
    speech: &Speech,
    prompt: &Prompt,
    heard: &[i16],
) -> Result<Option<Range<usize>>> {
    let Some(clip) = speech.ready(prompt) else {
        return Ok(None);
    };
    Ok(places(&samples_of(&clip)?, heard).into_iter().next())
}

/// A clip as a telephone hears it.
fn samples_of(clip: &Clip) -> Result<Vec<i16>> {
    let base = clip.media.strip_prefix("sound:").unwrap_or_default();
    let bytes = fs::read(format!("{base}.alaw"))?;
    Ok(bytes.into_iter().map(decode_alaw).collect())
}

/// All the places of a clip in a recording, in order.
///
/// A busy machine sends late, never too little: the zeros that stand for nothing received are left
/// out of the comparison. A-law has no zero of its own.
fn places(clip: &[i16], heard: &[i16]) -> Vec<Range<usize>> {
    let received = heard.iter().enumerate().filter(|(_, sample)| **sample != 0);
    let (times, received): (Vec<usize>, Vec<i16>) = received.unzip();
    // The first packets of early media come before a telephone listens: neither end of the clip must fall off
    // the recording.
    let margin = vec![0; samples_in(FIRST_PACKETS)];
    let mut rest = [margin.clone(), received, margin.clone()].concat();
    let mut places = Vec::new();
    while let Some(found) = find(clip, &rest).filter(|found| found.likeness > THE_SAME) {
        let place = found.at..found.at + clip.len();
        let time_of = |at: usize| times[at.saturating_sub(margin.len()).min(times.len() - 1)];
        places.push(time_of(place.start)..time_of(place.end - 1) + 1);
        rest[place].fill(0);
    }
    places.sort_by_key(|place| place.start);
    places
}
