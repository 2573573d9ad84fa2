//! A callback while something breaks: an operator is told of somebody, or that telephone rings.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::fault::Scene;
use crate::measured::{Call, Reached};
use crate::moment::Moment;
use crate::support::company::{CALLER_TONE, Result, SOON, employee_tone};
use crate::support::fault::{AT_ONCE, lease_left_of};
use crate::support::phone::{Answering, Kind, Phone, PhoneSettings, Speech};
use crate::support::sound::dominant_frequency;
use crate::waiting::{PATIENCE, PICKS_UP_AFTER, PRESSES_AFTER, PRESSES_EVERY};

const PATIENT: &str = "+79161112233";
/// How much longer than its step an operator's lease runs, as the application has it.
const LEASE_MARGIN: Duration = Duration::from_secs(3);
/// As long as an operator is looked for and rung.
const OPERATOR: Duration = Duration::from_secs(30);
/// A briefing begins a second after the operator took the call.
const IS_BRIEFED: Duration = Duration::from_secs(2);
const LISTENS: Duration = Duration::from_millis(400);
const LOOK: Duration = Duration::from_millis(20);

/// The telephone of whoever is called back.
pub(crate) async fn patient(moment: Moment) -> Result<Phone> {
    let answering = if moment == Moment::PatientRinging {
        Answering::ByHand
    } else {
        AT_ONCE
    };
    let settings = PhoneSettings::caller(PATIENT).saying(Speech::Tone(CALLER_TONE));
    Ok(Phone::start(settings.answering(answering)).await?)
}

/// The settings of a company that calls this telephone back.
pub(crate) fn settings(patient: &Phone) -> String {
    let trunk = format!("PJSIP/trunk/{}", patient.uri().replace(PATIENT, "{number}"));
    format!(
        "\n[callbacks]\nqueue = \"operators\"\nhours = \"daily 00:00-24:00\"\nreserve = 0\n\
         briefing_seconds = 1\nkey_seconds = 5\nring_seconds = 5\ntrunk = {trunk:?}\n"
    )
}

/// One job: brought to its moment, broken, and watched until nobody of the two is left alone.
pub(crate) async fn call(
    scene: &mut Scene,
    patient: &Phone,
    moment: Moment,
    job: &str,
) -> Result<Call> {
    let operator = scene.company.employee("90", AT_ONCE).await?;
    vizavi(scene, &["add", job, "--phone", PATIENT])?;
    operator.wait_for(Kind::Established, OPERATOR).await?;
    tokio::time::sleep(IS_BRIEFED).await;
    if moment == Moment::PatientRinging {
        operator.press('1').await?;
        let rings = Instant::now();
        while since(patient, Kind::Incoming, rings).is_none() {
            if rings.elapsed() > SOON {
                return Err("the patient's telephone does not ring".into());
            }
            tokio::time::sleep(LOOK).await;
        }
        tokio::time::sleep(LISTENS).await;
    }
    let left = lease_left_of(&scene.company.asterisk, |name| name.ends_with(";1")).await?;
    let broken = Instant::now();
    scene.breaks().await?;
    let watched = Watched {
        moment,
        operator: &operator,
        patient,
        broken,
        own: left.saturating_sub(LEASE_MARGIN),
    };
    let reached = watched.until_nobody_is_alone(scene).await;
    let reached = reached.map_err(|error| error.to_string());
    for phone in [&operator, patient] {
        // Whoever is in no call has nothing to hang up.
        let _ = phone.hang_up().await;
    }
    Ok(reached?)
}

/// `vizavi callbacks …`.
pub(crate) fn vizavi(scene: &Scene, arguments: &[&str]) -> Result<()> {
    let output = Command::new(&scene.settings.program)
        .arg("callbacks")
        .args(arguments)
        .env("VIZAVI_CONFIG", scene.company.application.settings_file())
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into())
}

struct Watched<'a> {
    moment: Moment,
    operator: &'a Phone,
    patient: &'a Phone,
    broken: Instant,
    /// What is left of the step when the fault comes.
    own: Duration,
}

impl Watched<'_> {
    async fn until_nobody_is_alone(&self, scene: &Scene) -> Result<Call> {
        let mut next_press = self.broken + PRESSES_AFTER;
        let mut acted = self.broken;
        let mut picked_up = false;
        loop {
            if let Some(at) = self.they_hear_each_other().await {
                return Ok(self.call(Reached::Human, at, acted));
            }
            if let Some(at) = since(self.operator, Kind::Closed, self.broken)
                && scene.company.asterisk.channels()?.is_empty()
            {
                return Ok(self.call(Reached::Fallback, at, self.broken + self.own));
            }
            if self.broken.elapsed() > PATIENCE {
                return Err(format!("somebody is alone after {PATIENCE:?}").into());
            }
            if self.moment == Moment::Briefing && Instant::now() >= next_press {
                if self.operator.press('1').await.is_ok() {
                    acted = Instant::now();
                }
                next_press = Instant::now() + PRESSES_EVERY;
            }
            let picks_up = self.moment == Moment::PatientRinging;
            if picks_up && !picked_up && self.broken.elapsed() > PICKS_UP_AFTER {
                // It may have stopped ringing.
                let _ = self.patient.answer().await;
                picked_up = true;
                acted = Instant::now();
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn they_hear_each_other(&self) -> Option<Instant> {
        let up = since(self.patient, Kind::Established, self.broken)?;
        let from = Instant::now();
        tokio::time::sleep(LISTENS).await;
        let hears = |phone: &Phone, hertz: f64| {
            let heard = dominant_frequency(&phone.heard_since(from));
            heard.is_some_and(|heard| (heard - hertz).abs() < 12.0)
        };
        let both = hears(self.patient, employee_tone("90")) && hears(self.operator, CALLER_TONE);
        // Heard at the first try: they were connected then.
        let at = if from < up + LISTENS { up } else { from };
        both.then_some(at)
    }

    fn call(&self, reached: Reached, at: Instant, due: Instant) -> Call {
        Call {
            reached,
            took: at.saturating_duration_since(self.broken),
            beyond: at.saturating_duration_since(due),
            waited: None,
        }
    }
}

/// When something last happened to a telephone, if it did since then.
fn since(phone: &Phone, kind: Kind, from: Instant) -> Option<Instant> {
    let mut events = phone.events().into_iter().rev();
    let event = events.find(|happened| happened.event.kind() == kind && happened.at >= from);
    event.map(|happened| happened.at)
}
