//! What is measured, in which order. The parts:
//!
//! | module | what is in it |
//! |---|---|
//! | `arguments` | what can be chosen |
//! | `pbx` | the Asterisk: its configuration, its start |
//! | `company` | a thousand employees and clients, and what happened between them |
//! | `applications` | how each is started, when it is ready |
//! | `processes` | processes that don't outlive the bench; their CPU time and memory |
//! | `faults` | calls that go wrong, which the telephones must notice |
//! | `calm` | when a measurement counts: the machine must be ours meanwhile |
//! | `measure` | one window of calls → numbers |
//! | `outcomes` | what became of a window's calls |
//! | `results` | all numbers, kept as JSON |
//! | `statistics` | medians and quantiles |
//! | `aims`, `report`, `picture` | numbers → docs/performance.md and its picture |

mod added;
mod aims;
mod applications;
mod arguments;
mod calm;
mod company;
mod faults;
mod measure;
mod outcomes;
mod pbx;
mod picture;
mod processes;
mod report;
mod results;
mod statistics;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use vizavi_load::generator::{Gauges, Generator, GeneratorError, Places};

use applications::{Application, Running};
use arguments::Arguments;
use measure::{Bench, Load};
use pbx::Pbx;
use results::Results;

/// What the bench can stumble over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error(transparent)]
    Generator(#[from] GeneratorError),
    #[error("{0}")]
    Other(String),
}

pub(crate) type Result<T> = std::result::Result<T, BenchError>;

/// Names what was attempted in an error of the system.
fn attempt<T>(what: impl Into<String>, result: io::Result<T>) -> Result<T> {
    result.map_err(|source| BenchError::Io {
        what: what.into(),
        source,
    })
}

/// The directory of the whole project.
fn project() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own).to_owned()
}

/// Where everything lies that is made and can be deleted.
fn target() -> PathBuf {
    project().join("target/bench")
}

/// Measures what is asked for, and writes it down.
pub(crate) fn run() -> Result<()> {
    let arguments = Arguments::parse();
    attempt("making target/bench", fs::create_dir_all(target()))?;
    if !arguments.report_only {
        let results = measure_all(&arguments)?;
        results.write(&results_file())?;
    }
    report::write(&Results::read(&results_file())?, &arguments.out)
}

/// Where all that was measured last is.
fn results_file() -> PathBuf {
    target().join("results.json")
}

fn measure_all(arguments: &Arguments) -> Result<Results> {
    raise_file_limit();
    let gauges = Arc::new(Gauges::default());
    let ports = pbx::Ports::find()?;
    let places = Places {
        pbx: ports.sip_address(),
        callers: [127, 0, 1, 1].into(),
        employees: ([127, 0, 0, 1], 0).into(),
    };
    let generator = Generator::new(places, Arc::clone(&gauges))?;
    let sound = company::write_menu(&target().join("menu.alaw"))?;
    faults::write_stranger(&target().join("stranger.alaw"))?;
    let pbx = Pbx::start(ports, generator.employees(), &sound)?;
    if arguments.applications.contains(&Application::Vizavi) {
        company::prepare(&pbx, arguments.others)?;
    }
    let mut bench = Bench::new(pbx, generator, gauges, arguments.clone());
    let mut results = Results::new(&bench.pbx, arguments.menus_kept)?;
    if arguments.add {
        results = results.added_to(Results::read(&results_file())?, arguments)?;
    }
    if !arguments.no_proof {
        results.noticed = faults::notice(&mut bench)?;
        prove(&mut bench, &mut results)?;
    }
    for application in &arguments.applications {
        if !arguments.no_memory {
            memory(&mut bench, &mut results, *application)?;
        }
        if !arguments.no_limit {
            limit(&mut bench, &mut results, *application)?;
        }
    }
    // Last, since it takes longest: what was measured so far can be looked at with --report-only.
    for alternation in 0..arguments.alternations {
        alternate(&mut bench, &mut results, alternation)?;
        results.write(&results_file())?;
    }
    company::delete_forgotten_menus();
    Ok(results)
}

/// The generator must not be the bottleneck: the dialplan alone, at twice the highest rate.
fn prove(bench: &mut Bench, results: &mut Results) -> Result<()> {
    let highest = bench.arguments.rates.iter().copied().fold(0.0, f64::max);
    say(&format!(
        "proof: the dialplan alone at {} calls/s",
        highest * 2.0
    ));
    let running = Running::start(Application::Native, &bench.pbx, true)?;
    bench.warm_up(&running)?;
    let load = Load::lasting(highest * 2.0, bench.arguments.seconds);
    results.proof = Some(bench.window(&running, 0, load)?);
    Ok(())
}

/// Each application once, the first one another each time.
fn alternate(bench: &mut Bench, results: &mut Results, alternation: usize) -> Result<()> {
    let mut order = bench.arguments.applications.clone();
    let count = order.len().max(1);
    order.rotate_left(alternation % count);
    for application in order {
        let running = Running::start(application, &bench.pbx, bench.arguments.menus_kept)?;
        bench.warm_up(&running)?;
        results.idle.push(bench.idle(&running, alternation)?);
        for rate in bench.arguments.rates.clone() {
            let seconds = bench.arguments.seconds.max(bench.arguments.fewest / rate);
            let window = bench.window(&running, alternation, Load::lasting(rate, seconds))?;
            results.windows.push(window);
        }
    }
    Ok(())
}

fn memory(bench: &mut Bench, results: &mut Results, application: Application) -> Result<()> {
    say(&format!(
        "memory: {} with {} talking",
        application.name(),
        bench.arguments.talking
    ));
    let running = Running::start(application, &bench.pbx, bench.arguments.menus_kept)?;
    bench.warm_up(&running)?;
    let memory = bench.memory(&running)?;
    results.memory.push(memory);
    Ok(())
}

/// Raises the rate until one call of a hundred fails.
fn limit(bench: &mut Bench, results: &mut Results, application: Application) -> Result<()> {
    let mut rate = bench.arguments.limit_from;
    while rate <= bench.arguments.limit_to {
        let running = Running::start(application, &bench.pbx, bench.arguments.menus_kept)?;
        bench.warm_up(&running)?;
        let window = bench.window(
            &running,
            0,
            Load::lasting(rate, bench.arguments.limit_seconds),
        )?;
        let failed = window.failed_share();
        results.limits.push(window);
        if failed >= 0.01 {
            break;
        }
        rate *= 1.25;
    }
    Ok(())
}

/// Hundreds of calls need thousands of sockets, here and in Asterisk.
fn raise_file_limit() {
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && let Err(error) = setrlimit(Resource::RLIMIT_NOFILE, hard, hard)
    {
        say(&format!(
            "the number of open files can't be raised: {error}"
        ));
    }
}

fn say(what: &str) {
    eprintln!("bench: {what}");
}

/// Looks again and again until it is so.
fn wait_until(what: &str, patience: Duration, mut is_so: impl FnMut() -> bool) -> Result<()> {
    let asked = std::time::Instant::now();
    while !is_so() {
        if asked.elapsed() > patience {
            return Err(BenchError::Other(format!("{what}: not after {patience:?}")));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
