//! Extensions that callers dial, whether they are in the menu or not.

use std::time::{Duration, Instant};

use crate::support::asterisk::Asterisk;
use crate::support::company::{Company, Result, SOON};
use crate::support::ear::{CLIENTS_MENU, DEFAULT_MENU, NO_ANSWER, Talker, assert_they_talk};
use crate::support::fault::{
    AT_ONCE, SLACK, in_the_menu, lease_left, quick, reaches_sales, wait_until,
};
use crate::support::phone::{Answering, Kind, Phone};
use crate::support::records::{CLIENT, STRANGER};

/// Longer than a wait for another digit on a busy machine, if none is awaited.
const DIGIT_TIME: Duration = Duration::from_millis(1500);

#[tokio::test]
async fn a_stranger_dials_the_extension_of_somebody_who_is_not_in_their_menu_and_talks_to_them()
-> Result<()> {
    let talker = Talker::open("").await?;
    let dmitry = talker.company.employee("02", AT_ONCE).await?;
    let caller = talker.company.caller(STRANGER).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    caller.press('0').await?;
    caller.press('2').await?;
    assert_they_talk(&caller, &dmitry, "02").await?;
    caller.hang_up().await?;
    dmitry.wait_for(Kind::Closed, SOON).await?;
    let ended = "the call has ended: talked";
    talker.company.application.wait_for(ended).await?;
    talker.close().await
}

#[tokio::test]
async fn a_key_that_no_extension_begins_with_acts_at_once_and_another_one_waits() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", Answering::ByHand).await?;
    let sales = company.employee("90", Answering::ByHand).await?;
    // A key counts when it is released, 180 ms after it was pressed.
    let at_once = rings_after(&company, '1', &eugenia).await?;
    assert!(at_once < Duration::from_secs(1), "{at_once:?}");
    // 02 begins with 0.
    let waited = rings_after(&company, '0', &sales).await?;
    assert!(waited >= DIGIT_TIME, "{waited:?}");
    assert!(waited < 2 * DIGIT_TIME, "{waited:?}");
    Ok(())
}

/// How long after the key the telephone rings. The caller hangs up then.
async fn rings_after(company: &Company, key: char, employee: &Phone) -> Result<Duration> {
    let caller = company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    let pressed = Instant::now();
    caller.press(key).await?;
    let rung = employee.wait_for(Kind::Incoming, SOON).await?.at;
    caller.hang_up().await?;
    employee.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await?;
    Ok(rung - pressed)
}

#[tokio::test]
async fn who_was_dialled_and_does_not_answer_is_told_of_and_the_menu_comes_again() -> Result<()> {
    let talker = Talker::open("ring_seconds = 2.0\nkey_seconds = 5.0").await?;
    let dmitry = talker.company.employee("02", Answering::ByHand).await?;
    let sales = talker.company.employee("90", AT_ONCE).await?;
    let caller = talker.company.caller(STRANGER).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    let begun = Instant::now();
    caller.press('0').await?;
    caller.press('2').await?;
    dmitry.wait_for(Kind::Incoming, SOON).await?;
    talker.hears(&caller, begun, NO_ANSWER).await?;
    talker.hears(&caller, begun, DEFAULT_MENU).await?;
    caller.press('1').await?;
    assert_they_talk(&caller, &sales, "90").await?;
    caller.hang_up().await?;
    talker.close().await
}

#[tokio::test]
async fn a_star_among_digits_reads_the_menu_out_again() -> Result<()> {
    let talker = Talker::open("key_seconds = 5.0").await?;
    let caller = talker.company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    let begun = Instant::now();
    caller.press('3').await?;
    caller.press('*').await?;
    talker.hears(&caller, begun, CLIENTS_MENU).await?;
    caller.hang_up().await?;
    talker.close().await
}

#[tokio::test]
async fn killed_while_a_digit_is_awaited_the_caller_is_at_the_fallback_by_the_end_of_the_lease()
-> Result<()> {
    let mut settings = quick();
    settings.more = format!(
        "[menu]\ndigit_seconds = 5.0\n{}",
        settings.more.replace("[menu]\n", "")
    );
    let mut company = Company::open_with(settings).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('3').await?;
    wait_until("the key counts", SOON, || {
        company.application.log().contains("KeyPressed")
    })
    .await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    // Five seconds for the digit, three more to be told that it led nowhere.
    let left = lease_left(&company.asterisk).await?;
    assert!((6..=8).contains(&left.as_secs()), "{left:?}");
    let killed = Instant::now();
    company.application.kill();
    let took = reaches_sales(&caller, &sales, left + SLACK).await? - killed;
    assert!(took < left + SLACK, "{took:?} with {left:?} left");
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn who_presses_fifty_keys_in_two_seconds_rings_one_telephone() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    company.asterisk.command("module load app_senddtmf.so")?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let sales = company.employee("90", AT_ONCE).await?;

    presses_fifty_keys(&company.asterisk, &"02".repeat(25))?;
    dmitry.wait_for(Kind::Established, SOON).await?;
    company
        .application
        .wait_for("the call has ended: talked")
        .await?;
    company.wait_until_nothing_is_left().await?;
    let keys = company.application.log().matches("KeyPressed").count();
    assert_eq!(keys, 50, "not all of them came");

    presses_fifty_keys(&company.asterisk, &"7".repeat(50))?;
    sales.wait_for(Kind::Established, SOON).await?;
    let ended = "the call has ended: fallback: no choice was made";
    company.application.wait_for(ended).await?;
    assert_eq!((times_rung(&dmitry), times_rung(&sales)), (1, 1));
    // Whoever presses them does not listen: they hang up when they are done.
    tokio::time::sleep(Duration::from_secs(6)).await;
    company.wait_until_nothing_is_left().await
}

/// No telephone of the tests presses as fast: Asterisk itself does, each key 20 ms long with 20 ms
/// between them, and stays on the line for some seconds after that.
fn presses_fifty_keys(asterisk: &Asterisk, keys: &str) -> Result<()> {
    assert_eq!(keys.len(), 50);
    let stays = "w".repeat(10);
    asterisk.command(&format!(
        "channel originate Local/100@from-trunk application SendDTMF {keys}{stays},20,20"
    ))?;
    Ok(())
}

fn times_rung(phone: &Phone) -> usize {
    let happened = phone.events();
    let rung = happened.iter().filter(|h| h.event.kind() == Kind::Incoming);
    rung.count()
}
