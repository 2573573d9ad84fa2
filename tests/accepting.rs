//! A mobile behind the trunk: its voicemail is not the person, so whoever picks up must press a key.

use std::time::{Duration, Instant};

use crate::support::application::ApplicationSettings;
use crate::support::company::{CALLER_TONE, Company, Result, SOON, employee_tone};
use crate::support::ear::assert_tone;
use crate::support::fault::{
    AT_ONCE, in_the_menu, quick, reaches_sales, released, started_again_nothing_is_left,
};
use crate::support::phone::{Answering, Kind, Phone, PhoneSettings, Speech};
use crate::support::records::CLIENT;
use crate::support::sound::dominant_frequency;

const MOBILE: &str = "+79161234567";
const MOBILE_TONE: f64 = 1500.0;
/// How long the key is awaited.
const KEY: Duration = Duration::from_secs(2);
/// How long the mobile may stay answered for nobody: the words, the key, a second, the margin.
const LEASE: Duration = Duration::from_secs(12);
/// The same if we die at the moment of the answer: all that it may ring, and a margin.
const FIRST_LEASE: Duration = Duration::from_secs(16);
const NEVER: Answering = Answering::After(Duration::from_secs(60));
const SECOND: Duration = Duration::from_secs(1);

/// A company in which Eugenia has a telephone on her desk and a mobile that picks up at once.
async fn company() -> Result<(Company, Phone)> {
    let settings = quick();
    let menu = format!("[menu]\naccept_seconds = {}.0\n", KEY.as_secs());
    let more = settings.more.replace("[menu]\n", &menu);
    let more = more.replace("ring_seconds = 2.0", "ring_seconds = 8.0");
    let company = Company::open_with(ApplicationSettings { more, ..settings }).await?;
    let mobile = PhoneSettings::caller(MOBILE).answering(AT_ONCE);
    let mobile = Phone::start(mobile.saying(Speech::Tone(MOBILE_TONE))).await?;
    let reach = format!("PJSIP/34; PJSIP/trunk/{}", mobile.uri());
    company.import(&format!(
        "id,last,first,extension,reach,version\nchulkova,Чулкова,Евгения,34,{reach},9999999999999\n"
    ))?;
    Ok((company, mobile))
}

/// The client has chosen Eugenia, and something has picked up her mobile. Gives the moment.
async fn picked_up(company: &Company, mobile: &Phone) -> Result<(Phone, Instant)> {
    let caller = in_the_menu(company, CLIENT).await?;
    caller.press('1').await?;
    let at = mobile.wait_for(Kind::Established, SOON).await?.at;
    Ok((caller, at))
}

async fn they_talk(caller: &Phone, employee: &Phone, tone: f64) {
    let from = Instant::now();
    tokio::time::sleep(SECOND).await;
    assert_tone(&caller.heard_since(from), tone);
    assert_tone(&employee.heard_since(from), CALLER_TONE);
}

fn hears(phone: &Phone, from: Instant, tone: f64) -> bool {
    let heard = dominant_frequency(&phone.heard_since(from));
    heard.is_some_and(|heard| (heard - tone).abs() < 10.0)
}

fn was_answered(phone: &Phone) -> bool {
    let events = phone.events();
    events.iter().any(|h| h.event.kind() == Kind::Established)
}

