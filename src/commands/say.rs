//! `vizavi say`

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use vizavi::domain::language::Language;
use vizavi::speech::{self, Said, Settings};

use super::example::{Example, Given};
use super::{ConfigFile, log};

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SayArguments {
    #[command(flatten)]
    config: ConfigFile,
    /// What to say: a text, or a template with slots such as {employee|instrumental}
    text: String,
    /// What a slot is filled with, instead of an example: employee, department, extension, key, patient,
    /// specialist, time, date, attempt, phone
    #[arg(long = "with", value_name = "SLOT=VALUE")]
    given: Vec<Given>,
    /// The WAV file to write (16 kHz, 16 bits, mono); one that is there is replaced
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The language
    #[arg(long, value_enum, default_value = "ru")]
    lang: Spoken,
    /// Ask this service alone, by its name in the settings, instead of those of the language in order
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Spoken {
    /// Russian
    Ru,
    /// English
    En,
}

const EXAMPLES: &str = "\
It speaks anew, keeps nothing, and is not counted in any budget.

Examples:
  vizavi say \"Соединяю.\" --out x.wav
  vizavi say \"Connecting you.\" --lang en
  vizavi say \"Чтобы поговорить с {employee|instrumental}, нажмите {key}.\" --with employee=\"Белых Анна\"
  vizavi say \"Соединяю.\" --service yandex --out x.wav     is its key right?";

pub(crate) fn say(arguments: &SayArguments) -> Result<(), Box<dyn Error>> {
    let settings = arguments.config.read()?;
    log::start(&settings.log)?;
    let language = match arguments.lang {
        Spoken::Ru => Language::Russian,
        Spoken::En => Language::English,
    };
    let text = if arguments.text.contains(['{', '}']) {
        let example = Example::with(&arguments.given, language)?;
        let text = example.fill(&arguments.text, language, &settings.menu.names)?;
        writeln!(std::io::stdout(), "{text}")?;
        text
    } else {
        arguments.text.clone()
    };
    let speech = arguments.settings(settings.speech)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let started = Instant::now();
    let said = runtime.block_on(speech::say(&speech, &text, language))?;
    let took = started.elapsed().as_secs_f64();
    let length = said.samples.len() as f64 / f64::from(Said::RATE);
    if let Some(path) = &arguments.out {
        write(path, &said.samples)?;
    }
    writeln!(
        std::io::stdout(),
        "{} spoke {length:.2} s of sound in {took:.2} s.",
        said.service
    )?;
    Ok(())
}

impl SayArguments {
    /// With the service that was asked for alone, if one was.
    fn settings(&self, mut speech: Settings) -> Result<Settings, String> {
        let Some(name) = &self.service else {
            return Ok(speech);
        };
        let mut names = speech.services.iter().map(|service| service.name.as_str());
        if !names.clone().any(|known| known == name) {
            let known: Vec<&str> = names.by_ref().collect();
            return Err(format!(
                "there is no service {name:?} in the settings; there is {}",
                known.join(", ")
            ));
        }
        speech.russian = vec![name.clone()];
        speech.english = vec![name.clone()];
        speech.built_in = false;
        Ok(speech)
    }
}

fn write(path: &Path, samples: &[i16]) -> Result<(), String> {
    let unwritable = |reason: String| format!("{} can't be written ({reason})", path.display());
    let file = wav(samples).ok_or_else(|| unwritable("it would be too large".to_owned()))?;
    std::fs::write(path, file).map_err(|error| unwritable(error.to_string()))
}

/// A WAV file; `None` above the 4 GiB that its header can count.
fn wav(samples: &[i16]) -> Option<Vec<u8>> {
    const HEADER: u32 = 44;
    let size = u32::try_from(samples.len().checked_mul(2)?).ok()?;
    let mut file = Vec::with_capacity(samples.len() * 2 + HEADER as usize);
    file.extend(b"RIFF");
    file.extend((size.checked_add(HEADER - 8)?).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // Plain samples, one channel.
    file.extend(1_u16.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(Said::RATE.to_le_bytes());
    file.extend((Said::RATE * 2).to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend(size.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    Some(file)
}
