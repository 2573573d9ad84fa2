//! One window of calls through one application → numbers.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use vizavi_load::call::Plan;
use vizavi_load::generator::{Gauges, Generator, Outcome};
use vizavi_load::sound::Side;

use super::applications::Running;
use super::arguments::Arguments;
use super::calm::Calm;
use super::outcomes::{failures, milliseconds, tell, times};
use super::pbx::Pbx;
use super::results::{Idle, Memory, Window};
use super::{BenchError, Result, company, processes, say};

const WARM_UP_CALLS: usize = 10;
const WARM_UP_RATE: f64 = 5.0;
const IDLE: Duration = Duration::from_secs(5);
/// How long Asterisk may take to tidy up after the last call.
const TIDY: Duration = Duration::from_secs(5);

/// Calls that come in evenly.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    rate: f64,
    calls: usize,
}

impl Load {
    pub(crate) fn lasting(rate: f64, seconds: f64) -> Self {
        Self {
            rate,
            calls: (rate * seconds).round() as usize,
        }
    }
}

/// Asterisk, the telephones, and what was chosen.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) pbx: Pbx,
    generator: Generator,
    gauges: Arc<Gauges>,
    pub(crate) arguments: Arguments,
    next_client: u32,
}

impl Bench {
    pub(crate) fn new(
        pbx: Pbx,
        generator: Generator,
        gauges: Arc<Gauges>,
        arguments: Arguments,
    ) -> Self {
        Self {
            pbx,
            generator,
            gauges,
            arguments,
            next_client: 0,
        }
    }

    /// A few calls that don't count.
    pub(crate) fn warm_up(&mut self, running: &Running) -> Result<()> {
        let load = Load {
            rate: WARM_UP_RATE,
            calls: WARM_UP_CALLS,
        };
        let plans = self.plans(running, load, (1.0, 1.0));
        let run = self.generator.run(plans)?;
        let failed: Vec<&Outcome> = run
            .outcomes
            .iter()
            .filter(|outcome| outcome.failure.is_some())
            .collect();
        self.tidy();
        let Some(first) = failed.first() else {
            return Ok(());
        };
        let name = running.application.name();
        let text = format!(
            "{} of {WARM_UP_CALLS} first calls through {name} fail: {:?}\n{}",
            failed.len(),
            first.failure,
            self.pbx.log()
        );
        if failed.len() < WARM_UP_CALLS / 2 {
            say(&text);
            return Ok(());
        }
        Err(BenchError::Other(text))
    }

    /// What it costs to wait for calls.
    pub(crate) fn idle(&self, running: &Running, alternation: usize) -> Result<Idle> {
        let before = (processes::cpu_of(self.pbx.id()), running.cpu());
        thread::sleep(IDLE);
        let asterisk = processes::cpu_of(self.pbx.id()).saturating_sub(before.0);
        let application = running.cpu().saturating_sub(before.1);
        Ok(Idle {
            application: running.application,
            alternation,
            asterisk_ms_a_second: milliseconds(asterisk) / IDLE.as_secs_f64(),
            application_ms_a_second: milliseconds(application) / IDLE.as_secs_f64(),
        })
    }

    /// Calls at one rate, until all are over; made again if others had the machine meanwhile.
    pub(crate) fn window(
        &mut self,
        running: &Running,
        alternation: usize,
        load: Load,
    ) -> Result<Window> {
        let calm = Calm {
            most_taken: self.arguments.most_taken,
            tries: self.arguments.tries,
            patience: Duration::from_secs_f64(self.arguments.waits),
        };
        let (window, again) = calm.measure(Window::taken, || {
            calm.wait();
            self.window_once(running, alternation, load)
        })?;
        Ok(Window { again, ..window })
    }

