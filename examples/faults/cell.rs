//! The calls of one cell, and what came of each.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::callback;
use crate::fault::{Fault, Promise, Scene};
use crate::moment::{self, Moment};
use crate::panicking;
use crate::support::company::{CALLER_TONE, Result, SOON, employee_tone};
use crate::support::fault::{AT_ONCE, lease_left};
use crate::support::phone::{Answering, Kind, Phone};
use crate::support::records::CLIENT;
use crate::support::sound::dominant_frequency;

/// How much longer than its step a lease runs, as the application has it.
const LEASE_MARGIN: Duration = Duration::from_secs(3);
/// After this a caller is lost.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);
/// A caller presses first after this, and then again and again.
pub(crate) const PRESSES_AFTER: Duration = Duration::from_secs(1);
pub(crate) const PRESSES_EVERY: Duration = Duration::from_secs(3);
/// An employee takes so long to pick up after the telephone was heard when something broke.
pub(crate) const PICKS_UP_AFTER: Duration = Duration::from_secs(1);
/// How long two are connected before they are listened to, and for how long.
const SETTLES: Duration = Duration::from_millis(100);
const LISTENS: Duration = Duration::from_millis(400);
const LOOK: Duration = Duration::from_millis(20);

/// One fault at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) fault: Fault,
    pub(crate) moment: Moment,
}

/// Whom a caller reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    Human,
    Fallback,
    /// The talk went on.
    TalkedOn,
}

/// One call that was not lost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) reached: Reached,
    /// From the fault, or from dialling, to somebody who speaks.
    pub(crate) took: Duration,
    /// What of that is neither the step's own length nor what people took.
    pub(crate) beyond: Duration,
    /// At the entry: until the caller heard anything, or the fallback rang.
    pub(crate) waited: Option<Duration>,
}

/// What came of a cell's calls.
pub(crate) struct Measured {
    pub(crate) cell: Cell,
    pub(crate) calls: Vec<Call>,
    /// What happened to those who reached nobody.
    pub(crate) lost: Vec<String>,
    /// Channels and bridges left after the calls.
    pub(crate) left: usize,
    /// Why it could not be measured.
    pub(crate) unmeasured: Option<String>,
}

impl Cell {
    pub(crate) async fn measure(self, program: &Path, calls: usize) -> Measured {
        let mut measured = Measured {
            cell: self,
            calls: Vec::new(),
            lost: Vec::new(),
            left: 0,
            unmeasured: self.fault.why_not(self.moment).map(str::to_owned),
        };
        if measured.unmeasured.is_none()
            && let Err(error) = self.place(program, calls, &mut measured).await
        {
            let first = error.to_string();
            measured.unmeasured = first.lines().next().map(str::to_owned);
            let kept = format!("{}: {first}", measured.name());
            let _ = std::fs::write(
                format!("/tmp/vizavi-fault-{}.log", std::process::id()),
                kept,
            );
        }
        measured
    }

    async fn place(self, program: &Path, calls: usize, measured: &mut Measured) -> Result<()> {
        if self.moment.is_of_a_callback() {
            return self.call_people_back(program, calls, measured).await;
        }
        let mut scene = self.fault.scene(program, "").await?;
        let mut panicking = None;
        if self.fault == Fault::Panic {
            scene.company.application.kill();
            panicking = Some(panicking::start(&scene.company.asterisk, self.moment).await?);
        }
        for _ in 0..calls {
            let sales = scene.company.employee("90", AT_ONCE).await?;
            let by_hand = self.moment >= Moment::AfterKey && self.fault != Fault::Panic;
            let answering = if by_hand { Answering::ByHand } else { AT_ONCE };
            let employee = scene.company.employee("34", answering).await?;
            // Whom a caller chooses to whom the first one was lost.
            let second = scene.company.employee("02", AT_ONCE).await?;
            let others = [&sales, &second];
            match self.call(&mut scene, &employee, others).await {
                Ok(call) => {
                    if call.beyond > Duration::from_secs(5) {
                        let log = scene.company.application.log();
                        keep(
                            self,
                            &format!("{call:?}\n{log}\n{}", scene.company.asterisk.log()),
                        );
                    }
                    measured.calls.push(call);
                }
                Err(error) => {
                    let log = scene.company.application.log();
                    keep(
                        self,
                        &format!("{error}\n{log}\n{}", scene.company.asterisk.log()),
                    );
                    measured.lost.push(error.to_string());
                }
            }
            drop((employee, sales, second));
            if self.fault != Fault::Panic {
                scene.mend().await?;
                scene.serves().await?;
            }
            measured.left += self.left(&scene).await?;
        }
        drop(panicking);
        Ok(())
    }

