//! An employee hands the caller on with the telephone's own transfer key.

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{
    AT_ONCE, SECOND, quick, reaches_sales, started_again_nothing_is_left, talking,
    they_hear_each_other,
};
use crate::support::phone::{Answering, Kind, Phone};
use crate::support::records::CLIENT;

async fn transfer(company: &Company, from: &Phone, to: &str) -> Result<()> {
    let target = format!("sip:{to}@{}", company.asterisk.sip_address());
    Ok(from.transfer(&target).await?)
}

#[tokio::test]
async fn a_blind_transfer_takes_the_caller_to_the_colleague_and_leaves_nothing() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    for caller_ends_it in [true, false] {
        let caller = talking(&company, CLIENT, &eugenia).await?;
        they_hear_each_other(&caller, &eugenia, "34").await;
        transfer(&company, &eugenia, "02").await?;
        dmitry.wait_for(Kind::Established, SOON).await?;
        eugenia.wait_for(Kind::Closed, SOON).await?;
        they_hear_each_other(&caller, &dmitry, "02").await;
        if caller_ends_it {
            caller.hang_up().await?;
            dmitry.wait_for(Kind::Closed, SOON).await?;
        } else {
            dmitry.hang_up().await?;
            caller.wait_for(Kind::Closed, SOON).await?;
        }
        company.wait_until_nothing_is_left().await?;
    }
    Ok(())
}

#[tokio::test]
async fn who_is_handed_on_twice_arrives_twice() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    transfer(&company, &eugenia, "02").await?;
    dmitry.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&caller, &dmitry, "02").await;
    transfer(&company, &dmitry, "90").await?;
    sales.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&caller, &sales, "90").await;
    caller.hang_up().await?;
    sales.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_caller_who_is_handed_on_to_a_busy_colleague_reaches_the_fallback() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let _dmitry = company.employee("02", Answering::Busy).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    transfer(&company, &eugenia, "02").await?;
    reaches_sales(&caller, &sales, SOON).await?;
    they_hear_each_other(&caller, &sales, "90").await;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_talk_that_was_handed_on_ends_well_also_without_the_application() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    transfer(&company, &eugenia, "02").await?;
    dmitry.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&caller, &dmitry, "02").await;
    company.application.kill();
    they_hear_each_other(&caller, &dmitry, "02").await;
    caller.hang_up().await?;
    dmitry.wait_for(Kind::Closed, SOON).await?;
    Ok(())
}

#[tokio::test]
async fn a_caller_who_is_handed_on_to_nobody_reaches_the_fallback_also_without_the_application()
-> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let dmitry = company.employee("02", Answering::ByHand).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    transfer(&company, &eugenia, "02").await?;
    dmitry.wait_for(Kind::Incoming, SOON).await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    company.application.kill();
    dmitry.hang_up().await?;
    reaches_sales(&caller, &sales, SOON).await?;
    they_hear_each_other(&caller, &sales, "90").await;
    caller.hang_up().await?;
    sales.wait_for(Kind::Closed, SOON).await?;
    Ok(())
}

#[tokio::test]
async fn who_could_not_be_handed_on_without_the_application_reaches_the_fallback() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let _dmitry = company.employee("02", AT_ONCE).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    company.application.kill();
    tokio::time::sleep(SECOND).await;
    transfer(&company, &eugenia, "02").await?;
    tokio::time::sleep(SECOND).await;
    // The softphone hangs up by itself if it believes that it was done.
    let _ = eugenia.hang_up().await;
    reaches_sales(&caller, &sales, SOON).await?;
    caller.hang_up().await?;
    sales.wait_for(Kind::Closed, SOON).await?;
    started_again_nothing_is_left(&mut company).await
}
