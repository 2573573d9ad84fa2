//! The chosen person can't be reached: the caller is told, and offered the others.

use std::time::{Duration, Instant};

use crate::support::company::{Result, SOON};
use crate::support::ear::{
    BUSY, CLIENTS_MENU, MENU_WITHOUT_34, NO_ANSWER, Talker, assert_they_talk, pause_between,
};
use crate::support::phone::{Answering, Kind};
use crate::support::records::CLIENT;
use crate::support::sound::duration_of;

const AT_ONCE: Answering = Answering::After(Duration::ZERO);
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn who_does_not_answer_leaves_the_menu_and_another_can_be_chosen() -> Result<()> {
    let talker = Talker::open("ring_seconds = 2.0\nkey_seconds = 5.0").await?;
    let eugenia = talker.company.employee("34", Answering::ByHand).await?;
    let dmitry = talker.company.employee("02", AT_ONCE).await?;
    let caller = talker.company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    let begun = Instant::now();
    caller.press('1').await?;

    let rung = eugenia.wait_for(Kind::Incoming, SOON).await?.at;
    let given_up = eugenia.wait_for(Kind::Closed, SOON).await?.at;
    let rang = (given_up - rung).as_secs_f64();
    assert!((1.8..4.0).contains(&rang), "it rang {rang} s");
    let told = talker.hears(&caller, begun, NO_ANSWER).await?;
    let menu = talker.hears(&caller, begun, MENU_WITHOUT_34).await?;
    assert!(pause_between(&told, &menu) < SECOND / 5);
    // What is left ends like the whole menu: it must not be that one.
    assert_eq!(talker.times_heard(&caller, begun, CLIENTS_MENU)?, 0);

    caller.press('2').await?;
    assert_they_talk(&caller, &dmitry, "02").await?;
    caller.hang_up().await?;
    dmitry.wait_for(Kind::Closed, SOON).await?;
    talker.close().await
}

#[tokio::test]
async fn when_one_is_busy_and_the_other_absent_the_caller_is_told_and_reaches_the_fallback()
-> Result<()> {
    let talker = Talker::open("ring_seconds = 20.0\nkey_seconds = 5.0").await?;
    let eugenia = talker.company.employee("34", Answering::Busy).await?;
    let sales = talker.company.employee("90", AT_ONCE).await?;
    let caller = talker.company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    let begun = Instant::now();
    caller.press('1').await?;
    eugenia.wait_for(Kind::Incoming, SOON).await?;
    let told = talker.hears(&caller, begun, BUSY).await?;
    let menu = talker.hears(&caller, begun, MENU_WITHOUT_34).await?;
    assert!(pause_between(&told, &menu) < SECOND / 5);
    assert_eq!(talker.times_heard(&caller, begun, NO_ANSWER)?, 0);

    // No telephone is registered there: nothing to wait for.
    let begun = Instant::now();
    caller.press('2').await?;
    let told = talker.hears(&caller, begun, NO_ANSWER).await?;
    let silence = duration_of(told.start);
    assert!(silence < SECOND, "told after {silence:?}");
    sales.wait_for(Kind::Incoming, SOON).await?;
    assert_they_talk(&caller, &sales, "90").await?;
    assert_eq!(talker.times_heard(&caller, begun, MENU_WITHOUT_34)?, 0);

    let ended = "the call has ended: fallback: nobody answered";
    talker.company.application.wait_for(ended).await?;
    caller.hang_up().await?;
    talker.company.wait_until_nothing_is_left().await
}
