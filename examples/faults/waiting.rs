//! A caller who waits for somebody while something is broken, and what people do meanwhile.

use std::time::{Duration, Instant};

use crate::cell::Cell;
use crate::fault::Scene;
use crate::measured::{Call, Reached};
use crate::moment::Moment;
use crate::support::company::{CALLER_TONE, Result, SOON, employee_tone};
use crate::support::phone::{Kind, Phone};
use crate::support::sound::dominant_frequency;

/// How much longer than its step a lease runs, as the application has it.
pub(crate) const LEASE_MARGIN: Duration = Duration::from_secs(3);
/// After this a caller is lost.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);
/// A caller presses first after this, and then again and again.
pub(crate) const PRESSES_AFTER: Duration = Duration::from_secs(1);
pub(crate) const PRESSES_EVERY: Duration = Duration::from_secs(3);
/// An employee takes so long to pick up after the telephone was heard when something broke.
pub(crate) const PICKS_UP_AFTER: Duration = Duration::from_secs(1);
/// Later than anything is promised.
/// How long two are connected before they are listened to, and for how long.
const SETTLES: Duration = Duration::from_millis(100);
const LISTENS: Duration = Duration::from_millis(400);
const LOOK: Duration = Duration::from_millis(20);

/// The sales department, and a second employee.
pub(crate) type Others<'a> = [&'a Phone; 2];

/// A caller who waits for somebody.
pub(crate) struct Waiting<'a> {
    pub(crate) cell: Cell,
    pub(crate) caller: &'a Phone,
    pub(crate) employee: &'a Phone,
    pub(crate) others: Others<'a>,
    pub(crate) begun: Instant,
    /// What is left of the step when the fault comes.
    pub(crate) own: Duration,
}

impl Waiting<'_> {
    /// Whom the caller reaches. Then everybody hangs up.
    pub(crate) async fn and_hang_up(self, scene: &Scene) -> Result<Call> {
        let reached = self.reaches_somebody().await;
        let reached = reached.map_err(|error| error.to_string());
        for phone in self.others.into_iter().chain([self.caller, self.employee]) {
            // Whoever is in no call has nothing to hang up.
            let _ = phone.hang_up().await;
        }
        let is_entry = self.cell.moment == Moment::Entry;
        let waited = is_entry.then(|| entry_time(&scene.company.asterisk.log()));
        Ok(Call {
            waited: waited.flatten(),
            ..reached?
        })
    }

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
pub(crate) async fn talks_on(caller: &Phone, employee: &Phone, broken: Instant) -> Result<Call> {
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