    fn window_once(&mut self, running: &Running, alternation: usize, load: Load) -> Result<Window> {
        let plans = self.plans(
            running,
            load,
            (self.arguments.listens, self.arguments.talks),
        );
        self.gauges.most_at_once.store(0, Ordering::Relaxed);
        let begun = Instant::now();
        let own = std::process::id();
        let read = || {
            (
                processes::cpu_of(self.pbx.id()),
                running.cpu(),
                processes::cpu_of(own),
                processes::idle_and_stolen(),
            )
        };
        let before = read();
        let run = self.generator.run(plans)?;
        let after = (
            processes::cpu_of(self.pbx.id()),
            running.cpu(),
            processes::cpu_of(own),
            processes::idle_and_stolen(),
        );
        let seconds = begun.elapsed().as_secs_f64();
        let left_over = self.tidy();
        let since = |after: Duration, before: Duration| milliseconds(after.saturating_sub(before));
        let window = Window {
            application: running.application,
            alternation,
            rate: load.rate,
            calls: run.outcomes.len(),
            failures: failures(&run),
            seconds,
            most_at_once: self.gauges.most_at_once.load(Ordering::Relaxed),
            asterisk_ms: since(after.0, before.0),
            application_ms: since(after.1, before.1),
            generator_ms: since(after.2, before.2),
            idle_ms: since(after.3.0, before.3.0),
            stolen_ms: since(after.3.1, before.3.1),
            again: 0,
            sound_ms: times(&run, |times| times.called.zip(times.sound)),
            key_ms: times(&run, |times| times.key.zip(times.rung)),
            bridge_ms: times(&run, |times| times.picked_up.zip(times.talking)),
            release_ms: times(&run, |times| times.hung_up.zip(times.released)),
            sent: run.punctuality.sent,
            received: run.punctuality.received,
            late: run.punctuality.late,
            latest_ms: milliseconds(run.punctuality.worst),
            repeated: run.repeated,
            strays: run.strays,
            left_over,
        };
        tell(&window);
        Ok(window)
    }

    /// Memory while many talk at once.
    pub(crate) fn memory(&mut self, running: &Running) -> Result<Memory> {
        let wanted = self.arguments.talking;
        let before = (processes::memory_of(self.pbx.id()), running.memory());
        // The last talks 10 s, the first so much longer as it came earlier.
        let load = Load {
            rate: 20.0,
            calls: wanted,
        };
        let talks = wanted as f64 / load.rate + 10.0;
        let plans = self.plans(running, load, (1.0, talks));
        let gauges = Arc::clone(&self.gauges);
        let asterisk = self.pbx.id();
        let generator = &mut self.generator;
        let (run, during) = thread::scope(|scope| {
            let calls = scope.spawn(move || generator.run(plans));
            while gauges.talking.load(Ordering::Relaxed) < wanted && !calls.is_finished() {
                thread::sleep(Duration::from_millis(20));
            }
            thread::sleep(Duration::from_secs(2));
            let talking = gauges.talking.load(Ordering::Relaxed);
            let during = (talking, processes::memory_of(asterisk), running.memory());
            (calls.join(), during)
        });
        let run = run.map_err(|_| BenchError::Other("the telephones panicked".to_owned()))??;
        self.tidy();
        Ok(Memory {
            application: running.application,
            talking: during.0,
            asterisk_before: before.0,
            asterisk: during.1,
            application_before: before.1,
            application_talking: during.2,
            failed: failures(&run).values().sum(),
        })
    }

    fn plans(
        &mut self,
        running: &Running,
        load: Load,
        (listens, talks): (f64, f64),
    ) -> Vec<(Duration, Plan)> {
        let arguments = &self.arguments;
        let plans = (0..load.calls).map(|index| {
            let client = self.next_client;
            self.next_client += 1;
            let plan = Plan {
                dialled: running.application.dialled().to_owned(),
                number: company::telephone(client),
                employee: company::wanted(client),
                key: 1,
                listens: Duration::from_secs_f64(listens),
                rings: Duration::from_secs_f64(arguments.rings),
                talks: Duration::from_secs_f64(talks),
                ends: if index % 2 == 0 {
                    Side::Caller
                } else {
                    Side::Employee
                },
                patience: Duration::from_secs_f64(arguments.patience),
            };
            (Duration::from_secs_f64(index as f64 / load.rate), plan)
        });
        plans.collect()
    }

    /// Makes these calls, and tells what became of each.
    pub(crate) fn outcomes(&mut self, plans: Vec<(Duration, Plan)>) -> Result<Vec<Outcome>> {
        let run = self.generator.run(plans)?;
        self.tidy();
        Ok(run.outcomes)
    }

    /// Waits until Asterisk has no channels left; says how many it would not let go, and ends them.
    fn tidy(&self) -> usize {
        let asked = Instant::now();
        while asked.elapsed() < TIDY {
            if self.pbx.channels() == 0 {
                return 0;
            }
            thread::sleep(Duration::from_millis(200));
        }
        let left = self.pbx.channels();
        let _ = self.pbx.command("channel request hangup all");
        thread::sleep(Duration::from_secs(2));
        left
    }
}
