//! Who can't be reached at this moment is not in a personal menu.

use std::time::Duration;

use crate::support::application::ApplicationSettings;
use crate::support::company::{Company, Result, SOON};
use crate::support::ear::assert_they_talk;
use crate::support::fault::{AT_ONCE, in_the_menu, quick, wait_until};
use crate::support::phone::{Kind, Phone};
use crate::support::records::CLIENT;

/// What Asterisk has said about the telephones has been heard.
const ASKED: &str = "CallerKnown";

async fn company() -> Result<Company> {
    let settings = ApplicationSettings {
        asks_presence: true,
        ..quick()
    };
    Company::open_with(settings).await
}

/// The client calls and presses the first key, once Asterisk has said who is there.
async fn client_presses_one(company: &Company) -> Result<Phone> {
    let asked = |company: &Company| company.application.log().matches(ASKED).count();
    let before = asked(company);
    let caller = in_the_menu(company, CLIENT).await?;
    let soon = Duration::from_secs(2);
    wait_until("Asterisk was asked", soon, || asked(company) > before).await?;
    caller.press('1').await?;
    Ok(caller)
}

#[tokio::test]
async fn a_person_without_a_telephone_is_left_out_and_the_next_has_their_key() -> Result<()> {
    let company = company().await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let caller = client_presses_one(&company).await?;
    assert_they_talk(&caller, &dmitry, "02").await?;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_person_who_is_talking_is_left_out() -> Result<()> {
    let company = company().await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let first = client_presses_one(&company).await?;
    assert_they_talk(&first, &eugenia, "34").await?;
    let second = client_presses_one(&company).await?;
    assert_they_talk(&second, &dmitry, "02").await?;
    first.hang_up().await?;
    second.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn when_nobody_of_a_menu_is_there_the_caller_is_offered_what_everybody_is() -> Result<()> {
    let company = company().await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = client_presses_one(&company).await?;
    sales.wait_for(Kind::Incoming, SOON).await?;
    assert_they_talk(&caller, &sales, "90").await?;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}
