//! What the keys of a menu do, and what no key does.

use std::time::{Duration, Instant};

use crate::support::company::{Result, SOON};
use crate::support::ear::{
    CLIENTS_MENU, DEFAULT_MENU, GREETING, NOTHING_PRESSED, Talker, WRONG_KEY, assert_they_talk,
    pause_between,
};
use crate::support::phone::{Answering, Kind, Phone};
use crate::support::records::{CLIENT, STRANGER};
use crate::support::sound::{duration_of, level, samples_in, strength_of};

const AT_ONCE: Answering = Answering::After(Duration::ZERO);
const RINGING_TONE: f64 = 425.0;
/// Quieter than this nobody speaks.
const SPOKEN: f64 = -45.0;
const MOMENT: Duration = Duration::from_millis(20);

#[tokio::test]
async fn after_a_wrong_key_the_caller_is_told_and_hears_the_menu_again_three_times_at_most()
-> Result<()> {
    let talker = Talker::open("rounds = 3\nkey_seconds = 5.0").await?;
    let sales = talker.company.employee("90", AT_ONCE).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(STRANGER).await?;
    talker.hears(&caller, begun, GREETING).await?;

    let first = Instant::now();
    caller.press('7').await?;
    let told = talker.hears(&caller, first, WRONG_KEY).await?;
    let menu = talker.hears(&caller, first, DEFAULT_MENU).await?;
    assert!(pause_between(&told, &menu) < Duration::from_millis(200));

    let second = Instant::now();
    caller.press('#').await?;
    talker.hears(&caller, second, WRONG_KEY).await?;
    assert!(!has_rung(&sales), "the third round is not over");

    caller.press('9').await?;
    sales.wait_for(Kind::Incoming, SOON).await?;
    assert_they_talk(&caller, &sales, "90").await?;
    assert_eq!(talker.times_heard(&caller, begun, WRONG_KEY)?, 2);
    ends_at_the_fallback(talker, &caller, "no choice was made").await
}

#[tokio::test]
async fn a_silent_caller_hears_the_menu_as_often_as_set_and_is_then_at_the_fallback() -> Result<()>
{
    let talker = Talker::open("rounds = 2\nkey_seconds = 1.0").await?;
    let sales = talker.company.employee("90", AT_ONCE).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(STRANGER).await?;
    let told = talker.hears(&caller, begun, NOTHING_PRESSED).await?;
    sales.wait_for(Kind::Incoming, 4 * SOON).await?;
    assert_they_talk(&caller, &sales, "90").await?;

    for (sentences, times) in [(GREETING, 1), (DEFAULT_MENU, 2), (NOTHING_PRESSED, 1)] {
        let heard = talker.times_heard(&caller, begun, sentences)?;
        assert_eq!(heard, times, "{sentences:?}");
    }
    let menu = talker.hears(&caller, begun, DEFAULT_MENU).await?;
    let thinking = pause_between(&menu, &told).as_secs_f64();
    assert!((0.9..2.5).contains(&thinking), "{thinking} s for a key");
    ends_at_the_fallback(talker, &caller, "no choice was made").await
}

#[tokio::test]
async fn zero_leads_to_the_fallback() -> Result<()> {
    let talker = Talker::open("").await?;
    let sales = talker.company.employee("90", AT_ONCE).await?;
    let caller = talker.company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    caller.press('0').await?;
    sales.wait_for(Kind::Incoming, SOON).await?;
    assert_they_talk(&caller, &sales, "90").await?;
    ends_at_the_fallback(talker, &caller, "the caller asked for it").await
}

#[tokio::test]
async fn a_star_reads_the_menu_out_again() -> Result<()> {
    let talker = Talker::open("key_seconds = 5.0").await?;
    let begun = Instant::now();
    let caller = talker.company.caller(STRANGER).await?;
    talker.hears(&caller, begun, DEFAULT_MENU).await?;

    let pressed = Instant::now();
    caller.press('*').await?;
    talker.hears(&caller, pressed, DEFAULT_MENU).await?;
    for (sentences, times) in [(GREETING, 1), (DEFAULT_MENU, 2)] {
        let heard = talker.times_heard(&caller, begun, sentences)?;
        assert_eq!(heard, times, "{sentences:?}");
    }
    assert!(talker.clip(WRONG_KEY).is_ok());
    assert_eq!(talker.times_heard(&caller, begun, WRONG_KEY)?, 0);
    caller.hang_up().await?;
    talker.close().await
}

#[tokio::test]
async fn a_key_stops_what_is_being_said_and_rings_the_telephone() -> Result<()> {
    let long = "Здравствуйте, вы позвонили в нашу компанию. Мы очень рады вашему звонку, \
                и сейчас мы расскажем вам, с кем вас можно соединить, если вы подождёте ещё немного.";
    let talker = Talker::open(&format!("greeting = \"{long}\"")).await?;
    let eugenia = talker.company.employee("34", Answering::ByHand).await?;
    let caller = talker.company.caller(CLIENT).await?;
    let begun = caller.wait_for(Kind::Established, SOON).await?.at;
    tokio::time::sleep(Duration::from_secs(1)).await;

    let pressed = Instant::now();
    caller.press('1').await?;
    eugenia.wait_for(Kind::Incoming, SOON).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let greeting = duration_of(talker.clip(&[long])?.len());
    assert!(greeting > Duration::from_secs(3), "only {greeting:?}");
    let before = caller.heard_since(begun);
    let before = &before[..samples_in(pressed - begun)];
    assert!(level(before) > SPOKEN, "nothing was being said");

    // A key counts when it is released, 180 ms after it was pressed.
    let heard = caller.heard_since(pressed);
    let moments: Vec<&[i16]> = heard.chunks_exact(samples_in(MOMENT)).collect();
    let rings = |moment: &&[i16]| strength_of(RINGING_TONE, moment) > 0.9;
    let since = moments.iter().position(rings).unwrap_or(moments.len());
    assert!(
        MOMENT * (since as u32) < Duration::from_millis(500),
        "{since} moments"
    );
    // A packet that comes late may tear a moment or two.
    let ringing = moments[since..since + 25]
        .iter()
        .filter(|moment| rings(moment));
    assert!(ringing.count() > 20, "somebody speaks into the ringing");
    assert_eq!(talker.times_heard(&caller, begun, CLIENTS_MENU)?, 0);
    caller.hang_up().await?;
    talker.close().await
}

fn has_rung(phone: &Phone) -> bool {
    let happened = phone.events();
    happened.iter().any(|h| h.event.kind() == Kind::Incoming)
}

async fn ends_at_the_fallback(talker: Talker, caller: &Phone, why: &str) -> Result<()> {
    let ended = format!("the call has ended: fallback: {why}");
    talker.company.application.wait_for(&ended).await?;
    caller.hang_up().await?;
    talker.close().await
}
