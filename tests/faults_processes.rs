//! Other processes than ours end and begin: Asterisk itself, and a second application of our name.

use std::time::Instant;

use crate::support::application::Application;
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{
    AT_ONCE, in_the_menu, quick, reaches_sales, talking, they_hear_each_other, wait_until,
};
use crate::support::records::{CLIENT, STRANGER};

#[tokio::test]
async fn asterisk_killed_and_started_again_is_found_again_and_calls_are_served() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    company.asterisk.kill();
    company
        .application
        .wait_for("Asterisk closed the connection")
        .await?;
    drop(caller);
    company.asterisk.restart().await?;
    let started = Instant::now();
    let message = "connected to Asterisk";
    wait_until("it is connected again", SOON * 2, || {
        company.application.entries(message).len() == 2
    })
    .await?;
    println!(
        "Asterisk is back: calls are served {:?} later",
        started.elapsed()
    );
    company
        .application
        .wait_for("the call has ended: hung up")
        .await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_second_application_of_the_same_name_takes_over_and_the_first_ends_with_an_error()
-> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let talks = talking(&company, CLIENT, &eugenia).await?;
    let waits = in_the_menu(&company, STRANGER).await?;

    let second = Application::ready(&company.asterisk, &quick()).await?;
    let code = company.application.exit_code(SOON * 2).await?;
    assert_eq!(code, Some(3), "a service manager must not start it again");
    let log = company.application.log();
    assert!(log.contains("another"), "no word of why it ended:\n{log}");
    reaches_sales(&waits, &sales, SOON).await?;
    they_hear_each_other(&talks, &eugenia, "34").await;
    waits.hang_up().await?;
    talks.hang_up().await?;

    company.application = second;
    wait_until("both calls are over", SOON, || {
        company
            .asterisk
            .channels()
            .is_ok_and(|left| left.is_empty())
    })
    .await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    Ok(())
}
