//! `make chaos` and `make soak`: calls at random, with random faults or without any, and what was lost or left over.
//!
//! A caller dials, listens, presses whatever comes to mind, hangs up at some moment or waits for somebody; several do so at once.
//! Meanwhile something breaks every few seconds and is mended again (`chaos`), or nothing does (`soak`). Nobody may be lost:
//! whoever does not hang up reaches a human or the fallback. At the end nothing may be left, and the process may have grown no
//! more than a little.

#[expect(
    dead_code,
    unused_imports,
    reason = "the tests use more of their harness than this does"
)]
#[path = "../../tests/support/mod.rs"]
mod support;

#[path = "../faults/crm.rs"]
mod crm;
#[expect(dead_code, reason = "made for the table, which uses all of it")]
#[path = "../faults/fault/mod.rs"]
mod fault;
#[path = "../faults/line.rs"]
mod line;
#[expect(dead_code, reason = "made for the table, which uses all of it")]
#[path = "../faults/moment.rs"]
mod moment;
#[path = "../faults/process.rs"]
mod process;

mod acknowledged;
mod caller;
mod health;

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Parser;

use acknowledged::Crm;
use caller::{Caller, Came};
use fault::{Fault, Scene};
use health::Health;
use process::{application, keep, say};
use support::asterisk::Asterisk;
use support::company::{Result, SOON};
use support::fault::AT_ONCE;

/// Calls at random.
#[derive(Clone, Parser)]
struct Arguments {
    /// How many calls; or use --minutes
    #[arg(long, default_value_t = 2000)]
    calls: usize,
    /// For how long, instead of a number of calls
    #[arg(long)]
    minutes: Option<u64>,
    /// How many callers at once
    #[arg(long, default_value_t = 5)]
    at_once: usize,
    /// Nothing breaks
    #[arg(long)]
    soak: bool,
    /// The same dice again
    #[arg(long)]
    seed: Option<u64>,
}

/// What can break again and again in one company, and how likely each is.
const FAULTS: [Fault; 13] = [
    Fault::Killed,
    Fault::Restarted,
    Fault::Frozen,
    Fault::Thawed,
    Fault::Stopped,
    Fault::Cut,
    Fault::Dead,
    Fault::Deaf,
    Fault::Mute,
    Fault::Closed,
    Fault::Refused401,
    Fault::Refused500,
    Fault::Slow,
];

/// A process counts as warm after one part in so many of the time.
const WARMING: u32 = 5;

/// What came of all calls.
#[derive(Default)]
struct Tally {
    begun: AtomicUsize,
    talked: AtomicUsize,
    fallback: AtomicUsize,
    hung_up: AtomicUsize,
    lost: Mutex<Vec<String>>,
}

impl Tally {
    fn note(&self, came: Result<Came>) {
        match came {
            Ok(Came::Human) => self.talked.fetch_add(1, Ordering::Relaxed),
            Ok(Came::Fallback) => self.fallback.fetch_add(1, Ordering::Relaxed),
            Ok(Came::HungUp) => self.hung_up.fetch_add(1, Ordering::Relaxed),
            Err(error) => {
                let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
                lost.push(error.to_string());
                lost.len()
            }
        };
    }

    fn lost(&self) -> Vec<String> {
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.clone()
    }