    async fn call_people_back(
        self,
        program: &Path,
        calls: usize,
        measured: &mut Measured,
    ) -> Result<()> {
        let patient = callback::patient(self.moment).await?;
        let mut scene = self
            .fault
            .scene(program, &callback::settings(&patient))
            .await?;
        for number in 0..calls {
            let job = format!("job-{number}");
            match callback::call(&mut scene, &patient, self.moment, &job).await {
                Ok(call) => measured.calls.push(call),
                Err(error) => {
                    let log = scene.company.application.log();
                    keep(
                        self,
                        &format!("{error}\n{log}\n{}", scene.company.asterisk.log()),
                    );
                    measured.lost.push(error.to_string());
                }
            }
            scene.mend().await?;
            scene.serves().await?;
            // It may be over already.
            let _ = callback::vizavi(&scene, &["cancel", &job]);
            measured.left += self.left(&scene).await?;
        }
        Ok(())
    }

    async fn call(self, scene: &mut Scene, employee: &Phone, others: Others<'_>) -> Result<Call> {
        if self.fault == Fault::Panic {
            return self.call_with_a_panic(scene, employee, others).await;
        }
        let caller = moment::bring(&scene.company, self.moment, employee).await?;
        let own = match self.moment {
            Moment::Entry | Moment::Talking => Duration::ZERO,
            Moment::Greeting
            | Moment::Menu
            | Moment::AfterKey
            | Moment::Ringing
            | Moment::PickingUp
            | Moment::Briefing
            | Moment::PatientRinging => lease_left(&scene.company.asterisk)
                .await?
                .saturating_sub(LEASE_MARGIN),
        };
        let broken = Instant::now();
        scene.breaks().await?;
        if let (Moment::Talking, Some(caller)) = (self.moment, &caller) {
            return talks_on(caller, employee, broken).await;
        }
        // An Asterisk that was started again is what is called, not what is waited for.
        let begun = if self.moment == Moment::Entry {
            Instant::now()
        } else {
            broken
        };
        let caller = match caller {
            Some(caller) => caller,
            None => scene.company.caller(CLIENT).await?,
        };
        let call = Waiting {
            cell: self,
            caller: &caller,
            employee,
            others,
            begun,
            own,
        };
        let reached = call
            .reaches_somebody()
            .await
            .map_err(|error| error.to_string());
        for phone in others.into_iter().chain([&caller, employee]) {
            // Whoever is in no call has nothing to hang up.
            let _ = phone.hang_up().await;
        }
        let entry =
            (self.moment == Moment::Entry).then(|| entry_time(&scene.company.asterisk.log()));
        Ok(Call {
            waited: entry.flatten(),
            ..reached?
        })
    }

    async fn call_with_a_panic(
        self,
        scene: &mut Scene,
        employee: &Phone,
        others: Others<'_>,
    ) -> Result<Call> {
        let begun = Instant::now();
        let caller = scene.company.caller(CLIENT).await?;
        if self.moment == Moment::Talking {
            caller.wait_for(Kind::Established, SOON).await?;
            tokio::time::sleep(PRESSES_AFTER).await;
            caller.press('1').await?;
            employee.wait_for(Kind::Established, SOON).await?;
            return talks_on(&caller, employee, Instant::now()).await;
        }
        let call = Waiting {
            cell: self,
            caller: &caller,
            employee,
            others,
            begun,
            own: Duration::ZERO,
        };
        let reached = call
            .reaches_somebody()
            .await
            .map_err(|error| error.to_string());
        for phone in others.into_iter().chain([&caller, employee]) {
            // Whoever is in no call has nothing to hang up.
            let _ = phone.hang_up().await;
        }
        let entry =
            (self.moment == Moment::Entry).then(|| entry_time(&scene.company.asterisk.log()));
        Ok(Call {
            waited: entry.flatten(),
            ..reached?
        })
    }

