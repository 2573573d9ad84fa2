//! What the tests of faults share: how a call is brought to where the fault hits it, and how it is seen where everybody is
//! afterwards.

mod desk;
mod relay;
mod sip;

use std::time::{Duration, Instant};

pub(crate) use desk::{ADDRESS as DESK_ADDRESS, Desk, Dialog};
pub(crate) use relay::{Line, Relay};
pub(crate) use sip::{AnnouncingTelephone, RawCaller, RefusingTelephone};
use vizavi::ari::{ChannelId, Requests, Secret, Settings};

use super::application::{Application, ApplicationSettings};
use super::asterisk::Asterisk;
use super::company::{CALLER_TONE, Company, Result, SOON, employee_tone};
use super::phone::{Answering, Kind, Phone};
use super::sound::dominant_frequency;

pub(crate) const AT_ONCE: Answering = Answering::After(Duration::ZERO);
pub(crate) const SECOND: Duration = Duration::from_secs(1);
/// What a busy machine may add to a time that is measured against a promise.
pub(crate) const SLACK: Duration = Duration::from_millis(1500);

/// The entry lease of the dialplan.
pub(crate) const ENTRY_LEASE: Duration = Duration::from_millis(400);

/// Speech as fast as espeak-ng can, and short waits: a lease is over soon, and is made of the same parts as any.
const QUICK: &str = "[menu]\ngreeting = \"Да.\"\nkey_seconds = 1.0\nring_seconds = 2.0\n\n\
    [speech.command]\nru = [\"espeak-ng\", \"-v\", \"ru\", \"-s\", \"450\", \"-b\", \"1\", \"--stdin\", \"--stdout\"]\n";

/// The demo's company with short leases.
pub(crate) fn quick() -> ApplicationSettings {
    ApplicationSettings {
        more: QUICK.to_owned(),
        ..ApplicationSettings::of_the_tested_program()
    }
}

/// As [`quick`], but a telephone rings for as long as a test may take.
pub(crate) fn quick_with_a_long_ringing() -> ApplicationSettings {
    let quick = quick();
    ApplicationSettings {
        more: quick
            .more
            .replace("ring_seconds = 2.0", "ring_seconds = 20.0"),
        ..quick
    }
}

/// A company whose application reaches Asterisk through a relay.
pub(crate) async fn company_behind_a_relay() -> Result<(Company, Relay)> {
    let asterisk = Asterisk::start().await?;
    let relay = relay_to(&asterisk).await?;
    let settings = ApplicationSettings {
        ari_base: Some(relay.base()),
        ..quick()
    };
    let application = Application::ready(&asterisk, &settings).await?;
    let company = Company {
        asterisk,
        application,
    };
    Ok((company, relay))
}

/// A whole line to Asterisk.
pub(crate) async fn relay_to(asterisk: &Asterisk) -> Result<Relay> {
    let address = asterisk.http_base();
    Ok(Relay::to(address.trim_start_matches("http://")).await?)
}

