//! A caller who is answered only when an employee has picked up: until then all is early media.

use std::time::{Duration, Instant};

use crate::support::application::ApplicationSettings;
use crate::support::company::{Company, Result, SOON};
use crate::support::ear::{CLIENTS_MENU, GREETING, Talker, assert_they_talk, assert_tone};
use crate::support::fault::{AT_ONCE, SECOND, SLACK, lease_left, quick, reaches_sales};
use crate::support::phone::{Answering, Kind, Phone};
use crate::support::records::CLIENT;

const RINGING: f64 = 425.0;

/// A company of few words that answers late.
async fn company() -> Result<Company> {
    let settings = quick();
    let late = "[menu]\nanswer = \"when-connected\"\n";
    let more = settings.more.replace("[menu]\n", late);
    Company::open_with(ApplicationSettings { more, ..settings }).await
}

async fn hears_early_media(company: &Company) -> Result<Phone> {
    let caller = company.caller(CLIENT).await?;
    caller.wait_for(Kind::EarlyMedia, SOON).await?;
    Ok(caller)
}

fn is_answered(caller: &Phone) -> bool {
    let events = caller.events();
    events.iter().any(|h| h.event.kind() == Kind::Established)
}

#[tokio::test]
async fn the_menu_is_heard_and_a_key_pressed_before_the_call_is_answered() -> Result<()> {
    let talker = Talker::open("answer = \"when-connected\"").await?;
    let eugenia = talker.company.employee("34", Answering::ByHand).await?;
    let begun = Instant::now();
    let caller = hears_early_media(&talker.company).await?;
    talker.hears(&caller, begun, GREETING).await?;
    talker.hears(&caller, begun, CLIENTS_MENU).await?;

    caller.press('1').await?;
    let rung = eugenia.wait_for(Kind::Incoming, SOON).await?.at;
    tokio::time::sleep(2 * SECOND).await;
    let heard = caller.heard_since(rung);
    assert_tone(&heard, RINGING);
    assert!(!is_answered(&caller), "answered before anybody picked up");

    let picked_up = Instant::now();
    eugenia.answer().await?;
    let answered = caller.wait_for(Kind::Established, SOON).await?.at - picked_up;
    println!("the caller is answered {answered:?} after the employee picked up");
    assert!(answered < SECOND);
    assert_they_talk(&caller, &eugenia, "34").await?;
    caller.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    talker.close().await
}

#[tokio::test]
async fn an_extension_can_be_dialled_before_the_answer() -> Result<()> {
    let company = company().await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let caller = hears_early_media(&company).await?;
    caller.press('0').await?;
    caller.press('2').await?;
    assert_they_talk(&caller, &dmitry, "02").await?;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn zero_leads_an_unanswered_caller_to_the_fallback_which_answers() -> Result<()> {
    let company = company().await?;
    let sales = company.employee("90", Answering::ByHand).await?;
    let caller = hears_early_media(&company).await?;
    tokio::time::sleep(SECOND).await;
    caller.press('0').await?;
    sales.wait_for(Kind::Incoming, SOON).await?;
    tokio::time::sleep(SECOND).await;
    assert!(!is_answered(&caller), "answered before anybody picked up");
    sales.answer().await?;
    caller.wait_for(Kind::Established, SOON).await?;
    assert_they_talk(&caller, &sales, "90").await?;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn who_hangs_up_before_the_answer_leaves_nothing() -> Result<()> {
    let company = company().await?;
    let eugenia = company.employee("34", Answering::ByHand).await?;
    let caller = hears_early_media(&company).await?;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Incoming, SOON).await?;
    caller.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    let ended = "the call has ended: hung up";
    company.application.wait_for(ended).await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn killed_before_the_answer_the_caller_is_at_the_fallback_by_the_end_of_the_lease()
-> Result<()> {
    let mut company = company().await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = hears_early_media(&company).await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let left = lease_left(&company.asterisk).await?;
    let killed = Instant::now();
    company.application.kill();
    let took = reaches_sales(&caller, &sales, left + SOON).await? - killed;
    println!("killed in early media: the lease had {left:?} left; at the fallback after {took:?}");
    assert!(took < left + SLACK, "{took:?} with {left:?} left");
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}
