//! Callers send what they like: odd keys, too many of them, and odd names and numbers. They are served, or at the fallback, and
//! nothing of it is ever dialled.

use std::time::Duration;

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{
    AT_ONCE, RawCaller, in_the_menu, quick, reaches_sales, they_hear_each_other, wait_until,
};
use crate::support::phone::{Answering, Event, Kind, Phone};
use crate::support::records::CLIENT;

const SHORT: Duration = Duration::from_millis(60);

#[tokio::test]
async fn keys_that_are_no_choice_are_answered_and_the_right_one_still_works() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    for key in ['#', '7'] {
        caller.press(key).await?;
    }
    wait_until("both were taken", SOON, || {
        company.application.log().matches("KeyPressed").count() == 2
    })
    .await?;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn who_presses_nothing_but_nonsense_is_at_the_fallback() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    for key in ['#', 'A', '8'] {
        caller.press(key).await?;
    }
    reaches_sales(&caller, &sales, SOON).await?;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn ten_keys_in_a_second_call_one_person_once() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let sales = company.employee("90", Answering::ByHand).await?;
    let mut caller = call_from(&company, "<sip:+79161112233@127.0.1.1>").await?;
    for _ in 0..10 {
        caller.press('1', SHORT).await?;
    }
    let keys = company.application.log().matches("KeyPressed").count();
    println!("ten keys: {keys} came through");
    assert!(keys >= 5, "{keys}: the test's keys are no keys");
    sales.answer().await?;
    sales.wait_for(Kind::Established, SOON).await?;
    wait_until("they talk", SOON, || {
        company.application.log().contains("LeaseCleared")
    })
    .await?;
    assert_eq!(rung(&sales), 1);
    sales.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn odd_names_and_numbers_of_callers_are_shown_at_most_and_never_dialled() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let long = "9".repeat(200);
    let callers = [
        "\"O'Hara, \\\"Bob\\\"\" <sip:+79161112233@127.0.1.1>".to_owned(),
        "\"${EXTEN}\" <sip:%24%7BEXTEN%7D@127.0.1.1>".to_owned(),
        "\"${SHELL(touch /tmp/x)}&PJSIP/02\" <sip:90%26PJSIP%2F02@127.0.1.1>".to_owned(),
        "\"a,b;c|d<e>f\" <sip:1%2C2%3B3@127.0.1.1>".to_owned(),
        "\"\" <sip:anonymous@anonymous.invalid>".to_owned(),
        format!("\"{}\" <sip:{long}@127.0.1.1>", "Ы".repeat(200)),
    ];
    for (calls_before, from) in callers.iter().enumerate() {
        let mut caller = call_from(&company, from).await?;
        caller.press('1', SHORT).await?;
        sales.wait_for(Kind::Established, SOON).await?;
        wait_until("they talk", SOON, || {
            company.application.log().matches("LeaseCleared").count() > calls_before
        })
        .await?;
        assert_eq!(rung(&sales), calls_before + 1, "{from}");
        sales.hang_up().await?;
        sales.wait_for(Kind::Closed, SOON).await?;
        company.wait_until_nothing_is_left().await?;
    }
    assert_eq!(rung(&dmitry), 0, "a caller's name was dialled");
    for happened in sales.events() {
        if let Event::Incoming { number, name } = happened.event {
            println!("shown: {number:?} {name:?}");
        }
    }
    let outcomes = company.application.entries("the call has ended: talked");
    assert_eq!(outcomes.len(), callers.len(), "all were served");
    Ok(())
}

/// A call by hand, in the menu.
async fn call_from(company: &Company, from: &str) -> Result<RawCaller> {
    let message = "the caller hears the first sound";
    let before = company.application.entries(message).len();
    let caller = RawCaller::call(company.asterisk.sip_address(), from, "100").await?;
    wait_until("the menu is heard", SOON, || {
        company.application.entries(message).len() > before
    })
    .await?;
    Ok(caller)
}

fn rung(phone: &Phone) -> usize {
    let events = phone.events();
    let calls = events.iter().map(|happened| happened.event.kind());
    calls.filter(|kind| *kind == Kind::Incoming).count()
}
