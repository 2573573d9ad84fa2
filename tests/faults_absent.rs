//! The application is not there when somebody calls: the fallback answers at once.

use crate::support::application::Application;
use crate::support::asterisk::Asterisk;
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, SECOND, SLACK, quick, reaches_sales};
use crate::support::phone::Phone;
use crate::support::records::CLIENT;
use std::time::{Duration, Instant};

/// How long a call may take to the sales department's ear when nothing is waited for.
const AT_MOST: Duration = SECOND;

#[tokio::test]
async fn without_an_application_a_caller_is_at_the_fallback_at_once() -> Result<()> {
    let asterisk = Asterisk::start().await?;
    // Its files are there, its process is not.
    let mut application = Application::start(&asterisk, &quick())?;
    application.kill();
    let company = Company {
        asterisk,
        application,
    };
    let sales = company.employee("90", AT_ONCE).await?;
    calls_and_reaches_sales(&company, &sales, "never started").await
}

#[tokio::test]
async fn after_an_orderly_stop_a_caller_is_at_the_fallback_at_once() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    company.application.terminate()?;
    let code = company.application.exit_code(SOON).await?;
    assert_eq!(code, Some(0), "an orderly stop is no error");
    calls_and_reaches_sales(&company, &sales, "stopped").await
}

#[tokio::test]
async fn right_after_a_kill_a_new_caller_is_at_the_fallback_at_once() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    company.application.kill();
    calls_and_reaches_sales(&company, &sales, "killed").await
}

async fn calls_and_reaches_sales(company: &Company, sales: &Phone, why: &str) -> Result<()> {
    let dialled = Instant::now();
    let caller = company.caller(CLIENT).await?;
    let reached = reaches_sales(&caller, sales, SOON).await?;
    let took = reached - dialled;
    println!("application {why}: at the fallback after {took:?}");
    assert!(took < AT_MOST + SLACK, "{took:?}");
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}
