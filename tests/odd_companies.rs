//! Companies and callers as they are: extensions that begin alike, people without a telephone, names of
//! one word or in Latin letters, two calls from one number, numbers that nobody has configured.

use std::time::{Duration, Instant};

use crate::support::application::ApplicationSettings;
use crate::support::company::{Company, Result, SOON};
use crate::support::ear::{CLIENTS_MENU, GREETING, Talker, assert_they_talk};
use crate::support::fault::{
    AT_ONCE, in_the_menu, quick, reaches_sales, they_hear_each_other, wait_until,
};
use crate::support::phone::{Answering, Kind, Phone, PhoneSettings};
use crate::support::records::{CLIENT, STRANGER};

const HEADER: &str = "id,last,first,extension,reach,version\n";
const VERSION: &str = "9999999999999";

/// Cards of employees, in lines of id, last name, first name, extension and telephones.
fn import(company: &Company, cards: &[&str]) -> Result<()> {
    let lines = cards.iter().map(|card| format!("{card},{VERSION}\n"));
    company.import(&(HEADER.to_owned() + &lines.collect::<String>()))
}

async fn dial(caller: &Phone, keys: &str) -> Result<()> {
    for key in keys.chars() {
        caller.press(key).await?;
    }
    Ok(())
}

#[tokio::test]
async fn of_extensions_that_begin_alike_each_reaches_its_own() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let people = [
        "three,Третий,Пётр,3,PJSIP/34",
        "chulkova,Чулкова,Евгения,34,PJSIP/02",
        "longest,Длинный,Иван,345,PJSIP/90",
        "maslennikov,Масленников,Дмитрий,02,",
    ];
    import(&company, &people)?;
    for (extension, telephone) in [("3", "34"), ("34", "02"), ("345", "90")] {
        let employee = company.employee(telephone, AT_ONCE).await?;
        let caller = in_the_menu(&company, STRANGER).await?;
        dial(&caller, extension).await?;
        employee.wait_for(Kind::Established, SOON).await?;
        they_hear_each_other(&caller, &employee, telephone).await;
        caller.hang_up().await?;
        employee.wait_for(Kind::Closed, SOON).await?;
        company.wait_until_nothing_is_left().await?;
        employee.switch_off().await;
    }
    Ok(())
}

#[tokio::test]
async fn who_has_no_telephone_is_not_offered_and_the_next_takes_their_key() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    import(&company, &["chulkova,Чулкова,Евгения,,"])?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    dmitry.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&caller, &dmitry, "02").await;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_name_of_one_word_and_one_in_latin_letters_are_said_and_reached() -> Result<()> {
    let talker = Talker::open("key_seconds = 5.0").await?;
    let people = ["chulkova,Мадонна,,34,", "maslennikov,Smith,John,02,"];
    import(&talker.company, &people)?;
    let smith = talker.company.employee("02", AT_ONCE).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(CLIENT).await?;
    talker.hears(&caller, begun, GREETING).await?;
    let menu = [
        "Мадонна, добавочный тридцать четыре: нажмите один.",
        "Smith John, добавочный ноль два: нажмите два.",
        CLIENTS_MENU[2],
    ];
    talker.hears(&caller, begun, &menu).await?;
    caller.press('2').await?;
    assert_they_talk(&caller, &smith, "02").await?;
    caller.hang_up().await?;
    smith.wait_for(Kind::Closed, SOON).await?;
    talker.close().await
}

#[tokio::test]
async fn two_calls_from_one_number_at_once_are_two_calls() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let (first, second) = (company.caller(CLIENT).await?, company.caller(CLIENT).await?);
    for caller in [&first, &second] {
        caller.wait_for(Kind::Established, SOON).await?;
    }
    second.press('2').await?;
    first.press('1').await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    dmitry.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&first, &eugenia, "34").await;
    they_hear_each_other(&second, &dmitry, "02").await;
    second.hang_up().await?;
    dmitry.wait_for(Kind::Closed, SOON).await?;
    they_hear_each_other(&first, &eugenia, "34").await;
    first.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn an_employee_who_calls_from_the_telephone_that_is_to_ring_finds_themselves_busy()
-> Result<()> {
    let company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let own = Phone::start(PhoneSettings::caller("+79167654321")).await?;
    let card = format!("chulkova,Чулкова,Евгения,34,PJSIP/trunk/{}", own.uri());
    import(&company, &[&card])?;
    let target = format!("sip:100@{}", company.asterisk.sip_address());
    own.dial(&target).await?;
    own.wait_for(Kind::Established, SOON).await?;
    dial(&own, "34").await?;
    let busy = || company.application.log().contains("why: Busy");
    wait_until("their own telephone is busy", SOON, busy).await?;
    own.press('1').await?;
    sales.wait_for(Kind::Established, SOON).await?;
    own.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_called_number_that_nobody_configured_has_the_general_menu() -> Result<()> {
    let number = "[[number]]\ncalled = [\"200\"]\ngreeting = \"Сервис.\"\n\n";
    let settings = quick();
    let more = number.to_owned() + &settings.more;
    let company = Company::open_with(ApplicationSettings { more, ..settings }).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    for called in ["555", "+74950000000"] {
        let caller = company.caller_of(CLIENT, called).await?;
        caller.wait_for(Kind::Established, SOON).await?;
        caller.press('1').await?;
        eugenia.wait_for(Kind::Established, SOON).await?;
        they_hear_each_other(&caller, &eugenia, "34").await;
        caller.hang_up().await?;
        eugenia.wait_for(Kind::Closed, SOON).await?;
        company.wait_until_nothing_is_left().await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_keys_b_c_and_d_are_no_choice_and_lead_to_the_fallback_like_any_wrong_key() -> Result<()>
{
    let company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let eugenia = company
        .employee("34", Answering::After(Duration::ZERO))
        .await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    dial(&caller, "BCD").await?;
    reaches_sales(&caller, &sales, SOON).await?;
    let rung = eugenia.events();
    assert!(rung.iter().all(|one| one.event.kind() != Kind::Incoming));
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}
