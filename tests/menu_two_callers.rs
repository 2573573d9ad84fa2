//! Several callers at once.

use std::time::{Duration, Instant};

use crate::support::company::{Result, SOON};
use crate::support::ear::{BUSY, MENU_WITHOUT_34, Talker, assert_they_talk};
use crate::support::phone::{Answering, Kind};
use crate::support::records::CLIENT;

const AT_ONCE: Answering = Answering::After(Duration::ZERO);

#[tokio::test]
async fn two_callers_for_different_people_do_not_disturb_each_other() -> Result<()> {
    let talker = Talker::open("").await?;
    let company = &talker.company;
    let (eugenia, dmitry) = tokio::try_join!(
        company.employee("34", AT_ONCE),
        company.employee("02", AT_ONCE)
    )?;
    let (one, other) = tokio::try_join!(company.caller(CLIENT), company.caller(CLIENT))?;
    for caller in [&one, &other] {
        caller.wait_for(Kind::Established, SOON).await?;
    }
    tokio::try_join!(one.press('1'), other.press('2'))?;
    tokio::try_join!(
        assert_they_talk(&one, &eugenia, "34"),
        assert_they_talk(&other, &dmitry, "02")
    )?;

    // One talk ends, the other goes on.
    one.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    company
        .application
        .wait_for("the call has ended: talked")
        .await?;
    let closed = dmitry.wait_for(Kind::Closed, Duration::from_secs(1)).await;
    assert!(closed.is_err(), "the other talk has ended too");
    assert_eq!(company.asterisk.channels()?.len(), 2);
    other.hang_up().await?;
    talker.close().await
}

#[tokio::test]
async fn the_second_caller_for_the_same_person_is_told_that_the_line_is_busy() -> Result<()> {
    let talker = Talker::open("key_seconds = 5.0").await?;
    let eugenia = talker.company.employee("34", AT_ONCE).await?;
    let first = talker.company.caller(CLIENT).await?;
    first.wait_for(Kind::Established, SOON).await?;
    first.press('1').await?;
    assert_they_talk(&first, &eugenia, "34").await?;

    let second = talker.company.caller(CLIENT).await?;
    second.wait_for(Kind::Established, SOON).await?;
    let begun = Instant::now();
    second.press('1').await?;
    talker.hears(&second, begun, BUSY).await?;
    talker.hears(&second, begun, MENU_WITHOUT_34).await?;
    second.hang_up().await?;
    let closed = eugenia.wait_for(Kind::Closed, Duration::from_secs(1)).await;
    assert!(closed.is_err(), "the talk was disturbed");
    first.hang_up().await?;
    talker.close().await
}
