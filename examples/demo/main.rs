//! `make demo`: a small company opens on this machine, real calls are placed, and each one's story is told as it happens.
//! `make live`: the same company stays open and waits for softphones.
//!
//! Nothing here is acted: every line comes from an event, a measurement or an entry of the application's log, and the first call
//! that does not go as told ends the demo with exit code 1.

#[expect(
    dead_code,
    unused_imports,
    reason = "the tests use more of their harness than the demo does"
)]
#[path = "../../tests/support/mod.rs"]
mod support;

mod calls;
mod cast;
mod ear;
mod failures;
mod hope;
mod live;
mod log;
mod numbers;
mod robots;
mod stage;
mod told;
mod words;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};
use vizavi::domain::language::Language;

use cast::Cast;
use hope::Hope;
use stage::Stage;
use support::company::Result;
use told::{Hoping, NotAsTold, ensure};
use words::Said;

/// How much of the application's log a failure shows.
const TAIL: usize = 25;

/// A small company on this machine, and real calls to it.
#[derive(Parser)]
struct Arguments {
    /// The language; without it, Russian if LC_ALL, LC_MESSAGES or LANG begin with "ru", English otherwise
    #[arg(long)]
    lang: Option<Lang>,
    /// Place no calls: keep the company open for softphones until Ctrl-C
    #[arg(long)]
    live: bool,
    /// With --live: nobody answers for employees who have not registered
    #[arg(long, requires = "live")]
    no_robots: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Lang {
    Ru,
    En,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let stage = Stage::new(language(arguments.lang));
    let done = if arguments.live {
        let robots = !arguments.no_robots;
        open(&stage, robots).await.map_err(Failure::from)
    } else {
        tokio::select! {
            done = demo(&stage) => done,
            () = stopped() => {
                stage.verdict(false, &Said::Interrupted);
                return ExitCode::from(130);
            }
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { error, log }) => {
            tell_failure(&stage, error.as_ref(), &log);
            ExitCode::FAILURE
        }
    }
}

/// Ctrl-C, or what a service manager sends.
async fn stopped() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

async fn open(stage: &Stage, with_robots: bool) -> Result<()> {
    let directory = results("live")?;
    live::live(stage, &program(stage)?, &directory, with_robots, stopped()).await
}

/// What went wrong, and what the application had logged by then.
struct Failure {
    error: Box<dyn Error>,
    log: String,
}

impl<E: Into<Box<dyn Error>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            log: String::new(),
        }
    }
}

async fn demo(stage: &Stage) -> std::result::Result<(), Failure> {
    let begun = Instant::now();
    stage.heading(&Said::Title);
    stage.paragraph(&Said::Introduction);
    let program = program(stage)?;
    let directory = results("demo")?;
    let mut cast = Cast::gather(stage, &program, &directory).await?;
    let played = play(&mut cast, &directory).await;
    let log = cast.company.application.log();
    fs::write(directory.join("log.txt"), &log).hoping(Hope::FilesWritten)?;
    if let Err(error) = played {
        return Err(Failure { error, log });
    }
    cast.stage.note(&Said::Took {
        after: begun.elapsed(),
    });
    cast.stage.paragraph(&Said::Files {
        heard: "target/demo/heard.wav",
        log: "target/demo/log.txt",
    });
    cast.stage.paragraph(&Said::TryYourself);
    Ok(())
}

async fn play(cast: &mut Cast<'_>, directory: &Path) -> Result<()> {
    calls::known(cast, &directory.join("heard.wav")).await?;
    calls::unknown(cast).await?;
    calls::no_answer(cast).await?;
    let rescue = failures::killed(cast).await?;
    failures::absent(cast).await?;
    failures::again(cast).await?;
    numbers::measure(cast, rescue).await?;
    cast.stage.heading(&Said::TheEnd);
    let left = cast.company.wait_until_nothing_is_left().await;
    left.hoping(Hope::NothingLeft)?;
    cast.stage.note(&Said::NothingIsLeft {
        calls: cast.calls(),
    });
    Ok(())
}

fn tell_failure(stage: &Stage, error: &(dyn Error + 'static), log: &str) {
    let language = stage.language();
    stage.raw("");
    stage.verdict(false, &Said::Failed);
    if let Some(NotAsTold { hope, instead }) = error.downcast_ref() {
        stage.paragraph(&Said::Expected {
            what: &hope.words(language),
        });
        stage.raw(&Said::Instead { what: instead }.words(language));
    } else {
        stage.raw(
            &Said::Instead {
                what: &error.to_string(),
            }
            .words(language),
        );
    }
    if !log.is_empty() {
        stage.paragraph(&Said::LogTail {
            file: "target/demo/log.txt",
        });
        stage.raw(&log::tail(log, TAIL));
    }
}

/// As glibc chooses the language of messages.
fn language(asked: Option<Lang>) -> Language {
    match asked {
        Some(Lang::Ru) => return Language::Russian,
        Some(Lang::En) => return Language::English,
        None => {}
    }
    let set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let name = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find(set);
    let locale = name.and_then(|name| std::env::var(name).ok());
    if locale.is_some_and(|locale| locale.starts_with("ru")) {
        return Language::Russian;
    }
    Language::English
}

/// The application, built beside the demo: `target/release/examples/demo` and `target/release/vizavi`.
fn program(stage: &Stage) -> Result<PathBuf> {
    let demo = std::env::current_exe()?;
    let release = demo.parent().and_then(Path::parent);
    let program = release
        .ok_or("the demo's own place is unknown")?
        .join("vizavi");
    ensure(program.exists(), Hope::CompanyOpens, || {
        let path = program.display().to_string();
        Said::NoProgram { path: &path }.words(stage.language())
    })?;
    Ok(program)
}

/// A fresh directory for what is left of a run: `target/demo`.
fn results(name: &str) -> Result<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("target")
        .join(name);
    if directory.exists() {
        fs::remove_dir_all(&directory).hoping(Hope::FilesWritten)?;
    }
    fs::create_dir_all(&directory).hoping(Hope::FilesWritten)?;
    Ok(directory)
}
