//! Somebody with several telephones: the first to answer wins, the others stop ringing.

use std::time::Duration;

use crate::support::application::ApplicationSettings;
use crate::support::company::{Company, Result, SOON, employee_tone};
use crate::support::ear::assert_tone;
use crate::support::fault::{AT_ONCE, in_the_menu, quick};
use crate::support::phone::{Answering, Event, Kind, Phone};
use crate::support::records::CLIENT;

const NEVER: Answering = Answering::After(Duration::from_secs(60));

/// A company in which Eugenia has the telephones 34 and 90.
async fn company(ring: &str) -> Result<Company> {
    let settings = quick();
    let more = settings
        .more
        .replace("[menu]\n", &format!("[menu]\nring = {ring:?}\n"));
    let company = Company::open_with(ApplicationSettings { more, ..settings }).await?;
    let card = "id,last,first,extension,reach,version\nchulkova,Чулкова,Евгения,34,PJSIP/34; PJSIP/90,9999999999999\n";
    company.import(card)?;
    Ok(company)
}

fn was_answered(phone: &Phone) -> bool {
    let events = phone.events();
    events.iter().any(|h| h.event.kind() == Kind::Established)
}

async fn they_talk(caller: &Phone, employee: &Phone, extension: &str) -> Result<()> {
    let begun = employee.wait_for(Kind::Established, SOON).await?.at;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let heard = caller.heard_since(begun);
    assert_tone(&heard[heard.len() / 2..], employee_tone(extension));
    Ok(())
}

#[tokio::test]
async fn the_first_telephone_to_answer_wins_and_the_other_stops_ringing() -> Result<()> {
    let company = company("together").await?;
    let desk = company.employee("34", NEVER).await?;
    let soft = company
        .employee("90", Answering::After(Duration::from_millis(500)))
        .await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    let rung = desk.wait_for(Kind::Incoming, SOON).await?;
    assert!(matches!(rung.event, Event::Incoming { number, .. } if number == CLIENT));
    they_talk(&caller, &soft, "90").await?;
    desk.wait_for(Kind::Closed, SOON).await?;
    assert!(!was_answered(&desk));
    soft.hang_up().await?;
    caller.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn in_turn_the_second_telephone_rings_when_the_first_was_not_answered() -> Result<()> {
    let company = company("in-turn").await?;
    let desk = company.employee("34", NEVER).await?;
    let soft = company.employee("90", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    desk.wait_for(Kind::Incoming, SOON).await?;
    they_talk(&caller, &soft, "90").await?;
    assert!(!was_answered(&desk));
    caller.hang_up().await?;
    soft.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn when_we_are_killed_in_a_talk_on_the_second_telephone_the_talk_ends_for_both() -> Result<()>
{
    let mut company = company("together").await?;
    let desk = company.employee("34", NEVER).await?;
    let soft = company
        .employee("90", Answering::After(Duration::from_millis(500)))
        .await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    desk.wait_for(Kind::Incoming, SOON).await?;
    they_talk(&caller, &soft, "90").await?;
    company.application.kill();
    soft.hang_up().await?;
    caller.wait_for(Kind::Closed, SOON).await?;
    company.application.restart()?;
    company.wait_until_nothing_is_left().await
}