    /// How much is in Asterisk some seconds after everybody has hung up.
    async fn left(self, scene: &Scene) -> Result<usize> {
        let asked = Instant::now();
        loop {
            let asterisk = &scene.company.asterisk;
            let (channels, bridges) = (asterisk.channels()?, asterisk.bridges()?);
            let left = channels.len() + bridges.len();
            if left == 0 {
                return Ok(left);
            }
            if asked.elapsed() > SOON {
                let log = scene.company.application.log();
                keep(
                    self,
                    &format!("left: {channels:?} {bridges:?}\n{log}\n{}", asterisk.log()),
                );
                return Ok(left);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// The sales department, and a second employee.
type Others<'a> = [&'a Phone; 2];

/// A caller who waits for somebody.
struct Waiting<'a> {
    cell: Cell,
    caller: &'a Phone,
    employee: &'a Phone,
    others: Others<'a>,
    begun: Instant,
    /// What is left of the step when the fault comes.
    own: Duration,
}

impl Waiting<'_> {
    async fn reaches_somebody(&self) -> Result<Call> {
        let mut next_press = self.begun + PRESSES_AFTER;
        let mut acted = self.begun;
        let mut picked_up = false;
        let mut presses = 0;
        loop {
            for (phone, extension, reached) in [
                (self.employee, "34", Reached::Human),
                (self.others[0], "90", Reached::Fallback),
                (self.others[1], "02", Reached::Human),
            ] {
                if let Some(at) = self.hears(phone, extension).await {
                    if self.cell.moment == Moment::PickingUp {
                        self.goes_on(phone, extension).await?;
                    }
                    let due = match reached {
                        Reached::Human | Reached::TalkedOn => acted,
                        Reached::Fallback => self.begun + self.own,
                    };
                    return Ok(self.call(reached, at, due));
                }
            }
            if since(self.caller, Kind::Closed, self.begun).is_some() {
                return Err(format!("hung up after {:?}", self.begun.elapsed()).into());
            }
            if self.begun.elapsed() > PATIENCE {
                let from = Instant::now() - Duration::from_secs(2);
                let heard = |phone: &Phone| dominant_frequency(&phone.heard_since(from));
                let (caller, employee) = (heard(self.caller), heard(self.employee));
                return Err(format!(
                    "nobody after {PATIENCE:?}; the caller hears {caller:?} Hz, the employee {employee:?}"
                )
                .into());
            }
            // Whoever waits long enough for a telephone to ring in vain tries another key.
            let may_press = self.cell.moment.comes_before_the_key()
                || self.begun.elapsed() > PICKS_UP_AFTER + PRESSES_EVERY;
            if may_press && Instant::now() >= next_press {
                // Before the call is answered there is nothing to press on.
                if self.caller.press(self.key(presses)).await.is_ok() {
                    presses += 1;
                    acted = Instant::now();
                }
                next_press = Instant::now() + PRESSES_EVERY;
            }
            let picks_up = matches!(self.cell.moment, Moment::AfterKey | Moment::Ringing);
            if picks_up && !picked_up && self.begun.elapsed() > PICKS_UP_AFTER {
                picked_up = self.employee.answer().await.is_ok();
                acted = Instant::now();
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Whom the caller wants: the first one of the menu, and when that was in vain, the second.
    fn key(&self, presses: usize) -> char {
        match self.cell.moment.comes_before_the_key() && presses == 0 {
            true => '1',
            false => '2',
        }
    }

    /// A lease that was not cleared would end the talk.
    async fn goes_on(&self, phone: &Phone, extension: &str) -> Result<()> {
        tokio::time::sleep(self.own + LEASE_MARGIN + Duration::from_secs(2)).await;
        let still = hear_each_other(self.caller, phone, extension).await;
        still.map_err(|_| "the talk was cut".into())
    }

    /// Since when the caller and this telephone hear each other; nobody may be on it, or wait in
    /// silence.
    async fn hears(&self, phone: &Phone, extension: &str) -> Option<Instant> {
        let up = last(phone, Kind::Established)
            .filter(|up| last(phone, Kind::Closed).is_none_or(|closed| closed < *up))?;
        let settled = up + SETTLES;
        tokio::time::sleep(settled.saturating_duration_since(Instant::now())).await;
        let from = Instant::now();
        tokio::time::sleep(LISTENS).await;
        let hears = |phone: &Phone, hertz: f64| {
            let heard = dominant_frequency(&phone.heard_since(from));
            heard.is_some_and(|heard| (heard - hertz).abs() < 12.0)
        };
        let both = hears(self.caller, employee_tone(extension)) && hears(phone, CALLER_TONE);
        // Heard at the first try: they were connected then.
        let at = if from < settled + LISTENS { up } else { from };
        both.then_some(at)
    }

    fn call(&self, reached: Reached, at: Instant, due: Instant) -> Call {
        Call {
            reached,
            took: at.saturating_duration_since(self.begun),
            beyond: at.saturating_duration_since(due),
            waited: None,
        }
    }
}

/// They talk on while it is broken, and who hangs up releases the other.
async fn talks_on(caller: &Phone, employee: &Phone, broken: Instant) -> Result<Call> {
    tokio::time::sleep(Duration::from_secs(4)).await;
    hear_each_other(caller, employee, "34").await?;
    let hung_up = Instant::now();
    employee.hang_up().await?;
    let released = caller.wait_for(Kind::Closed, SOON).await?.at;
    Ok(Call {
        reached: Reached::TalkedOn,
        took: hung_up
            .saturating_duration_since(broken)
            .min(Duration::ZERO),
        beyond: released.saturating_duration_since(hung_up),
        waited: None,
    })
}

/// How long the last caller heard nothing, by Asterisk's log: until a prompt is played, or until the
/// dialplan has the call again.
fn entry_time(log: &str) -> Option<Duration> {
    let came = log.rfind("Vizavi: a call comes in")?;
    let from = log[..came].rfind('\n').map_or(0, |end| end + 1);
    let mut lines = log[from..].lines();
    let begun = clock(lines.next()?)?;
    let first =
        lines.find(|line| line.contains("Playing '") || line.contains("to the fallback"))?;
    let day = Duration::from_secs(24 * 3600);
    let ended = clock(first)?;
    Some(if ended < begun {
        ended + day - begun
    } else {
        ended - begun
    })
}

/// The time of day at the beginning of a line: `[2026-11-21 12:56:11.580]`.
fn clock(line: &str) -> Option<Duration> {
    let time = line.get(12..24)?;
    let mut parts = time.split([':', '.']).map(|part| part.parse::<u64>().ok());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let (seconds, milliseconds) = (parts.next()??, parts.next()??);
    let seconds = (hours * 60 + minutes) * 60 + seconds;
    Some(Duration::from_millis(seconds * 1000 + milliseconds))
}

/// Not silent on either side.
async fn hear_each_other(caller: &Phone, other: &Phone, extension: &str) -> Result<()> {
    let begun = Instant::now();
    loop {
        let from = Instant::now();
        tokio::time::sleep(Duration::from_millis(400)).await;
        let hears = |phone: &Phone, hertz: f64| {
            let heard = dominant_frequency(&phone.heard_since(from));
            heard.is_some_and(|heard| (heard - hertz).abs() < 12.0)
        };
        if hears(caller, employee_tone(extension)) && hears(other, CALLER_TONE) {
            return Ok(());
        }
        if begun.elapsed() > Duration::from_secs(3) {
            return Err("connected, and silent".into());
        }
    }
}

fn last(phone: &Phone, kind: Kind) -> Option<Instant> {
    let events = phone.events().into_iter().rev();
    let mut events = events.filter(|happened| happened.event.kind() == kind);
    events.next().map(|happened| happened.at)
}

fn since(phone: &Phone, kind: Kind, from: Instant) -> Option<Instant> {
    let mut events = phone.events().into_iter();
    let event = events.find(|happened| happened.event.kind() == kind && happened.at >= from);
    event.map(|happened| happened.at)
}

/// What a lost call's logs said, for whoever looks for the reason.
fn keep(cell: Cell, text: &str) {
    let name = format!("{}-{}", cell.fault.name(), cell.moment.name());
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/faults");
    let _ = std::fs::create_dir_all(&directory);
    let _ = std::fs::write(directory.join(name + ".log"), text);
}

impl Measured {
    pub(crate) fn name(&self) -> String {
        format!("{} × {}", self.cell.fault.name(), self.cell.moment.name())
    }

    pub(crate) fn tried(&self) -> usize {
        self.calls.len() + self.lost.len()
    }

    pub(crate) fn count(&self, reached: Reached) -> usize {
        let calls = self.calls.iter();
        calls.filter(|call| call.reached == reached).count()
    }

    /// The median and the worst of a time.
    pub(crate) fn times(
        &self,
        time: impl Fn(&Call) -> Option<Duration>,
    ) -> Option<(Duration, Duration)> {
        let mut times: Vec<Duration> = self.calls.iter().filter_map(time).collect();
        times.sort();
        Some((*times.get(times.len() / 2)?, *times.last()?))
    }

    /// What was promised and not kept.
    pub(crate) fn broken_promises(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let promise = self.cell.fault.promise();
        if !self.lost.is_empty() && promise != Promise::Carrier {
            broken.push(format!("{} lost", self.lost.len()));
        }
        if self.left > 0 {
            broken.push(format!("{} left", self.left));
        }
        let limit = match promise {
            Promise::Away => Duration::from_secs(5),
            Promise::Here => Duration::from_secs(1),
            Promise::Carrier => PATIENCE,
        };
        let beyond = self.times(|call| Some(call.beyond));
        if beyond.is_some_and(|(_, worst)| worst > limit) {
            broken.push(format!("more than {} s beyond", limit.as_secs()));
        }
        let waited = self.times(|call| call.waited);
        if waited.is_some_and(|(_, worst)| worst > Duration::from_millis(500)) {
            broken.push("the entry waits".to_owned());
        }
        broken
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.broken_promises().is_empty()
    }

    /// As it is told while the table grows.
    pub(crate) fn line(&self) -> String {
        if let Some(why) = &self.unmeasured
            && self.tried() == 0
        {
            return format!("{}: not measured: {why}", self.name());
        }
        let seconds = |times: Option<(Duration, Duration)>| {
            times.map_or_else(String::new, |(median, worst)| {
                format!("{:.1}/{:.1} s", median.as_secs_f64(), worst.as_secs_f64())
            })
        };
        let broken = self.broken_promises();
        let verdict = if broken.is_empty() {
            "kept".to_owned()
        } else {
            format!("BROKEN ({}) {:?}", broken.join(", "), self.lost)
        };
        format!(
            "{}: {} calls, {} human, {} fallback, {} talked on; took {}, beyond {}, entry {}; {} lost, {} left: {verdict}{}",
            self.name(),
            self.tried(),
            self.count(Reached::Human),
            self.count(Reached::Fallback),
            self.count(Reached::TalkedOn),
            seconds(self.times(|call| Some(call.took))),
            seconds(self.times(|call| Some(call.beyond))),
            seconds(self.times(|call| call.waited)),
            self.lost.len(),
            self.left,
            self.unmeasured
                .as_ref()
                .map(|why| format!(" (ended early: {why})"))
                .unwrap_or_default(),
        )
    }
}
