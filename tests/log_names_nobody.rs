//! Names and numbers of people are in no log above DEBUG.

use std::time::Duration;

use crate::support::application::ApplicationSettings;
use crate::support::company::{Company, Result, SOON};
use crate::support::phone::{Answering, Kind};
use crate::support::records::CLIENT;

const AT_ONCE: Answering = Answering::After(Duration::ZERO);

#[tokio::test]
async fn a_whole_call_is_told_without_a_name_or_a_number() -> Result<()> {
    let settings = ApplicationSettings {
        log_level: "info",
        ..ApplicationSettings::of_the_tested_program()
    };
    let company = Company::open_with(settings).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let caller = company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    // Nobody is registered as 34: also what goes wrong is told without names.
    caller.press('1').await?;
    company
        .application
        .wait_for("a telephone could not be dialled")
        .await?;
    caller.press('2').await?;
    dmitry.wait_for(Kind::Established, SOON).await?;
    caller.hang_up().await?;
    company.application.wait_for("the call has ended").await?;

    let log = company.application.log();
    assert!(
        log.contains("a caller arrives"),
        "the log tells the call: {log}"
    );
    for personal in ["9262644", "Чулкова", "Евгения", "Масленников", "Дмитрий"]
    {
        assert!(!log.contains(personal), "{personal} is in the log: {log}");
    }
    Ok(())
}
