//! Whoever hangs up, and whenever: the other one is released, and nothing is left in the PBX.

use std::time::{Duration, Instant};

use crate::support::company::{Company, Result, SOON};
use crate::support::ear::{DEFAULT_MENU, GREETING, Talker, assert_they_talk};
use crate::support::phone::{Answering, Ending, Event, Kind, Phone};
use crate::support::records::{CLIENT, STRANGER};

const AT_ONCE: Answering = Answering::After(Duration::ZERO);
/// So patient that nothing ends by itself while a test looks.
const PATIENT: &str = "key_seconds = 30.0\nring_seconds = 60.0";

#[tokio::test]
async fn the_caller_hangs_up_during_the_greeting() -> Result<()> {
    // The usual speed of speech: the greeting lasts two seconds.
    let company = Company::open().await?;
    let caller = company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    company.application.wait_for("arriving → offering").await?;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await?;
    let ended = "the call has ended: hung up";
    company.application.wait_for(ended).await?;
    let playbacks = company.application.log().matches("PlaybackId(2)").count();
    assert_eq!(playbacks, 0, "that was after the greeting");
    Ok(())
}

#[tokio::test]
async fn the_caller_hangs_up_during_the_menu() -> Result<()> {
    let talker = Talker::open(PATIENT).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(CLIENT).await?;
    talker.hears(&caller, begun, GREETING).await?;
    hung_up(&talker, &caller).await?;
    let ended = talker.company.application.log();
    assert!(!ended.contains("PlaybackEnded { playback: PlaybackId(2), ending: Played }"));
    Ok(())
}

#[tokio::test]
async fn the_caller_hangs_up_instead_of_pressing_a_key() -> Result<()> {
    let talker = Talker::open(PATIENT).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(STRANGER).await?;
    talker.hears(&caller, begun, DEFAULT_MENU).await?;
    hung_up(&talker, &caller).await
}

#[tokio::test]
async fn the_caller_hangs_up_while_the_telephone_rings_and_it_falls_silent() -> Result<()> {
    let talker = Talker::open(PATIENT).await?;
    let eugenia = talker.company.employee("34", Answering::ByHand).await?;
    let caller = talker.company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Incoming, SOON).await?;
    hung_up(&talker, &caller).await?;
    assert_released(&eugenia).await?;
    Ok(())
}

#[tokio::test]
async fn the_caller_hangs_up_before_the_telephone_has_begun_to_ring() -> Result<()> {
    let talker = Talker::open(PATIENT).await?;
    let eugenia = talker.company.employee("34", Answering::ByHand).await?;
    let caller = talker.company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    caller.press('1').await?;
    talker
        .company
        .application
        .wait_for("offering → connecting")
        .await?;
    hung_up(&talker, &caller).await?;
    let rung = eugenia
        .events()
        .iter()
        .any(|h| h.event.kind() == Kind::Incoming);
    if rung {
        assert_released(&eugenia).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_caller_hangs_up_after_a_talk() -> Result<()> {
    let (talker, eugenia, caller) = talk().await?;
    ends_the_talk(talker, &caller, &eugenia).await
}

#[tokio::test]
async fn the_employee_hangs_up_after_a_talk() -> Result<()> {
    let (talker, eugenia, caller) = talk().await?;
    ends_the_talk(talker, &eugenia, &caller).await
}

#[tokio::test]
async fn the_employee_is_released_also_if_the_dialplan_does_not_do_it() -> Result<()> {
    let (talker, eugenia, caller) = talk().await?;
    forget_the_handler(&talker)?;
    ends_the_talk(talker, &caller, &eugenia).await
}

#[tokio::test]
async fn the_caller_is_released_also_if_the_dialplan_does_not_do_it() -> Result<()> {
    let (talker, eugenia, caller) = talk().await?;
    forget_the_handler(&talker)?;
    ends_the_talk(talker, &eugenia, &caller).await
}

/// The dialplan does nothing when one of two hangs up.
fn forget_the_handler(talker: &Talker) -> Result<()> {
    let forget = "dialplan remove context vizavi-peer-gone";
    talker.company.asterisk.command(forget)?;
    Ok(())
}

async fn talk() -> Result<(Talker, Phone, Phone)> {
    let talker = Talker::open(PATIENT).await?;
    let eugenia = talker.company.employee("34", AT_ONCE).await?;
    let caller = talker.company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    caller.press('1').await?;
    assert_they_talk(&caller, &eugenia, "34").await?;
    Ok((talker, eugenia, caller))
}

/// One of the two hangs up, and the other is released.
async fn ends_the_talk(talker: Talker, hangs_up: &Phone, is_left: &Phone) -> Result<()> {
    hangs_up.hang_up().await?;
    assert_released(is_left).await?;
    let ended = "the call has ended: talked";
    talker.company.application.wait_for(ended).await?;
    talker.close().await
}

/// The caller hangs up, the application knows it, and nothing is left. What was just being asked for
/// the caller may fail with a warning.
async fn hung_up(talker: &Talker, caller: &Phone) -> Result<()> {
    caller.hang_up().await?;
    let ended = "the call has ended: hung up";
    talker.company.application.wait_for(ended).await?;
    talker.company.wait_until_nothing_is_left().await
}

/// The PBX has ended the call on this telephone.
async fn assert_released(phone: &Phone) -> Result<()> {
    let closed = phone.wait_for(Kind::Closed, SOON).await?.event;
    assert_eq!(closed, Event::Closed(Ending::There));
    Ok(())
}
