//! Who is talking is offered with that said, and rung as soon as their telephone is free.

use std::time::{Duration, Instant};

use crate::support::application::ApplicationSettings;
use crate::support::company::{Company, Result, SOON};
use crate::support::ear::{BUSY, MENU_WITHOUT_34, Talker, assert_they_talk, assert_tone};
use crate::support::fault::{
    AT_ONCE, SECOND, SLACK, in_the_menu, lease_left, quick, reaches_sales, wait_until,
};
use crate::support::phone::{Kind, Phone};
use crate::support::records::CLIENT;

/// Eugenia is talking, Dmitry is not.
const MENU: &[&str] = &[
    "Чулкова Евгения сейчас разговаривает; чтобы подождать, нажмите один.",
    "Масленников Дмитрий, добавочный ноль два: нажмите два.",
    "Чтобы поговорить с оператором, нажмите ноль.",
];
const WAIT: &[&str] = &["Пожалуйста, подождите. Соединю, как только линия освободится."];
const RINGING: f64 = 425.0;
const MUSIC: f64 = 600.0;
/// A look, and what a lease may run beyond it: three seconds, and the rounding to whole ones.
const LOOK: Duration = Duration::from_secs(2);
const BEYOND_A_STEP: Duration = Duration::from_secs(4);

/// Eugenia's telephone, on which she listens to an echo.
async fn talking_eugenia(company: &Company) -> Result<Phone> {
    let eugenia = company.employee("34", AT_ONCE).await?;
    let echo = format!("sip:*1@{}", company.asterisk.sip_address());
    eugenia.dial(&echo).await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    Ok(eugenia)
}

/// The client has chosen her and hears that they wait.
async fn waits(company: &Company) -> Result<Phone> {
    let asked = |company: &Company| company.application.log().matches("CallerKnown").count();
    let before = asked(company);
    let caller = in_the_menu(company, CLIENT).await?;
    wait_until("Asterisk was asked", SOON, || asked(company) > before).await?;
    caller.press('1').await?;
    let holding = "a telephone to be free";
    wait_until("they wait", 2 * SOON, || {
        company.application.log().contains(holding)
    })
    .await?;
    Ok(caller)
}

async fn company(presence: &str) -> Result<Company> {
    let settings = ApplicationSettings {
        asks_presence: true,
        presence: format!("busy = \"say\"\n{presence}"),
        ..quick()
    };
    Company::open_with(settings).await
}

async fn hears_lately(phone: &Phone, hertz: f64) {
    let from = Instant::now();
    tokio::time::sleep(SECOND).await;
    assert_tone(&phone.heard_since(from), hertz);
}

#[tokio::test]
async fn who_is_talking_rings_as_soon_as_they_hang_up() -> Result<()> {
    let talker = Talker::open_saying_busy("").await?;
    let eugenia = talking_eugenia(&talker.company).await?;
    let _dmitry = talker.company.employee("02", AT_ONCE).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(CLIENT).await?;
    talker.hears(&caller, begun, MENU).await?;
    caller.press('1').await?;
    let told = talker.hears(&caller, begun, WAIT).await?;
    assert!(told.start > 0);
    // Longer than any lease that was granted once.
    tokio::time::sleep(Duration::from_secs(8)).await;
    // A second of ringing, then four of silence.
    let heard = caller.heard_since(Instant::now() - Duration::from_secs(5));
    assert_tone(&heard, RINGING);

    let free = Instant::now();
    eugenia.hang_up().await?;
    let rung = eugenia.wait_for(Kind::Incoming, SOON).await?.at - free;
    println!("her telephone rings {rung:?} after she hung up");
    assert!(rung < LOOK + SLACK);
    assert_they_talk(&caller, &eugenia, "34").await?;
    caller.hang_up().await?;
    talker.close().await
}

#[tokio::test]
async fn a_wait_that_takes_too_long_ends_with_the_menu_without_them() -> Result<()> {
    let talker = Talker::open_saying_busy("wait_seconds = 6.0").await?;
    let eugenia = talking_eugenia(&talker.company).await?;
    let _dmitry = talker.company.employee("02", AT_ONCE).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(CLIENT).await?;
    talker.hears(&caller, begun, MENU).await?;
    let pressed = Instant::now();
    caller.press('1').await?;
    talker.hears(&caller, pressed, BUSY).await?;
    let waited = pressed.elapsed();
    println!("the caller hears that it is in vain {waited:?} after the key");
    assert!(waited > Duration::from_secs(6) && waited < Duration::from_secs(9) + SLACK);
    talker.hears(&caller, pressed, MENU_WITHOUT_34).await?;
    caller.hang_up().await?;
    eugenia.hang_up().await?;
    talker.close().await
}

#[tokio::test]
async fn the_keys_work_during_music_on_hold_and_no_lease_ends_it() -> Result<()> {
    let company = company("wait_sound = \"music\"").await?;
    company.asterisk.give_music(MUSIC)?;
    let eugenia = talking_eugenia(&company).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let caller = waits(&company).await?;
    // Music does not keep a lease from being granted: each is granted when the look begins.
    for _ in 0..4 {
        hears_lately(&caller, MUSIC).await;
        let left = lease_left(&company.asterisk).await?;
        println!("the lease has {left:?} left");
        assert!(left <= LOOK + BEYOND_A_STEP, "{left:?}");
        tokio::time::sleep(SECOND).await;
    }
    caller.press('2').await?;
    assert_they_talk(&caller, &dmitry, "02").await?;
    caller.hang_up().await?;
    eugenia.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn zero_leads_out_of_the_wait_to_the_fallback() -> Result<()> {
    let company = company("").await?;
    let eugenia = talking_eugenia(&company).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = waits(&company).await?;
    caller.press('0').await?;
    assert_they_talk(&caller, &sales, "90").await?;
    caller.hang_up().await?;
    eugenia.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

/// The caller is at the fallback by the end of a look's lease, and hears nothing but who answers there.
async fn killed_in_the_wait(presence: &str) -> Result<()> {
    let mut company = company(presence).await?;
    company.asterisk.give_music(MUSIC)?;
    let eugenia = talking_eugenia(&company).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = waits(&company).await?;
    tokio::time::sleep(LOOK + SECOND).await;
    let killed = Instant::now();
    company.application.kill();
    let took = reaches_sales(&caller, &sales, 2 * SOON).await? - killed;
    println!("killed in the wait: at the fallback after {took:?}");
    assert!(took < LOOK + BEYOND_A_STEP + SLACK, "{took:?}");
    caller.hang_up().await?;
    eugenia.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn killed_in_the_wait_with_ringing_the_caller_is_soon_at_the_fallback() -> Result<()> {
    killed_in_the_wait("").await
}

#[tokio::test]
async fn killed_in_the_wait_with_music_the_caller_is_soon_at_the_fallback() -> Result<()> {
    killed_in_the_wait("wait_sound = \"music\"").await
}
