//! The application goes away while two talk: they talk on, and who is left is released.

use std::time::{Duration, Instant};

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{
    AT_ONCE, in_the_menu, lease_left, quick, reaches_sales, released,
    started_again_nothing_is_left, talking, they_hear_each_other, wait_until,
};
use crate::support::phone::{Kind, Phone};
use crate::support::records::{CLIENT, STRANGER};

#[tokio::test]
async fn killed_while_they_talk_the_talk_goes_on_and_the_employee_ends_it() -> Result<()> {
    let (mut company, eugenia, caller) = two_talking().await?;
    company.application.kill();
    they_hear_each_other(&caller, &eugenia, "34").await;
    let since = Instant::now();
    eugenia.hang_up().await?;
    released(&caller, since, "the caller").await?;
    started_again_nothing_is_left(&mut company).await
}

#[tokio::test]
async fn killed_while_they_talk_the_talk_goes_on_and_the_caller_ends_it() -> Result<()> {
    let (mut company, eugenia, caller) = two_talking().await?;
    company.application.kill();
    they_hear_each_other(&caller, &eugenia, "34").await;
    let since = Instant::now();
    caller.hang_up().await?;
    released(&eugenia, since, "the employee").await?;
    started_again_nothing_is_left(&mut company).await
}

#[tokio::test]
async fn started_again_while_they_talk_it_leaves_the_talk_alone() -> Result<()> {
    let (mut company, eugenia, caller) = two_talking().await?;
    company.application.kill();
    company.application.restart()?;
    wait_until("it is there again", SOON, || {
        connections(&company) == 2 && company.application.log().contains("spoken")
    })
    .await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    let since = Instant::now();
    eugenia.hang_up().await?;
    released(&caller, since, "the caller").await?;
    let channels = company.asterisk.channels()?;
    assert!(channels.is_empty(), "{channels:?}");
    company.application.kill();
    started_again_nothing_is_left(&mut company).await
}

#[tokio::test]
async fn frozen_while_they_talk_the_talk_goes_on_and_ends_as_ever() -> Result<()> {
    let (company, eugenia, caller) = two_talking().await?;
    company.application.freeze()?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    let since = Instant::now();
    eugenia.hang_up().await?;
    released(&caller, since, "the caller").await?;
    company.application.thaw()?;
    company
        .application
        .wait_for("the call has ended: talked")
        .await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn stopped_in_order_the_menu_goes_to_the_fallback_and_the_talk_goes_on() -> Result<()> {
    let (mut company, eugenia, caller) = two_talking().await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let other = in_the_menu(&company, STRANGER).await?;
    let asked = Instant::now();
    company.application.terminate()?;
    let reached = reaches_sales(&other, &sales, SOON).await? - asked;
    let code = company
        .application
        .exit_code(Duration::from_secs(6).saturating_sub(asked.elapsed()))
        .await?;
    println!(
        "SIGTERM: the caller in the menu is at the fallback after {reached:?}; the end within {:?}",
        asked.elapsed()
    );
    assert_eq!(code, Some(0));
    they_hear_each_other(&caller, &eugenia, "34").await;
    they_hear_each_other(&other, &sales, "90").await;
    let since = Instant::now();
    eugenia.hang_up().await?;
    released(&caller, since, "the caller").await?;
    sales.hang_up().await?;
    other.wait_for(Kind::Closed, SOON).await?;
    started_again_nothing_is_left(&mut company).await
}

async fn two_talking() -> Result<(Company, Phone, Phone)> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    let lease = lease_left(&company.asterisk).await?;
    assert_eq!(lease, Duration::ZERO, "a talk has no end");
    Ok((company, eugenia, caller))
}

fn connections(company: &Company) -> usize {
    let message = "connected to Asterisk";
    company.application.entries(message).len()
}
