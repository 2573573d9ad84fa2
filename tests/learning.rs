//! Each talk is an event too: who was chosen is wanted the next time.

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, in_the_menu, quick, wait_until};
use crate::support::phone::{Kind, Phone};
use crate::support::records::{CLIENT, STRANGER};

/// Calls, presses a key, talks for a moment with whoever picks up, and hangs up.
async fn talks_with(company: &Company, number: &str, key: char, employee: &Phone) -> Result<()> {
    let kept_before = company
        .application
        .entries("what came of calls is kept")
        .len();
    let talks_before = company.application.log().matches("LeaseCleared").count();
    let caller = in_the_menu(company, number).await?;
    caller.press(key).await?;
    employee.wait_for(Kind::Established, SOON).await?;
    wait_until("the two are bridged", SOON, || {
        company.application.log().matches("LeaseCleared").count() > talks_before
    })
    .await?;
    caller.hang_up().await?;
    employee.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await?;
    wait_until("the call is kept", SOON, || {
        company
            .application
            .entries("what came of calls is kept")
            .len()
            > kept_before
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn who_was_talked_with_is_offered_first_the_next_time() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    // An invoice today counts for more than the e-mails of yesterday, but not than those and a talk.
    talks_with(&company, CLIENT, '2', &dmitry).await?;
    talks_with(&company, CLIENT, '1', &dmitry).await?;
    talks_with(&company, CLIENT, '2', &eugenia).await
}

#[tokio::test]
async fn what_came_of_calls_survives_a_restart() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    talks_with(&company, CLIENT, '2', &dmitry).await?;
    company.application.kill();
    company.application.restart()?;
    wait_until("calls are served again", SOON, || {
        company.application.entries("calls are served").len() > 1
    })
    .await?;
    talks_with(&company, CLIENT, '1', &dmitry).await
}

#[tokio::test]
async fn a_caller_whom_nobody_knew_is_known_by_the_number_after_a_talk() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    talks_with(&company, STRANGER, '1', &sales).await?;
    // A department is nobody in particular: it is the default menu again.
    let caller = in_the_menu(&company, STRANGER).await?;
    let menus = company.application.entries("a caller arrives");
    assert!(
        menus.iter().all(|entry| entry["menu"] == "Default"),
        "{menus:?}"
    );
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}
