//! An employee asks a colleague first, and then hands the caller on: hold, a second call, REFER with
//! Replaces.

use std::time::Instant;

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{
    AT_ONCE, DESK_ADDRESS, Desk, Dialog, SECOND, in_the_menu, quick, reaches_sales, released,
    started_again_nothing_is_left, they_hear_each_other, wait_until,
};
use crate::support::phone::{Kind, Phone};
use crate::support::records::CLIENT;

/// The caller talks to Eugenia, whose desk telephone can join two calls.
async fn talking() -> Result<(Company, Desk, Dialog, Phone)> {
    let company = Company::open_with(quick()).await?;
    company.asterisk.add_desk(DESK_ADDRESS)?;
    let mut desk = Desk::start(company.asterisk.sip_address()).await?;
    let reach = format!("PJSIP/desk/{}", desk.uri()?);
    company.import(&format!(
        "id,last,first,extension,reach,version\nchulkova,Чулкова,Евгения,34,{reach},9999999999999\n"
    ))?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    let first = desk.pick_up().await?;
    let cleared = || company.application.log().contains("LeaseCleared");
    wait_until("the lease is cleared", SOON, cleared).await?;
    Ok((company, desk, first, caller))
}

#[tokio::test]
async fn a_caller_on_hold_stays_and_is_taken_back() -> Result<()> {
    let (company, mut desk, first, caller) = talking().await?;
    desk.hold(&first).await?;
    tokio::time::sleep(2 * SECOND).await;
    desk.resume(&first).await?;
    tokio::time::sleep(SECOND).await;
    assert_eq!(company.asterisk.channels()?.len(), 2);
    desk.hang_up(&first).await?;
    caller.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn an_attended_transfer_leaves_the_caller_with_the_colleague_and_nothing_else() -> Result<()>
{
    for caller_ends_it in [true, false] {
        let (company, mut desk, first, caller) = talking().await?;
        let dmitry = company.employee("02", AT_ONCE).await?;
        desk.hold(&first).await?;
        let second = desk.call("02").await?;
        desk.join(&first, &second).await?;
        they_hear_each_other(&caller, &dmitry, "02").await;
        let (one, other) = match caller_ends_it {
            true => (&caller, &dmitry),
            false => (&dmitry, &caller),
        };
        let since = Instant::now();
        one.hang_up().await?;
        released(other, since, "the other").await?;
        company
            .application
            .wait_for("the call has ended: talked")
            .await?;
        company.wait_until_nothing_is_left().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_talk_that_was_handed_on_after_asking_ends_well_also_without_the_application()
-> Result<()> {
    for caller_ends_it in [true, false] {
        let (mut company, mut desk, first, caller) = talking().await?;
        let dmitry = company.employee("02", AT_ONCE).await?;
        let second = desk.call("02").await?;
        desk.join(&first, &second).await?;
        they_hear_each_other(&caller, &dmitry, "02").await;
        company.application.kill();
        they_hear_each_other(&caller, &dmitry, "02").await;
        let (one, other) = match caller_ends_it {
            true => (&caller, &dmitry),
            false => (&dmitry, &caller),
        };
        let since = Instant::now();
        one.hang_up().await?;
        released(other, since, "the other").await?;
        started_again_nothing_is_left(&mut company).await?;
    }
    Ok(())
}

/// Asterisk lets nobody into an application that is not there. It says so, and the employee keeps the
/// caller; or it finds out too late, and the caller goes to the fallback.
#[tokio::test]
async fn without_the_application_an_attended_transfer_fails_and_the_caller_is_not_lost()
-> Result<()> {
    let (mut company, mut desk, first, caller) = talking().await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    company.application.kill();
    tokio::time::sleep(SECOND).await;
    desk.hold(&first).await?;
    let second = desk.call("02").await?;
    let joined = desk.join(&first, &second).await;
    dmitry.wait_for(Kind::Closed, SOON).await?;
    println!("refused: {}", joined.is_err());
    if joined.is_err() {
        desk.resume(&first).await?;
        tokio::time::sleep(SECOND).await;
        assert_eq!(company.asterisk.channels()?.len(), 2, "they talk on");
        desk.hang_up(&first).await?;
    }
    reaches_sales(&caller, &sales, SOON).await?;
    caller.hang_up().await?;
    sales.wait_for(Kind::Closed, SOON).await?;
    started_again_nothing_is_left(&mut company).await
}