    fn line(&self) -> String {
        let count = |number: &AtomicUsize| number.load(Ordering::Relaxed);
        format!(
            "{} calls: {} talked to whom they chose, {} at the fallback, {} hung up, {} lost",
            count(&self.begun),
            count(&self.talked),
            count(&self.fallback),
            count(&self.hung_up),
            self.lost().len()
        )
    }
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(Arguments::parse())),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<bool> {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    say(&format!("seed {seed}"));
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut scene = Fault::Nothing.scene(&application()?, "").await?;
    fallback_takes_everybody(&scene.company.asterisk)?;
    let _eugenia = scene.company.employee("34", AT_ONCE).await?;
    let _dmitry = scene.company.employee("02", AT_ONCE).await?;
    let before = Health::of(&scene)?;
    let crm = Crm::of(&scene.company.application.settings_file());
    let tally = Arc::new(Tally::default());
    let time = arguments
        .minutes
        .map(|minutes| Duration::from_secs(minutes * 60));
    let begun = Instant::now();
    let ends = time.map(|time| begun + time);
    let warm_after = time.unwrap_or_default() / WARMING;
    let mut warm: Option<Health> = None;
    let mut last: Option<Health> = None;
    let callers: Vec<_> = (0..arguments.at_once)
        .map(|_| {
            let caller = Caller::new(scene.company.asterisk.sip_address(), dice.fork());
            tokio::spawn(call_again(
                caller,
                Arc::clone(&tally),
                arguments.calls,
                ends,
            ))
        })
        .collect();
    let mut told = Instant::now();
    while callers.iter().any(|caller| !caller.is_finished()) {
        if told.elapsed() > Duration::from_secs(20) {
            told = Instant::now();
            say(&tally.line());
        }
        if arguments.soak {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let now = Health::of(&scene)?;
            if begun.elapsed() < warm_after {
                continue;
            }
            if warm.is_none() {
                say(&format!("warm: {now}"));
                warm = Some(now);
            } else if ends.is_none_or(|ends| Instant::now() < ends) {
                last = Some(now);
            }
        } else {
            break_something(&mut scene, &mut dice).await?;
        }
    }
    scene.mend().await?;
    let left = left(&scene).await?;
    let events = crm.asks().await?;
    let after = Health::of(&scene)?;
    say(&format!("{}; {left} left over", tally.line()));
    say(&format!(
        "{} events acknowledged, {} of them forgotten",
        events.acknowledged, events.forgotten
    ));
    for lost in tally.lost() {
        say(&format!("lost: {lost}"));
        keep("chaos", &scene.logs());
    }
    say(&format!("before: {before}\nafter:  {after}"));
    // Whoever was killed on the way begins anew: only a process that lived through it all is compared.
    let sound = !arguments.soak || before.is_like(&after);
    let has_grown = match (&warm, &last) {
        (Some(warm), Some(last)) => {
            say(&format!("last:  {last}"));
            !warm.has_grown_little(last)
        }
        (_, _) => false,
    };
    Ok(tally.lost().is_empty() && left == 0 && events.forgotten == 0 && sound && !has_grown)
}

async fn call_again(mut caller: Caller, tally: Arc<Tally>, calls: usize, ends: Option<Instant>) {
    loop {
        let over = match ends {
            Some(ends) => Instant::now() > ends,
            None => tally.begun.load(Ordering::Relaxed) >= calls,
        };
        if over {
            return;
        }
        tally.begun.fetch_add(1, Ordering::Relaxed);
        let came = caller.call().await;
        tally.note(came);
    }
}

async fn break_something(scene: &mut Scene, dice: &mut fastrand::Rng) -> Result<()> {
    tokio::time::sleep(Duration::from_millis(dice.u64(1000..6000))).await;
    let fault = FAULTS[dice.usize(..FAULTS.len())];
    scene.fault = fault;
    scene.breaks().await?;
    tokio::time::sleep(Duration::from_millis(dice.u64(200..6000))).await;
    scene.mend().await
}

/// One telephone could not: the fallback answers by itself, with the tone of the sales department.
fn fallback_takes_everybody(asterisk: &Asterisk) -> Result<()> {
    asterisk.command("dialplan remove extension s@vizavi-fallback")?;
    for step in [
        "s,1,Answer()",
        "s,2,Playtones(1100)",
        "s,3,Wait(60)",
        "s,4,Hangup()",
    ] {
        asterisk.command(&format!(
            "dialplan add extension {step} into vizavi-fallback"
        ))?;
    }
    let shown = asterisk.command("dialplan show vizavi-fallback")?;
    if shown.contains("Playtones") {
        return Ok(());
    }
    Err(format!("the fallback can't be changed: {shown}").into())
}

/// What is in Asterisk some seconds after everybody has hung up.
async fn left(scene: &Scene) -> Result<usize> {
    let asked = Instant::now();
    loop {
        let asterisk = &scene.company.asterisk;
        let left = asterisk.channels()?.len() + asterisk.bridges()?.len();
        if left == 0 || asked.elapsed() > SOON * 3 {
            return Ok(left);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
