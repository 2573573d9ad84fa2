//! A caller who does whatever comes to mind, and knows whom they reached.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::support::company::{CALLER_TONE, Result, employee_tone};
use crate::support::phone::{Kind, Phone, PhoneSettings, Speech};
use crate::support::records::{CLIENT, STRANGER};
use crate::support::sound::dominant_frequency;

/// After this a caller is lost.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long somebody is listened to until it is clear who it is.
const LISTENS: Duration = Duration::from_millis(300);

/// What came of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    Human,
    Fallback,
    /// The caller had enough.
    HungUp,
}

pub(crate) struct Caller {
    pbx: SocketAddr,
    dice: fastrand::Rng,
}

impl Caller {
    pub(crate) fn new(pbx: SocketAddr, dice: fastrand::Rng) -> Self {
        Self { pbx, dice }
    }

    /// One call from dialling to hanging up.
    pub(crate) async fn call(&mut self) -> Result<Came> {
        tokio::time::sleep(Duration::from_millis(self.dice.u64(..1500))).await;
        let number = if self.dice.bool() { CLIENT } else { STRANGER };
        let settings = PhoneSettings::caller(number).saying(Speech::Tone(CALLER_TONE));
        let phone = Phone::start(settings).await?;
        phone.dial(&format!("sip:100@{}", self.pbx)).await?;
        let came = self.until_somebody_speaks(&phone).await;
        let came = came.map_err(|error| error.to_string());
        // Whoever was hung up has nothing to hang up.
        let _ = phone.hang_up().await;
        let gone = phone.wait_for(Kind::Closed, Duration::from_secs(2)).await;
        drop(gone);
        Ok(came?)
    }

    async fn until_somebody_speaks(&mut self, phone: &Phone) -> Result<Came> {
        let begun = Instant::now();
        let has_enough = (self.dice.u8(..4) == 0)
            .then(|| begun + Duration::from_millis(self.dice.u64(100..9000)));
        let mut next_key = begun + Duration::from_millis(self.dice.u64(200..5000));
        loop {
            let from = Instant::now();
            tokio::time::sleep(LISTENS).await;
            if has_enough.is_some_and(|moment| moment < Instant::now()) {
                return Ok(Came::HungUp);
            }
            if let Some(hertz) = dominant_frequency(&phone.heard_since(from))
                && let Some(came) = speaker(hertz)
            {
                let talk = Duration::from_millis(self.dice.u64(200..3000));
                tokio::time::sleep(talk).await;
                let cut = phone
                    .events()
                    .iter()
                    .any(|one| one.event.kind() == Kind::Closed);
                return match cut {
                    true => Err(format!("a talk with {came:?} was cut").into()),
                    false => Ok(came),
                };
            }
            if let Some(why) = over(phone) {
                return Err(format!("{why} after {:?}", begun.elapsed()).into());
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("nobody after {PATIENCE:?}").into());
            }
            if Instant::now() > next_key {
                let keys = ['1', '1', '2', '3', '0', '9', '#'];
                // Before it is answered there is nothing to press on.
                let _ = phone.press(keys[self.dice.usize(..keys.len())]).await;
                next_key = Instant::now() + Duration::from_millis(self.dice.u64(600..6000));
            }
        }
    }
}

fn speaker(hertz: f64) -> Option<Came> {
    let is = |extension: &str| (hertz - employee_tone(extension)).abs() < 12.0;
    if is("34") || is("02") {
        return Some(Came::Human);
    }
    is("90").then_some(Came::Fallback)
}

/// How the call ended, if it has.
fn over(phone: &Phone) -> Option<String> {
    let events = phone.events().into_iter();
    let mut closed = events.filter(|one| one.event.kind() == Kind::Closed);
    closed.next().map(|one| format!("{:?}", one.event))
}