/// Waits until something holds, and says how long that took.
pub(crate) async fn wait_until(
    what: &str,
    within: Duration,
    mut holds: impl FnMut() -> bool,
) -> Result<Duration> {
    let asked = Instant::now();
    while !holds() {
        if asked.elapsed() > within {
            return Err(format!("not within {within:?}: {what}").into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(asked.elapsed())
}

/// A caller in the menu: they hear it.
pub(crate) async fn in_the_menu(company: &Company, number: &str) -> Result<Phone> {
    let heard_before = first_sounds(company);
    let caller = company.caller(number).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    wait_until("the caller hears something", SOON, || {
        first_sounds(company) > heard_before
    })
    .await?;
    Ok(caller)
}

fn first_sounds(company: &Company) -> usize {
    let message = "the caller hears the first sound";
    company.application.entries(message).len()
}

/// A caller from the menu who talks to this employee now.
pub(crate) async fn talking(company: &Company, number: &str, employee: &Phone) -> Result<Phone> {
    let caller = in_the_menu(company, number).await?;
    caller.press('1').await?;
    employee.wait_for(Kind::Established, SOON).await?;
    let line = "LeaseCleared";
    wait_until("the lease is cleared", SOON, || {
        company.application.log().contains(line)
    })
    .await?;
    Ok(caller)
}

/// Hears for a second whether the two hear each other.
pub(crate) async fn they_hear_each_other(caller: &Phone, employee: &Phone, extension: &str) {
    let from = Instant::now();
    tokio::time::sleep(SECOND).await;
    assert_tone(caller, from, employee_tone(extension));
    assert_tone(employee, from, CALLER_TONE);
}

fn assert_tone(phone: &Phone, from: Instant, hertz: f64) {
    let heard = dominant_frequency(&phone.heard_since(from));
    let close = heard.is_some_and(|heard| (heard - hertz).abs() < 10.0);
    assert!(close, "heard {heard:?} Hz instead of {hertz} Hz");
}

/// Waits until the caller talks to the sales department, which picks up at once. Gives the moment at which it did.
pub(crate) async fn reaches_sales(
    caller: &Phone,
    sales: &Phone,
    within: Duration,
) -> Result<Instant> {
    let answered = sales.wait_for(Kind::Established, within).await?.at;
    they_hear_each_other(caller, sales, "90").await;
    Ok(answered)
}

/// What is left of the lease of the only caller, as Asterisk itself says. Zero when there is none.
pub(crate) async fn lease_left(asterisk: &Asterisk) -> Result<Duration> {
    lease_left_of(asterisk, |name| name.starts_with("PJSIP/trunk-")).await
}

/// So much is left of the only caller's lease from now on.
pub(crate) fn set_lease(asterisk: &Asterisk, left: Duration) -> Result<()> {
    let channels = asterisk.channels()?;
    let mut callers = channels.iter().filter(|name| name.contains("trunk"));
    let (caller, left) = (callers.next().ok_or("no caller")?, left.as_secs());
    let lease = format!("dialplan set chanvar {caller} TIMEOUT(absolute) {left}");
    asterisk.command(&lease)?;
    Ok(())
}

/// As the application asks it.
pub(crate) fn requests_to(asterisk: &Asterisk) -> Result<Requests> {
    let password = Secret::new(asterisk.ari_password());
    let base = format!("{}/ari", asterisk.http_base());
    let settings = Settings::new(base, asterisk.ari_user(), password);
    Ok(Requests::new(&settings)?)
}

/// What is left of the lease of the only channel with such a name.
pub(crate) async fn lease_left_of(
    asterisk: &Asterisk,
    is_meant: impl Fn(&str) -> bool,
) -> Result<Duration> {
    let requests = requests_to(asterisk)?;
    let callers = requests.channels().await?.into_iter();
    let mut callers = callers.filter(|channel| is_meant(&channel.name));
    let caller: ChannelId = callers.next().ok_or("no such channel in Asterisk")?.id;
    let left = requests.variable(&caller, "TIMEOUT(absolute)").await?;
    let seconds: f64 = left.unwrap_or_default().parse()?;
    Ok(Duration::from_secs_f64(seconds.max(0.0)))
}

/// The moment, by Asterisk's clock in whole seconds, until which the application counts as alive.
pub(crate) fn alive_until(asterisk: &Asterisk) -> Result<u64> {
    let globals = asterisk.command("dialplan show globals")?;
    let value = globals
        .lines()
        .find_map(|line| line.trim().strip_prefix("VIZAVI_ALIVE_UNTIL="));
    Ok(value.unwrap_or("0").trim().parse()?)
}

/// After a kill: no channel is left, and what else is left (an ARI bridge stays when nobody is in it) the next process
/// sweeps up.
pub(crate) async fn started_again_nothing_is_left(company: &mut Company) -> Result<()> {
    wait_until("all channels are gone", SOON, || {
        company
            .asterisk
            .channels()
            .is_ok_and(|channels| channels.is_empty())
    })
    .await?;
    company.application.restart()?;
    company.wait_until_nothing_is_left().await
}

/// The other one has hung up at that moment: this one is released at once.
pub(crate) async fn released(phone: &Phone, since: Instant, who: &str) -> Result<()> {
    let after = phone.wait_for(Kind::Closed, SOON).await?.at - since;
    assert!(after < SECOND + SLACK, "{who} is released after {after:?}");
    Ok(())
}
