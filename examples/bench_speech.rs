//! How long a menu of twelve seconds takes with espeak-ng: `cargo run --release --example bench_speech`.

use std::error::Error;
use std::io::Write;
use std::time::{Duration, Instant};

use vizavi::domain::language::Language;
use vizavi::domain::prompt::{Haste, Phrase, Prompt};
use vizavi::speech::{Settings, Speech};

const LINES: [&str; 4] = [
    "Чулкова Евгения, добавочный двести: нажмите один.",
    "Белых Анна, добавочный пять: нажмите два.",
    "Отдел продаж: нажмите три.",
    "Чтобы поговорить с оператором, нажмите ноль.",
];

/// The menu; another `number` is another clip of the same phrases.
fn menu(number: u64) -> Prompt {
    let phrase = |text: &&str| Phrase {
        text: (*text).to_owned(),
        language: Language::Russian,
        pause: Duration::from_micros(350_000 + number * 1_000),
    };
    Prompt {
        phrases: LINES.iter().map(phrase).collect(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (mut nothing, mut joined, mut ready) = (Vec::new(), Vec::new(), Vec::new());
    let mut length = Duration::ZERO;
    for _ in 0..20 {
        let directory = tempfile::tempdir()?;
        let speech = Speech::open(Settings::new(directory.path()))?;
        let started = Instant::now();
        length = speech.prepare(&menu(0), Haste::Next).await?.length;
        nothing.push(started.elapsed());
        for number in 1..50 {
            let menu = menu(number);
            let started = Instant::now();
            speech.prepare(&menu, Haste::Next).await?;
            joined.push(started.elapsed());
            let started = Instant::now();
            speech.ready(&menu).ok_or("it is not there")?;
            ready.push(started.elapsed());
        }
    }
    let mut output = std::io::stdout();
    writeln!(output, "a menu of {:.1} s", length.as_secs_f64())?;
    for (what, times) in [
        ("from nothing", &mut nothing),
        ("joined from phrases that are there", &mut joined),
        ("joined before", &mut ready),
    ] {
        times.sort_unstable();
        let at = |part: usize| times[(times.len() - 1) * part / 100];
        writeln!(
            output,
            "  {what:<36} median {:.2?}, 99th percentile {:.2?}",
            at(50),
            at(99)
        )?;
    }
    Ok(())
}
