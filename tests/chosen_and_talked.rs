//! The main job: a client calls, hears their menu, presses a key and talks to that person.

use std::time::{Duration, Instant};

use crate::support::company::{Result, SOON, employee_tone};
use crate::support::ear::{
    CLIENTS_MENU, DEFAULT_MENU, GREETING, Talker, assert_they_talk, assert_tone, pause_between,
};
use crate::support::phone::{Answering, Event, Kind};
use crate::support::records::{CLIENT, STRANGER};
use crate::support::sound::{samples_in, strength_of};

const AT_ONCE: Answering = Answering::After(Duration::ZERO);
const SECOND: Duration = Duration::from_secs(1);
/// What a caller hears while a telephone rings: one second in five.
const RINGING_TONE: f64 = 425.0;

#[tokio::test]
async fn a_known_client_presses_one_and_talks_to_the_first_of_their_menu() -> Result<()> {
    let talker = Talker::open("key_seconds = 5.0").await?;
    let eugenia = talker.company.employee("34", AT_ONCE).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(CLIENT).await?;
    let greeting = talker.hears(&caller, begun, GREETING).await?;
    let menu = talker.hears(&caller, begun, CLIENTS_MENU).await?;
    let pause = pause_between(&greeting, &menu);
    assert!(pause < SECOND / 5, "{pause:?} of silence before the menu");

    caller.press('1').await?;
    let rung = eugenia.wait_for(Kind::Incoming, SOON).await?;
    assert!(matches!(rung.event, Event::Incoming { number, .. } if number == CLIENT));
    assert_they_talk(&caller, &eugenia, "34").await?;

    caller.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    let ended = "the call has ended: talked";
    talker.company.application.wait_for(ended).await?;
    talker.close().await
}

#[tokio::test]
async fn the_second_of_the_menu_is_reached_with_two() -> Result<()> {
    let talker = Talker::open("").await?;
    let dmitry = talker.company.employee("02", AT_ONCE).await?;
    let eugenia = talker.company.employee("34", AT_ONCE).await?;
    let caller = talker.company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    caller.press('2').await?;
    assert_they_talk(&caller, &dmitry, "02").await?;
    assert!(
        !eugenia
            .events()
            .iter()
            .any(|h| h.event.kind() == Kind::Incoming)
    );

    dmitry.hang_up().await?;
    caller.wait_for(Kind::Closed, SOON).await?;
    talker.close().await
}

#[tokio::test]
async fn an_unknown_number_is_offered_the_sales_department() -> Result<()> {
    the_default_menu_leads_to_sales(STRANGER).await
}

#[tokio::test]
async fn a_withheld_number_is_offered_the_sales_department() -> Result<()> {
    the_default_menu_leads_to_sales("anonymous").await
}

async fn the_default_menu_leads_to_sales(number: &str) -> Result<()> {
    let talker = Talker::open("key_seconds = 5.0").await?;
    let sales = talker.company.employee("90", AT_ONCE).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(number).await?;
    talker.hears(&caller, begun, DEFAULT_MENU).await?;

    caller.press('1').await?;
    let rung = sales.wait_for(Kind::Incoming, SOON).await?;
    assert!(matches!(&rung.event, Event::Incoming { number: shown, .. } if shown == number));
    assert_they_talk(&caller, &sales, "90").await?;
    // They were chosen: nobody went to the fallback, where the same telephone rings.
    caller.hang_up().await?;
    let ended = "the call has ended: talked";
    talker.company.application.wait_for(ended).await?;
    talker.close().await
}

#[tokio::test]
async fn the_caller_hears_that_the_telephone_rings_until_it_is_answered() -> Result<()> {
    let talker = Talker::open("ring_seconds = 30.0").await?;
    let eugenia = talker.company.employee("34", Answering::ByHand).await?;
    let caller = talker.company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Incoming, SOON).await?;
    let begun = Instant::now();
    while !rings(&caller.heard_since(Instant::now() - SECOND / 10)) {
        assert!(begun.elapsed() < SOON, "no ringing tone");
        tokio::time::sleep(SECOND / 50).await;
    }
    // The first second of the tone is not over, so that it would be heard if it went on.
    eugenia.answer().await?;
    let answered = eugenia.wait_for(Kind::Established, SOON).await?.at;
    tokio::time::sleep(SECOND * 2).await;
    let heard = caller.heard_since(answered + SECOND * 2 / 5);
    assert!(!heard.chunks(samples_in(SECOND / 10)).any(rings));
    assert_tone(&heard[samples_in(SECOND)..], employee_tone("34"));
    caller.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    talker.close().await
}

fn rings(heard: &[i16]) -> bool {
    strength_of(RINGING_TONE, heard) > 0.5
}