#[tokio::test]
async fn the_caller_hears_ringback_until_the_key_is_pressed_and_then_the_two_talk() -> Result<()> {
    let (company, mobile) = company().await?;
    let desk = company.employee("34", NEVER).await?;
    let (caller, picked_up) = picked_up(&company, &mobile).await?;
    tokio::time::sleep(SECOND * 2).await;
    assert!(
        hears(&caller, picked_up, 425.0),
        "the caller hears ringback"
    );
    assert!(!hears(&mobile, picked_up, CALLER_TONE));
    let words = mobile.heard_since(picked_up);
    assert!(words.iter().any(|sample| sample.abs() > 2000), "silence");
    mobile.press('1').await?;
    desk.wait_for(Kind::Closed, SOON).await?;
    assert!(!was_answered(&desk));
    they_talk(&caller, &mobile, MOBILE_TONE).await;
    // What was a lease of the leg does not end the talk.
    tokio::time::sleep(LEASE).await;
    they_talk(&caller, &mobile, MOBILE_TONE).await;
    let since = Instant::now();
    mobile.hang_up().await?;
    released(&caller, since, "the caller").await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_voicemail_is_hung_up_and_the_desk_rings_on_and_is_answered() -> Result<()> {
    let (company, mobile) = company().await?;
    let desk = company.employee("34", Answering::ByHand).await?;
    let (caller, picked_up) = picked_up(&company, &mobile).await?;
    let hung_up = mobile.wait_for(Kind::Closed, SOON * 2).await?.at;
    println!(
        "a voicemail is hung up after {:?}",
        hung_up.duration_since(picked_up)
    );
    assert!(!was_answered(&desk));
    desk.answer().await?;
    desk.wait_for(Kind::Established, SOON).await?;
    they_talk(&caller, &desk, employee_tone("34")).await;
    caller.hang_up().await?;
    desk.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn two_declines_at_once_and_a_caller_who_leaves_takes_the_rest_along() -> Result<()> {
    let (company, mobile) = company().await?;
    let desk = company.employee("34", NEVER).await?;
    let (caller, _) = picked_up(&company, &mobile).await?;
    tokio::time::sleep(SECOND / 2).await;
    let pressed = Instant::now();
    mobile.press('2').await?;
    let closed = mobile.wait_for(Kind::Closed, SOON).await?.at;
    assert!(closed - pressed < SECOND);
    caller.hang_up().await?;
    desk.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_caller_who_hangs_up_releases_who_is_being_asked() -> Result<()> {
    let (company, mobile) = company().await?;
    let (caller, _) = picked_up(&company, &mobile).await?;
    let since = Instant::now();
    caller.hang_up().await?;
    released(&mobile, since, "the mobile").await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn when_we_are_killed_while_a_mobile_is_asked_nobody_is_left_hanging() -> Result<()> {
    let (mut company, mobile) = company().await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let (caller, picked_up) = picked_up(&company, &mobile).await?;
    tokio::time::sleep(SECOND / 2).await;
    company.application.kill();
    let closed = mobile.wait_for(Kind::Closed, LEASE).await?.at;
    println!(
        "the mobile is released after {:?}",
        closed.duration_since(picked_up)
    );
    reaches_sales(&caller, &sales, LEASE).await?;
    caller.hang_up().await?;
    sales.wait_for(Kind::Closed, SOON).await?;
    started_again_nothing_is_left(&mut company).await
}

#[tokio::test]
async fn when_we_are_killed_and_the_caller_hangs_up_the_mobile_that_is_asked_is_released()
-> Result<()> {
    let (mut company, mobile) = company().await?;
    let (caller, _) = picked_up(&company, &mobile).await?;
    company.application.kill();
    caller.hang_up().await?;
    mobile.wait_for(Kind::Closed, FIRST_LEASE).await?;
    started_again_nothing_is_left(&mut company).await
}

#[tokio::test]
async fn when_we_are_killed_after_the_key_the_talk_goes_on_and_ends_for_both() -> Result<()> {
    let (mut company, mobile) = company().await?;
    let (caller, _) = picked_up(&company, &mobile).await?;
    mobile.press('1').await?;
    tokio::time::sleep(SECOND).await;
    they_talk(&caller, &mobile, MOBILE_TONE).await;
    company.application.kill();
    tokio::time::sleep(LEASE).await;
    they_talk(&caller, &mobile, MOBILE_TONE).await;
    let since = Instant::now();
    caller.hang_up().await?;
    released(&mobile, since, "the mobile").await?;
    started_again_nothing_is_left(&mut company).await
}
